// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurTraining
import Testing

@testable import RecurCommand
@testable import RecurTraining

/// The options of training runs, which the arguments and their defaults determine.
@Suite struct TrainArgumentsTests {
  private func tuning(_ arguments: String...) throws -> TuningArguments {
    try TuningArguments.parse(arguments)
  }

  /// Returns the message of an error.
  private func message(_ body: () throws -> Void) -> String? {
    do { try body() } catch { return RecurCommand.message(for: error) }
    return nil
  }

  @Test func optionsOfAText() throws {
    let plain = try TextTrainingArguments.parse([])
    #expect(
      try plain.options(tuning(), stepsPerEpoch: 7)
        == TrainingOptions(
          loss: .crossEntropy(), optimizer: .adam(), learningRate: 0.002, schedule: .constant,
          clipping: .norm(1), epochs: 50, batching: .stateful, patience: 5, seed: 1))
    #expect(
      plain.reading(checksum: 3)
        == .init(sequence: 64, batch: 32, validation: 0.1, overfitsBatch: false, checksum: 3))
    let given = try TextTrainingArguments.parse([
      "--epochs", "3", "--batch-size", "4", "--sequence-length", "5", "--learning-rate", "0.5",
      "--validation-fraction", "0.25", "--patience", "6", "--seed", "7",
    ])
    #expect(
      try given.options(
        tuning("--optimizer", "sgd", "--schedule", "cosine", "--clip-norm", "2"), stepsPerEpoch: 8)
        == TrainingOptions(
          loss: .crossEntropy(), optimizer: .sgd(), learningRate: 0.5,
          schedule: .cosine(steps: 24), clipping: .norm(2), epochs: 3, batching: .stateful,
          patience: 6, seed: 7))
    #expect(
      given.reading(checksum: 9)
        == .init(sequence: 5, batch: 4, validation: 0.25, overfitsBatch: false, checksum: 9))
    let overfit = try TextTrainingArguments.parse(["--overfit-batch"])
    #expect(overfit.heldOutFraction == 0 && !overfit.validates)
    #expect(overfit.reading(checksum: 0).overfitsBatch)
    for arguments in [["--overfit-batch"], ["--patience", "0"], ["--validation-fraction", "0"]] {
      let options = try TextTrainingArguments.parse(arguments).options(tuning(), stepsPerEpoch: 1)
      #expect(options.patience == nil)
    }
  }

  @Test func optionsOfAModel() throws {
    #expect(
      try ModelTrainingArguments.parse([])
        .options(tuning(), .meanSquaredError, stepsPerEpoch: 3)
        == TrainingOptions(
          loss: .meanSquaredError, optimizer: .adam(), learningRate: 0.001, schedule: .constant,
          clipping: .norm(1), epochs: 50, batching: .shuffled(size: 32), patience: 5, seed: 1))
    #expect(
      try ModelTrainingArguments.parse([
        "--epochs", "4", "--batch-size", "5", "--learning-rate", "0.25", "--patience", "6",
        "--seed", "7",
      ]).options(
        tuning("--schedule", "cosine", "--clip-norm", "2"), .huber(), stepsPerEpoch: 3)
        == TrainingOptions(
          loss: .huber(), optimizer: .adam(), learningRate: 0.25, schedule: .cosine(steps: 12),
          clipping: .norm(2), epochs: 4, batching: .shuffled(size: 5), patience: 6, seed: 7))
    for arguments in [["--patience", "0"], ["--validation-fraction", "0"]] {
      let options = try ModelTrainingArguments.parse(arguments)
        .options(tuning(), .huber(), stepsPerEpoch: 1)
      #expect(options.patience == nil)
    }
    #expect(
      ["squared", "absolute", "huber"].map { ModelTrainingArguments.LossName(rawValue: $0)?.loss }
        == [.meanSquaredError, .meanAbsoluteError, .huber()])
  }

  @Test func optionsOfAnAmplifier() throws {
    let plain = try AmpArguments.parse([])
    #expect(
      plain.options
        == TrainingOptions(
          loss: .errorToSignal(preEmphasis: 0.85), optimizer: .adam(), learningRate: 0.01,
          schedule: .onPlateau(factor: 0.5, patience: 5), clipping: .norm(1), epochs: 100,
          batching: .stateful, seed: 1))
    #expect(plain.reading == .init(sequence: 512, batch: 16, warmUp: 1000, validation: 0.2))
    let given = try AmpArguments.parse([
      "--epochs", "2", "--batch-size", "3", "--sequence-length", "4", "--warm-up", "5",
      "--learning-rate", "0.5", "--weight-decay", "0.125", "--pre-emphasis", "1",
      "--validation-fraction", "0", "--seed", "6", "--hidden-size", "7",
    ])
    #expect(
      given.options
        == TrainingOptions(
          loss: .errorToSignal(preEmphasis: 1), optimizer: .adam(weightDecay: 0.125),
          learningRate: 0.5, schedule: .constant, clipping: .norm(1), epochs: 2,
          batching: .stateful, seed: 6))
    #expect(given.reading == .init(sequence: 4, batch: 3, warmUp: 5, validation: 0))
    #expect(
      message { _ = try AmpArguments.parse(["--pre-emphasis", "1.5"]) }
        == "--pre-emphasis is 1.5, expected 0 to 1")
    #expect(try AmpArguments.parse(["--pre-emphasis", "0"]).preEmphasis == 0)

    let x = ModelValue.features(size: 1)
    let y = (x.lstm(hiddenSize: 7).dense(size: 1).named("head") + x).named("sum")
    let expected = try Model<Float>(outputs: y, seed: 6)
    #expect(try given.model().graph == expected.graph)
    #expect(try given.model().parameters.elements == expected.parameters.elements)
    #expect(try plain.model().parameters.count == 4 * 32 * (1 + 32 + 2) + 33)
  }

  @Test func optionsOfAForecaster() throws {
    #expect(
      try ForecasterArguments.parse([]).options(period: 4, horizon: 3, levels: [0.25, 0.5, 0.75])
        == ForecasterOptions(
          period: 4, horizon: 3, window: 8, seasons: 3, cell: .lstm, hiddenSize: 16, members: 2,
          levels: [0.25, 0.5, 0.75], epochs: nil, batchSize: 64, learningRate: 0.005,
          clipping: .norm(1), validationShare: 0, seed: 1))
    #expect(
      try ForecasterArguments.parse([
        "--epochs", "2", "--cell", "gru", "--hidden-size", "3", "--members", "5", "--window", "6",
        "--seasons", "7", "--batch-size", "8", "--learning-rate", "0.5", "--clip-norm", "9",
        "--validation-fraction", "0.25", "--seed", "10",
      ]).options(period: 11, horizon: 12, levels: [0.5])
        == ForecasterOptions(
          period: 11, horizon: 12, window: 6, seasons: 7, cell: .gru, hiddenSize: 3, members: 5,
          levels: [0.5], epochs: 2, batchSize: 8, learningRate: 0.5, clipping: .norm(9),
          validationShare: 0.25, seed: 10))
  }

  @Test(
    arguments: [
      ([], .constant), (["--schedule", "cosine"], .cosine(steps: 10)),
      (["--schedule", "plateau"], .onPlateau(factor: 0.1, patience: 2)),
      (["--warm-up-steps", "12"], .warmUp(steps: 12, then: .constant)),
      (
        ["--schedule", "cosine", "--warm-up-steps", "9"],
        .warmUp(steps: 9, then: .cosine(steps: 1))
      ),
      (
        ["--schedule", "plateau", "--warm-up-steps", "10"],
        .warmUp(steps: 10, then: .onPlateau(patience: 2))
      ),
    ] as [([String], Schedule)])
  func schedulesAreChosen(arguments: [String], schedule: Schedule) throws {
    #expect(try TuningArguments.parse(arguments).schedule(steps: 10) == schedule)
  }

  @Test func aWarmUpIsShorterThanTheRun() throws {
    let arguments = try tuning("--schedule", "cosine", "--warm-up-steps", "10")
    #expect(
      message { _ = try arguments.schedule(steps: 10) }
        == "--warm-up-steps is 10, expected fewer than the 10 steps of the run")
  }

  @Test(
    arguments: [
      ([], .adam()), (["--weight-decay", "0.5"], .adam(weightDecay: 0.5)),
      (["--optimizer", "adamw"], .adamW(weightDecay: 0)),
      (["--optimizer", "adamw", "--weight-decay", "0.5"], .adamW(weightDecay: 0.5)),
      (["--optimizer", "sgd"], .sgd()), (["--optimizer", "rmsprop"], .rmsProp()),
      (
        ["--optimizer", "sgd", "--momentum", "0.9", "--weight-decay", "0.5"],
        .sgd(momentum: 0.9, weightDecay: 0.5)
      ),
      (
        ["--optimizer", "rmsprop", "--momentum", "0.9", "--weight-decay", "0.5"],
        .rmsProp(momentum: 0.9, weightDecay: 0.5)
      ),
    ] as [([String], Optimizer)])
  func optimizersAreChosen(arguments: [String], optimizer: Optimizer) throws {
    #expect(try TuningArguments.parse(arguments).chosenOptimizer == optimizer)
  }

  @Test func tuningIsChecked() {
    for (arguments, expected) in [
      (
        ["--momentum", "0.5"], "--momentum requires --optimizer sgd or rmsprop, found adam"
      ),
      (
        ["--momentum", "0", "--optimizer", "adamw"],
        "--momentum requires --optimizer sgd or rmsprop, found adamw"
      ),
      (
        ["--momentum=-0.5", "--optimizer", "sgd"],
        "--momentum is -0.5, expected a finite number of at least 0"
      ),
      (["--weight-decay", "nan"], "--weight-decay is nan, expected a finite number of at least 0"),
      (["--clip-norm", "0"], "--clip-norm is 0.0, expected a positive finite number"),
      (["--warm-up-steps=-1"], "--warm-up-steps is -1, expected 0 to 1000000"),
    ] {
      #expect(message { _ = try TuningArguments.parse(arguments) } == expected)
    }
  }

  @Test func validationIsRequired() throws {
    for (arguments, expected) in [
      (
        ["--validation-fraction", "0"],
        "x requires validation, which --validation-fraction 0 disables"
      ), (["--overfit-batch"], "x requires validation, which --overfit-batch disables"), ([], nil),
    ] as [([String], String?)] {
      let text = try TextTrainingArguments.parse(arguments)
      #expect(message { try text.requireValidation(for: "x") } == expected)
      guard arguments != ["--overfit-batch"] else { continue }
      let model = try ModelTrainingArguments.parse(arguments)
      #expect(message { try model.requireValidation(for: "x") } == expected)
    }
    for command in ["--patience 3 --validation-fraction 0"] {
      let arguments = command.split(separator: " ").map(String.init)
      let expected = "--patience requires validation, which --validation-fraction 0 disables"
      #expect(message { _ = try TextTrainingArguments.parse(arguments) } == expected)
      #expect(message { _ = try ModelTrainingArguments.parse(arguments) } == expected)
    }
    #expect(
      message {
        _ = try TextTrainingArguments.parse(["--overfit-batch", "--validation-fraction", "0.1"])
      }
        == "--validation-fraction cannot be combined with --overfit-batch, which disables validation"
    )
  }

  @Test func layersOfATextModel() throws {
    let plain = try TextModelArguments.parse([])
    #expect(
      try plain.model(characters: 5, seed: 1).description
        == "Embedding(vocabularySize: 5, size: 128), LSTM(inputSize: 128, hiddenSize: 128, layers: 2)"
        + ", Linear(inputSize: 128, outputSize: 5)")
    let given = try TextModelArguments.parse([
      "--cell", "gru", "--hidden-size", "3", "--layers", "4", "--embedding-size", "2",
      "--dropout", "0.25",
    ])
    let model = try given.model(characters: 5, seed: 7)
    var configuration = NetworkConfiguration(.gru, inputSize: 2, hiddenSize: 3)
    configuration.layers = 4
    configuration.dropout = 0.25
    #expect(model.network.configuration == configuration && model.reading == .everyStep)
    #expect(
      try model.parameters.elements
        == Embedding<Float>(vocabularySize: 5, size: 2, seed: 7).parameters.elements
        + configuration.network(of: Float.self, seed: 8).parameters.elements
        + Linear<Float>(inputSize: 3, outputSize: 5, seed: 9).parameters.elements)
    for (arguments, expected) in [
      (["--dropout", "1"], "--dropout is 1.0, expected at least 0 and below 1"),
      (["--dropout=-0.5"], "--dropout is -0.5, expected at least 0 and below 1"),
      (
        ["--dropout", "0.5", "--layers", "1"],
        "--dropout is 0.5 with --layers 1, expected at least 2 layers: dropout acts between layers"
      ), (["--dropout", "0.5", "--layers", "2"], nil), (["--layers", "1"], nil),
    ] as [([String], String?)] {
      #expect(message { _ = try TextModelArguments.parse(arguments) } == expected)
    }
  }

  @Test func argumentsAreKeptToResume() throws {
    #expect(try RunArguments.parse([]).argumentsToResume == ["--output", "."])
    #expect(
      try RunArguments.parse([
        "--json", "--plot-format", "svg", "--threads", "64", "--print-every", "3",
        "--checkpoint-every", "2", "--output", "a b",
      ]).argumentsToResume == [
        "--output", "a b", "--checkpoint-every", "2", "--print-every", "3", "--threads", "64",
        "--plot-format", "svg", "--json",
      ])
    #expect(
      RunArguments.names == [
        "output", "plot-format", "checkpoint-every", "print-every", "threads", "json",
      ])
    for (arguments, expected) in [
      (["--threads", "0"], "--threads is 0, expected 1 to 64"),
      (["--threads", "65"], "--threads is 65, expected 1 to 64"),
      (["--print-every", "0"], "--print-every is 0, expected 1 to 1000000"),
      (["--checkpoint-every", "1000001"], "--checkpoint-every is 1000001, expected 1 to 1000000"),
    ] {
      #expect(message { _ = try RunArguments.parse(arguments) } == expected)
    }
  }
}
