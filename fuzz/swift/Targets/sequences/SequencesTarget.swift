// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import FuzzSupport
import Recur
import RecurTraining

// The first byte of the input selects the data, the others are their sizes and elements.

func sequencesTarget(_ input: Data) throws {
  var reader = Reader(input)
  switch reader.below(6) {
  case 0: try lists(&reader)
  case 1: try padded(&reader)
  case 2: try elements(&reader)
  case 3: try sequences(&reader)
  case 4: try windows(&reader)
  default: try tokens(&reader)
  }
}

private func lists(_ reader: inout Reader) throws {
  let (sequences, features) = (reader.sequences(), reader.features())
  let batch = try SequenceBatch<Float>(batchFirst: sequences, features: features)
  check(bits(batch.batchFirst) == bits(sequences), "batch differs")
}

private func padded(_ reader: inout Reader) throws {
  let (sequences, features) = (reader.sequences(), reader.features())
  let (batch, lengths) = try SequenceBatch<Float>.padded(sequences, features: features)
  let again = zip(batch.batchFirst, lengths).map { Array($0.prefix($1)) }
  check(bits(again) == bits(sequences), "batch differs")
}

private func elements(_ reader: inout Reader) throws {
  let (steps, batchSize, features) = (reader.size(), reader.size(), reader.size())
  let elements = reader.floats(reader.byte())
  let batch = try SequenceBatch<Float>(
    steps: steps, batchSize: batchSize, features: features, elements: elements)
  check(batch.matrix.elements.map(\.bitPattern) == elements.map(\.bitPattern), "elements differ")
  // A batch without features may have any number of sequences.
  guard batchSize < 1000, steps < 1000 else { return }
  check(batch.batchFirst.count == batchSize, "\(batch.batchFirst.count) sequences")
}

private func sequences(_ reader: inout Reader) throws {
  let inputs = try (0..<reader.below(4)).map { _ in try reader.matrix() }
  let targets: SequenceTargets<Float> =
    if reader.below(2) == 0 {
      .labels((0..<reader.below(4)).map { _ in (0..<reader.below(4)).map { _ in reader.size() } })
    } else {
      .values(try (0..<reader.below(4)).map { _ in try reader.matrix() })
    }
  let reading = reader.below(2) == 0 ? ModelReading.everyStep : .lastStep
  try takeBatch(Sequences(inputs: inputs, targets: targets, reading: reading), &reader)
}

private func windows(_ reader: inout Reader) throws {
  let (inputs, targets, length) = (try reader.matrix(), try reader.matrix(), reader.size())
  let (from, to) = (reader.size(), reader.size())
  let ends = from <= to ? from..<to : nil
  try takeBatch(Windows(inputs: inputs, targets: targets, length: length, ends: ends), &reader)
}

private func tokens(_ reader: inout Reader) throws {
  let (steps, batchSize) = (reader.size(), reader.size())
  let tokens = (0..<reader.byte()).map { _ in reader.size() }
  _ = accepted { try TokenBatch(steps: steps, batchSize: batchSize, tokens: tokens) }
  try takeBatch(TokenStream<Float>(tokens, steps: steps, batchSize: batchSize), &reader)
}

private func takeBatch(_ data: some TrainingData<Float>, _ reader: inout Reader) throws {
  let examples = (0..<reader.below(5)).map { _ in reader.size() }
  let batch = try data.batch(examples[...])
  check(examples.allSatisfy { 0..<data.count ~= $0 }, "examples \(examples) of \(data.count)")
  check(batch.targets.rows >= 0 && batch.batchSize >= 0, "sizes")
}

private func bits(_ sequences: [[[Float]]]) -> [[[UInt32]]] {
  sequences.map { $0.map { $0.map(\.bitPattern) } }
}

extension Reader {
  fileprivate mutating func floats(_ count: Int) -> [Float] { (0..<count).map { _ in float() } }

  /// Lists of lists that often have one shape.
  fileprivate mutating func sequences() -> [[[Float]]] {
    let (count, steps, features, isRagged) = (below(4), below(4), below(4), below(4) == 0)
    return (0..<count).map { _ in
      (0..<(isRagged ? below(4) : steps)).map { _ in floats(isRagged ? below(4) : features) }
    }
  }

  fileprivate mutating func features() -> Int? {
    let value = byte()
    return value < 200 ? nil : value == 255 ? .max : value % 5
  }

  fileprivate mutating func matrix() throws -> Matrix<Float> {
    let (rows, columns) = (below(6), below(4))
    return try Matrix(rows: rows, columns: columns, elements: floats(rows * columns))
  }
}
