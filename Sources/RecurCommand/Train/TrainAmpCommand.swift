// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Foundation
import RecurTraining

struct TrainAmpCommand: TrainingCommand {
  static let configuration = CommandConfiguration(
    commandName: "amp",
    abstract: "Train a model of an amplifier or a pedal from two recordings.",
    usage: """
      recur train amp <dry> <wet> [<options>]
      recur train amp <dry> <wet> --resume <checkpoint> [<options>]
      """,
    discussion: """
      EXAMPLES
        recur train amp dry.wav wet.wav --output runs/amp
        recur train amp dry.wav wet.wav --hidden-size 40

      The recordings are WAV files with one channel, the same sampling rate and the same number of \
      samples: the signal before the amplifier, and the one after it. The model is an LSTM and a linear \
      layer, whose output is added to the input. Training splits the recordings into --batch-size \
      parallel parts and reads each in segments of --sequence-length samples; each segment continues from \
      the final state of the previous one. The last --validation-fraction serves only for validation.

      Losses are error-to-signal ratios of signals with pre-emphasis, plus the ratio of the squared mean \
      error. The learning rate is halved when the validation loss has not decreased for 5 epochs. The \
      command prints the error-to-signal ratio without pre-emphasis for the validation part.

      The command also writes model.json, which AIDA-X and recur run read. RTNeural reads it, too, but does \
      not add the input to the output.

      \(RunArguments.discussion(
        resumed: RunArguments.newEpochs,
        configuration: #"{"hidden-size": 40, "warm-up": 500}"#))
      """)

  @Argument(help: "WAV file with the signal before the amplifier.", completion: .file())
  var dry: String
  @Argument(help: "WAV file with the signal after the amplifier.", completion: .file())
  var wet: String
  @OptionGroup(title: "RUN") var arguments: RunArguments
  @OptionGroup(title: "TRAINING") var training: AmpArguments

  func run() throws {
    var (loop, run) = try Processes.ranks.together(prepare)
    try BadInput.naming(arguments.resume ?? dry) { try loop.train(&run) }
  }

  private func prepare() throws -> (TrainingLoop<AmpRun>, AmpRun) {
    let files = try AmpFiles(dry: dry, wet: wet)
    let run =
      if let resume = arguments.resume {
        try AmpRun(resuming: SafeTensors(path: resume), on: files, epochs: training.epochs)
      } else {
        try AmpRun(files, training, shards: arguments.chosenShards)
      }
    let loop = try TrainingLoop<AmpRun>(arguments, files: files.paths, shards: run.shards)
    note("\(dry): \(run.summary)")
    note("parameters: \(run.training.model.parameters.count)")
    return (loop, run)
  }
}
