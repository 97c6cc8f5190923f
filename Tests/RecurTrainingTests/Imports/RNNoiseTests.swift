// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import TestSupport
import Testing

@testable import RecurTraining

/// RNNoise's text, and an independent computation of its network.
private struct RNNoise {
  struct Layer {
    var inputs: Int
    var units: Int
    var activation: Int
    var gates = 1
    var kernel: [Int] = []
    var recurrent: [Int] = []
    var bias: [Int] = []
  }

  /// Dense, GRUs of the voice, the noise and the gains, dense for the gains and for the voice.
  var layers: [Layer]

  /// Random weights.
  init(_ sizes: [(Int, Int)], activations: [Int], seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    func numbers(_ count: Int) -> [Int] {
      (0..<count).map { _ in Int(generator.next() % 256) - 128 }
    }
    layers = zip(sizes, activations).enumerated().map { index, entry in
      let ((inputs, units), activation) = entry
      let gates = 1...3 ~= index ? 3 : 1
      return Layer(
        inputs: inputs, units: units, activation: activation, gates: gates,
        kernel: numbers(inputs * gates * units),
        recurrent: gates == 3 ? numbers(units * 3 * units) : [], bias: numbers(gates * units))
    }
  }

  /// Reads a valid text.
  init(_ text: String) {
    var numbers = text.split(whereSeparator: \.isWhitespace).dropFirst(5).map { Int($0)! }[...]
    func take(_ count: Int) -> [Int] {
      defer { numbers = numbers.dropFirst(count) }
      return Array(numbers.prefix(count))
    }
    layers = (0..<6).map { index in
      let sizes = take(3)
      let gates = 1...3 ~= index ? 3 : 1
      var layer = Layer(inputs: sizes[0], units: sizes[1], activation: sizes[2], gates: gates)
      layer.kernel = take(sizes[0] * gates * sizes[1])
      layer.recurrent = gates == 3 ? take(sizes[1] * 3 * sizes[1]) : []
      layer.bias = take(gates * sizes[1])
      return layer
    }
  }

