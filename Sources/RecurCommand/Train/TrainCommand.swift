// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Recur
import RecurTraining

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a model on a text, a series, recordings or tensors and write it to a file.",
    discussion: """
      EXAMPLES
        recur train text shakespeare.txt --output runs/shakespeare
        recur train series sales.csv --horizon 12 --output runs/sales
        recur train panel shops.csv --id shop --horizon 6
        recur train amp dry.wav wet.wav --output runs/amp
        recur train model tagger.json data.npz --output runs/tagger
        recur train text notes.txt --resume checkpoint.safetensors

      \(RunArguments.files)
      """,
    subcommands: [
      TrainTextCommand.self, TrainSeriesCommand.self, TrainPanelCommand.self, TrainAmpCommand.self,
      TrainModelCommand.self,
    ])
}
