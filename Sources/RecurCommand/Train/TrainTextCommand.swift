// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Foundation
import Recur
import RecurTraining

struct TrainTextCommand: TrainingCommand {
  static let configuration = CommandConfiguration(
    commandName: "text",
    abstract: "Train a model that predicts the next character of a text.",
    discussion: """
      EXAMPLES
        recur train text shakespeare.txt --output runs/shakespeare
        recur train text notes.txt --cell gru --hidden 256 --epochs 20
        recur train text notes.txt --overfit-batch --epochs 300
        recur generate runs/shakespeare/model.safetensors --prompt "KING"

      The model is an embedding, a recurrent network and a softmax over the characters of the text, which \
      is UTF-8. The text is cut into --batch streams that are read side by side, --sequence characters \
      at a time; each chunk continues from the state of the one before. The last part of the text, a \
      share of --validation, is used for validation alone. Losses are in nats per character.

      \(RunArguments.discussion)
      """)

  @Argument(help: "Text file.", completion: .file()) var file: String
  @OptionGroup(title: "RUN") var arguments: RunArguments
  @OptionGroup(title: "MODEL") var model: TextModelArguments
  @OptionGroup(title: "TRAINING") var training: TextTrainingArguments

  func run() throws {
    let text = try TextFile(file)
    var run =
      if let resume = arguments.resume {
        try TextRun(
          resuming: SafeTensors(contentsOf: URL(fileURLWithPath: resume)), on: text,
          epochs: training.epochs)
      } else {
        try TextRun(text, model, training)
      }
    let loop = try TrainingLoop<TextRun>(arguments, file: file)
    note("\(file): \(run.summary)")
    note("model: \(run.training.model), \(run.training.model.parameters.count) parameters")
    try loop.train(&run)
  }
}
