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

/// The options of every training run: files, progress and threads.
struct RunArguments: ParsableArguments {
  /// What holds for every training run.
  static let files = """
    The command writes model.safetensors, checkpoint.safetensors, history.csv and a plot of the history \
    to the folder --output, replacing those of an earlier run. The model comes from the epoch with the \
    minimum validation loss or, without validation, from the last epoch. The plot requires gnuplot.

    The command writes a checkpoint every --checkpoint-every steps, at the end of an epoch if the last \
    checkpoint is at least a second old, and at the end of the run. Ctrl-C or SIGTERM ends the run after \
    the current step: the command writes a checkpoint, prints the command line that resumes the run, and \
    exits with status 130 or 143. A second Ctrl-C ends the process at once.

    mpirun -n N recur train … trains with N processes, a power of two up to --shards, if the command was \
    built with MPI. The result depends on --shards, but not on N: a run can be resumed with another number \
    of processes. Each process reads the files; the first one writes and prints.

    A resumed run is bit-identical to an uninterrupted one.
    """

  /// The end of the help of a command.
  ///
  /// - Parameters:
  ///   - resumed: What --epochs does to a resumed run.
  ///   - configuration: An example of a configuration file, with options of the command.
  static func discussion(resumed: String, configuration: String) -> String {
    """
    \(files) \(resumed)

    A configuration file contains one JSON object whose keys are option names without dashes, such as \
    \(configuration). The command line overrides the file.
    """
  }

  static let newEpochs = "With --resume, --epochs sets a new total number of epochs."

  @OptionGroup var output: OutputArguments
  @Option(help: "Checkpoint of the run to resume; it sets the other options.", completion: .file())
  var resume: String?
  @Option(help: "JSON file with options.", completion: .file()) var config: String?
  @Option(help: "Number of threads; does not change results.") var threads = 1
  @Option(
    help: "Parts of a batch, for several processes: a power of two. (default: 8 with mpirun, or 1)")
  var shards: Int?
  @Option(help: "Steps between checkpoints. (default: only after epochs)") var checkpointEvery: Int?
  @Option(
    help: "Steps between progress lines if there is no terminal. (default: a fifth of the epochs)")
  var printEvery: Int?
  @OptionGroup var format: JSONArguments

  func validate() throws {
    try requireCounts([
      ("--checkpoint-every", checkpointEvery ?? 1), ("--print-every", printEvery ?? 1),
    ])
    guard 1...64 ~= threads else {
      throw ValidationError("--threads is \(threads), expected 1 to 64")
    }
    if let shards, shards < 1 || shards > 1 << 16 || shards.nonzeroBitCount != 1 {
      throw ValidationError("--shards is \(shards), expected a power of two up to 65536")
    }
  }

  /// The number of shards of a new run; nil for batches that are not divided.
  var chosenShards: Int? { shards ?? Processes.usualShards }

  /// The names, without dashes, of the options that do not change the result and are allowed with
  /// `--resume`.
  static let names = OutputArguments.names + ["checkpoint-every", "print-every", "threads", "json"]

  /// The arguments that give the same options to the resumed run.
  var argumentsToResume: [String] {
    let plotFormat = output.plotFormat
    let given: [(name: String, value: String?)] = [
      ("output", output.folder), ("checkpoint-every", checkpointEvery.map { "\($0)" }),
      ("print-every", printEvery.map { "\($0)" }), ("threads", threads > 1 ? "\(threads)" : nil),
      ("plot-format", plotFormat == .png ? nil : plotFormat.rawValue),
    ]
    return given.flatMap { name, value in value.map { ["--" + name, $0] } ?? [] }
      + (format.json ? ["--json"] : [])
  }
}
