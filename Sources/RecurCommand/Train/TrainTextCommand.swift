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

struct TextModelArguments: ParsableArguments {
  @Option(help: "The kind of network.") var cell = NetworkConfiguration.Cell.lstm
  @Option(help: "Hidden units of each layer.") var hidden = 128
  @Option(help: "Layers.") var layers = 2
  @Option(help: "Numbers that stand for a character; as many as hidden units if not given.")
  var embedding: Int?
  @Option(help: "The chance of a layer's output not to reach the next one in training.")
  var dropout = 0.0

  func validate() throws {
    try requireCounts([
      ("--hidden", hidden), ("--layers", layers), ("--embedding", embedding ?? 1),
    ])
    guard 0..<1 ~= dropout else {
      throw ValidationError("--dropout is \(dropout), expected 0 to below 1")
    }
    guard dropout == 0 || layers > 1 else {
      throw ValidationError("--dropout is between layers, and there is one")
    }
  }

  func model(characters: Int, seed: UInt64) throws -> SequenceModel<Float> {
    let size = embedding ?? hidden
    var network = NetworkConfiguration(cell, inputSize: size, hiddenSize: hidden)
    network.layers = layers
    network.dropout = dropout
    return try SequenceModel(
      embedding: Embedding(vocabularySize: characters, size: size, seed: seed),
      network: network.network(of: Float.self, seed: seed &+ 1),
      head: Linear(inputSize: hidden, outputSize: characters, seed: seed &+ 2),
      reading: .everyStep)
  }
}

struct TextTrainingArguments: ParsableArguments {
  enum OptimizerName: String, ExpressibleByArgument, CaseIterable { case sgd, rmsprop, adam, adamw }
  enum ScheduleName: String, ExpressibleByArgument, CaseIterable { case constant, cosine, plateau }

  @Option(help: "Characters that are read before the gradient goes back through them.")
  var sequence = 64
  @Option(help: "Parts of the text that are read side by side.") var batch = 32
  @Option(
    help: "How often the text is gone through, at most (default: 50, or as the resumed run has it)."
  )
  var epochs: Int?
  @Option(help: "The optimizer.") var optimizer = OptimizerName.adam
  @Option(help: "The learning rate.") var rate = 0.002
  @Option(help: "The momentum of sgd or rmsprop.") var momentum: Double?
  @Option(help: "Weight decay.") var weightDecay = 0.0
  @Option(help: "How the rate falls: not at all, as half a cosine, or tenfold on plateaus.")
  var schedule = ScheduleName.constant
  @Option(help: "Steps in which the rate rises to its value.") var warmUp = 0
  @Option(help: "The gradient's norm is clipped to this.") var clip = 1.0
  @Option(
    help:
      "The share of the text, its end, that tells which epoch was best, below 0.5 (default: 0.1).")
  var validation: Double?
  @Option(
    help: "Epochs without a better one after which training ends; 0 for never (default: 5).")
  var patience: Int?
  @Option(help: "Seed of the first weights and of dropout.") var seed: UInt64 = 1
  @Flag(help: "Train on the first batch alone, a step an epoch, to see whether it is learned.")
  var overfitBatch = false

  func validate() throws {
    try requireCounts([
      ("--sequence", sequence), ("--batch", batch), ("--epochs", epochs ?? 1),
      ("--patience", (patience ?? 0) + 1), ("--warm-up", warmUp + 1),
    ])
    try requirePositive([("--rate", rate), ("--clip", clip)])
    for (name, value) in [("--momentum", momentum ?? 0), ("--weight-decay", weightDecay)]
    where !(value >= 0 && value.isFinite) {
      throw ValidationError("\(name) is \(value), expected a finite number, at least 0")
    }
    try requireShare("--validation", validation ?? 0)
    guard !overfitBatch || validation == nil else {
      throw ValidationError("--validation: with --overfit-batch nothing is validated with")
    }
    guard validates || patience == nil else {
      throw ValidationError("--patience goes by validation, and there is none")
    }
    guard momentum == nil || optimizer == .sgd || optimizer == .rmsprop else {
      throw ValidationError("--momentum is of sgd and rmsprop, and the optimizer is \(optimizer)")
    }
    guard schedule != .plateau || validates else {
      throw ValidationError("--schedule plateau goes by validation, and there is none")
    }
  }

  /// How much is validated with.
  var withheldShare: Double { overfitBatch ? 0 : validation ?? 0.1 }
  var validates: Bool { withheldShare > 0 }

  func options(stepsOfEpoch: Int) throws -> TrainingOptions {
    let epochs = epochs ?? 50
    let steps = epochs * stepsOfEpoch
    guard schedule != .cosine || warmUp < steps else {
      throw ValidationError("--warm-up is \(warmUp), expected fewer than all \(steps) steps")
    }
    let falling: Schedule =
      switch schedule {
      case .constant: .constant
      case .cosine: .cosine(steps: steps - warmUp)
      case .plateau: .onPlateau(patience: 2)
      }
    return TrainingOptions(
      loss: .crossEntropy(), optimizer: chosenOptimizer, rate: rate,
      schedule: warmUp > 0 ? .warmUp(steps: warmUp, then: falling) : falling,
      clipping: .norm(clip), epochs: epochs, batching: .continued,
      patience: validates && patience != 0 ? patience ?? 5 : nil, seed: seed)
  }

  private var chosenOptimizer: Optimizer {
    switch optimizer {
    case .sgd: .sgd(momentum: momentum ?? 0, weightDecay: weightDecay)
    case .rmsprop: .rmsProp(momentum: momentum ?? 0, weightDecay: weightDecay)
    case .adam: .adam(weightDecay: weightDecay)
    case .adamw: .adamW(weightDecay: weightDecay)
    }
  }
}
