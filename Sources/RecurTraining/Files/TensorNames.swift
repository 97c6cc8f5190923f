// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// How the names of tensors in a file of another program correspond to the names of parameters.
///
/// A literal maps names, or beginnings of names, in the file to those in Recur. A name in the file is changed by
/// the longest key with which it begins; a name without such a key is the same in Recur.
///
/// ```swift
/// let names: TensorNames = ["encoder.": "lstm.", "fc.": "head."]
/// try model.parameters.load(file, names: names)
/// ```
public struct TensorNames: Sendable, Equatable, ExpressibleByDictionaryLiteral {
  /// The names or beginnings of names in the file, and those in Recur.
  public var pairs: [String: String]

  /// Creates names from pairs.
  ///
  /// - Parameter pairs: the names or beginnings of names in the file, and those in Recur.
  public init(_ pairs: [String: String]) { self.pairs = pairs }

  /// Creates names from a literal.
  ///
  /// - Parameter elements: the names or beginnings of names in the file, and those in Recur.
  public init(dictionaryLiteral elements: (String, String)...) {
    // A key that is given twice keeps its first value.
    pairs = Dictionary(elements) { first, _ in first }
  }

  /// Returns the name of a parameter for that of a tensor.
  func inRecur(_ name: String) -> String { Self.renamed(name, pairs) }

  /// Returns the name of a tensor for that of a parameter.
  func inFile(_ name: String) -> String {
    Self.renamed(name, Dictionary(pairs.map { ($1, $0) }) { min($0, $1) })
  }

  private static func renamed(_ name: String, _ pairs: [String: String]) -> String {
    let keys = pairs.keys.filter(name.hasPrefix)
    guard let key = keys.max(by: { $0.utf8.count < $1.utf8.count }) else { return name }
    return pairs[key]! + name.dropFirst(key.count)
  }
}

/// Differences between a file and a model that are allowed.
public struct TensorDifferences: OptionSet, Sendable {
  public let rawValue: Int

  /// Creates a set of differences from its bits.
  ///
  /// - Parameter rawValue: the sum of the raw values of the differences.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// Parameters that the file does not have keep their values.
  public static let missing = TensorDifferences(rawValue: 1)

  /// Tensors that the model does not have are not read.
  public static let leftOver = TensorDifferences(rawValue: 2)
}
