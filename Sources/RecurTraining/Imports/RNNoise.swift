// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

extension ImportedModel {
  /// RNNoise's models as text: after a first line, for each of six layers a line with the number of inputs, of units
  /// and of the activation, and lines with the weights and the biases. Numbers are multiples of 1/256.
  ///
  ///     d = dense(x)           v = gru(d)           n = gru(d, v, x)
  ///     e = gru(v, n, x)       gains = dense(e)     vad = dense(v)
  ///
  /// Layers have Keras's layout; the GRUs reset before the product.
  init(rnnoise file: Data, path: String) throws(FileError) {
    var text = try IntegerText(file, path)
    let dense = try RNNoiseLayer(&text, "the input layer")
    let voice = try RNNoiseLayer(&text, "the GRU of the voice", gates: 3)
    let noise = try RNNoiseLayer(&text, "the GRU of the noise", gates: 3)
    let denoise = try RNNoiseLayer(&text, "the GRU of the gains", gates: 3)
    let gains = try RNNoiseLayer(&text, "the layer of the gains")
    let vad = try RNNoiseLayer(&text, "the layer of the voice")
    try text.finish()
    let inputs = dense.inputs
    for (layer, expected) in [
      (voice, dense.units), (noise, dense.units + voice.units + inputs),
      (denoise, voice.units + noise.units + inputs), (gains, denoise.units), (vad, voice.units),
    ] where layer.inputs != expected {
      throw FileError(path, "\(layer.place) has \(layer.inputs) inputs, expected \(expected)")
    }
    guard vad.units == 1 else {
      throw FileError(path, "\(vad.place) has \(vad.units) units, expected 1")
    }
    var parts = ModelParts<Scalar>(inputSize: inputs)
    try parts.add("dense", dense, of: ["x"], path)
    try parts.add("voice_gru", voice, of: ["dense"], path)
    try parts.add("noise_gru", noise, of: ["dense", "voice_gru", "x"], path)
    try parts.add("denoise_gru", denoise, of: ["voice_gru", "noise_gru", "x"], path)
    try parts.add("gains", gains, of: ["denoise_gru"], path)
    try parts.add("vad", vad, of: ["voice_gru"], path)
    try self.init(.rnnoise, parts, outputs: ["gains", "vad"], path: path)
  }
}

/// A dense layer or a GRU of RNNoise.
private struct RNNoiseLayer {
  let place: String
  let inputs: Int
  let units: Int
  let gates: Int
  let activation: Activation

  /// The kernel, the recurrent kernel of a GRU, and the bias in Keras's layout.
  let weights: [Double]

  /// The maximum number of inputs and of units, set by the format's readers.
  static let largestSize = 128

  init(_ text: inout IntegerText, _ place: String, gates: Int = 1) throws(FileError) {
    self.place = place
    self.gates = gates
    inputs = try text.next(in: 1...Self.largestSize, "the inputs of \(place)")
    units = try text.next(in: 1...Self.largestSize, "the units of \(place)")
    let activations: [Activation] = [.tanh, .sigmoid, .relu]
    activation =
      activations[
        try text.next(in: 0...activations.count - 1, "the activation of \(place)")]
    let rows = inputs + (gates > 1 ? units : 0) + 1
    var weights: [Double] = []
    weights.reserveCapacity(rows * gates * units)
    for _ in 0..<rows * gates * units {
      weights.append(try Double(text.next(in: -128...127, "a weight of \(place)")) / 256)
    }
    self.weights = weights
  }
}

extension ModelParts {
  /// Adds a layer of some nodes side by side.
  fileprivate mutating func add(
    _ name: String, _ layer: RNNoiseLayer, of sources: [String], _ path: String
  ) throws(FileError) {
    if sources.count > 1 { add("\(name)_input", .concatenate, of: sources) }
    let source = sources.count > 1 ? ["\(name)_input"] : sources
    guard layer.gates > 1 else {
      let (kernel, bias) = (
        layer.weights.dropLast(layer.units), layer.weights.suffix(layer.units)
      )
      add(
        "\(name)_sum", .dense(size: layer.units), of: source,
        parameters: [
          "weight": KerasLayout.permuted(Array(kernel), [layer.inputs, layer.units]),
          "bias": Array(bias),
        ])
      add(name, .activation(layer.activation))
      return
    }
    var network = NetworkConfiguration(.gru, inputSize: layer.inputs, hiddenSize: layer.units)
    network.reset = .beforeProduct
    network.candidateActivation = layer.activation
    let parameters = try FileError.on(path, "cannot be read") { () throws(RecurError) in
      try network.parameters(fromKeras: layer.weights)
    }
    add(name, .network(network), of: source, parameters: parameters)
  }
}

/// A text of integers between spaces and line ends, after a first line.
private struct IntegerText {
  private let path: String
  private var rest: ArraySlice<UInt8>

  static let firstLine = "rnnoise-nu model file version 1"

  init(_ file: Data, _ path: String) throws(FileError) {
    self.path = path
    let line = Data(Self.firstLine.utf8)
    guard FileFormat(of: file) == .rnnn else {
      throw .wrongFormat(path, file, expected: .rnnn)
    }
    guard file.starts(with: line), let end = file.dropFirst(line.count).first,
      Self.isSpace(end)
    else { throw FileError(path, "does not begin with the line \(Self.firstLine)") }
    rest = [UInt8](file.dropFirst(line.count))[...]
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
      || byte == UInt8(ascii: "\t")
  }

  /// Reads the next integer, which must be in a range.
  mutating func next(
    in range: ClosedRange<Int>, _ what: @autoclosure () -> String
  ) throws(FileError) -> Int {
    rest = rest.drop(while: Self.isSpace)
    let word = rest.prefix { !Self.isSpace($0) }
    rest = rest.dropFirst(word.count)
    guard !word.isEmpty else { throw FileError(path, "ends before \(what())") }
    guard let number = Int(String(decoding: word, as: UTF8.self)), range ~= number else {
      throw FileError(
        path,
        "has \(String(decoding: word.prefix(40), as: UTF8.self)) for \(what()), expected "
          + "an integer from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func finish() throws(FileError) {
    guard rest.allSatisfy(Self.isSpace) else {
      throw FileError(path, "has more numbers than the layers need")
    }
  }
}
