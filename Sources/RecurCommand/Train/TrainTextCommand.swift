// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Foundation
import Recur
import RecurTraining

struct TrainTextCommand: TrainingCommand {
  static let configuration = CommandConfiguration(
    commandName: "text",
    abstract: "Train a model that predicts the next character of a text.",
    usage: """
      recur train text <file> [<options>]
      recur train text <file> --resume <checkpoint> [<options>]
      """,
    discussion: """
      EXAMPLES
        recur train text alice.txt --output runs/alice
        recur train text alice.txt --cell gru --hidden-size 256
        recur train text alice.txt --overfit-batch --epochs 300
        recur generate runs/alice/model.safetensors

      The model consists of an embedding, a recurrent network and a softmax over the characters of the \
      text, a UTF-8 file. Training splits the text into --batch-size parallel streams and reads each in \
      segments of --sequence-length characters; each segment continues from the final state of the \
      previous one. The last --validation-fraction of the text serves only for validation. Losses are in \
      nats per character.

      \(RunArguments.discussion(
        resumed: RunArguments.newEpochs + " This is an error with --schedule cosine.",
        configuration: #"{"hidden-size": 256, "cell": "gru"}"#))
      """)

  @Argument(help: "Text file, in UTF-8.", completion: .file()) var file: String
  @OptionGroup(title: "RUN") var arguments: RunArguments
  @OptionGroup(title: "MODEL") var model: TextModelArguments
  @OptionGroup(title: "TRAINING") var training: TextTrainingArguments
  @OptionGroup(title: "TUNING") var tuning: TuningArguments

  func validate() throws {
    if tuning.scheduleName == .plateau {
      try training.requireValidation(for: "--schedule plateau")
    }
  }

  func run() throws {
    var (loop, run) = try Processes.ranks.together(prepare)
    try BadInput.naming(arguments.resume ?? file) { try loop.train(&run) }
  }

  private func prepare() throws -> (TrainingLoop<TextRun>, TextRun) {
    let text = try TextFile(file)
    let run =
      if let resume = arguments.resume {
        try TextRun(
          resuming: SafeTensors(path: resume), on: text,
          epochs: training.epochs)
      } else {
        try TextRun(text, model, training, tuning, shards: arguments.chosenShards)
      }
    let loop = try TrainingLoop<TextRun>(arguments, files: [file], shards: run.shards)
    note("\(file): \(run.summary)")
    note("model: \(run.training.model), parameters: \(run.training.model.parameters.count)")
    return (loop, run)
  }
}
