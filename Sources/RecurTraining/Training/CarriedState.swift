// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

// The rows of a state: blocks of one row for each sequence.

extension TrainableModel {
  /// Returns the state of some sequences.
  func state(_ state: State, of sequences: Range<Int>) throws(RecurError) -> State {
    let size = try batchSize(of: state)
    let matrices = matrices(of: state)
    guard sequences.count != size, !matrices.isEmpty else { return state }
    var parts: [String: Matrix<Scalar>] = [:]
    for (name, matrix) in matrices {
      let blocks = size == 0 ? 0 : matrix.rows / size
      parts[name] = try matrix.rows(
        (0..<blocks).flatMap { block in sequences.map { block * size + $0 } })
    }
    return try self.state(of: parts)
  }

  /// Joins the states of successive sequences; nil without any.
  func state(joining states: [State]) throws(RecurError) -> State? {
    guard states.count > 1, let first = states.first else { return states.first }
    var joined: [String: Matrix<Scalar>] = [:]
    for (index, (name, matrix)) in matrices(of: first).enumerated() {
      let blocks = matrix.rows / max(try batchSize(of: first), 1)
      let parts = states.map { matrices(of: $0)[index].matrix.elements }
      var elements: [Scalar] = []
      for block in 0..<blocks {
        for part in parts {
          let share = part.count / blocks
          elements += part[block * share..<(block + 1) * share]
        }
      }
      joined[name] = try Matrix(
        rows: matrix.columns == 0 ? 0 : elements.count / matrix.columns, columns: matrix.columns,
        elements: elements)
    }
    return joined.isEmpty ? first : try state(of: joined)
  }
}

extension Training {
  /// Gives rank 0 the states of the sequences of all ranks, so that it can save the run. In a run on several
  /// ranks with ``Batching/stateful``, all ranks call this before rank 0 calls ``save(to:info:)``.
  ///
  /// - Parameter ranks: the ranks of the run.
  /// - Throws: `RecurError` if memory allocation fails, or if the ranks cannot communicate.
  public mutating func gather(_ ranks: any Ranks) throws(RecurError) {
    guard ranks.count > 1 else { return }
    let own = isCarriedInPart ? carried : nil
    let matrices = own.map { current.matrices(of: $0).map(\.matrix) } ?? []
    let elements = matrices.flatMap(\.elements)
    let counts = try ranks.all(elements.count)
    var states = own.map { [$0] } ?? []
    for rank in 1..<ranks.count where counts[rank] > 0 {
      var received = rank == ranks.rank ? elements : Array(repeating: 0, count: counts[rank])
      try received.withUnsafeMutableBufferPointer { buffer throws(RecurError) in
        try ranks.broadcast(UnsafeMutableRawBufferPointer(buffer), from: rank)
      }
      if ranks.rank == 0, let own { states.append(try state(like: own, received)) }
    }
    guard ranks.rank == 0, isCarriedInPart else { return }
    carried = try current.state(joining: states)
    isCarriedInPart = false
  }

  /// Creates a state from the elements of its matrices, for as many sequences as they have.
  private func state(
    like other: TrainedModel.State, _ elements: [Scalar]
  ) throws(RecurError) -> TrainedModel.State {
    let shapes = current.matrices(of: other)
    let size = try current.batchSize(of: other)
    let all = shapes.reduce(0) { $0 + $1.matrix.rows * $1.matrix.columns }
    var matrices: [String: Matrix<Scalar>] = [:]
    var start = 0
    for (name, matrix) in shapes {
      let rows = matrix.rows / size * (elements.count / (all / size))
      let end = start + rows * matrix.columns
      matrices[name] = try Matrix(
        rows: rows, columns: matrix.columns, elements: elements[start..<end])
      start = end
    }
    return try current.state(of: matrices)
  }
}
