// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import Testing

@testable import RecurTraining

/// The place of a run: where it ends, which places are possible, and the words for values that are not finite.
@Suite struct TrainingPositionTests {
  private let options = TrainingOptions(
    loss: .meanSquaredError, epochs: 3, batching: .shuffled(size: 4), patience: 2, seed: 5)

  @Test func epochsEnd() throws {
    var position = try TrainingPosition(options)
    #expect(position.generator == 5 && position.leastValidationLoss == .infinity)
    position.add(LossValue(mean: 2, count: 3))
    position.add(LossValue(mean: .nan, count: 0))
    position.add(LossValue(mean: 0.5, count: 2))
    #expect(position.lossSum == 7 && position.lossCount == 5)
    (position.stepOfEpoch, position.step) = (4, 4)
    let isLeast = position.finishEpoch(2)
    #expect(isLeast)
    var generator = SplitMix64(seed: 5)
    let next = generator.next()
    #expect(position.generator == next)
    #expect(position.epoch == 1 && position.stepOfEpoch == 0 && position.step == 4)
    #expect(position.lossSum == 0 && position.lossCount == 0)
    #expect(position.leastValidationLoss == 2 && position.epochsWithoutLeast == 0)
    #expect(!position.isFinished(options))
    let isLower = position.finishEpoch(2)
    #expect(!isLower && position.epochsWithoutLeast == 1)
    #expect(!position.isFinished(options))
    var patient = position
    let isNumber = patient.finishEpoch(.nan)
    #expect(!isNumber && patient.epochsWithoutLeast == 2)
    patient.epoch = 2
    #expect(patient.isFinished(options))
    let isBest = position.finishEpoch(1.5)
    #expect(isBest && position.epochsWithoutLeast == 0)
    #expect(position.epoch == 3 && position.isFinished(options))
    var plain = try TrainingPosition(options)
    let isValidated = plain.finishEpoch(nil)
    #expect(!isValidated && plain.epoch == 1 && plain.epochsWithoutLeast == 0)
  }

