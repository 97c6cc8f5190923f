// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

extension SafeTensors {
  /// Creates tensors from a JSON object of nested arrays, in which some programs store PyTorch's state dicts. Their
  /// type is `F32`.
  ///
  /// - Parameter url: the file.
  /// - Throws: ``FileError`` if the file is not such an object.
  public init(contentsOfJSON url: URL) throws(FileError) {
    let path = try WholeFile.path(of: url)
    try self.init(json: WholeFile.read(path, atMost: ImportedModel<Float>.longestFile), path: path)
  }

  /// Reads the bytes of a file. Errors name the path as it is given.
  package init(json file: Data, path: String) throws(FileError) {
    let text: JSONText
    do { text = try JSONText(file, fileSize: file.count, allowsLongIntegers: true) } catch {
      throw FileError(path, error.reason)
    }
    var tensors: [Tensor] = []
    for (name, value) in try ImportedJSON(text.root, at: "", in: path).entries() {
      let (shape, numbers) = try value.numbers()
      tensors.append(
        Tensor(
          name: name, type: .float, shape: shape,
          bytes: numbers.map { Float($0) }.withUnsafeBytes { Data($0) }))
    }
    self.init(tensors: tensors)
    self.path = path
  }
}
