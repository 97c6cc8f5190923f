// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser

protocol TrainingCommand: ParsableCommand, CommandFromFile {
  var arguments: RunArguments { get }
}

extension TrainingCommand {
  var fileOption: (name: String, others: [String])? {
    arguments.resume.map { _ in ("resume", ["config", "epochs"] + RunArguments.names) }
  }
}

/// What every kind of training is asked for.
struct RunArguments: ParsableArguments {
  static let discussion = """
    To the folder --output go model.safetensors, the model of the epoch whose validation loss was \
    least, or of the last where there is no validation; checkpoint.safetensors, the run itself; and \
    history.csv with a picture, which needs gnuplot. Those of an earlier run are replaced.

    A checkpoint is written at the end of an epoch, though not twice in a second, and as \
    --checkpoint-every says. Ctrl-C, or SIGTERM, ends a run after the step it is in, with a checkpoint \
    and a line that says how to go on; the exit status is then 130, or 143. A second Ctrl-C ends it at \
    once. A run that was resumed comes to the same bits as one that was never stopped. --epochs beside \
    --resume is a new total, for a run that was stopped or had ended; it is refused where the learning rate falls \
    over all epochs, as that of a series does.

    A configuration file is one JSON object whose keys are names of options without their dashes: \
    {"hidden": 256, "cell": "gru"}. What the command line says comes before what the file says.
    """

  @Option(help: "A JSON file of options.", completion: .file()) var config: String?
  @Option(help: "Go on with the run of this checkpoint, with its options.", completion: .file())
  var resume: String?
  @Option(help: "The folder for what is written.") var output = "."
  @Option(help: "Steps between two checkpoints.") var checkpointEvery: Int?
  @Option(help: "Steps between two lines of progress, where that is no terminal.")
  var printEvery: Int?
  @Option(help: "Threads; they change nothing but the time it takes.") var threads = 1
  @Option(help: "The format of the picture.") var pictureFormat = PictureFormat.png
  @Flag(help: "Print one JSON object in place of a line.") var json = false

  func validate() throws {
    try requireCounts([
      ("--checkpoint-every", checkpointEvery ?? 1), ("--print-every", printEvery ?? 1),
    ])
    guard 1...64 ~= threads else {
      throw ValidationError("--threads is \(threads), expected 1 to 64")
    }
  }

  /// Those that change nothing of what a run comes to, and can be given with `--resume`.
  static let names = [
    "output", "checkpoint-every", "print-every", "threads", "picture-format", "json",
  ]

  /// They, for a run that goes on as this one does.
  var ofResumedRun: [String] {
    let given: [(name: String, value: String?)] = [
      ("output", output), ("checkpoint-every", checkpointEvery.map { "\($0)" }),
      ("print-every", printEvery.map { "\($0)" }), ("threads", threads > 1 ? "\(threads)" : nil),
      ("picture-format", pictureFormat == .png ? nil : pictureFormat.rawValue),
    ]
    return given.flatMap { name, value in value.map { ["--" + name, $0] } ?? [] }
      + (json ? ["--json"] : [])
  }

  var pictureName: String { "history.\(pictureFormat.rawValue)" }
}