  /// A run over nine examples has three steps in an epoch.
  @Test(arguments: [
    (0, 0, 0, 0, true), (0, 0, 0, 9, true), (0, 2, 2, 9, true), (0, 2, 3, 9, false),
    (0, 2, 1, 9, false), (0, 3, 3, 9, false), (0, 2, 2, 8, false), (0, 1, 1, 5, true),
    (0, 0, 1, 9, false), (1, 0, 3, 9, true), (1, 0, 4, 9, false), (1, 0, 2, 9, false),
    (1, 1, 2, 9, true), (1, 1, 1, 9, false), (1, 1, 4, 9, true), (2, 0, 4, 9, true),
    (2, 0, 3, 9, false), (2, 0, 6, 9, true), (2, 1, 3, 9, true), (2, 1, 2, 9, false),
    (3, 0, 9, 9, true), (3, 1, 10, 9, false), (0, -1, -1, 9, false), (0, 0, 0, -1, false),
    (2, 0, 1 << 53, 9, false), (2, 0, 1 << 53 - 1, 9, true), (0, 1, 1, 1 << 53, false),
  ])
  func placesArePossible(epoch: Int, stepOfEpoch: Int, step: Int, examples: Int, valid: Bool) throws
  {
    let history = (0..<epoch).map { TrainingEpoch(epoch: $0, loss: 1) }
    var position = try TrainingPosition(options)
    for _ in history { _ = position.finishEpoch(nil) }
    (position.stepOfEpoch, position.step, position.examples) = (stepOfEpoch, step, examples)
    let found = message { try position.validate(options, history: history) }
    #expect(
      found
        == (valid ? "no error but ()" : "position does not belong to a run with these options"))
  }

  @Test func sumsBelongToAnEpoch() throws {
    var position = try TrainingPosition(options)
    func isValid(_ history: [TrainingEpoch] = []) -> Bool {
      message { try position.validate(options, history: history) } == "no error but ()"
    }
    position.lossCount = 1
    #expect(!isValid())
    (position.lossCount, position.lossSum) = (0, 1)
    #expect(!isValid())
    (position.stepOfEpoch, position.step, position.examples) = (1, 1, 9)
    #expect(isValid())
    position.lossCount = -1
    #expect(!isValid())
    position.lossCount = 4
    #expect(isValid() && !isValid([TrainingEpoch(epoch: 0, loss: 1)]))
    position.epochsWithoutLeast = 1
    #expect(!isValid())
    for (epochs, expected) in [
      ([TrainingEpoch(epoch: 1, loss: 1)], false), ([TrainingEpoch(epoch: 0, loss: 1)], true),
      ([TrainingEpoch(epoch: 0, loss: 1, validationLoss: .infinity)], false),
      ([TrainingEpoch(epoch: 0, loss: 1, validationLoss: .nan)], true), ([], true),
      ([TrainingEpoch(epoch: 0, loss: 1), TrainingEpoch(epoch: 0, loss: 1)], false),
    ] {
      #expect(
        message { try epochs.validate() }
          == (expected ? "no error but ()" : "history does not belong to a run"))
    }
  }

  @Test func dataHaveTheStepsOfTheRun() throws {
    let windows: Windows<Double> = try TrainingProblem.windows()
    var training = try Training(
      TrainingProblem.model() as SequenceModel<Double>, options: TrainingProblem.options)
    func isValid(_ examples: Int) -> Bool {
      message { try training.requirePosition(examples: examples) } == "no error but ()"
    }
    #expect(isValid(35) && isValid(3))
    _ = try training.step(windows)
    #expect(isValid(35) && !isValid(34))
    for _ in 0..<7 { _ = try training.step(windows) }
    #expect(training.position.epoch == 1 && training.position.stepOfEpoch == 1)
    #expect(isValid(35) && !isValid(36) && !isValid(30))
    #expect(
      message { try training.requirePosition(examples: 36) }
        == "position does not belong to a run over 36 examples")
    #expect(
      message { try training.setEpochs(1) }
        == "epochs is 1, expected at least 2, the number of epochs started")
    try training.setEpochs(2)
    #expect(training.options.epochs == 2)
  }

  @Test func placesInWords() {
    let places: [(NonFiniteLocation, String)] = [
      (.init(step: 1, sequence: 2), "the network's input"),
      (.init(isTarget: true, step: 1, sequence: 2), "the targets"),
      (.init(node: "y", step: 1, sequence: 2), "the node y"),
      (.init(node: "y", isTarget: true, step: 1, sequence: 2), "the targets of y"),
      (.init(layer: 3, step: 1, sequence: 2), "the state of layer 3"),
      (.init(layer: 0, gate: "f", step: 1, sequence: 2), "gate f of layer 0"),
      (
        .init(layer: 0, direction: .reverse, gate: "f", step: 1, sequence: 2),
        "gate f of layer 0 (reverse)"
      ),
    ]
    for (place, words) in places {
      #expect(
        place.description
          == "non-finite value in \(words) at time step 1 of sequence 2, counted from 0")
    }
    let step = TrainingStep(
      epoch: 0, stepOfEpoch: 6, index: 6, loss: -.nan, gradientNorm: .infinity, parameterNorm: 1,
      learningRate: 1)
    let start = "update 7: the loss is nan and the gradient norm is inf; "
    #expect(
      TrainingError.nonFinite(step, nil).description
        == start + "all values of the network are finite, but the head or a gradient is not")
    #expect(
      TrainingError.nonFinite(step, places[0].0).description
        == start + "first \(places[0].0.description)")
    #expect(
      TrainingError.nonFiniteParameter(step, "w").description
        == "update 7: the parameter w would not be finite")
    #expect(
      TrainingError.nonFiniteValidationLoss(step, -.nan).description
        == "update 7: the validation loss after the epoch is nan")
  }

  @Test func checkpointsAreDue() {
    let url = URL(fileURLWithPath: "f")
    func step(_ index: Int, finished: Bool = false) -> TrainingStep {
      TrainingStep(
        epoch: 0, stepOfEpoch: index, index: index, loss: 1, gradientNorm: 1, parameterNorm: 1,
        learningRate: 1, finishedEpoch: finished ? TrainingEpoch(epoch: 0, loss: 1) : nil)
    }
    let often = Checkpointing(url, every: 3)
    #expect((0..<7).filter { often.isDue(after: step($0)) } == [2, 5])
    #expect(often.isDue(after: step(3, finished: true)))
    let seldom = Checkpointing(url)
    #expect(!seldom.isDue(after: step(2)) && seldom.isDue(after: step(2, finished: true)))
    #expect(
      message { try Checkpointing(url, every: 0).validate() } == "every is 0, expected at least 1")
    #expect(message { try Checkpointing(url, every: 1).validate() } == "no error but ()")
    #expect(message { try seldom.validate() } == "no error but ()")
  }

  @Test func aReverseStateIsLocated() throws {
    let network = try RNN<Double>(
      inputSize: 1, hiddenSize: 1, bidirectional: true, activation: .identity, seed: 1)
    var model = try SequenceModel<Double>(
      network: network, head: Linear(inputSize: 2, outputSize: 1, seed: 2), reading: .everyStep)
    model.parameters.scale(by: 0)
    try model.parameters.set("network.weight_ih_l0_reverse", to: Matrix([[1e200]]))
    let input = try SequenceBatch<Double>(
      steps: 3, batchSize: 2, features: 1, elements: [1e200, 0, 0, 1e200, 0, 1e200])
    let batch = TrainingBatch<Double>(
      input: .features(input), targets: .values(try Matrix(rows: 6, columns: 1)))
    let place = try model.firstNotFinite(
      .meanSquaredError, batch, initialState: nil, dropoutSeed: nil)
    // The last step is the first of the reverse direction.
    #expect(place == NonFiniteLocation(layer: 0, direction: .reverse, step: 2, sequence: 1))
    #expect(
      message {
        try model.diagnoseGradients(.meanSquaredError, of: batch, saturatedBelow: 1.5)
      } == "saturatedBelow is 1.5, expected 0 to 1")
    #expect(
      message { try model.diagnoseGradients(.meanSquaredError, of: batch, sequences: 3) }
        == "sequences is 3, expected 0 to the batch size 2")
  }
}
