// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// A vocabulary whose characters are a model's tokens 0 ..< V.
///
/// A character is a Unicode scalar value, as in Python, so every text can be restored from its
/// tokens.
public struct Vocabulary: Sendable, Equatable {
  /// The characters, in the order of their tokens.
  public let characters: [Unicode.Scalar]

  private let known: ScalarSet

  /// Creates a vocabulary of all characters of a text, in the order of their code points.
  ///
  /// - Parameter text: any text.
  public init(of text: String) {
    known = ScalarSet(of: text)
    characters = known.elements
  }

  /// Creates a vocabulary from its ``contents``, as stored in a model file.
  ///
  /// - Parameter contents: each character once, in the order of code points.
  /// - Throws: `RecurError.invalid(argument:reason:)` if the text is not of this form.
  public init(contents: String) throws(RecurError) {
    self.init(of: contents)
    guard characters == Array(contents.unicodeScalars) else {
      throw .invalid(
        argument: "contents",
        reason: "does not have each character once, in the order of code points")
    }
  }

  /// All characters as one text.
  public var contents: String { text(of: characters.indices) }

  /// V, the number of characters.
  public var count: Int { characters.count }

  /// Returns the tokens of a text.
  ///
  /// - Parameter text: a text with characters of the vocabulary only.
  /// - Returns: one token per character.
  /// - Throws: `RecurError.invalid(argument:reason:)` if a character is not in the vocabulary.
  public func tokens(of text: String) throws(RecurError) -> [Int] { try encode(text) }

  /// Returns the tokens of a long text in half the memory.
  package func compactTokens(of text: String) throws(RecurError) -> [UInt32] { try encode(text) }

  private func encode<Token: FixedWidthInteger>(_ text: String) throws(RecurError) -> [Token] {
    var result: [Token] = []
    result.reserveCapacity(text.unicodeScalars.count)
    for (place, character) in text.unicodeScalars.enumerated() {
      guard let token = known.rank(of: character) else {
        throw .invalid(
          argument: "text",
          reason: "has \(character.debugDescription) at \(place), which is not in the vocabulary")
      }
      result.append(Token(token))
    }
    return result
  }

  /// Returns the text of some tokens.
  ///
  /// - Parameter tokens: each 0 ..< V.
  /// - Returns: one character per token.
  public func text(of tokens: some Sequence<Int>) -> String {
    var text = String.UnicodeScalarView()
    for token in tokens { text.append(characters[token]) }
    return String(text)
  }
}
