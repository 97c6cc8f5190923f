// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// What is known about a tensor of the ONNX graph. A tensor can be several things at once: the final state of a
/// network is also the last step of its outputs.
struct Value {
  var constant: Constant?
  var tracked: Tracked?
  var state: StateTensor?
  var pending: Pending?

  init(constant: Constant) { self.constant = constant }
  init(_ tracked: Tracked) { self.tracked = tracked }
  init(_ pending: Pending) { self.pending = pending }

  init(tracked: Tracked?, state: StateTensor?) {
    self.tracked = tracked
    self.state = state
  }

  var dims: [Size]? {
    constant?.dims ?? tracked?.dims ?? state?.dims ?? pending?.dims
  }
}

/// A part of a formula that has a node only as a whole.
indirect enum Pending {
  /// A scalar input of integers. Its value is known only when the model runs.
  case scalarInput

  /// a²
  case square(Tracked)

  /// a² + b²
  case sumOfSquares(Tracked, Tracked)

  /// |a|
  case absolute(Tracked)

  /// 1 + |a|
  case onePlusAbsolute(Tracked)

  /// Whether a > c
  case greater(Tracked, Double)

  /// A term of a layer normalization that is written out.
  case normalization(NormalizationTerm)

  /// A term of an index of an embedding that counts from the end if it is negative.
  case token(TokenTerm)

  /// A term of a simple network that is written out for each step.
  case step(RNNTerm)

  /// A term of a step of an LSTM that is written out.
  case cell(LSTMTerm)

  /// The shape; nil if it is not needed.
  var dims: [Size]? {
    switch self {
    case .scalarInput: []
    case .square(let a), .sumOfSquares(let a, _), .absolute(let a), .onePlusAbsolute(let a),
      .greater(let a, _):
      a.dims
    case .token(let term): term.tokens.dims
    case .step(let term): term.shape
    case .normalization, .cell: nil
    }
  }

  /// The words for an error.
  var description: String {
    switch self {
    case .scalarInput: "an input of integers"
    case .square: "a square"
    case .sumOfSquares: "a sum of squares"
    case .absolute, .onePlusAbsolute: "an absolute value"
    case .greater: "a comparison"
    case .normalization: "a part of a layer normalization"
    case .token: "a part of an index"
    case .cell, .step: "a part of a recurrent network that is written out"
    }
  }
}
