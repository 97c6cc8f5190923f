// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The sizes of a cell, and which parameters it has.
public struct ReferenceShape: Hashable, Sendable {
  /// The number of gates, G.
  public var gates: Int

  /// The number of input features, I.
  public var inputSize: Int

  /// The hidden size, H.
  public var hiddenSize: Int

  /// The projection size P of a cell with a projection.
  public var projectionSize: Int?

  public var bias: Bool

  /// The number of gates with a peephole.
  public var peepholes = 0

  public var hasCellState = false

  /// Whether Wᵢₕ x and Wₕₕ h are normalized, with a gain for every row.
  public var layerNormalization = false

  /// The size of h: P with a projection, else H.
  public var stateSize: Int { projectionSize ?? hiddenSize }

  /// The number of parameters.
  public var parameterCount: Int {
    let rows = gates * hiddenSize
    return rows * (inputSize + stateSize + (bias ? 2 : 0) + (layerNormalization ? 2 : 0))
      + (projectionSize ?? 0) * hiddenSize + peepholes * hiddenSize
  }
}

/// The parameters of a cell, or their gradients.
public struct ReferenceParameters<R: ReferenceNumber> {
  /// W_q and b_q of every gate q: G layers of H x I.
  public var input: [ReferenceLinear<R>]

  /// U_q and b_q of every gate q: G layers of H x P.
  public var recurrent: [ReferenceLinear<R>]

  /// Wₕᵣ, P x H, or empty.
  public var weightHR: [[R]]

  /// A row of H elements for every gate with a peephole, or empty.
  public var weightPeephole: [[R]]

  /// The gains of the normalized Wᵢₕ x, G·H elements, or empty.
  public var gainIH: [R]

  /// The gains of the normalized Wₕₕ h, G·H elements, or empty.
  public var gainHH: [R]

  /// The input weights, G·H x I, gate by gate.
  public var weightIH: [[R]] { input.flatMap(\.weight) }

  /// The recurrent weights, G·H x P.
  public var weightHH: [[R]] { recurrent.flatMap(\.weight) }

  /// The biases, G·H elements, or empty.
  public var biasIH: [R] { input.flatMap(\.bias) }

  /// The biases, G·H elements, or empty.
  public var biasHH: [R] { recurrent.flatMap(\.bias) }

  /// All parameters in one list: weight_ih, weight_hh, bias_ih, bias_hh, weight_hr, weight_peephole,
  /// weight_ln_ih, weight_ln_hh. Parameters that the cell does not have are absent.
  public var elements: [R] {
    let parts = [
      weightIH, weightHH, [biasIH, biasHH], weightHR, weightPeephole, [gainIH, gainHH],
    ]
    return Array(parts.joined().joined())
  }

  /// Creates the parameters of a cell.
  ///
  /// - Parameters:
  ///   - shape: The sizes of the cell.
  ///   - elements: All parameters in one list, in the order of ``elements``.
  public init(_ shape: ReferenceShape, elements: [R]) {
    precondition(
      elements.count == shape.parameterCount,
      "\(elements.count) parameters where \(shape) has \(shape.parameterCount)")
    let (G, H, biases) = (shape.gates, shape.hiddenSize, shape.bias ? shape.hiddenSize : 0)
    var rest = elements[...]
    func vector(_ count: Int) -> [R] {
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
    func matrix(_ rows: Int, _ columns: Int) -> [[R]] {
      (0..<rows).map { _ in vector(columns) }
    }
    input = (0..<G).map { _ in ReferenceLinear(weight: matrix(H, shape.inputSize), bias: []) }
    recurrent = (0..<G).map { _ in ReferenceLinear(weight: matrix(H, shape.stateSize), bias: []) }
    for q in 0..<G { input[q].bias = vector(biases) }
    for q in 0..<G { recurrent[q].bias = vector(biases) }
    weightHR = matrix(shape.projectionSize ?? 0, H)
    weightPeephole = matrix(shape.peepholes, H)
    gainIH = vector(shape.layerNormalization ? G * H : 0)
    gainHH = vector(shape.layerNormalization ? G * H : 0)
  }

  /// Returns parameters that are all zero, such as initial gradients.
  ///
  /// - Parameter shape: The sizes of the cell.
  /// - Returns: The parameters.
  public static func zero(_ shape: ReferenceShape) -> ReferenceParameters {
    ReferenceParameters(shape, elements: zeros(shape.parameterCount))
  }
}
