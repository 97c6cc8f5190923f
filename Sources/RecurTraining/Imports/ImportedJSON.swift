// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A value of a JSON file that describes a model, with its place for error messages.
struct ImportedJSON {
  let path: String
  private let json: JSON
  private let place: String

  init(_ json: JSON, at place: String, in path: String) {
    (self.json, self.place, self.path) = (json, place, path)
  }

  /// The maximum size of a layer; far above every real one, so that no product of sizes overflows.
  private static let largestSize = 1 << 20

  func refuse(_ what: String) -> FileError {
    FileError(path, place.isEmpty ? what : "\(place): \(what)")
  }

  /// Throws an error for a key other than these.
  func allow(_ keys: [String]) throws(FileError) {
    guard json.count != nil else { throw refuse("is not an object") }
    let known = Set(keys)
    if let key = json.firstName(where: { !known.contains($0) }) {
      throw refuse("has the key \(key), expected only \(keys.joined(separator: ", "))")
    }
  }

  /// The number of entries of an object; otherwise 0.
  var count: Int { json.count ?? 0 }

  func has(_ key: String) -> Bool { json[key] != nil }

  func value(_ key: String) throws(FileError) -> ImportedJSON {
    guard let value = json[key] else { throw refuse("has no \(key)") }
    return ImportedJSON(value, at: place.isEmpty ? key : "\(place).\(key)", in: path)
  }

  func entries() throws(FileError) -> [(name: String, value: ImportedJSON)] {
    guard let entries = json.entries else { throw refuse("is not an object") }
    return entries.map { name, value in
      (name, ImportedJSON(value, at: place.isEmpty ? name : "\(place).\(name)", in: path))
    }
  }

  func elements() throws(FileError) -> [ImportedJSON] {
    guard let elements = json.elements else { throw refuse("is not an array") }
    return elements.enumerated().map { index, value in
      ImportedJSON(value, at: "\(place)[\(index)]", in: path)
    }
  }

  var isString: Bool { json.string != nil }

  func string() throws(FileError) -> String {
    guard let string = json.string else { throw refuse("is not a string") }
    return string
  }

  func number() throws(FileError) -> Double {
    guard let number = json.number else { throw refuse("is not a number") }
    return number
  }

  func flag() throws(FileError) -> Bool {
    guard let flag = json.flag else { throw refuse("is not true or false") }
    return flag
  }

  func size() throws(FileError) -> Int {
    guard let number = json.number, let size = Int(exactly: number),
      1...Self.largestSize ~= size
    else { throw refuse("is not an integer from 1 to \(Self.largestSize)") }
    return size
  }

  /// Returns the numbers of nested arrays of a shape, row by row.
  func numbers(_ shape: [Int]) throws(FileError) -> [Double] {
    let (found, numbers) = try numbers()
    guard found == shape else { throw refuse("has shape \(found), expected \(shape)") }
    return numbers
  }

  /// Returns the shape and the numbers of nested arrays of equal lengths, row by row.
  func numbers() throws(FileError) -> (shape: [Int], numbers: [Double]) {
    guard let (shape, numbers) = json.numbers else {
      throw refuse("is not an array of finite numbers with equal rows")
    }
    return (shape, numbers)
  }
}
