// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurTraining
import TestSupport
import Testing

/// Compares whole training runs with PyTorch's: 200 steps, every loss.
@Suite struct TrainingRunTests {
  @Test(arguments: TrainingGolden.file.runs)
  func pyTorch(_ golden: RunCase) throws {
    let data = try golden.trainingData()
    var training = try Training(golden.model.model(), options: golden.options)
    var steps: [TrainingStep] = []
    let validation = golden.validation == nil ? nil : data
    try training.fit(data, validation: validation) { steps.append($0) }

    #expect(steps.count == 200)
    // A run has 200 steps with up to 2000 operations each, and updates amplify their errors.
    let bound = 1e-9
    #expect(largestRelative(steps.map(\.loss), golden.losses) <= bound)
    #expect(largestRelative(steps.map(\.gradientNorm), golden.norms) <= bound)
    #expect(largestRelative(steps.map(\.learningRate), golden.rates) <= 1e-12)
    #expect(largestDifference(training.model.parameters.elements, golden.theta) <= bound)
    if let validation = golden.validation {
      #expect(
        largestRelative(training.history.map { $0.validationLoss ?? .nan }, validation) <= bound)
    }
  }

  private func largestRelative(_ got: [Double], _ want: [Double]) -> Double {
    guard got.count == want.count else { return .infinity }
    return largestDifference(zip(got, want).map { $0 / $1 }, want.map { _ in 1.0 })
  }
}

struct RunCase: Decodable, Sendable, CustomTestStringConvertible {
  /// Data whose values come from the seed.
  enum DataCase: Decodable, Sendable {
    case windows(rows: Int, length: Int)
    case sequences(lengths: [Int])
    case tokens(count: Int, streams: Int, steps: Int)
  }

  var name: String
  var model: ModelShape
  var loss: Loss
  var optimizer: Optimizer
  var learningRate: Double
  var schedule: Schedule
  var clipping: GradientClipping
  var data: DataCase
  var size: Int?
  var epochs: Int
  var seed: UInt64
  var losses, norms, rates, theta: [Double]
  var validation: [Double]?

  var testDescription: String { name }

  var options: TrainingOptions {
    TrainingOptions(
      loss: loss, optimizer: optimizer, learningRate: learningRate, schedule: schedule,
      clipping: clipping,
      epochs: epochs, batching: size.map { .inOrder(size: $0) } ?? .stateful)
  }

  func trainingData() throws -> any TrainingData<Double> {
    var generator = SplitMix64(seed: seed)
    let columns = if case .quantiles = loss { 1 } else { model.O }
    switch data {
    case .windows(let rows, let length):
      return try Windows(
        inputs: try generator.values(rows, model.I), targets: try generator.values(rows, columns),
        length: length)
    case .sequences(let lengths):
      let inputs = try lengths.map { try generator.values($0, model.I) }
      let rows = lengths.map { model.reading == .everyStep ? $0 : 1 }
      let targets: SequenceTargets<Double> =
        if case .crossEntropy = loss {
          .labels(rows.map { generator.integers($0, below: model.O) })
        } else {
          .values(try rows.map { try generator.values($0, columns) })
        }
      return try Sequences(inputs: inputs, targets: targets, reading: model.reading)
    case .tokens(let count, let streams, let steps):
      return try TokenStream<Double>(
        generator.integers(count, below: model.vocabulary), steps: steps, batchSize: streams)
    }
  }
}
