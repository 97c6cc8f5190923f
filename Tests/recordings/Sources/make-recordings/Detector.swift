// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// A detector with the layers of Silero's. Its parameters make it a detector of sound: positive weights carry the
/// magnitude of a spectrum to an LSTM that forgets at once.
enum Detector {
  static func model() throws -> Model<Float> {
    var value = ModelValue.features(size: 576).named("input").reshape(positions: 576)
    var spectrum = Convolution(over: .positions, outputSize: 258, kernelSize: 256)
    (spectrum.stride, spectrum.after, spectrum.bias) = (128, 64, false)
    spectrum.padding = .reflect
    value = value.convolution(spectrum).named("spectrum").magnitude()
    for (k, (size, stride)) in [(128, 1), (64, 2), (64, 2), (128, 1)].enumerated() {
      var convolution = Convolution(over: .positions, outputSize: size, kernelSize: 3)
      (convolution.stride, convolution.before, convolution.after) = (stride, 1, 1)
      value = value.convolution(convolution).named("encoder\(k)").activation(.relu)
    }
    value = value.reshape(positions: 1).lstm(hiddenSize: 128).named("lstm").activation(.relu)
    value = value.dense(size: 1).named("head").activation(.sigmoid).named("output")
    var model = try Model<Float>(outputs: value, seed: 1)
    for slice in model.parameters.slices {
      let matrix = model.parameters[slice.name]!
      try model.parameters.set(
        slice.name,
        to: Matrix(
          rows: slice.rows, columns: slice.columns, elements: parameters(slice.name, matrix)))
    }
    return model
  }

  private static func parameters(_ name: String, _ matrix: Matrix<Float>) -> [Float] {
    let count = matrix.rows * matrix.columns
    return switch name {
    case "spectrum.weight": matrix.elements
    // The input and output gates are open, and the forget gate is closed.
    case "lstm.bias_ih_l0": (0..<count).map { [4, -4, 0, 4][$0 / 128] }
    case "lstm.bias_hh_l0", "lstm.weight_hh_l0": Array(repeating: 0, count: count)
    case "lstm.weight_ih_l0": matrix.elements.enumerated().map { $0 / 128 / 128 == 2 ? abs($1) : 0 }
    case "head.weight": Array(repeating: 0.2, count: count)
    case "head.bias": [-6]
    default:
      name.hasSuffix("bias") ? Array(repeating: 0, count: count) : matrix.elements.map { abs($0) }
    }
  }

  /// Four seconds with noise. The second pause is too short to separate segments, and the third noise too short
  /// for a segment.
  static var speech: [Float] {
    var generator = SplitMix64(seed: 2)
    let noise = [0.5..<1.2, 1.25..<1.6, 2.5..<2.6, 3.0..<3.5]
    return (0..<64_000).map { n in
      let time = Double(n) / 16_000
      return noise.contains { $0.contains(time) } ? Float(generator.nextUnit() - 0.5) : 0
    }
  }
}
