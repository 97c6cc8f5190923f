// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurAudio
import RecurTraining

/// A format of files with tensors, chosen by the extension of the file's name.
///
/// A new format is a case, with an entry in each `switch` of this file.
enum TensorFormat: String, CaseIterable {
  case csv, npy, npz, safetensors, wav

  init(ofFile path: String) throws {
    let found = (path as NSString).pathExtension.lowercased()
    guard let format = TensorFormat(rawValue: found) else {
      let known = Self.allCases.map { ".\($0.rawValue)" }.joined(separator: ", ")
      let what = found.isEmpty ? "has no extension" : "has the extension .\(found)"
      throw BadInput("\(path): \(what), expected one of \(known)")
    }
    self = format
  }

  /// Whether a file has any number of tensors with names.
  var hasNames: Bool {
    switch self {
    case .csv, .npy, .wav: false
    case .npz, .safetensors: true
    }
  }

  func read(_ path: String) throws -> [FileTensor] {
    switch self {
    case .csv: [try FileTensor(csv: path)]
    case .npy:
      [try FileTensor(SafeTensors.Tensor(npy: data(path), path: path), named: nil, path)]
    case .npz: try named(SafeTensors(npz: data(path), path: path), path)
    case .safetensors: try named(SafeTensors(path: path), path)
    case .wav: [FileTensor(try Recording(path: path), path)]
    }
  }

  private func data(_ path: String) throws -> Data { try WholeFile.read(path, atMost: nil) }

  private func named(_ file: SafeTensors, _ path: String) throws -> [FileTensor] {
    try file.tensors.map { try FileTensor($0, named: $0.name, path) }
  }

  /// Throws an error if outputs cannot be written in this format.
  func requireWritable(_ path: String) throws {
    guard self == .npz else { return }
    throw BadInput("\(path): .npz files are only read, expected .npy or .safetensors")
  }

  /// Writes tensors; one, unless the format has names.
  ///
  /// - Parameters:
  ///   - tensors: The tensors.
  ///   - path: The file.
  ///   - sampleRate: The sampling rate of a recording.
  /// - Throws: `BadInput` if the format cannot express a tensor, or `RunFailure` if the file cannot be written.
  func write<Scalar>(
    _ tensors: [ResultTensor<Scalar>], to path: String, sampleRate: Int?
  ) throws {
    switch self {
    case .csv:
      let text = try tensors[0].textAsCSV(for: path)
      try OutputFile.write(path) { try WholeFile.replace($0, with: [Data(text.utf8)]) }
    case .npy:
      let tensor = try SafeTensors.Tensor(
        tensors[0].name, shape: tensors[0].shape, elements: tensors[0].elements)
      try OutputFile.write(path) { try tensor.writeNPY(to: $0) }
    case .npz: try requireWritable(path)
    case .safetensors:
      let file = try SafeTensors(
        tensors: tensors.map { try .init($0.name, shape: $0.shape, elements: $0.elements) })
      try OutputFile.write(path) { try file.write(to: $0) }
    case .wav:
      let recording = try tensors[0].recording(sampleRate: sampleRate!, for: path)
      try OutputFile.write(path) { try recording.save(to: $0, as: .float32) }
    }
  }
}

/// A tensor that was read from a file.
struct FileTensor {
  /// The name in the file; nil if the format has none.
  let name: String?

  let shape: [Int]

  /// The elements, row-major. Tokens are exact up to 2⁵³.
  let elements: [Double]

  /// Whether the axes are steps and channels by definition of the format.
  let isSteps: Bool

  /// The sampling rate of a recording, in Hz.
  private(set) var sampleRate: Int?

  /// The file, and the tensor if it has a name, for error messages.
  let place: String

  /// The tensor of a CSV file.
  init(steps: Int, channels: Int, elements: [Double], _ path: String) {
    self.init(nil, [steps, channels], elements, isSteps: true, path)
  }

  fileprivate init(_ recording: Recording, _ path: String) {
    self.init(
      nil, [recording.frames, recording.channels], recording.samples.elements.map(Double.init),
      isSteps: true, path)
    sampleRate = recording.sampleRate
  }

  fileprivate init(_ tensor: SafeTensors.Tensor, named name: String?, _ path: String) throws {
    let elements = try BadInput.naming(path) {
      tensor.type.isInteger ? try tensor.integers().map(Double.init) : try tensor.elements()
    }
    self.init(name, tensor.shape, elements, isSteps: false, path)
  }

  private init(
    _ name: String?, _ shape: [Int], _ elements: [Double], isSteps: Bool, _ path: String
  ) {
    self.name = name
    self.shape = shape
    self.elements = elements
    self.isSteps = isSteps
    place = path + (name.map { ": tensor \($0)" } ?? "")
  }
}

/// A tensor of results.
struct ResultTensor<Scalar: RecurScalar> {
  let name: String
  let shape: [Int]
  let elements: [Scalar]

  /// What an index of each axis counts, such as `step`.
  let axes: [String]

  /// The elements within the sequences; all if nil.
  var counts: [Bool]?
}

extension ResultTensor {
  /// Returns the number of columns of a table with a row for each step.
  ///
  /// - Parameters:
  ///   - path: The file, for error messages.
  ///   - format: The name of the format.
  /// - Throws: `BadInput` unless the tensor has one sequence.
  func columnsOfOneSequence(for path: String, _ format: String) throws -> Int {
    // Other axes, and channels before steps, have a place only if they have size 1.
    let large = zip(axes, shape).filter { $1 != 1 }.map(\.0)
    guard [[], ["step"], ["channel"], ["step", "channel"]].contains(large) else {
      throw BadInput(
        "\(path): \(name) has the shape \(shape), but \(format) is for one sequence; expected .safetensors"
      )
    }
    return large.last == "channel" ? shape[axes.lastIndex(of: "channel")!] : 1
  }

  fileprivate func recording(sampleRate: Int, for path: String) throws -> Recording {
    let columns = try columnsOfOneSequence(for: path, "WAV")
    return try BadInput.naming(path) {
      try Recording(
        samples: Matrix(
          rows: elements.count / max(columns, 1), columns: columns,
          elements: elements.map { Float($0) }), sampleRate: sampleRate)
    }
  }
}
