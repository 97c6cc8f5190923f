// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

// The five examples. In the textbook's arrays, (features, batch) and (features, batch, time), each
// column is a sequence; in Recur's arrays, each row is.

extension TextbookExample {
  static func cellForward(_ cases: [String: TextbookCase]) throws -> TextbookExample {
    let example = try find("cell_forward", in: cases)
    return try TextbookExample(
      title: "The cell: forward pass",
      equations: "a_next = tanh(Waa a_prev + Wax x_t + ba),  y = softmax(Wya a_next + by)",
      of: example, problem: example.textbookProblem(x: "xt", h0: "a_prev", dh: nil),
      quantities: [("a_next", { columns($0.h) }), ("yt_pred", { columns($0.y) })])
  }

  static func sequenceForward(_ cases: [String: TextbookCase]) throws -> TextbookExample {
    let example = try find("sequence_forward", in: cases)
    return try TextbookExample(
      title: "The sequence: forward pass",
      equations: "the cell over 4 steps, starting from a0",
      of: example, problem: example.textbookProblem(x: "x", h0: "a0", dh: nil),
      quantities: [("a", { columns($0.h) }), ("y_pred", { columns($0.y) })])
  }

  static func cellBackward(_ cases: [String: TextbookCase]) throws -> TextbookExample {
    let example = try find("cell_backward", in: cases)
    return try TextbookExample(
      title: "The cell: backward pass",
      equations: "dz = da_next o (1 - a_next^2),  dWax = dz x^T,  dWaa = dz a_prev^T, ...",
      of: example, problem: example.textbookProblem(x: "xt", h0: "a_prev", dh: "da_next"),
      quantities: [
        ("dxt", { columns($0.dx) }), ("dWax", { $0.dWeightIH }),
        ("da_prev", { columns([$0.dh0]) }), ("dWaa", { $0.dWeightHH }), ("dba", { $0.dBiasIH }),
      ])
  }

  static func sequenceBackward(_ cases: [String: TextbookCase]) throws -> TextbookExample {
    let example = try find("sequence_backward", in: cases)
    return try TextbookExample(
      title: "The sequence: backpropagation through time",
      equations: "dz_t = (da_t + Waa^T dz_{t+1}) o (1 - a_t^2),  gradients summed over t",
      of: example, problem: example.textbookProblem(x: "x", h0: "a0", dh: "da"),
      quantities: [
        ("dx", { columns($0.dx) }), ("dWax", { $0.dWeightIH }), ("dWaa", { $0.dWeightHH }),
        ("dba", { $0.dBiasIH }), ("da0", { columns([$0.dh0]) }),
      ])
  }

  static func torch(_ cases: [String: TextbookCase]) throws -> TextbookExample {
    let example = try find("torch_rnn_4_5", in: cases)
    let problem = Problem(
      weightIH: try example.input("weight_ih").rows, weightHH: try example.input("weight_hh").rows,
      biasIH: try example.input("bias_ih").data, biasHH: try example.input("bias_hh").data,
      x: try example.input("x").seriesOfRows, h0: try example.input("h0").seriesOfRows[0],
      dh: try example.input("dy").seriesOfRows)
    return try TextbookExample(
      title: "torch.nn.RNN(4, 5).double(): forward and backward passes",
      equations: "h_t = tanh(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh)",
      of: example, problem: problem,
      quantities: [
        ("y", { rows($0.h) }), ("hn", { rows([$0.h.last ?? []]) }), ("dx", { rows($0.dx) }),
        ("dh0", { rows([$0.dh0]) }), ("dweight_ih", { $0.dWeightIH }),
        ("dweight_hh", { $0.dWeightHH }), ("dbias_ih", { $0.dBiasIH }),
        ("dbias_hh", { $0.dBiasHH }),
      ])
  }

  private static func find(
    _ name: String, in cases: [String: TextbookCase]
  ) throws -> TextbookCase {
    guard let found = cases[name] else { throw TextbookError.missing(name) }
    return found
  }

  private init(
    title: String, equations: String, of example: TextbookCase, problem: Problem,
    quantities: [(name: String, value: (Solution) -> [Double])]
  ) throws {
    let native = try problem.solvedNatively()
    let reference = problem.solvedByReference()
    self.title = title
    self.equations = equations
    self.quantities = try quantities.map { name, value in
      guard let expected = example.expected[name] else { throw TextbookError.missing(name) }
      return Quantity(
        name: name, shape: expected.shape, native: value(native), reference: value(reference),
        expected: expected.data, published: example.publishedFigure(of: name))
    }
  }
}

extension TextbookCase {
  /// Returns a problem in the textbook's notation. Its one bias becomes b_ih; b_hh is zero.
  fileprivate func textbookProblem(x: String, h0: String, dh: String?) throws -> Problem {
    let bias = try input("ba").data
    return Problem(
      weightIH: try input("Wax").rows, weightHH: try input("Waa").rows,
      biasIH: bias, biasHH: bias.map { _ in 0 },
      head: (weight: try input("Wya").rows, bias: try input("by").data),
      x: try input(x).seriesOfColumns, h0: try input(h0).seriesOfColumns[0],
      dh: try dh.map { try input($0).seriesOfColumns })
  }

  /// Returns the published value of a quantity, from an entry such as "dxt[1][2]": -0.46…. An entry
  /// for a vector has one index; the array has one column.
  fileprivate func publishedFigure(of quantity: String) -> TextbookExample.Quantity.Figure? {
    for (label, value) in published ?? [:] {
      let parts = label.split { "[]".contains($0) }
      guard parts.first.map(String.init) == quantity else { continue }
      var index = parts.dropFirst().compactMap { Int($0) }
      if index.count == 1 { index.append(0) }
      let decimals = "\(value)".split(separator: ".").last?.count ?? 0
      return .init(index: index, value: value, decimals: decimals)
    }
    return nil
  }
}
