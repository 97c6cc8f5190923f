// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Foundation
import Recur
import RecurTraining

struct TrainTextCommand: TrainingCommand {
  static let configuration = CommandConfiguration(
    commandName: "text",
    abstract: "Train a model that guesses a text's next character.",
    discussion: """
      EXAMPLES
        recur train text shakespeare.txt --output runs/shakespeare
        recur train text notes.txt --cell gru --hidden 256 --layers 2 --dropout 0.2 --epochs 20
        recur train text notes.txt --overfit-batch --epochs 300
        recur generate runs/shakespeare/model.safetensors --prompt "KING" --temperature 0.8

      The model is an embedding, a recurrent network and a softmax over the characters of the text, which \
      is UTF-8. The text is cut into --batch parts that are read side by side, --sequence characters at \
      a time, each going on from the state of those before. Its last part, --validation of it, is not \
      trained on and tells which epoch was best. Losses are in nats per character.

      \(RunArguments.discussion)
      """)

  @Argument(help: "The text, a file.", completion: .file()) var file: String
  @OptionGroup(title: "MODEL") var model: TextModelArguments
  @OptionGroup(title: "TRAINING") var training: TextTrainingArguments
  @OptionGroup(title: "RUN") var arguments: RunArguments

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
