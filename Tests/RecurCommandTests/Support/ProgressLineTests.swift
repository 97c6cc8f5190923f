// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining
import Testing

@testable import RecurCommand
@testable import RecurTraining

/// The line that shows the progress of training.
@Suite struct ProgressLineTests {
  private func step(
    _ index: Int, ofEpoch: Int = 0, epoch: Int = 0, finished: TrainingEpoch? = nil
  ) -> TrainingStep {
    TrainingStep(
      epoch: epoch, stepOfEpoch: ofEpoch, index: index, loss: 2.5, gradientNorm: 3,
      parameterNorm: 12, learningRate: 0.012, finishedEpoch: finished)
  }

  @Test func theWordsDescribeAStep() {
    let line = ProgressLine(.init(epochs: 4))
    #expect(
      line.words(step(1, ofEpoch: 1), after: .milliseconds(25)) == [
        "epoch 1/4", "loss 2.5000", "gradient/parameter norm 2.5e-01", "learning rate 1.2e-02",
        "12.5 ms/step",
      ])
    let labeled = ProgressLine(
      .init(epochs: 4, stepsPerEpoch: 10, label: "network 2/3"), printEvery: 7)
    #expect(
      labeled.words(step(20, epoch: 2), after: .seconds(21)) == [
        "network 2/3", "epoch 3/4", "step 21", "loss 2.5000", "gradient/parameter norm 2.5e-01",
        "learning rate 1.2e-02", "1000.0 ms/step", "19 s left",
      ])
    // A run may take more steps than were expected.
    #expect(labeled.words(step(49, epoch: 2), after: .seconds(50)).last == "0 s left")
    let text = ProgressLine(.init(epochs: 1, countsBits: true))
    #expect(
      text.words(step(0), after: .zero)[2] == "3.607 bits/character  perplexity 12.18")
  }

  /// The loss of a finished epoch takes the place of that of its last batch, and its validation loss stays.
  @Test func aFinishedEpochIsShown() {
    var line = ProgressLine(.init(epochs: 2, countsBits: true), printEvery: 1_000_000)
    let last = step(
      9, ofEpoch: 4, finished: TrainingEpoch(epoch: 0, loss: 1.5, validationLoss: 1.25))
    line.show(last)
    #expect(
      line.words(last, after: .seconds(3)) == [
        "epoch 1/2", "step 10", "loss 1.5000", "validation 1.2500",
        "1.803 bits/character  perplexity 3.49", "gradient/parameter norm 2.5e-01",
        "learning rate 1.2e-02", "3000.0 ms/step", "0 s left",
      ])
    let next = line.words(step(10, epoch: 1), after: .seconds(3))
    #expect(next[2...3] == ["loss 2.5000", "validation 1.2500"])
    // The run was resumed at step 9, so that two steps took the time.
    #expect(next[7] == "1500.0 ms/step")
  }

  @Test(arguments: [(0, "#---------"), (4, "#####-----"), (8, "#########-"), (9, "##########")])
  func theBarIsTheShareOfTheSteps(index: Int, bar: String) {
    let line = ProgressLine(.init(epochs: 2, stepsPerEpoch: 5))
    let text = line.bar(step(index, epoch: 1), after: .seconds(1))
    #expect(text.hasPrefix("[\(bar)]  epoch 2/2  loss 2.5000  gradient"), "\(text)")
    #expect(line.bar(step(99), after: .zero).hasPrefix("[##########]  epoch 1/2"))
    let unknown = ProgressLine(.init(epochs: 2)).bar(step(index), after: .zero)
    #expect(unknown.hasPrefix("epoch 1/2  "), "\(unknown)")
    #expect(
      ProgressLine(.init(epochs: 2, stepsPerEpoch: 0)).bar(step(0), after: .zero)
        .hasPrefix("[##########]  "))
  }

  /// A line follows each fifth of the epochs, or some steps.
  @Test func linesAreDueNowAndThen() {
    func due(epochs: Int, printEvery: Int? = nil) -> [Int] {
      let line = ProgressLine(.init(epochs: epochs), printEvery: printEvery)
      return (0..<epochs).filter { epoch in
        let finished = TrainingEpoch(epoch: epoch, loss: 1)
        #expect(printEvery != nil || !line.isDue(step(2 * epoch, epoch: epoch), false))
        return line.isDue(step(epoch, epoch: epoch, finished: finished), epoch + 1 == epochs)
      }
    }
    #expect(due(epochs: 11) == [1, 3, 5, 7, 9, 10])
    #expect(due(epochs: 4) == [0, 1, 2, 3])
    #expect(due(epochs: 10) == [1, 3, 5, 7, 9])
    #expect(due(epochs: 8, printEvery: 3) == [2, 5, 7])
  }

  @Test func someStepsAreShownElsewhere() throws {
    try withFolder { folder in
      let result = try recur(
        "train", "text", smallText(in: folder).path, "--output", folder.path, "--hidden-size", "4",
        "--layers", "1", "--sequence-length", "10", "--batch-size", "30", "--epochs", "2",
        "--print-every", "4")
      let lines = result.errors.split(separator: "\n").filter { $0.hasPrefix("epoch ") }
      let starts = lines.map { $0.split(separator: "  ").prefix(2).joined(separator: "  ") }
      #expect(starts == ["epoch 1/2  step 4", "epoch 2/2  step 8", "epoch 2/2  step 10"])
    }
  }

  /// A terminal without a size has 80 columns.
  @Test(arguments: [(nil, 80), (50, 50)] as [(Int?, Int)])
  func theLineOfATerminalIsRedrawn(columns: Int?, width: Int) throws {
    try withFolder { folder in
      let resize = columns.map { ["stty", "cols", "\($0)"] }
      let result = try recurInTerminal(
        after: resize,
        arguments: [
          "train", "text", smallText(in: folder).path, "--output", folder.path, "--hidden-size",
          "4", "--layers", "1", "--sequence-length", "10", "--batch-size", "30", "--epochs", "2",
        ])
      #expect(result.status == 0, "\(result.output)")
      let drawn = result.output.matches(of: #/\r(\[[^\u{1B}]*)\u{1B}\[K/#).map { $0.output.1 }
      #expect(drawn.count >= 2, "\(result.output)")
      #expect(drawn.first?.hasPrefix("[#---------]  epoch 1/2  loss ") == true, "\(drawn)")
      let last = try #require(drawn.last)
      #expect(last.hasPrefix("[##########]  epoch 2/2  loss ") && last.count == width - 1)
      // Other lines begin after the redrawn one.
      #expect(result.output.contains("\(last)\u{1B}[K\r\nwrote "), "\(result.output)")
    }
  }
}
