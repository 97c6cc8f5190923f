// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The keys of the strings that Recur stores in a file alongside the tensors.
enum FileMetadata {
  static let prefix = "recur."

  // Plain strings

  /// The raw value of a ``FileKind``.
  static let kind = prefix + "kind"

  /// The version of the format of all these strings.
  static let version = prefix + "version"
  static let currentVersion = "2"

  /// See ``SafeTensors``.
  static let checksum = prefix + "checksum"

  /// The graph of a model as JSON, in files of every kind: see ``Recur/ModelGraph/json``.
  static let model = prefix + "model"

  // Values in canonical JSON

  /// The strings that the caller of `save` stores with a model or a run.
  static let info = MetadataKey<[String: String]>(name: prefix + "info")

  /// The options and scaling of a forecaster, in files of forecasters and of their checkpoints.
  static let forecaster = MetadataKey<SavedForecaster>(name: prefix + "forecaster")

  /// The options and scaling of a forecaster of a panel, in its files and in those of its checkpoints.
  static let panel = MetadataKey<SavedPanel>(name: prefix + "panel")

  /// The options and the position of a run, in checkpoints.
  static let training = MetadataKey<SavedTraining>(name: prefix + "training")

  /// The keys of the strings that describe a file's contents for people to read.
  static let descriptions = [model, forecaster.name, panel.name, training.name]
}

/// The key of a string that is the canonical JSON of a value.
struct MetadataKey<Value: Codable>: Sendable {
  let name: String
}

extension SafeTensors {
  /// - Throws: ``FileError`` if there is no such string, or if this version would not write its
  ///   value.
  func value<Value>(for key: MetadataKey<Value>) throws(FileError) -> Value {
    guard let text = metadata[key.name] else {
      throw FileError(path, "has no metadata \(key.name)")
    }
    return try CanonicalJSON.value(Value.self, of: text, named: key.name, path)
  }

  /// Stores a value as canonical JSON.
  ///
  /// - Parameters:
  ///   - value: the value.
  ///   - key: its key.
  ///   - path: the file to write, for error messages.
  /// - Throws: ``FileError`` if JSON cannot express the value.
  mutating func set<Value>(
    _ value: Value, for key: MetadataKey<Value>, _ path: String
  ) throws(FileError) {
    metadata[key.name] = try CanonicalJSON.text(of: value, path)
  }

  /// The strings that the caller of `save` stored with a model or a run; empty for other files.
  public var info: [String: String] {
    get throws(FileError) {
      metadata[FileMetadata.info.name] == nil ? [:] : try value(for: FileMetadata.info)
    }
  }

  /// The name of the file's ``FileKind``, which may be one of a later version; nil for files of
  /// other programs.
  package var kindName: String? { metadata[FileMetadata.kind] }

  /// The JSON objects that describe the contents of a Recur file, with their keys without `recur.`.
  package var descriptions: [(name: String, json: String)] {
    guard kindName != nil else { return [] }
    return FileMetadata.descriptions.compactMap { key in
      metadata[key].map { (String(key.dropFirst(FileMetadata.prefix.count)), $0) }
    }
  }

  /// The strings that do not belong to Recur.
  package var foreignMetadata: [String: String] {
    metadata.filter { kindName == nil || !$0.key.hasPrefix(FileMetadata.prefix) }
  }
}
