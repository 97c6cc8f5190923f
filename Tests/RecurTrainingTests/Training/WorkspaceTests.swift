// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import TestSupport
import Testing

@testable import RecurTraining

/// The workspaces that models keep for the next pass.
@Suite struct WorkspaceTests {
  private let steps = 6

  private func training(epochs: Int = 3) throws -> Training<SequenceModel<Float>> {
    var options = TrainingProblem.options
    options.epochs = epochs
    return try Training(TrainingProblem.model(hiddenSize: 8), options: options)
  }

  private func data() throws -> Windows<Float> { try TrainingProblem.windows(length: steps) }

  private func bytes(
    _ model: SequenceModel<Float>, batchSize: Int, _ mode: NetworkMode
  ) throws -> Int {
    try model.network.workspaceBytes(steps: steps, batchSize: batchSize, for: mode)
  }

  @Test("A run keeps its workspaces for the next step, and its models have none of them")
  func workspacesOfARun() throws {
    let original: SequenceModel<Float> = try TrainingProblem.model(hiddenSize: 8)
    var training = try Training(original, options: TrainingProblem.options)
    for _ in 0..<8 { _ = try training.step(data(), validation: data()) }
    #expect(training.history.count == 1)
    let kept = try bytes(original, batchSize: 5, .training())
    #expect(training.current.spareBytes == kept + (try bytes(original, batchSize: 5, .inference)))
    for model in [original, training.best, training.model] { #expect(model.spareBytes == 0) }
    try training.fit(data(), validation: data())
    #expect(training.isFinished && training.current.spareBytes == 0)
    #expect(training.best.spareBytes == 0 && training.model.spareBytes == 0)
  }

  @Test("A model keeps one workspace of each mode, that of the last shape, until it is released")
  func boundAndRelease() throws {
    let model: SequenceModel<Float> = try TrainingProblem.model(hiddenSize: 8)
    let copy = model
    for batchSize in [9, 300, 7] {
      let input = try SequenceBatch<Float>(steps: steps, batchSize: batchSize, features: 2)
      _ = try model(.features(input))
      let network = try #require(model.network as? LSTM<Float>)
      _ = try network.trainingPass(input)
      let expected =
        try bytes(model, batchSize: batchSize, .inference)
        + bytes(model, batchSize: batchSize, .training())
      #expect(model.spareBytes == expected && copy.spareBytes == expected)
    }
    copy.releaseWorkspaces()
    #expect(model.spareBytes == 0 && copy.spareBytes == 0)
    let network = try LSTM<Float>(inputSize: 2, hiddenSize: 3, seed: 1)
    _ = try network(SequenceBatch(steps: 4, batchSize: 5, features: 2))
    #expect(
      network.plan.spareBytes
        == (try network.workspaceBytes(steps: 4, batchSize: 5, for: .inference)))
    network.releaseWorkspaces()
    #expect(network.plan.spareBytes == 0)
  }

  @Test("Models of a finished forecaster have no workspaces")
  func forecaster() throws {
    let values = (0..<80).map { Double($0 % 7) }
    let options = ForecasterOptions(
      period: 7, horizon: 2, window: 10, hiddenSize: 4, members: 2, epochs: 2)
    let forecaster = try SeriesForecaster<Float>(fitting: values, options: options)
    for model in forecaster.models { #expect(model.spareBytes == 0) }
  }

  /// Packed weights keep the configuration of the network that packed them, and not its workspaces.
  @Test("The best parameters do not keep the workspaces of a run alive")
  func weightsKeepNoWorkspaces() throws {
    let best = try {
      var training = try self.training()
      for _ in 0..<8 { _ = try training.step(self.data(), validation: self.data()) }
      let plan = training.current.network.plan
      return (model: training.best, plan: Weak(plan))
    }()
    #expect(best.plan.object == nil)
    #expect(best.model.parameters.count > 0)
  }
}

private struct Weak {
  weak var object: NetworkPlan?
  init(_ object: NetworkPlan) { self.object = object }
}
