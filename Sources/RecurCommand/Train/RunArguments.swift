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

/// What every training run has: its files, its progress and its threads.
struct RunArguments: ParsableArguments {
  static let discussion = """
    The command writes model.safetensors, checkpoint.safetensors, and history.csv with a picture to the \
    folder --output, replacing those of an earlier run. The model is that of the epoch with the minimum \
    validation loss, or of the last epoch without validation. The picture needs gnuplot.

    A checkpoint is written at the end of each epoch, at most once a second, and every \
    --checkpoint-every steps. Ctrl-C or SIGTERM ends the run after the current step, writes a \
    checkpoint and prints the command that resumes it; the exit status is then 130 or 143. A second \
    Ctrl-C ends the process at once. A resumed run is bit-identical to an uninterrupted one. With \
    --resume, --epochs sets a new total number of epochs; this is refused where the learning rate \
    decays over all epochs, as that of a series does.

    A configuration file holds one JSON object whose keys are option names without their dashes: \
    {"hidden": 256, "cell": "gru"}. The command line overrides it.
    """

  @OptionGroup var output: OutputArguments
  @Option(help: "Checkpoint of a run to resume, with its options.", completion: .file())
  var resume: String?
  @Option(help: "JSON file of options.", completion: .file()) var config: String?
  @Option(help: "Number of threads; results do not depend on it.") var threads = 1
  @Option(help: "Steps between checkpoints.") var checkpointEvery: Int?
  @Option(help: "Steps between lines of progress where there is no terminal.")
  var printEvery: Int?
  @OptionGroup var format: JSONArguments

  func validate() throws {
    try requireCounts([
      ("--checkpoint-every", checkpointEvery ?? 1), ("--print-every", printEvery ?? 1),
    ])
    guard 1...64 ~= threads else {
      throw ValidationError("--threads is \(threads), expected 1 to 64")
    }
  }

  /// The names of the options that do not change the result, and can be given with `--resume`.
  static let names = OutputArguments.names + ["checkpoint-every", "print-every", "threads", "json"]

  /// The same options, as the arguments of a run that resumes this one.
  var argumentsToResume: [String] {
    let pictureFormat = output.pictureFormat
    let given: [(name: String, value: String?)] = [
      ("output", output.folder), ("checkpoint-every", checkpointEvery.map { "\($0)" }),
      ("print-every", printEvery.map { "\($0)" }), ("threads", threads > 1 ? "\(threads)" : nil),
      ("picture-format", pictureFormat == .png ? nil : pictureFormat.rawValue),
    ]
    return given.flatMap { name, value in value.map { ["--" + name, $0] } ?? [] }
      + (format.json ? ["--json"] : [])
  }
}
