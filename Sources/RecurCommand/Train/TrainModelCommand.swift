// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Foundation
import RecurTraining

struct TrainModelCommand: TrainingCommand {
  static let configuration = CommandConfiguration(
    commandName: "model",
    abstract: "Train layers that a JSON file describes, or an existing model.",
    usage: """
      recur train model <model> <data> [<options>]
      recur train model <model> <data> --resume <checkpoint> [<options>]
      """,
    discussion: """
      EXAMPLES
        recur train model tagger.json data.npz --output runs/t
        recur train model tagger.onnx data.npz --epochs 5

      The model is a graph of layers in JSON, which begins with random weights:

        {"nodes": [
          {"name": "x", "kind": "features", "size": 40},
          {"name": "lstm", "kind": "network", "from": ["x"],
           "network": {"cell": "lstm", "hiddenSize": 64}},
          {"name": "y", "kind": "dense", "from": ["lstm"],
           "size": 2, "output": true}]}

      or any model that recur info describes, which is trained further. The page "Training with the \
      command" of the documentation lists all kinds of layers.

      The data are one file .safetensors or .npz with a tensor for each input and each output of the \
      model, by name: steps x sequences x channels, and steps x sequences for tokens. Targets are values \
      of the same shape as the output, or labels: steps x sequences. An output with one row for each \
      sequence has targets without the axis of steps. For an ONNX model, all of them have the ONNX \
      model's axes. The optional tensor lengths has the number of steps of each sequence. Later steps do \
      not count, and neither do labels -1.

      Values have the loss --loss, and labels the cross-entropy of logits. The losses of several outputs \
      are added. A random part of the sequences serves only for validation.

      \(RunArguments.discussion(
        resumed: RunArguments.newEpochs + " This is an error with --schedule cosine.",
        configuration: #"{"epochs": 20, "loss": "huber"}"#))
      """)

  @Argument(help: "Graph in JSON, or a model file.", completion: .file()) var model: String
  @Argument(help: "Safetensors file or NumPy archive.", completion: .file()) var data: String
  @OptionGroup(title: "RUN") var arguments: RunArguments
  @OptionGroup(title: "TRAINING") var training: ModelTrainingArguments
  @OptionGroup(title: "TUNING") var tuning: TuningArguments

  func validate() throws {
    if tuning.scheduleName == .plateau {
      try training.requireValidation(for: "--schedule plateau")
    }
  }

  func run() throws {
    var (loop, run) = try Processes.ranks.together(prepare)
    try BadInput.naming(arguments.resume ?? data) { try loop.train(&run) }
  }

  private func prepare() throws -> (TrainingLoop<ModelTrainingRun>, ModelTrainingRun) {
    let loaded = try TrainableFile(model, seed: training.seed).model
    let file = try ModelTrainingFile(data, for: loaded)
    let run =
      if let resume = arguments.resume {
        try ModelTrainingRun(
          resuming: SafeTensors(path: resume), of: loaded, on: file, epochs: training.epochs)
      } else {
        try ModelTrainingRun(loaded, file, training, tuning, shards: arguments.chosenShards)
      }
    let loop = try TrainingLoop<ModelTrainingRun>(
      arguments, files: [model, data], shards: run.shards)
    note("\(data): \(run.summary)")
    note("parameters: \(loaded.model.parameters.count)")
    return (loop, run)
  }
}
