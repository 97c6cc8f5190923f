// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining

/// The progress of training one network, on standard error: a line that is redrawn on a terminal, or a
/// plain line now and then elsewhere.
struct ProgressLine {
  /// The properties of the run that are known before the first step.
  struct Frame: Equatable {
    var epochs: Int

    /// The number of steps per epoch; if nil, the first epoch determines it.
    var stepsPerEpoch: Int?

    /// A label at the start of the line, such as the name of the network.
    var label: String?

    /// Whether the loss is a cross-entropy in nats per character.
    var countsBits = false

    /// The number of steps of the run. A checkpoint may have more epochs than an integer can count steps.
    func steps(perEpoch steps: Int) -> Double { Double(steps) * Double(epochs) }
  }

  private var frame: Frame
  private let printEvery: Int?
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let start = ContinuousClock.now
  private var lastDrawn: ContinuousClock.Instant?
  private var isUnfinished = false

  /// The index of the first step shown; not 0 in a resumed run.
  private var firstStep: Int?
  private var validationLoss: Double?

  /// Creates a progress line.
  ///
  /// - Parameters:
  ///   - frame: The properties of the run.
  ///   - printEvery: The number of steps between plain lines; if nil, a line follows each fifth of the
  ///     epochs.
  init(_ frame: Frame, printEvery: Int? = nil) {
    self.frame = frame
    self.printEvery = printEvery
  }

  /// Shows a step, if an update is due.
  mutating func show(_ step: TrainingStep) {
    if firstStep == nil { firstStep = step.index }
    if let finished = step.finishedEpoch {
      frame.stepsPerEpoch = step.stepOfEpoch + 1
      validationLoss = finished.validationLoss
    }
    let isLast = step.finishedEpoch != nil && step.epoch + 1 == frame.epochs
    if isTerminal {
      let now = ContinuousClock.now
      guard isLast || lastDrawn.map({ now - $0 >= .milliseconds(100) }) ?? true else { return }
      lastDrawn = now
      isUnfinished = true
      writeToStandardError("\r\(bar(step, after: now - start).prefix(Self.width - 1))\u{1B}[K")
      if isLast { end() }
    } else if isDue(step, isLast) {
      note(words(step, after: .now - start).joined(separator: "  "))
    }
  }

  /// Whether a plain line follows a step.
  func isDue(_ step: TrainingStep, _ isLast: Bool) -> Bool {
    if isLast { return true }
    if let printEvery { return (step.index + 1).isMultiple(of: printEvery) }
    return step.finishedEpoch != nil && (step.epoch + 1).isMultiple(of: max(1, frame.epochs / 5))
  }

  /// Ends the redrawn line, so that other output can follow.
  mutating func end() {
    if isUnfinished { writeToStandardError("\n") }
    isUnfinished = false
  }

  /// The text of the redrawn line.
  func bar(_ step: TrainingStep, after time: Duration) -> String {
    var words = words(step, after: time)
    if let steps = frame.stepsPerEpoch {
      let share = Double(step.index + 1) / max(frame.steps(perEpoch: steps), 1)
      let bar = String(repeating: "#", count: Int(10 * min(share, 1))).padding(
        toLength: 10, withPad: "-", startingAt: 0)
      words.insert("[\(bar)]", at: 0)
    }
    return words.joined(separator: "  ")
  }

  /// The parts of a line. `time` is that of the run so far.
  func words(_ step: TrainingStep, after time: Duration) -> [String] {
    let steps = Double(step.index + 1 - (firstStep ?? 0))
    let seconds = time / .seconds(1) / steps
    let loss = step.finishedEpoch?.loss ?? step.loss
    let words: [String?] = [
      frame.label,
      "epoch \(step.epoch + 1)/\(frame.epochs)",
      printEvery.map { _ in "step \(step.index + 1)" },
      "loss \(fixed(loss, decimals: 4))",
      validationLoss.map { "validation \(fixed($0, decimals: 4))" },
      frame.countsBits ? inBits(validationLoss ?? loss) : nil,
      "gradient/parameter norm " + String(format: "%.1e", step.gradientNorm / step.parameterNorm),
      "learning rate " + String(format: "%.1e", step.learningRate),
      "\(fixed(1000 * seconds, decimals: 1)) ms/step",
      frame.stepsPerEpoch.map {
        let left = frame.steps(perEpoch: $0) - Double(step.index + 1)
        return "\(fixed(seconds * max(left, 0), decimals: 0)) s left"
      },
    ]
    return words.compactMap(\.self)
  }

  /// The width of the terminal, in columns.
  private static var width: Int {
    var size = winsize()
    let isKnown = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    return isKnown ? Int(size.ws_col) : 80
  }
}
