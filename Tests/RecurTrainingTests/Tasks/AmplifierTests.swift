// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining
import Testing

/// Trains a model of a nonlinear filter on its input and output, as of an amplifier.
@Suite struct AmplifierTests {
  /// A decaying tone of a new frequency every 400 samples, and what a high-pass filter, an asymmetric tanh and a
  /// low-pass filter make of it.
  static func signals(_ count: Int) throws -> (dry: Matrix<Float>, wet: Matrix<Float>) {
    var generator = SplitMix64(seed: 6)
    var (dry, wet) = ([Float](), [Float]())
    var (mean, smooth, frequency, level) = (0.0, 0.0, 0.0, 0.0)
    for n in 0..<count {
      if n.isMultiple(of: 400) {
        frequency = 0.03 + 0.3 * generator.nextUnit()
        level = 0.2 + 0.7 * generator.nextUnit()
      }
      level *= 0.997
      let x = level * sin(frequency * Double(n))
      mean += 0.02 * (x - mean)
      let driven = tanh(3 * (x - mean) + 0.3)
      smooth += 0.5 * (driven - 0.2 * driven * driven - smooth)
      dry.append(Float(x))
      wet.append(Float(0.7 * (smooth - 0.25)))
    }
    return (
      try Matrix(rows: count, columns: 1, elements: dry),
      try Matrix(rows: count, columns: 1, elements: wet)
    )
  }

  @Test func anErrorToSignalRatioOfTwoPercentIsReached() throws {
    let (dry, wet) = try Self.signals(40_000)
    let data = try SignalStream(
      inputs: dry, targets: wet, steps: 128, batchSize: 16, warmUp: 100)
    let x = ModelValue.features(size: 1)
    let model = try Model<Float>(
      outputs: x.lstm(hiddenSize: 12).dense(size: 1).named("head") + x, seed: 1)
    var training = try Training(
      model,
      options: TrainingOptions(
        loss: .errorToSignal(), learningRate: 0.01, clipping: .norm(1), epochs: 25,
        batching: .stateful))
    let before = try model.metrics(
      [.errorToSignal], .errorToSignal(), over: data, batching: .stateful)
    try training.fit(data)
    let after = try training.model.metrics(
      [.errorToSignal], .errorToSignal(), over: data, batching: .stateful)
    print("error-to-signal ratio: \(before) before, \(after) after training")
    #expect(before["error-to-signal ratio"]! > 0.3)
    #expect(after["error-to-signal ratio"]! < 0.02)
  }

  @Test func theRatioIsThatOfTheBatch() throws {
    let x = ModelValue.features(size: 1)
    var model = try Model<Double>(outputs: x.dense(size: 1).named("y"), seed: 1)
    try model.parameters.setElements([0.5, 0])
    let numbers = try Matrix<Double>([[1], [2], [4], [3]])
    let data = try SignalStream(
      inputs: numbers, targets: numbers, steps: 4, batchSize: 1, warmUp: 1)
    let found = try model.metrics(
      [.errorToSignal], .meanSquaredError, over: data, batching: .stateful)
    #expect(found == ["error-to-signal ratio": 0.25])
  }
}
