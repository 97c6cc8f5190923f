// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

extension SafeTensors {
  /// Reads the arrays of an archive that NumPy saved (`numpy.savez` and `savez_compressed`, `.npz`).
  ///
  /// ```swift
  /// try model.parameters.load(
  ///   SafeTensors(contentsOfNPZ: url), names: ["encoder.": "gru."])
  /// ```
  ///
  /// The arrays may take 14 times as much memory as the file, and half a mebibyte. An archive that decompresses to
  /// more is refused before anything is decompressed.
  ///
  /// - Parameter url: the file.
  /// - Throws: ``FileError`` if the file is truncated, altered or of another format, or if a member is not an array of
  ///   numbers.
  public init(contentsOfNPZ url: URL) throws(FileError) {
    let path = try WholeFile.path(of: url)
    try self.init(npz: WholeFile.read(path, atMost: nil), path: path)
  }

  /// Reads the bytes of a file. Errors name the path as it is given.
  package init(npz file: Data, path: String) throws(FileError) {
    let archive = try ZIPArchive(file, path: path)
    var memory = try NPZMemory(archive, fileSize: file.count, path)
    var tensors: [Tensor] = []
    tensors.reserveCapacity(archive.members.count)
    var names: Set<String> = []
    for member in archive.members {
      let name = String(member.name.dropLast(4))
      guard member.name.hasSuffix(".npy"), !name.isEmpty else {
        throw FileError(path, "has the member \(member.name), expected names that end in .npy")
      }
      guard names.insert(name).inserted else {
        throw FileError(path, "has two arrays with the name \(name)")
      }
      let array = try NPYArray(
        archive.contents(of: member), NPYPlace(path: path, name: name))
      try memory.take(array.copiedBytes)
      try tensors.append(array.tensor(named: name))
    }
    self.init(tensors: tensors)
    self.path = path
  }
}

/// The memory that the arrays of an archive may take.
private struct NPZMemory {
  private let path: String
  private let most: Int
  private var taken: Int

  /// Counts what is decompressed.
  init(_ archive: ZIPArchive, fileSize: Int, _ path: String) throws(FileError) {
    self.path = path
    most = (14 * fileSize).addingClamped(1 << 19)
    taken = 0
    for member in archive.members where member.isDeflated { try take(member.size) }
  }

  mutating func take(_ size: Int) throws(FileError) {
    taken = taken.addingClamped(size)
    guard taken <= most else {
      throw FileError(
        path, "needs \(taken) bytes of memory, expected at most \(most) for a file of its size")
    }
  }
}

extension Int {
  fileprivate func addingClamped(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}
