// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// An embedding: row k of W for token k. The token is the vector eₖ of V elements, which is 1 at k and
/// otherwise 0, so that y = Wᵀ eₖ.
public struct ReferenceEmbedding<R: ReferenceNumber>: ReferenceChannelFunction {
  /// The weight W, V x C: a row for each token.
  public var weight: [[R]]

  /// Creates an embedding with the given weight.
  ///
  /// - Parameter weight: The weight W, V x C.
  public init(weight: [[R]]) { self.weight = weight }

  public var parameters: [R] {
    get { weight.flatMap { $0 } }
    set { weight = matrix(newValue, rows: weight.count) }
  }

  public func callAsFunction(_ x: [R]) -> [R] { transposedProduct(weight, x) }

  public func backward(x: [R], dy: [R], into gradients: inout ReferenceEmbedding) -> [R] {
    // dW += eₖ dyᵀ: only row k changes
    addOuterProduct(x, dy, to: &gradients.weight)
    return product(weight, dy)
  }
}
