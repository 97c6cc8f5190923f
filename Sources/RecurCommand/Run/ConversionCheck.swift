// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurTraining

/// The differences between the outputs of a model and those of a file that was made from it, on the same random
/// sequences.
struct ConversionCheck {
  let comparisons: [TensorComparison]

  static let sequences = 2
  private static let leastSteps = 64
  private static let mostSteps = 10_000

  /// The maximum number of elements of an input; a description of a few bytes can have a large one.
  private static let mostElements = 100_000_000
  private static let seed: UInt64 = 1

  /// - Parameters:
  ///   - loaded: The model.
  ///   - renamed: The model with the names in the file.
  ///   - written: The model that was read back.
  init<Scalar, Other>(
    _ loaded: LoadedModel<Scalar>, _ renamed: RenamedModel<Scalar>, _ written: LoadedModel<Other>
  ) throws {
    var generator = SplitMix64(seed: Self.seed)
    var inputs: [String: RandomInput] = [:]
    for port in renamed.loaded.inputs {
      inputs[port.name] = RandomInput(
        port, steps: Self.steps(of: loaded.model), sequences: Self.sequences, &generator)
    }
    let expected = try Self.run(loaded) { inputs[renamed.names[$0.node]!] }
    // RTNeural's files have no names: they have one input and one output.
    let found = try Self.run(written) {
      inputs[$0.name] ?? (inputs.count == 1 ? inputs.first?.value : nil)
    }
    let isSingle = try renamed.loaded.outputs.count == 1 && written.outputs.count == 1
    let old = Dictionary(uniqueKeysWithValues: renamed.names.map { ($1, $0) })
    comparisons = try renamed.loaded.outputs.map { port in
      let wanted = expected.values[old[port.name]!]!
      guard
        let other = try written.outputs.first(where: { isSingle || $0.name == port.name }),
        let value = found.values[other.node],
        (value.steps, value.batchSize, value.features)
          == (wanted.steps, wanted.batchSize, wanted.features)
      else { throw RunFailure("\(written.path): has no output \(port.name) of the same shape") }
      let tensor = ResultTensor(
        name: port.name, shape: [value.steps, value.batchSize, value.features],
        elements: value.elements, axes: ["step", "sequence", "channel"])
      return TensorComparison(tensor, wanted.elements.map { Double($0) })
    }
  }

  /// The number of steps: a multiple of the strides, unless it would be very large.
  static func steps<Scalar>(of model: Model<Scalar>) -> Int {
    guard let chunk = model.chunkSteps, chunk <= mostSteps else { return leastSteps }
    return (leastSteps + chunk - 1) / chunk * chunk
  }

  /// Throws `BadInput` if the inputs of a model are too large to compare.
  static func requireSizes<Scalar>(of loaded: LoadedModel<Scalar>) throws {
    let rows = sequences * steps(of: loaded.model)
    for port in loaded.inputs where !port.isTokens && port.size > mostElements / rows {
      throw BadInput(
        "\(loaded.path): has the input \(port.name) of \(port.size) channels, expected at most "
          + "\(mostElements / rows)")
    }
  }

  private static func run<Scalar>(
    _ loaded: LoadedModel<Scalar>, _ input: (ModelPort) -> RandomInput?
  ) throws -> ModelResults<Scalar> {
    let inputs = try loaded.inputs.map { port in
      guard let input = input(port) else {
        throw RunFailure("\(loaded.path): has the unexpected input \(port.name)")
      }
      return (port.node, try input.batch(of: Scalar.self))
    }
    let byNode = Dictionary(uniqueKeysWithValues: inputs)
    return try ModelRun(loaded, inputs: loaded.model.inputs.map { byNode[$0.name]! }).whole()
  }
}

/// Random tokens, or standard normal features that are exact in single precision.
private struct RandomInput {
  private let steps: Int
  private let sequences: Int
  private let size: Int
  private let isTokens: Bool
  private let numbers: [Float]
  private let tokens: [Int]

  init(_ port: ModelPort, steps: Int, sequences: Int, _ generator: inout SplitMix64) {
    self.steps = steps
    self.sequences = sequences
    size = port.size
    isTokens = port.isTokens
    let rows = steps * sequences
    numbers = port.isTokens ? [] : (0..<rows * size).map { _ in Float(generator.nextNormal()) }
    tokens =
      port.isTokens ? (0..<rows).map { _ in .random(in: 0..<port.size, using: &generator) } : []
  }

  func batch<Scalar: RecurScalar>(of scalar: Scalar.Type) throws(RecurError) -> ModelInput<Scalar> {
    if isTokens {
      return .tokens(try TokenBatch(steps: steps, batchSize: sequences, tokens: tokens))
    }
    return .features(
      try SequenceBatch(
        steps: steps, batchSize: sequences, features: size, elements: numbers.map { Scalar($0) }))
  }
}
