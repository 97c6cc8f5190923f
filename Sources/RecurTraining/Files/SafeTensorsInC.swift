// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecurFiles
import Foundation
import Recur

// The C library reads files and makes their headers.
extension SafeTensors {
  /// Reads the contents of a file; the tensors share its bytes.
  mutating func read(_ file: Data) throws(FileError) {
    let path = path
    let read = file.withUnsafeBytes { bytes -> Result<SafeTensors, FileError> in
      // A file without bytes has no address.
      let base = bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 1)
      guard let opened = recur_safetensors_from_memory(base, bytes.count) else {
        return .failure(.ofC(path))
      }
      defer { recur_safetensors_close(opened) }
      var contents = SafeTensors(tensors: [])
      contents.path = path
      contents.isVerified = recur_safetensors_is_verified(opened)
      do throws(FileError) { try contents.readMetadata(of: opened) } catch {
        return .failure(error)
      }
      for k in 0..<recur_safetensors_count(opened) {
        contents.tensors.append(
          Tensor(recur_safetensors_tensor(opened, k).pointee, of: file, at: bytes.baseAddress!))
      }
      return .success(contents)
    }
    self = try read.get()
    try requireDistinctNames(path)
  }

  private mutating func readMetadata(of file: OpaquePointer) throws(FileError) {
    for k in 0..<recur_safetensors_metadata_count(file) {
      let pair = recur_safetensors_metadata(file, k).pointee
      let name = String(cString: pair.key)
      // Swift treats names as equal that differ only in their bytes, such as é and e with a
      // combining accent.
      guard metadata.updateValue(String(cString: pair.value), forKey: name) == nil else {
        throw FileError(path, "has the metadata \(name) twice")
      }
    }
  }

  /// Returns the first bytes of a file, with zeros as the checksum.
  func header(_ path: String) throws(FileError) -> Data {
    try requireDistinctNames(path)
    var strings = CStrings()
    func copy(_ text: String) throws(FileError) -> UnsafePointer<CChar> {
      guard let copy = strings.copy(text) else {
        throw FileError(path, "\(text) contains a NUL character")
      }
      return copy
    }
    var pairs: [recur_metadata] = []
    for (key, value) in metadata {
      pairs.append(recur_metadata(key: try copy(key), value: try copy(value)))
    }
    var described: [recur_tensor] = []
    for tensor in tensors {
      described.append(try tensor.inC(named: copy(tensor.name), path))
    }
    var size = 0
    guard let bytes = rf_swift_header(described, described.count, pairs, pairs.count, &size) else {
      throw .ofC(path)
    }
    return Data(bytesNoCopy: bytes, count: size, deallocator: .free)
  }

  /// Swift treats names as equal that differ only in their bytes.
  private func requireDistinctNames(_ path: String) throws(FileError) {
    guard Set(tensors.map(\.name)).count == tensors.count else {
      throw FileError(path, "has two tensors with the same name")
    }
  }
}

extension SafeTensors.Tensor {
  /// The tensor of a file with these bytes.
  fileprivate init(_ tensor: recur_tensor, of file: Data, at base: UnsafeRawPointer) {
    let offset = file.startIndex + (tensor.data - base)
    let shape = withUnsafeBytes(of: tensor.shape) {
      $0.assumingMemoryBound(to: Int.self).prefix(tensor.rank).map { $0 }
    }
    self.init(
      name: String(cString: tensor.name),
      type: SafeTensors.ElementType(
        rawValue: String(cString: recur_tensor_type_name(tensor.type)))!,
      shape: shape, bytes: file[offset..<offset + tensor.bytes])
  }

  /// The C library's struct, without elements.
  fileprivate func inC(
    named name: UnsafePointer<CChar>, _ path: String
  ) throws(FileError) -> recur_tensor {
    guard shape.count <= SafeTensors.mostDimensions else {
      throw FileError(
        path,
        "tensor \(self.name) has \(shape.count) dimensions, expected at most \(SafeTensors.mostDimensions)"
      )
    }
    var tensor = recur_tensor()
    tensor.name = name
    tensor.type = type.inC
    tensor.rank = shape.count
    withUnsafeMutableBytes(of: &tensor.shape) {
      $0.copyBytes(from: shape.withUnsafeBytes(Array.init))
    }
    // The address of nothing: the elements are not read.
    tensor.data = UnsafeRawPointer(name)
    return tensor
  }
}

extension SafeTensors.ElementType {
  /// The cases have the order of the C library's.
  fileprivate var inC: recur_tensor_type {
    recur_tensor_type(UInt32(Self.allCases.firstIndex(of: self)!))
  }
}
