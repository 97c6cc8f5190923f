// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import Testing

@testable import RecurTraining

/// Data that do not fit are refused with the argument and what was expected; those at the limits are accepted.
@Suite struct RefusedDataTests {
  private func matrix(_ rows: Int, _ columns: Int = 1) throws -> Matrix<Double> {
    try Matrix(
      rows: rows, columns: columns, elements: (0..<rows * columns).map { Double($0) })
  }

  private func sequences(
    _ rows: [Int], _ targets: SequenceTargets<Double>, _ reading: ModelReading,
    columns: [Int] = [2, 2]
  ) -> String {
    message {
      try Sequences(
        inputs: zip(rows, columns).map { try matrix($0, $1) }, targets: targets, reading: reading
      ).count
    }
  }

  @Test func sequencesHaveTargets() throws {
    #expect(sequences([3, 1], .labels([[0, 1, 2], [3]]), .everyStep) == "no error but 2")
    #expect(sequences([3, 1], .labels([[0], [3]]), .lastStep) == "no error but 2")
    #expect(
      sequences([3, 1], .labels([[0], [3]]), .everyStep)
        == "sequence 0 has 2 columns and 1 targets, expected 2 and 3")
    #expect(
      sequences([3, 1], .labels([[0], [3, 4]]), .lastStep)
        == "sequence 1 has 2 columns and 2 targets, expected 2 and 1")
    #expect(
      sequences([3, 1], .labels([[0], [3]]), .lastStep, columns: [2, 3])
        == "sequence 1 has 3 columns and 1 targets, expected 2 and 1")
    #expect(
      sequences([3, 1], .labels([[0]]), .lastStep) == "targets has 1 sequences, expected 2")
    #expect(
      sequences([3, 1], .values([try matrix(1, 2), try matrix(1, 3)]), .lastStep)
        == "targets of sequence 1 is 1 x 3, expected 1 x 2")
  }

  @Test func batchesOfSequencesAreFilled() throws {
    let inputs = [try matrix(3, 2), try matrix(1, 2), try matrix(2, 2)]
    let labels = try Sequences(
      inputs: inputs, targets: .labels([[1, 2, 3], [4], [5, 6]]), reading: .everyStep)
    let batch = try labels.batch([2, 0])
    guard case .features(let x) = batch.input, case .labels(let y) = batch.targets else { return }
    #expect(x.steps == 3 && x.batchSize == 2 && batch.lengths == [2, 3] && batch.mask == nil)
    #expect(x.elements == [0, 1, 0, 1, 2, 3, 2, 3, 0, 0, 4, 5])
    #expect(y == [5, 1, 6, 2, 0, 3])
    let values = try Sequences(
      inputs: inputs, targets: .values([matrix(1, 2), matrix(1, 2), Matrix([[7, 8]])]),
      reading: .lastStep)
    guard case .values(let z) = try values.batch([2, 0]).targets else { return }
    #expect(z.elements == [7, 8, 0, 1])
    for (part, count) in [(values.batch, 3), (labels.batch, 3)]
      as [(
        (ArraySlice<Int>) throws -> TrainingBatch<Double>, Int
      )]
    {
      for wrong in [-1, count] {
        #expect(
          message { try part([0, wrong]) }
            == "examples has index \(wrong), expected 0 to below \(count)")
      }
    }
    let (training, validation) = try values.split(validation: 0.4, seed: 3)
    #expect(training.count == 2 && validation.count == 1)
    guard case .values(let kept) = training.targets, case .values(let held) = validation.targets
    else { return }
    #expect((kept + held).map { $0[0, 0] }.sorted() == [0, 0, 7])
    #expect(try values.split(validation: 0.5, seed: 3).validation.count == 2)
    #expect(
      message { try values.split(validation: 1.5, seed: 3) }
        == "validation is 1.5, expected from 0 to 1")
    #expect(try values.split(validation: 1, seed: 3).training.count == 0)
  }

  @Test func textsHaveTokens() throws {
    func stream(_ tokens: [Int], _ steps: Int, _ batchSize: Int) -> String {
      message { try TokenStream<Float>(tokens, steps: steps, batchSize: batchSize).count }
    }
    #expect(stream([1, 2, 3, 4, 5, 6, 7], 3, 2) == "no error but 1")
    #expect(
      stream([1, 2, 3, 4, 5, 6], 3, 2)
        == "tokens has 6 elements, expected at least 3 times 2 plus one")
    #expect(stream([0, 1, -1, 2], 1, 1) == "tokens has -1 at index 2, expected 0 to 4294967295")
    #expect(
      stream([0, 1 << 32], 1, 1) == "tokens has 4294967296 at index 1, expected 0 to 4294967295")
    #expect(stream([0, 1 << 32 - 1], 1, 1) == "no error but 1")
    #expect(stream([0, 1], 0, 1) == "steps is 0, expected at least 1")
    #expect(stream([0, 1], 1, 0) == "batchSize is 0, expected at least 1")
    let text = try TokenStream<Float>((0..<12).map { $0 * $0 }, steps: 2, batchSize: 2)
    #expect(text.tokens == (0..<12).map { $0 * $0 } && text.tokenCount == 12 && text.count == 2)
    #expect(
      message { try text.batch([0, 1]) }
        == "batching takes 2 chunks at once, expected one (.stateful)")
    #expect(
      message { try text.batch([]) } == "batching takes 0 chunks at once, expected one (.stateful)")
    #expect(message { try text.batch([2]) } == "examples has index 2, expected 0 to below 2")
    // Each sequence has five tokens and the next one.
    let batch = try text.batch([1])
    guard case .tokens(let read) = batch.input, case .labels(let next) = batch.targets else {
      return
    }
    #expect(read.tokens == [4, 49, 9, 64] && next == [9, 64, 16, 81])
  }

  @Test func signalsHaveTargets() throws {
    func stream(_ rows: Int, _ targets: Int, _ steps: Int, _ size: Int, _ warmUp: Int) -> String {
      message {
        try SignalStream(
          inputs: matrix(rows), targets: matrix(targets), steps: steps, batchSize: size,
          warmUp: warmUp
        ).count
      }
    }
    #expect(stream(10, 10, 2, 2, 3) == "no error but 2")
    #expect(
      stream(10, 10, 2, 2, 4)
        == "inputs has 10 rows, which is 5 for each of 2 sequences, expected at least 2 in chunks of 2, "
        + "and more than 4")
    #expect(stream(10, 10, 5, 2, 0) == "no error but 1")
    #expect(
      stream(10, 10, 6, 2, 0)
        == "inputs has 10 rows, which is 5 for each of 2 sequences, expected at least 6 in chunks of 6, "
        + "and more than 0")
    #expect(stream(10, 9, 2, 2, 0) == "targets is 9 x 1, expected 10 x 1")
    #expect(stream(10, 10, 0, 2, 0) == "steps is 0, expected at least 1")
    #expect(stream(10, 10, 2, 0, 0) == "batchSize is 0, expected at least 1")
    #expect(stream(10, 10, 2, 2, -1) == "warmUp is -1, expected at least 0")
    let signal = try SignalStream(inputs: matrix(9), targets: matrix(9), steps: 2, batchSize: 2)
    #expect(signal.warmUp == 0)
    #expect(
      message { try signal.batch([0, 1]) }
        == "batching takes 2 chunks at once, expected one (.stateful)")
    #expect(message { try signal.batch([2]) } == "examples has index 2, expected 0 to below 2")
  }

  @Test func windowsAreInTheSeries() throws {
    func windows(_ rows: Int, _ targets: Int, _ length: Int, _ ends: Range<Int>? = nil) -> String {
      message {
        let found = try Windows(
          inputs: matrix(rows), targets: matrix(targets), length: length, ends: ends)
        return "\(found.ends) \(found.count)"
      }
    }
    #expect(windows(4, 4, 4) == "no error but 3..<4 1")
    #expect(windows(4, 4, 1) == "no error but 0..<4 4")
    #expect(windows(4, 3, 1) == "targets is 3 x 1, expected 4 x 1")
    #expect(windows(4, 4, 5) == "length is 5, expected 1 to the number of rows, 4")
    #expect(windows(4, 4, 0) == "length is 0, expected 1 to the number of rows, 4")
    #expect(windows(4, 4, 2, 1..<4) == "no error but 1..<4 3")
    #expect(windows(4, 4, 2, 0..<4) == "ends is 0..<4, expected a range within 1..<4")
    #expect(windows(4, 4, 2, 1..<5) == "ends is 1..<5, expected a range within 1..<4")
    #expect(windows(4, 4, 2, 0..<0) == "no error but 0..<0 0")
    let part = try Windows(inputs: matrix(6, 2), targets: matrix(6), length: 2, ends: 2..<5)
    let batch = try part.batch([2, 0])
    guard case .features(let x) = batch.input, case .values(let y) = batch.targets else { return }
    #expect(x.steps == 2 && x.elements == [6, 7, 2, 3, 8, 9, 4, 5] && y.elements == [4, 2])
    #expect(message { try part.batch([3]) } == "examples has index 3, expected 0 to below 3")
  }

  @Test func partsOfABatchHaveItsSize() throws {
    let x = try SequenceBatch<Double>(steps: 2, batchSize: 3, features: 1)
    func examples(_ change: (inout TrainingBatch<Double>) -> Void) -> String {
      var batch = TrainingBatch<Double>(
        inputs: ["x": .features(x)], targets: ["y": .init(.labels([0, 1, 2, 0, 1, 2]))])
      change(&batch)
      return message { try BatchExamples(batch).count }
    }
    #expect(examples { _ in } == "no error but 3")
    #expect(examples { $0.lengths = [1] } == "lengths has 1 elements, expected 3")
    #expect(
      examples { $0.outputTargets["y"]?.targets = .labels([0, 1, 2, 0]) }
        == "y has 4 rows of targets, expected a multiple of 3")
    #expect(
      examples { $0.outputTargets["y"]?.mask = [true] } == "mask of y has 1 elements, expected 6")
    #expect(
      examples { $0.inputs["k"] = .features(x) } == "no error but 3")
    #expect(
      examples { $0.inputs = [:] } == "y has 6 rows of targets, expected a multiple of 0")
    let all = TrainingBatch<Double>(
      inputs: ["x": .features(x)], targets: ["y": .init(.labels([0, 1, 2]))])
    let data = try BatchExamples(all)
    #expect(message { try data.batch([3]) } == "examples has index 3, expected 0 to below 3")
    #expect(
      message { try data.split(validation: -0.5, seed: 1) }
        == "validation is -0.5, expected from 0 to 1")
  }

  @Test func thereIsOneInputAndOneTarget() throws {
    let x = ModelInput<Double>.features(try SequenceBatch(steps: 1, batchSize: 1, features: 1))
    let y = OutputTargets<Double>(.labels([0]))
    #expect(
      message { try TrainingBatch(inputs: ["a": x, "b": x], targets: ["y": y]).onlyInput }
        == "inputs has 2 elements, expected 1 for this model")
    #expect(
      message { try TrainingBatch(inputs: ["a": x], targets: [:]).onlyTargets }
        == "targets has 0 elements, expected 1 for this model")
    #expect(TrainingBatch<Double>(inputs: [:], targets: [:]).batchSize == 0)
    var batch = TrainingBatch(input: x, targets: .labels([3]), mask: [true])
    batch.mask = [false]
    batch.targets = .labels([4])
    #expect(batch.outputTargets[""]?.mask == [false] && batch.targets.rows == 1)
    guard case .labels(let labels) = batch.targets else { return }
    #expect(labels == [4])
  }

  /// Tokens count the smaller characters, also at the borders of the words of a set's bits.
  @Test func everyCharacterHasItsToken() throws {
    let all = (0..<0x11_0000).compactMap { Unicode.Scalar(UInt32($0)) }
    let text = { (characters: [Unicode.Scalar]) in
      String(String.UnicodeScalarView(characters))
    }
    for step in [1, 63, 64, 65] {
      let characters = stride(from: 0, to: all.count, by: step).map { all[$0] }
      let vocabulary = Vocabulary(of: text(characters.reversed()))
      #expect(vocabulary.characters == characters)
      #expect(try vocabulary.tokens(of: text(characters)) == Array(characters.indices))
    }
    #expect(throws: RecurError.self) { try Vocabulary(of: "a").tokens(of: "\u{10FFFF}") }
  }

  @Test func vocabulariesHaveEachCharacterOnce() throws {
    let vocabulary = Vocabulary(of: "bça\u{7F}b\0日ç")
    #expect(vocabulary.contents == "\0ab\u{7F}ç日" && vocabulary.count == 6)
    #expect(try vocabulary.tokens(of: "a日\u{7F}") == [1, 5, 3])
    #expect(try vocabulary.compactTokens(of: "ça") == [4, 1])
    #expect(vocabulary.text(of: [2, 4, 4]) == "bçç")
    for (text, character, place) in [("ax", "x", 1), ("é", "é", 0), ("ab\u{80}", "\u{80}", 2)] {
      #expect(
        message { try vocabulary.tokens(of: text) }
          == "text has \(Unicode.Scalar(character)!.debugDescription) at \(place), which is not in the "
          + "vocabulary")
    }
    for contents in ["ba", "aa", "éa"] {
      #expect(
        message { try Vocabulary(contents: contents) }
          == "contents does not have each character once, in the order of code points")
    }
    #expect(try Vocabulary(contents: "").count == 0)
  }
}
