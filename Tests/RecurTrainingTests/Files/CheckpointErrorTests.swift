// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import TestSupport
import Testing

@testable import RecurTraining

/// Rejected checkpoints.
extension CheckpointTests {
  @Test func filesOfSomethingElseAreRefused() throws {
    let folder = try TemporaryFolder()
    let problem = try windows(.adam(), .shuffled(size: 4)) as Problem<Double>
    try problem.model.save(to: folder["model"])
    let path = folder["model"].path
    #expect(
      message { try Training<SequenceModel<Double>>(contentsOf: folder["model"]) }
        == "\(path): is a model, expected a checkpoint")
    let run = try problem.run()
    try run.save(to: folder["run"])
    #expect(
      message { try SequenceModel<Double>(contentsOf: folder["run"]) }
        == "\(folder["run"].path): is a checkpoint, expected a model")
    for (old, new, reason) in [
      (
        "\"stepOfEpoch\":0", "\"stepOfEpoch\":-1",
        "test: describes an invalid run: position does not belong"
      ),
      ("\"epoch\":0", "\"epoch\":1", "test: describes an invalid run: position does not belong"),
      ("\"epochs\":4", "\"epochs\":0", "test: describes an invalid run: epochs is 0"),
      (
        "\"initial\":0.01", "\"initial\":0.02",
        "test: describes an invalid run: position does not belong"
      ),
      ("\"adam\"", "\"lion\"", "test: describes something that this version cannot read"),
      ("\"adam\"", "\"adamW\"", "no error"),
      ("\"adam\":", "\"sgd\":", "test: describes something that this version cannot read"),
      (
        "\"inf\"", "1",
        "test: describes an invalid run: position does not belong"
      ),
      ("\"step\":0", "\"step\":1", "test: describes an invalid run: position does not belong"),
      (
        "\"lossSum\":0", "\"lossSum\":1",
        "test: describes an invalid run: position does not belong"
      ),
    ] {
      var file = try run.file(.checkpoint, [:], "test")
      let text = try #require(file.metadata["recur.training"])
      try #require(text.contains(old), "\(text)")
      file.metadata["recur.training"] = text.replacingOccurrences(of: old, with: new)
      let bytes = try file.bytes
      let found = message { try Training<SequenceModel<Double>>(SafeTensors(bytes: bytes)) }
      #expect(found.hasPrefix(reason), "\(new): \(found)")
    }
  }

  /// Checkpoints with a valid checksum whose position and results contradict each other.
  @Test func impossibleResultsAreRefused() throws {
    var problem = try windows(.adam(), .shuffled(size: 4)) as Problem<Double>
    problem.options.schedule = .onPlateau(factor: 0.5, patience: 0)
    var run = try problem.run()
    for _ in 0..<7 { _ = try run.step(problem.data, validation: problem.validation) }
    try #require(run.history.count == 2)
    let file = try run.file(.checkpoint, [:], "test")
    let text = try #require(file.metadata["recur.training"])
    let whole = message { try Training<SequenceModel<Double>>(SafeTensors(bytes: file.bytes)) }
    #expect(whole.hasPrefix("no error"), "\(whole)")
    var largest = file
    largest.metadata["recur.training"] = text.replacing(
      "\"lossCount\":4", with: "\"lossCount\":9007199254740991")
    #expect(
      try Training<SequenceModel<Double>>(SafeTensors(bytes: largest.bytes)).position.lossCount
        == (1 << 53) - 1)
    let most = "9223372036854775807"
    // `old` is the beginning of the value.
    for (name, old, new) in [
      ("epoch", "0", most), ("epoch", "0", "1"), ("epoch", "0", "-1"), ("epoch", "1", "2"),
      ("epoch", "2", most), ("epochs", "4", "2"), ("epochsWithoutLeast", "", "5"),
      ("epochsWithoutMinimum", "", most), ("plateauFactor", "", "-1"),
      ("leastValidationLoss", "", "0"), ("leastValidationLoss", "", "\"inf\""),
      ("validationLoss", "", "0"), ("validationLoss", "", "\"inf\""),
      ("stepOfEpoch", "1", most), ("step", "7", "2"), ("step", "7", most), ("examples", "11", "4"),
      ("examples", "11", most), ("lossCount", "4", most),
      ("lossCount", "4", "9007199254740992"), ("lossSum", "", "\"nan\""),
      ("size", "4", most), ("size", "4", "0"), ("size", "4", "-1"), ("generator", "", "1"),
    ] {
      let entry = try Regex("\"\(name)\":\(old)[^,}]*")
      try #require(text.contains(entry), "\(name) \(old) in \(text)")
      var crafted = file
      crafted.metadata["recur.training"] = text.replacing(entry, with: "\"\(name)\":\(new)")
      let found = message { try Training<SequenceModel<Double>>(SafeTensors(bytes: crafted.bytes)) }
      #expect(found.hasPrefix("test: describes "), "\(name) \(old) \(new): \(found)")
    }
  }

  /// The first epoch has as many steps as its examples have batches; later ones may have other data.
  @Test func stepsThatNoEpochsHaveAreRefused() throws {
    let problem = try windows(.adam(), .shuffled(size: 4)) as Problem<Double>
    var run = try problem.run()
    for (finished, refused, accepted) in [(3, [2, 4, 1 << 52], [3]), (6, [3, 1], [4, 6, 7])] {
      while run.position.step < finished {
        _ = try run.step(problem.data, validation: problem.validation)
      }
      try #require(run.position.stepOfEpoch == 0 && run.position.examples == 11)
      let file = try run.file(.checkpoint, [:], "test")
      let text = try #require(file.metadata["recur.training"])
      for step in refused + accepted {
        var crafted = file
        crafted.metadata["recur.training"] = text.replacing(
          "\"step\":\(finished),", with: "\"step\":\(step),")
        let found = message {
          try Training<SequenceModel<Double>>(SafeTensors(bytes: crafted.bytes))
        }
        #expect(found.hasPrefix("no error") == accepted.contains(step), "\(step): \(found)")
        if accepted.contains(step) {
          let read = try Training<SequenceModel<Double>>(SafeTensors(bytes: crafted.bytes))
          let isOfRun = message { try read.requirePosition(examples: 11) }.hasPrefix("no error")
          #expect(isOfRun == (step == finished))
        }
      }
    }
  }

  /// Tensors without elements may have any number of rows. No memory is allocated for them.
  @Test func statesLargerThanTheFileAreRefused() throws {
    let problem = try text(LSTM<Float>(inputSize: 3, hiddenSize: 4, seed: 0))
    var run = try problem.run()
    _ = try run.step(problem.data)
    let file = try run.file(.checkpoint, [:], "test")
    let none: [Float] = []
    for (name, expected) in [("state.hidden", 1 << 40), ("state.cell", 3)] {
      var crafted = file
      let index = try #require(crafted.tensors.firstIndex { $0.name == name })
      crafted.tensors[index] = try .init(name, shape: [1 << 40, 0], elements: none)
      #expect(
        message { try Training<SequenceModel<Float>>(SafeTensors(bytes: crafted.bytes)) }
          == "test: has a state that does not fit the model: \(name) is 1099511627776 x 0, "
          + "expected \(expected) x 4")
    }
  }

  @Test func otherDataAreRefused() throws {
    let problem = try windows(.adam(), .shuffled(size: 4)) as Problem<Double>
    var run = try problem.run()
    _ = try run.step(problem.data, validation: problem.validation)
    var resumed = try Training<SequenceModel<Double>>(SafeTensors(bytes: run.bytes))
    let fewer = try Windows(
      inputs: Matrix<Double>(rows: 5, columns: 2), targets: Matrix(rows: 5, columns: 1), length: 3)
    #expect(
      message { try resumed.step(fewer, validation: problem.validation) }
        == "data has 3 examples, expected 11 as at the start of the epoch")
    #expect(try resumed.bytes == run.bytes)
    _ = try resumed.step(problem.data, validation: problem.validation)
  }

  @Test func alteredCheckpointsAreRefused() throws {
    var run = try text(LSTM<Float>(inputSize: 3, hiddenSize: 4, seed: 0)).run()
    let data = try text(LSTM<Float>(inputSize: 3, hiddenSize: 4, seed: 0)).data
    for _ in 0..<3 { _ = try run.step(data) }
    let whole = try run.bytes
    let seed: UInt64 = 29
    var generator = SplitMix64(seed: seed)
    for _ in 0..<3000 {
      let count = Int(generator.next() % UInt64(whole.count))
      #expect(throws: FileError.self, "seed \(seed), \(count) bytes") {
        try Training<SequenceModel<Float>>(SafeTensors(bytes: whole.prefix(count)))
      }
      var altered = whole
      let byte = UInt8(1 + generator.next() % 255)
      altered[count] ^= byte
      #expect(throws: FileError.self, "seed \(seed), byte \(count) ^ \(byte)") {
        try Training<SequenceModel<Float>>(SafeTensors(bytes: altered))
      }
    }
  }

  /// A file with a valid checksum may contain anything; no content may cause a crash.
  @Test func craftedCheckpointsDoNotCrash() throws {
    var run = try text(LSTM<Float>(inputSize: 3, hiddenSize: 4, seed: 0)).run()
    let data = try text(LSTM<Float>(inputSize: 3, hiddenSize: 4, seed: 0)).data
    for _ in 0..<3 { _ = try run.step(data) }
    let whole = try run.bytes
    let header = 8..<8 + whole.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let seed: UInt64 = 37
    var generator = SplitMix64(seed: seed)
    let alphabet = Array("0123456789-.eE{}[]\",:aftrun ".utf8)
    var accepted = 0
    for _ in 0..<4000 {
      var altered = whole
      for _ in 0..<1 + generator.next() % 2 {
        altered[8 + Int(generator.next() % UInt64(header.count))] =
          alphabet[Int(generator.next() % UInt64(alphabet.count))]
      }
      guard let place = altered.range(of: SafeTensors.checksumPlace) else { continue }
      let digits = place.upperBound..<place.upperBound + 8
      altered.replaceSubrange(digits, with: Data("00000000".utf8))
      let crc = SafeTensors.crc(0, altered)
      altered.replaceSubrange(digits, with: SafeTensors.digits(crc).utf8)
      guard var read = try? Training<SequenceModel<Float>>(SafeTensors(bytes: altered)) else {
        continue
      }
      accepted += 1
      _ = try? read.step(data)
    }
    #expect(accepted > 20, "seed \(seed)")
  }
}
