// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The softmax of the channels of a position: y = exp(x) / Σ exp(x).
public struct ReferenceSoftmaxLayer<R: ReferenceNumber>: ReferenceChannelFunction {
  /// Creates a layer.
  public init() {}

  public func callAsFunction(_ x: [R]) -> [R] { ReferenceSoftmax.softmax(x) }

  public func backward(x: [R], dy: [R], into gradients: inout ReferenceSoftmaxLayer) -> [R] {
    ReferenceSoftmax.softmaxBackward(y: self(x), dy: dy)
  }
}
