// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining

/// The sequences of a file with a tensor for each input and output of a model.
struct ModelTrainingFile {
  let path: String
  let examples: BatchExamples<Float>

  /// The CRC-32 of the file.
  let checksum: UInt32

  /// The outputs, in the order of the model, and whether their targets are labels.
  let outputs: [(name: String, hasLabels: Bool)]

  /// Labels that do not count.
  private static let ignoredLabel = -1

  init(_ path: String, for loaded: LoadedModel<Float>) throws {
    let format = try TensorFormat(ofFile: path)
    guard format.hasNames else {
      throw BadInput("\(path): has a single tensor, expected a file .safetensors or .npz")
    }
    self.path = path
    checksum = UInt32(SafeTensors.crc(0, try WholeFile.read(path, atMost: nil)))
    var tensors = Dictionary(
      uniqueKeysWithValues: try format.read(path).map { ($0.name ?? "", $0) })
    func take(_ name: String) throws -> FileTensor {
      guard let tensor = tensors.removeValue(forKey: name) else {
        throw BadInput("\(path): has no tensor \(name), which \(loaded.path) has")
      }
      return tensor
    }
    var inputs: [String: ModelInput<Float>] = [:]
    for port in loaded.inputs {
      inputs[port.node] = try port.input(take(port.name), of: Float.self).0
    }
    let (steps, count) = (inputs.values.first!.steps, inputs.values.first!.batchSize)
    var targets: [String: OutputTargets<Float>] = [:]
    var outputs: [(name: String, hasLabels: Bool)] = []
    let model = loaded.model
    let shapes = try model.outputShapes(steps: steps)
    // Without steps, only an output with one row for each sequence has rows.
    let isOneRow = try model.outputShapes(steps: 0).map { $0.steps == 1 }
    for port in try loaded.outputs {
      let k = model.outputs.firstIndex { $0.name == port.node }!
      let found = try take(port.name).targets(
        steps: isOneRow[k] ? nil : shapes[k].steps, count, columns: shapes[k].columns)
      targets[port.node] = OutputTargets(found)
      let hasLabels = if case .labels = found { true } else { false }
      outputs.append((port.node, hasLabels))
    }
    let lengths = try tensors.removeValue(forKey: "lengths")?.lengths(count, steps: steps)
    if let extra = tensors.keys.min() {
      throw BadInput(
        "\(path): has the tensor \(extra), expected the inputs and outputs of \(loaded.path)")
    }
    self.outputs = outputs
    examples = try BadInput.naming(path) {
      try BatchExamples(TrainingBatch(inputs: inputs, lengths: lengths, targets: targets))
    }
  }

  /// The loss of values, and the cross-entropy for labels; a sum for several outputs.
  func loss(ofValues loss: Loss) -> Loss {
    let losses = outputs.map { name, hasLabels in
      (name, HeadLoss(hasLabels ? .crossEntropy(ignoring: Self.ignoredLabel) : loss))
    }
    return losses.count == 1
      ? losses[0].1.loss : .heads(Dictionary(uniqueKeysWithValues: losses))
  }
}

extension FileTensor {
  /// The targets of an output: steps x sequences x columns, or steps x sequences labels; without the axis of
  /// steps if `steps` is nil.
  fileprivate func targets(
    steps: Int?, _ sequences: Int, columns: Int
  ) throws -> Targets<Float> {
    let rows = (steps.map { [$0] } ?? []) + [sequences]
    if shape == rows + [columns] || columns == 1 && shape == rows {
      return .values(
        try Matrix(
          rows: rows.reduce(1, *), columns: columns, elements: elements.map { Float($0) }))
    }
    guard shape == rows else {
      throw BadInput(
        "\(place): has the shape \(shape), expected \(rows + [columns]), or \(rows) for labels")
    }
    return .labels(
      try integers(-1...columns - 1) { "a label from -1 to \(columns - 1)" })
  }

  fileprivate func lengths(_ sequences: Int, steps: Int) throws -> [Int] {
    guard shape == [sequences] else {
      throw BadInput("\(place): has the shape \(shape), expected [\(sequences)]")
    }
    return try integers(0...steps) { "a number of steps from 0 to \(steps)" }
  }

  private func integers(
    _ range: ClosedRange<Int>, _ expected: () -> String
  ) throws -> [Int] {
    try elements.enumerated().map { index, element in
      guard let integer = Int(exactly: element), range.contains(integer) else {
        throw BadInput(
          "\(place): has \(shortest(element)) at \(index), expected \(expected())")
      }
      return integer
    }
  }
}
