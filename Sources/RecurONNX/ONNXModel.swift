// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A model that was read from an ONNX file.
///
/// ```swift
/// let imported = try ONNXModel<Float>(
///   contentsOf: URL(filePath: "model.onnx"))
/// let x = ONNXTensor(shape: [1, 100, 3], elements: samples)
/// let result = try imported.run(["input": x])
/// let output = result["output"]
/// ```
///
/// ``model`` is an ordinary model of Recur: it can be trained, and stream its input in chunks. ``inputs``,
/// ``outputs`` and ``states`` tell how its matrices and states correspond to the tensors of the ONNX model.
public struct ONNXModel<Scalar: RecurScalar>: Sendable {
  /// The model with its parameters.
  public var model: Model<Scalar>

  /// The inputs of features and tokens, in the order of the ONNX model. Inputs that no output depends on are
  /// left out.
  public let inputs: [ONNXPort]

  /// The outputs that are not states, in the order of the ONNX model.
  public let outputs: [ONNXPort]

  /// The inputs and outputs that are states of recurrent networks.
  public let states: [ONNXState]

  let bindings: StateBindings

  /// Reads a model from a file, and its tensors also from other files of the same folder that it names.
  ///
  /// - Parameters:
  ///   - url: The file.
  ///   - outputs: The names of the outputs to compute; if omitted, all.
  ///   - sizes: Sizes of axes that have a name instead of a size, by name, such as `["samples": 512]`. An axis
  ///     with neither is named after its input and its number, as in `input.1`.
  ///   - constants: Values of inputs that stay the same, by name, such as `["sr": 16_000]`. A condition of the
  ///     model may depend on them. All elements of the input have the value.
  ///   - roles: The roles of the axes of inputs, by name; nil for an axis of size 1. If omitted, they follow
  ///     from the operators that read them.
  /// - Throws: ``ONNXError`` if the file cannot be read, is no valid model, or has a part that Recur cannot
  ///   express.
  public init(
    contentsOf url: URL, outputs: [String]? = nil, sizes: [String: Int] = [:],
    constants: [String: Double] = [:], roles: [String: [ONNXAxisRole?]] = [:]
  ) throws(ONNXError) {
    guard url.isFileURL else { throw .file(reason: "\(url) is not the URL of a file") }
    try self.init(
      bytes: contents(ofFile: url.path), folder: url.deletingLastPathComponent(), outputs: outputs,
      sizes: sizes, constants: constants, roles: roles)
  }

  /// Reads a model from memory.
  ///
  /// - Parameters:
  ///   - bytes: The contents of a file.
  ///   - folder: The folder of other files that the model names. If omitted, such a model is refused.
  ///   - outputs: The names of the outputs to compute; if omitted, all.
  ///   - sizes: Sizes of axes that have a name instead of a size.
  ///   - constants: Values of inputs that stay the same.
  ///   - roles: The roles of the axes of inputs.
  /// - Throws: The errors of ``init(contentsOf:outputs:sizes:constants:roles:)``.
  public init(
    bytes: [UInt8], folder: URL? = nil, outputs: [String]? = nil, sizes: [String: Int] = [:],
    constants: [String: Double] = [:], roles: [String: [ONNXAxisRole?]] = [:]
  ) throws(ONNXError) {
    guard bytes.count <= Limit.bytes else {
      throw .file(reason: "the model has \(bytes.count) bytes, expected at most \(Limit.bytes)")
    }
    var reader = try Reader(
      .reading(bytes, folder: folder?.path), outputs: outputs, sizes: sizes, constants: constants,
      roles: roles)
    let reading = try reader.read()
    var assembly = try Assembly(reading, prefersStates: true)
    var model: Model<Scalar> = try assembly.model()
    if model.chunkSteps == nil, !assembly.stateOutputs.isEmpty {
      // The model has no final state, but some final states are also last steps.
      assembly = try Assembly(reading, prefersStates: false)
      guard assembly.stateOutputs.isEmpty else {
        throw .unsupported(
          part: "output \"\(assembly.stateOutputs[0].name)\"",
          reason: "is a final state, but a layer needs whole sequences; choose other outputs")
      }
      model = try assembly.model()
    }
    self.model = model
    self.inputs = assembly.inputs
    self.outputs = assembly.outputs
    bindings = StateBindings(assembly)
    states = bindings.states
  }
}
