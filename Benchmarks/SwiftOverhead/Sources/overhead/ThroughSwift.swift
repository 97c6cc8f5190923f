// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// A row through the Swift API.
final class ThroughSwift<Network: RecurrentNetwork> where Network.Scalar: CScalar {
  typealias Scalar = Network.Scalar

  private let network: Network
  private let input: SequenceBatch<Scalar>
  private let dy: SequenceBatch<Scalar>
  private let initialState: Network.State
  private var stream: NetworkStream<Network>
  private var output: Matrix<Scalar>
  private(set) var result: Matrix<Scalar>?

  init(_ row: Row, network: Network, x: [Scalar], h0: [Scalar], dy: [Scalar]) throws {
    self.network = network
    input = try SequenceBatch(steps: row.T, batchSize: row.B, features: row.I, elements: x)
    self.dy = try SequenceBatch(steps: row.T, batchSize: row.B, features: row.H, elements: dy)
    initialState = try network.state(
      hidden: Matrix(rows: row.B, columns: row.H, elements: h0))
    stream = try network.stream(batchSize: row.B, from: initialState)
    output = try Matrix(rows: row.B, columns: row.H)
  }

  var outputOfStep: [Scalar] { output.elements }

  func forward() throws {
    result = try network(input, initialState: initialState).outputs.matrix
  }

  func step() throws {
    try stream.step(input.matrix, into: &output)
  }

  func training() throws -> NetworkGradients<Network> {
    try network.trainingPass(input, initialState: initialState).backward(outputGradient: dy)
  }
}
