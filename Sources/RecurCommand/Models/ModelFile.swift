// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurONNX
import RecurTraining

/// A model from a file of any format that Recur reads, in the precision of the file.
enum ModelFile {
  case float(LoadedModel<Float>)
  case double(LoadedModel<Double>)

  /// Reads a file. Its first bytes tell the format.
  ///
  /// - Parameters:
  ///   - path: The path of the file.
  ///   - onnx: What an ONNX file leaves open.
  /// - Throws: An error that names the format if it is not one of a model.
  init(_ path: String, onnx: ONNXArguments.Values = .init()) throws {
    try self.init(WholeFile.read(path, atMost: nil), path: path, onnx: onnx)
  }

  /// Reads the bytes of a file.
  init(_ data: Data, path: String, onnx: ONNXArguments.Values = .init()) throws {
    let format = FileFormat(of: data)
    if let option = onnx.option, format != .onnx {
      throw BadInput("\(path): is \(format.name), expected an ONNX model with \(option)")
    }
    switch format {
    case .safetensors: try self.init(SafeTensors(data, path: path))
    case .onnx:
      let imported = try BadInput.naming(path) {
        try ONNXModel<Float>(
          bytes: [UInt8](data),
          folder: URL(fileURLWithPath: path).deletingLastPathComponent(), sizes: onnx.sizes,
          constants: onnx.constants)
      }
      self = .float(LoadedModel(path, imported, sizes: onnx.sizes))
    case .json, .rnnn:
      do {
        self = .float(LoadedModel(path, try ImportedModel(data, path: path)))
      } catch { throw format == .json ? Self.naming(error, data) : error }
    default: throw format.noModel(path)
    }
  }

  /// Reads a model of Recur.
  init(_ file: SafeTensors) throws {
    guard file.kindName != nil else {
      throw BadInput(
        "\(file.path): has tensors without a model; recur convert --graph adds the model, "
          + "a graph of layers in JSON")
    }
    if file.tensors.contains(where: { $0.type == .double }) {
      self = .double(try Self.loaded(file))
    } else {
      self = .float(try Self.loaded(file))
    }
  }

  /// The strings come last: a file that is refused needs no memory for them.
  private static func loaded<Scalar>(_ file: SafeTensors) throws -> LoadedModel<Scalar> {
    let model = try Model<Scalar>(file)
    let info = try file.info
    let loaded = LoadedModel(
      file.path, model, info: info, sampleRate: try SampleRate.read(info, file.path))
    try loaded.requireUsableStorage()
    return loaded
  }

  /// Tells a graph of Recur from other JSON files that are no model.
  private static func naming(_ error: FileError, _ data: Data) -> any Error {
    guard let json = try? JSONText(data, fileSize: data.count, allowsLongIntegers: true) else {
      return error
    }
    guard withExtendedLifetime(json, { json.root["nodes"] != nil }) else { return error }
    return BadInput(
      "\(error.path): has a graph without weights; recur train model trains it, and recur convert "
        + "--graph adds weights")
  }
}

extension FileFormat {
  /// The error of a file that has no model that Recur reads.
  func noModel(_ path: String) -> BadInput {
    let hint = hint.map { "; \($0)" } ?? ""
    return BadInput(
      "\(path): is \(name), expected a model: a safetensors file of Recur, an ONNX model, or a "
        + "model of RTNeural, AIDA-X, GuitarML, Neural Amp Modeler or RNNoise\(hint)")
  }

  /// How a model of another format can be used.
  private var hint: String? {
    switch self {
    case .pytorch, .pickle:
      "in Python, torch.onnx.export writes the model, and safetensors.torch.save_file its state dict, "
        + "which recur convert --graph reads"
    case .keras, .hdf5:
      "in Python, numpy.savez(\"weights.npz\", **{w.path: w.numpy() for w in model.weights}) saves the "
        + "weights, which recur convert --graph --layout keras reads; without recurrent layers, "
        + "model.export(\"model.onnx\", format=\"onnx\") writes an ONNX model"
    case .tflite: "in Python, tf2onnx --tflite writes an ONNX model"
    case .npz: "recur convert --graph reads weights"
    case .gzip, .zip: "unpack the file first"
    default: nil
    }
  }
}
