// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import FuzzSupport

@testable import RecurCommand
@testable import RecurTraining

// The input is the contents of a vocabulary, a NUL byte, the sizes of a division, and a text.

nonisolated(unsafe) private let memory = MemoryFile()

func vocabularyTarget(_ input: Data) throws {
  var reader = Reader(input)
  let contents = reader.string()
  let (sequence, batch, validation) = (reader.size(), reader.size(), Double(reader.float()))
  let overfitsBatch = reader.byte() > 127
  let text = try TextFile(memory.path(of: reader.remainder))
  let own = Vocabulary(of: text.text)
  requireSame(text.text, own)
  if let stored = accepted({ try Vocabulary(contents: contents) }) {
    check(
      stored.contents.unicodeScalars.elementsEqual(contents.unicodeScalars), "contents differ")
    if (try? stored.tokens(of: text.text)) != nil { requireSame(text.text, stored) }
  }
  let info = TextInfo(
    vocabulary: own,
    reading: .init(
      sequence: sequence, batch: batch, validation: validation, overfitsBatch: overfitsBatch,
      checksum: text.checksum))
  try info.reading.validate()
  let again = try TextInfo(info.strings, "input")
  check(again?.reading == info.reading && again?.vocabulary == own, "stored information differs")
  let data = try TextData(text, info)
  for stream in [data.training, data.validation].compactMap(\.self) {
    for chunk in 0..<stream.count { _ = try stream.batch([chunk]) }
  }
}

private func requireSame(_ text: String, _ vocabulary: Vocabulary) {
  let tokens = required("tokens") { try vocabulary.tokens(of: text) }
  let again = vocabulary.text(of: tokens)
  check(again.unicodeScalars.elementsEqual(text.unicodeScalars), "text differs")
}
