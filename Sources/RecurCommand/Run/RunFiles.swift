// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining

/// The files of `recur run`, with their tensors.
struct RunFiles {
  private(set) var inputs: ModelTensors
  private var expected: ModelTensors
  private let outputs: [TensorArgument]
  private let names: [String]
  private let states: [String]
  private let model: String

  /// The sampling rate of recordings among the outputs: that of the inputs or, without one, of the model.
  private var sampleRate: Int?

  /// Reads the inputs and the expected outputs, and checks where the outputs go.
  init<Scalar>(_ command: RunCommand, _ loaded: LoadedModel<Scalar>) throws {
    model = loaded.path
    names = try loaded.outputs.map(\.name)
    states = loaded.stateOutputs
    let inputNames = loaded.inputs.map(\.name)
    inputs = ModelTensors(
      of: model, "input", inputNames, states: loaded.stateInputs, others: names + states,
      hasLengths: true)
    expected = ModelTensors(
      of: model, "output", names, states: states,
      others: inputNames + loaded.stateInputs + [ModelTensors.lengthsName], hasLengths: false)
    outputs = try TensorArgument.list(command.output, of: "--output")
    let files = try (
      TensorArgument.list(command.input, of: "--input"),
      TensorArgument.list(command.compare, of: "--compare")
    )
    try requireOutputs(keeping: [model] + files.0.map(\.path) + files.1.map(\.path))
    guard !outputs.isEmpty || !files.1.isEmpty || names.count == 1 else {
      throw BadInput(
        "\(model): has the outputs \(names.joined(separator: ", ")), expected --output or --compare"
      )
    }
    for argument in files.0 { try inputs.add(argument) }
    try inputs.requireAll(option: "--input")
    if command.stream, let lengths = inputs.lengths {
      throw BadInput(
        "\(lengths.place): is given with --stream, but the sequences of a stream have the same length"
      )
    }
    let rate = try commonSampleRate(
      inputs, names: inputNames, as: loaded.sampleRate.map { ($0, model) })
    sampleRate = rate.flatMap { Int(exactly: $0.rate) }
    if let output = outputs.first(where: { $0.format == .wav }), sampleRate == nil {
      throw BadInput(
        "\(output.path): has no sampling rate; expected an input .wav, or another extension")
    }
    for argument in files.1 { try expected.add(argument) }
    _ = try commonSampleRate(expected, names: names, as: rate)
    guard files.1.isEmpty || !expected.tensors.isEmpty else {
      throw BadInput(
        "\(files.1[0].description): has none of the outputs \((names + states).joined(separator: ", "))"
      )
    }
  }

  /// Returns the sampling rate of recordings and what has it.
  ///
  /// - Throws: `BadInput` if one has another rate than the others or the model.
  private func commonSampleRate(
    _ tensors: ModelTensors, names: [String], as known: (rate: Double, place: String)?
  ) throws -> (rate: Double, place: String)? {
    var common = known
    for tensor in names.compactMap({ tensors.tensors[$0] }) {
      guard let rate = tensor.sampleRate.map(Double.init) else { continue }
      guard rate == common?.rate ?? rate else {
        throw BadInput(
          "\(tensor.place): has \(shortest(rate)) Hz, expected \(shortest(common!.rate)) Hz as "
            + common!.place)
      }
      common = common ?? (rate, tensor.place)
    }
    return common
  }

  private func requireOutputs(keeping inputs: [String]) throws {
    for output in outputs {
      guard output.tensor == nil else {
        throw BadInput("\(output.description): names a tensor, expected a file")
      }
      if let name = output.name, !(names + states).contains(name) {
        throw BadInput(
          "\(output.description): \(model) has no output \(name), expected "
            + (names + states).joined(separator: ", "))
      }
      guard output.name != nil || output.format.hasNames || names.count == 1 else {
        throw BadInput(
          "\(output.description): \(model) has the outputs \(names.joined(separator: ", ")), "
            + "expected NAME=\(output.path)")
      }
      try output.format.requireWritable(output.path)
      try OutputFile.require(output.path, keeping: inputs)
    }
    if let twice = Dictionary(grouping: outputs, by: \.path).first(where: { $1.count > 1 })?.key {
      throw BadInput("\(twice): is given for two outputs")
    }
  }

  /// Writes the outputs to their files, or prints the only one if there are no files.
  func write<Scalar>(_ tensors: [ResultTensor<Scalar>]) throws {
    for output in outputs {
      let chosen =
        output.name.map { name in tensors.filter { $0.name == name } }
        ?? (output.format.hasNames ? tensors : Array(tensors.prefix(1)))
      try output.format.write(chosen, to: output.path, sampleRate: sampleRate)
    }
    if outputs.isEmpty, expected.tensors.isEmpty {
      StandardOutput.write(untrusted: try tensors[0].textAsCSV(for: "standard output"))
    }
  }

  /// Compares the outputs with the expected ones.
  func comparisons<Scalar>(_ tensors: [ResultTensor<Scalar>]) throws -> [TensorComparison] {
    try tensors.compactMap { tensor in
      try expected.tensors[tensor.name].map { try TensorComparison(tensor, $0) }
    }
  }
}