  var text: String {
    var lines = ["rnnoise-nu model file version 1"]
    for layer in layers {
      lines.append("\(layer.inputs) \(layer.units) \(layer.activation)")
      for numbers in [layer.kernel, layer.recurrent, layer.bias] where !numbers.isEmpty {
        lines.append(numbers.map(String.init).joined(separator: " "))
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func activated(_ x: Double, _ activation: Int) -> Double {
    [tanh(x), 1 / (1 + exp(-x)), max(x, 0)][activation]
  }

  private func dense(_ k: Int, _ x: [Double]) -> [Double] {
    let layer = layers[k]
    return (0..<layer.units).map { i in
      var sum = Double(layer.bias[i])
      for j in 0..<layer.inputs { sum += Double(layer.kernel[j * layer.units + i]) * x[j] }
      return activated(sum / 256, layer.activation)
    }
  }

  /// The weight of gate g for unit i and input j is at (j · 3 + g) · N + i; the gates are z, r and h.
  private func gru(_ k: Int, _ x: [Double], _ state: [Double]) -> [Double] {
    let layer = layers[k]
    let N = layer.units
    func sum(_ gate: Int, _ i: Int, _ h: [Double]) -> Double {
      var sum = Double(layer.bias[gate * N + i])
      for j in 0..<layer.inputs { sum += Double(layer.kernel[(j * 3 + gate) * N + i]) * x[j] }
      for j in 0..<N { sum += Double(layer.recurrent[(j * 3 + gate) * N + i]) * h[j] }
      return sum / 256
    }
    let r = (0..<N).map { activated(sum(1, $0, state), 1) }
    let kept = zip(r, state).map { $0 * $1 }
    return (0..<N).map { i in
      let z = activated(sum(0, i, state), 1)
      return z * state[i] + (1 - z) * activated(sum(2, i, kept), layer.activation)
    }
  }

  /// Returns the gains and the probability of speech of each frame.
  func run(_ frames: [[Double]]) -> (gains: [Double], vad: [Double]) {
    var states = (1...3).map { [Double](repeating: 0, count: layers[$0].units) }
    var (gains, vad) = ([Double](), [Double]())
    for x in frames {
      let d = dense(0, x)
      states[0] = gru(1, d, states[0])
      states[1] = gru(2, d + states[0] + x, states[1])
      states[2] = gru(3, states[0] + states[1] + x, states[2])
      gains += dense(4, states[2])
      vad += dense(5, states[0])
    }
    return (gains, vad)
  }
}

@Suite struct RNNoiseTests {
  private static let sizes = [(5, 3), (3, 2), (10, 4), (11, 6), (6, 3), (2, 1)]

  private func small(_ activations: [Int] = [0, 2, 2, 2, 1, 1]) -> RNNoise {
    RNNoise(Self.sizes, activations: activations, seed: 4)
  }

  private func imported<Scalar: RecurScalar>(
    _ text: String, _ scalar: Scalar.Type = Double.self
  ) throws -> ImportedModel<Scalar> {
    try ImportedModel(Data(text.utf8), path: "test")
  }

  private func frames(_ count: Int, _ size: Int) -> [[Double]] {
    var generator = SplitMix64(seed: 8)
    return (0..<count).map { _ in generator.vector(size) }
  }

  private func difference<Scalar: RecurScalar>(
    _ model: Model<Scalar>, _ rnnoise: RNNoise, steps: Int
  ) throws -> Double {
    let frames = frames(steps, rnnoise.layers[0].inputs)
    let input = try SequenceBatch<Scalar>(
      steps: steps, batchSize: 1, features: frames[0].count,
      elements: frames.flatMap { $0 }.map { Scalar($0) })
    let (found, expected) = (try model(input), rnnoise.run(frames))
    let gains = try #require(found["gains"]).elements
    let vad = try #require(found["vad"]).elements
    #expect(gains.count == expected.gains.count && vad.count == steps)
    return zip(gains + vad, expected.gains + expected.vad)
      .map { abs(Double($0) - $1) }.max() ?? .infinity
  }

  @Test(arguments: [[0, 2, 2, 2, 1, 1], [2, 0, 1, 0, 0, 2]])
  func computesTheEquations(activations: [Int]) throws {
    let rnnoise = small(activations)
    let model = try imported(rnnoise.text)
    #expect(model.format == .rnnoise && model.initialState == nil && model.sampleRate == nil)
    #expect(model.model.outputs.map(\.name) == ["gains", "vad"])
    let largest = try difference(model.model, rnnoise, steps: 20)
    #expect(largest <= 1e-12, "\(largest)")
  }

  @Test(.enabled(if: PublishedModels.exist, PublishedModels.absence))
  func aPublishedModel() throws {
    let url = PublishedModels.folder.appending(path: "rnnoise/bd.rnnn")
    let rnnoise = RNNoise(try String(contentsOf: url, encoding: .utf8))
    let wide = try difference(
      ImportedModel<Double>(contentsOf: url).model, rnnoise, steps: 30)
    #expect(wide <= 1e-12, "\(wide)")
    let narrow = try difference(ImportedModel<Float>(contentsOf: url).model, rnnoise, steps: 30)
    #expect(narrow <= 1e-5, "\(narrow)")
  }

  @Test func filesThatWouldLoseSomethingAreRefused() throws {
    func refusal(_ change: (inout RNNoise) -> Void) -> String {
      var rnnoise = small()
      change(&rnnoise)
      return message { try imported(rnnoise.text) }
    }
    #expect(
      refusal { $0.layers[0].inputs = 0 }
        == "test: has 0 for the inputs of the input layer, expected an integer from 1 to 128")
    #expect(
      refusal { $0.layers[1].units = 129 }
        == "test: has 129 for the units of the GRU of the voice, expected an integer from 1 to 128")
    #expect(
      refusal { $0.layers[5].activation = 3 }
        == "test: has 3 for the activation of the layer of the voice, expected an integer from 0 to 2"
    )
    #expect(
      refusal { $0.layers[2].bias[1] = 128 }
        == "test: has 128 for a weight of the GRU of the noise, expected an integer from -128 to 127"
    )
    #expect(
      refusal { $0.layers[5].bias = [] }
        == "test: ends before a weight of the layer of the voice")
    #expect(
      refusal { $0.layers[5].bias.append(1) } == "test: has more numbers than the layers need")
    #expect(
      refusal {
        $0.layers =
          RNNoise(
            Self.sizes.map { $0 == (11, 6) ? (12, 6) : $0 }, activations: [0, 2, 2, 2, 1, 1],
            seed: 1
          ).layers
      }
        == "test: the GRU of the gains has 12 inputs, expected 11")
    #expect(
      refusal {
        $0.layers =
          RNNoise(
            Self.sizes.map { $0 == (2, 1) ? (2, 2) : $0 }, activations: [0, 2, 2, 2, 1, 1], seed: 1
          ).layers
      }
        == "test: the layer of the voice has 2 units, expected 1")
    let text = small().text
    #expect(
      message { try imported(text.replacing("version 1", with: "version 2")) }
        == "test: does not begin with the line rnnoise-nu model file version 1")
    #expect(
      message { try imported(text.replacing("version 1", with: "version 11")) }
        .hasPrefix("test: does not begin with"))
    for word in ["1.5", "0x1", "--1", "9223372036854775808", "1e1", "é"] {
      #expect(
        message { try imported(text.dropLast() + " \(word)") }.hasPrefix("test: has more numbers"))
      #expect(
        message { try imported(text.replacing("5 3 0", with: "5 \(word) 0")) }
          .hasPrefix("test: has \(word) for the units of the input layer"))
    }
    // Line ends do not matter.
    #expect(
      try imported(text.replacing("\n", with: "\r\n")).model.parameters
        == imported(text).model.parameters)
  }

  @Test func damagedFilesAreRefusedOrRead() throws {
    let whole = Data(small().text.utf8)
    for count in whole.indices.dropLast() {
      // The last number may lose digits.
      guard let read = try? imported(String(decoding: whole.prefix(count), as: UTF8.self)) else {
        continue
      }
      #expect(count >= whole.count - 4 && read.model.parameters.count > 0)
    }
    for mutant in Mutants(of: whole, count: 1000, seed: 1) {
      _ = try? ImportedModel<Float>(mutant, path: "test")
    }
  }

  /// Each weight matters: a permuted, doubled or dropped one changes the outputs, or is refused.
  @Test func everyWeightMatters() throws {
    let rnnoise = small([0, 0, 0, 0, 1, 1])
    for k in rnnoise.layers.indices {
      for key in [\RNNoise.Layer.kernel, \.recurrent, \.bias] {
        let numbers = rnnoise.layers[k][keyPath: key]
        guard numbers.count > 1 else { continue }
        var (permuted, doubled, dropped) = (rnnoise, rnnoise, rnnoise)
        permuted.layers[k][keyPath: key] = numbers.reversed()
        doubled.layers[k][keyPath: key] = numbers + numbers
        dropped.layers[k][keyPath: key] = []
        let model = try imported(permuted.text).model
        #expect(try difference(model, rnnoise, steps: 3) > 1e-4)
        for other in [doubled, dropped] {
          #expect(throws: FileError.self) { try imported(other.text) }
        }
      }
    }
  }
}
