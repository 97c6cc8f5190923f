// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining
import Testing

@testable import RecurCommand
@testable import RecurTraining

/// The results of training: the table, the plot, the report, and the recordings and texts that are divided.
@Suite struct TrainingReportTests {
  private let networks = [
    [
      TrainingEpoch(epoch: 0, loss: 3, validationLoss: 1.5),
      TrainingEpoch(epoch: 1, loss: 2, validationLoss: 1.25),
      TrainingEpoch(epoch: 2, loss: 1.0 / 3, validationLoss: 1.25),
    ], [TrainingEpoch(epoch: 0, loss: 4)], [],
  ]

  @Test func theHistoryIsATableAndAPlot() {
    let history = TrainingHistory(networks)
    #expect(
      history.table
        == "network,epoch,loss,validation_loss\n1,1,3,1.5\n1,2,2,1.25\n1,3,0.333333333333,1.25\n2,1,4,\n"
    )
    let style = "using 1:2 with linespoints pt 7 ps 0.4 lc rgb"
    #expect(
      history.plot == """
        $training << END
        1 3
        2 2
        3 0.333333333333

        1 4

        END
        $validation << END
        1 1.5
        2 1.25
        3 1.25


        END
        set key top right
        set grid ytics
        set xlabel 'epoch'
        set ylabel 'loss'
        set xrange [0.5:3.5]
        plot $training \(style) '#3060a0' title 'training', $validation \(style) '#c03030' title 'validation'

        """)
    let plain = TrainingHistory([networks[1]])
    #expect(
      plain.plot == """
        $training << END
        1 4
        END
        set key top right
        set grid ytics
        set xlabel 'epoch'
        set ylabel 'loss'
        set xrange [0.5:1.5]
        plot $training \(style) '#3060a0' title 'training'

        """)
  }

  @Test func theFirstOfTheBestEpochsIsKept() throws {
    let result = try #require(TrainingResult(networks[0], network: 1, name: "network 1/3"))
    #expect(result.epoch == 2 && result.epochs == 3 && result.loss == 2)
    #expect(result.validationLoss == 1.25 && result.network == 1)
    #expect(result.prefix == "network 1/3: ")
    // Without validation, it is the last one.
    let plain = [TrainingEpoch(epoch: 0, loss: 1), TrainingEpoch(epoch: 1, loss: 2)]
    let last = try #require(TrainingResult(plain, network: 2, name: nil))
    #expect(last.epoch == 2 && last.loss == 2 && last.validationLoss == nil && last.prefix == "")
  }

  @Test func networksHaveNames() {
    let three = ForecasterOptions(horizon: 1, members: 3)
    #expect(
      [0, 2, nil].map(three.name(ofNetwork:))
        == ["network 1/3", "network 3/3", "calibration network"])
    let one = ForecasterOptions(horizon: 1, members: 1)
    #expect([0, nil].map(one.name(ofNetwork:)) == [nil, "calibration network"])
  }

  @Test(arguments: [
    ("a", "a"), ("a/b-c_1.txt", "a/b-c_1.txt"), ("x=1,+:@%", "x=1,+:@%"), ("a b", "'a b'"),
    ("it's", #"'it'\''s'"#), ("", "''"), ("$x", "'$x'"), ("é", "'é'"),
    ("a\u{1B}b", #"$'a\033b'"#), ("\u{1}7", #"$'\0017'"#), ("é\n", #"$'\303\251\012'"#),
    ("-_./0aZ \t", #"$'-_./0aZ\040\011'"#), ("'\u{7}", #"$'\047\007'"#),
  ])
  func wordsAreQuoted(word: String, expected: String) {
    #expect(shellWord(word) == expected)
  }

  private func data(
    characters: Int, sequence: Int, batch: Int, validation: Double, overfits: Bool = false
  ) throws -> TextData {
    let text = String((0..<characters).map { Array("abcdefg")[$0 % 7] })
    var data: TextData?
    try withFolder { folder in
      let file = folder.appendingPathComponent("t")
      try Data(text.utf8).write(to: file)
      let info = TextInfo(
        vocabulary: Vocabulary(of: text),
        reading: .init(
          sequence: sequence, batch: batch, validation: validation, overfitsBatch: overfits,
          checksum: 0))
      do { data = try TextData(TextFile(file.path), info) } catch {
        throw BadInput("\(error)".replacing(file.path, with: "t"))
      }
    }
    return data!
  }

  @Test func aTextIsDivided() throws {
    let all = try data(characters: 100, sequence: 5, batch: 3, validation: 0.25)
    #expect(all.training.tokens == (0..<75).map { $0 % 7 })
    #expect(all.validation?.tokens == (75..<100).map { $0 % 7 })
    #expect(all.training.steps == 5 && all.training.batchSize == 3)
    #expect(all.validation?.steps == 5 && all.validation?.batchSize == 3)
    // The batch of a short validation part is smaller.
    let short = try data(characters: 40, sequence: 5, batch: 3, validation: 0.25)
    #expect(short.validation?.tokenCount == 10 && short.validation?.batchSize == 1)
    let none = try data(characters: 16, sequence: 5, batch: 3, validation: 0)
    #expect(none.training.tokenCount == 16 && none.validation == nil)
    let first = try data(characters: 100, sequence: 5, batch: 3, validation: 0, overfits: true)
    #expect(first.training.tokens == (0..<16).map { $0 % 7 })
    #expect {
      try data(characters: 15, sequence: 5, batch: 3, validation: 0)
    } throws: {
      "\($0)" == "t: has 15 training characters, expected at least 16 for --batch-size 3 and "
        + "--sequence-length 5"
    }
    #expect(
      try data(characters: 24, sequence: 5, batch: 3, validation: 0.25).validation?.tokenCount == 6)
    #expect {
      try data(characters: 23, sequence: 5, batch: 3, validation: 0.25)
    } throws: {
      "\($0)" == "t: has 5 validation characters, expected more than --sequence-length 5"
    }
  }
}
