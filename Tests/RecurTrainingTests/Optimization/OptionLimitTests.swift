// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import Testing

@testable import RecurTraining

/// The limits of options: the greatest and least values that are accepted, and what is expected instead of others.
@Suite struct OptionLimitTests {
  private func message(_ body: () throws -> Void) -> String? {
    do { try body() } catch { return "\(error)" }
    return nil
  }

  @Test(
    arguments: [
      (.sgd(), nil), (.sgd(momentum: 0.5, dampening: 1), nil),
      (.sgd(momentum: 0.5, nesterov: true), nil),
      (.sgd(momentum: -0.5), "momentum is -0.5, expected at least 0"),
      (.sgd(momentum: 0.5, dampening: 1.5), "dampening is 1.5, expected 0 to 1"),
      (.sgd(momentum: 0.5, dampening: -0.5), "dampening is -0.5, expected 0 to 1"),
      (.sgd(dampening: 0.5), "dampening is 0.5, expected 0 without momentum"),
      (.sgd(nesterov: true), "nesterov requires momentum and no dampening"),
      (
        .sgd(momentum: 0.5, dampening: 0.5, nesterov: true),
        "nesterov requires momentum and no dampening"
      ), (.sgd(weightDecay: -1), "weightDecay is -1.0, expected at least 0"),
      (.rmsProp(alpha: 0, epsilon: 0), nil),
      (.rmsProp(alpha: 1), "alpha is 1.0, expected 0 to below 1"),
      (.rmsProp(alpha: -0.5), "alpha is -0.5, expected 0 to below 1"),
      (.rmsProp(epsilon: -1), "epsilon is -1.0, expected at least 0"),
      (.rmsProp(momentum: -1), "momentum is -1.0, expected at least 0"),
      (.rmsProp(weightDecay: -1), "weightDecay is -1.0, expected at least 0"),
      (.adam(beta1: 0, beta2: 0, epsilon: 0), nil),
      (.adam(beta1: 1), "beta1 is 1.0, expected 0 to below 1"),
      (.adam(beta2: 1), "beta2 is 1.0, expected 0 to below 1"),
      (.adam(beta1: -0.5), "beta1 is -0.5, expected 0 to below 1"),
      (.adamW(beta2: -0.5), "beta2 is -0.5, expected 0 to below 1"),
      (.adam(epsilon: -1), "epsilon is -1.0, expected at least 0"),
      (.adamW(weightDecay: -1), "weightDecay is -1.0, expected at least 0"),
    ] as [(Optimizer, String?)])
  func optimizers(optimizer: Optimizer, expected: String?) {
    #expect(message { try optimizer.validate() } == expected)
  }

  @Test func defaultsAreThoseOfPyTorch() {
    #expect(
      Optimizer.sgd() == .sgd(momentum: 0, dampening: 0, nesterov: false, weightDecay: 0))
    #expect(
      Optimizer.rmsProp()
        == .rmsProp(alpha: 0.99, epsilon: 1e-8, momentum: 0, centered: false, weightDecay: 0))
    #expect(Optimizer.adam() == .adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0))
    #expect(Optimizer.adamW() == .adamW(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01))
    #expect(
      Schedule.onPlateau()
        == .onPlateau(factor: 0.1, patience: 10, threshold: 1e-4, minimumFactor: 0))
    #expect(Schedule.cosine(steps: 3) == .cosine(steps: 3, minimumFactor: 0))
    #expect(Schedule.warmUp(steps: 3) == .warmUp(steps: 3, then: .constant))
    #expect(Loss.huber() == .huber(delta: 1))
    #expect(Loss.errorToSignal() == .errorToSignal(preEmphasis: 0.85))
    #expect(Loss.crossEntropy() == .crossEntropy(ignoring: nil, classWeights: nil))
    #expect(HeadLoss(.meanSquaredError).weight == 1)
    let options = TrainingOptions(loss: .meanSquaredError)
    #expect(
      options
        == TrainingOptions(
          loss: .meanSquaredError, optimizer: .adam(), learningRate: 1e-3, schedule: .constant,
          clipping: .none, epochs: 10, batching: .shuffled(size: 32), patience: nil, seed: 0))
  }

  @Test(
    arguments: [
      (.constant, nil), (.step(every: 1, factor: 2), nil),
      (.step(every: 0, factor: 2), "every is 0, expected at least 1"),
      (.step(every: 1, factor: 0), "factor is 0.0, expected above 0"),
      (.cosine(steps: 1, minimumFactor: 1), nil),
      (.cosine(steps: 0), "steps is 0, expected at least 1"),
      (.cosine(steps: 1, minimumFactor: 1.5), "minimumFactor is 1.5, expected 0 to 1"),
      (.cosine(steps: 1, minimumFactor: -0.5), "minimumFactor is -0.5, expected 0 to 1"),
      (.warmUp(steps: 1), nil), (.warmUp(steps: 0), "steps is 0, expected at least 1"),
      (.warmUp(steps: 1, then: .cosine(steps: 0)), "steps is 0, expected at least 1"),
      (.onPlateau(factor: 0.5, patience: 0, threshold: 0, minimumFactor: 1), nil),
      (.onPlateau(factor: 1), "factor is 1.0, expected above 0 and below 1"),
      (.onPlateau(factor: 0), "factor is 0.0, expected above 0 and below 1"),
      (.onPlateau(patience: -1), "patience is -1, expected at least 0"),
      (.onPlateau(threshold: 1), "threshold is 1.0, expected 0 to below 1"),
      (.onPlateau(threshold: -0.5), "threshold is -0.5, expected 0 to below 1"),
      (.onPlateau(minimumFactor: 1.5), "minimumFactor is 1.5, expected 0 to 1"),
      (.onPlateau(minimumFactor: -0.5), "minimumFactor is -0.5, expected 0 to 1"),
    ] as [(Schedule, String?)])
  func schedules(schedule: Schedule, expected: String?) {
    #expect(message { try schedule.validate() } == expected)
  }

  @Test func schedulesHaveProperties() {
    let plateau = Schedule.onPlateau()
    let all: [(Schedule, Schedule?, Bool)] = [
      (.constant, nil, false), (.step(every: 2, factor: 0.5), nil, false),
      (.cosine(steps: 4), nil, true), (.warmUp(steps: 2), nil, false), (plateau, plateau, false),
      (.warmUp(steps: 2, then: plateau), plateau, false),
      (.warmUp(steps: 2, then: .cosine(steps: 4)), nil, true),
    ]
    for (schedule, plateau, dependsOnRunLength) in all {
      #expect(schedule.plateau == plateau && schedule.needsValidation == (plateau != nil))
      #expect(schedule.dependsOnRunLength == dependsOnRunLength)
    }
  }

  @Test func factorsByHand() {
    func factors(_ schedule: Schedule) -> [Double] {
      (0..<6).map { (1e6 * schedule.factor(atStep: $0)).rounded() / 1e6 }
    }
    #expect(factors(.constant) == [1, 1, 1, 1, 1, 1])
    #expect(factors(.onPlateau()) == [1, 1, 1, 1, 1, 1])
    #expect(factors(.step(every: 2, factor: 0.5)) == [1, 1, 0.5, 0.5, 0.25, 0.25])
    #expect(factors(.cosine(steps: 4)) == [1, 0.853553, 0.5, 0.146447, 0, 0])
    #expect(
      factors(.cosine(steps: 4, minimumFactor: 0.5)) == [1, 0.926777, 0.75, 0.573223, 0.5, 0.5])
    #expect(factors(.warmUp(steps: 4)) == [0.25, 0.5, 0.75, 1, 1, 1])
    #expect(
      factors(.warmUp(steps: 2, then: .step(every: 1, factor: 0.5)))
        == [0.5, 1, 1, 0.5, 0.25, 0.125])
  }

  @Test func plateausEnd() throws {
    var rate = try LearningRate(
      8, schedule: .onPlateau(factor: 0.5, patience: 1, threshold: 0.25, minimumFactor: 0.375))
    var rates: [Double] = []
    // A loss is a new minimum if it is below three quarters of the last one.
    for loss in [4, 3, 2.9, 2.9, 2.1, 2.175, 2.175, 1, 2, 2] as [Double] {
      rate.observe(validationLoss: loss)
      rates.append(rate.value(atStep: 0))
    }
    #expect(rates == [8, 8, 8, 8, 8, 8, 4, 4, 4, 3])
    #expect(message { _ = try LearningRate(0) } == "learningRate is 0.0, expected above 0")
    #expect(
      message { _ = try LearningRate(.infinity) }
        == "learningRate is inf, expected a finite number, above 0")
  }

  @Test(
    arguments: [
      (.huber(delta: 0), "delta is 0.0, expected above 0"), (.errorToSignal(preEmphasis: 0), nil),
      (.errorToSignal(preEmphasis: 1), nil),
      (.errorToSignal(preEmphasis: 1.5), "preEmphasis is 1.5, expected 0 to 1"),
      (.quantiles([]), "quantiles is [], expected values between 0 and 1"),
      (.quantiles([0.5, 1]), "quantiles is [0.5, 1.0], expected values between 0 and 1"),
      (.quantiles([0]), "quantiles is [0.0], expected values between 0 and 1"),
      (.crossEntropy(classWeights: [0, 1]), nil),
      (
        .crossEntropy(classWeights: [0, 0]),
        "classWeights is [0.0, 0.0], expected finite numbers of at least 0, and one above 0"
      ),
      (
        .crossEntropy(classWeights: [-1, 1]),
        "classWeights is [-1.0, 1.0], expected finite numbers of at least 0, and one above 0"
      ),
      (
        .crossEntropy(classWeights: [.infinity]),
        "classWeights is [inf], expected finite numbers of at least 0, and one above 0"
      ), (.heads([:]), "heads is 0, expected at least 1"),
      (.heads(["a": .init(.meanSquaredError, weight: 0)]), nil),
      (
        .heads(["a": .init(.meanSquaredError, weight: -1)]),
        "weight of a is -1.0, expected at least 0"
      ),
      (
        .heads(["a": .init(.heads(["b": .init(.meanSquaredError)]))]),
        "a is a sum of losses, expected one loss"
      ), (.heads(["a": .init(.huber(delta: 0))]), "delta is 0.0, expected above 0"),
    ] as [(Loss, String?)])
  func losses(loss: Loss, expected: String?) {
    #expect(message { try loss.validate() } == expected)
  }

  @Test func lossesOfOneValue() {
    func term(_ loss: Loss, _ y: Double, _ t: Double, _ level: Double = 0) -> [Double] {
      let (value, slope) = loss.term(y, t, level: level)
      return [value, slope]
    }
    #expect(term(.meanSquaredError, 3, 5) == [4, -4])
    #expect(term(.meanAbsoluteError, 3, 5) == [2, -1])
    #expect(term(.meanAbsoluteError, 7, 5) == [2, 1])
    #expect(term(.meanAbsoluteError, 5, 5) == [0, 0])
    #expect(term(.huber(delta: 2), 7, 5) == [2, 2])
    #expect(term(.huber(delta: 2), 6, 5) == [0.5, 1])
    #expect(term(.huber(delta: 2), 9, 5) == [6, 2])
    #expect(term(.huber(delta: 2), 1, 5) == [6, -2])
    #expect(term(.quantiles([0.25]), 7, 5, 0.25) == [1.5, 0.75])
    #expect(term(.quantiles([0.25]), 3, 5, 0.25) == [0.5, -0.25])
    #expect(term(.quantiles([0.25]), 5, 5, 0.25) == [0, 0.25])
    #expect(Loss.quantiles([0.1, 0.5, 0.9]).outputSize(targets: 2) == 6)
    #expect(Loss.meanSquaredError.outputSize(targets: 2) == 2)
  }

  @Test func runsHaveLimits() {
    func expect(_ expected: String?, _ change: (inout TrainingOptions) -> Void) {
      var options = TrainingProblem.options
      change(&options)
      #expect(message { try options.validate() } == expected)
    }
    expect(nil) { ($0.epochs, $0.patience, $0.batching) = (1, 1, .shuffled(size: 1)) }
    expect("epochs is 0, expected at least 1") { $0.epochs = 0 }
    expect("patience is 0, expected at least 1") { $0.patience = 0 }
    expect("batching is 0, expected at least 1") { $0.batching = .inOrder(size: 0) }
    expect("clipping is 0.0, expected above 0") { $0.clipping = .norm(0) }
    expect("clipping is -1.0, expected above 0") { $0.clipping = .value(-1) }
  }

  @Test(
    arguments: [
      (.shuffled(size: 4), 4, [0, 1, 1, 2]), (.inOrder(size: 1), 1, [0, 3, 4, 5]),
      (.stateful, 1, [0, 3, 4, 5]),
    ] as [(Batching, Int, [Int])])
  func epochsHaveSteps(batching: Batching, size: Int, steps: [Int]) {
    #expect(batching.size == size)
    #expect([0, 3, 4, 5].map { batching.steps(examples: $0) } == steps)
  }

  @Test func normsAreClipped() throws {
    var gradients = try Linear<Double>(inputSize: 1, outputSize: 2, seed: 1).parameters
    try gradients.setElements([3, -4, 0, 12])
    var other = gradients
    #expect(try other.clip(.norm(6.5)) == 13)
    #expect(abs(other.norm - 6.5) < 1e-5 && other.norm < 6.5)
    other = gradients
    #expect(try other.clip(.norm(14)) == 13 && other == gradients)
    #expect(try other.clip(.value(3.5)) == 13)
    #expect(other.elements == [3, -3.5, 0, 3.5])
    #expect(try other.clip(.none) == other.norm)
    #expect(GradientClipping.factor(to: 1, norm: 1.0) == 1 / (1 + 1e-6))
    #expect(GradientClipping.factor(to: 2, norm: 1.0) == 1)
  }

  @Test func forecastersHaveDefaults() {
    let plain = ForecasterOptions(horizon: 3)
    #expect(
      plain
        == ForecasterOptions(
          period: 1, horizon: 3,
          components: [.network, .autoregressive, .exponentialSmoothing], scale: nil,
          minimum: nil, maximum: nil, window: 24, form: nil, seasons: 1, cell: .lstm,
          hiddenSize: 16, members: 2, levels: [0.1, 0.5, 0.9], calibrates: true, epochs: nil,
          batchSize: 64, learningRate: 0.005, clipping: .norm(1), validationShare: 0, seed: 1))
    let seasonal = ForecasterOptions(period: 2, horizon: 3)
    #expect(seasonal.window == 4 && seasonal.seasons == 3)
    #expect(ForecasterOptions(period: 53, horizon: 3).window == 104)
    #expect(plain.valuesNeeded == 28 && seasonal.valuesNeeded == 13)
    #expect(ForecasterOptions(period: .max, horizon: 1).valuesNeeded == .max)
    #expect(ForecasterOptions(horizon: .max).valuesNeeded == .max)
  }

  @Test func forecastersTrainForSomeSteps() {
    var options = ForecasterOptions(horizon: 3, batchSize: 10, validationShare: 0.25, seed: 7)
    let training = options.training(windows: 31, network: 2)
    #expect(
      training
        == TrainingOptions(
          loss: .quantiles([0.1, 0.5, 0.9]), optimizer: .adam(), learningRate: 0.005,
          schedule: .cosine(steps: 300), clipping: .norm(1), epochs: 75,
          batching: .shuffled(size: 10), seed: 2007))
    #expect(options.training(windows: 70, network: 0).epochs == 43)
    options.epochs = 5
    #expect(options.training(windows: 30, network: 0).schedule == .cosine(steps: 15))
    #expect([1, 3, 4, 8, 9].map(options.windowsForValidation(of:)) == [1, 1, 1, 2, 2])
    options.validationShare = 0
    #expect(options.windowsForValidation(of: 8) == 0)
  }

  @Test func forecastersHaveLimits() {
    func expect(_ expected: String?, _ change: (inout ForecasterOptions) -> Void) {
      var options = ForecasterOptions(period: 2, horizon: 3)
      change(&options)
      #expect(message { try options.validate() } == expected)
    }
    expect(nil) {
      ($0.horizon, $0.window, $0.hiddenSize, $0.members, $0.batchSize) = (1, 1, 1, 1, 1 << 24)
      ($0.levels, $0.validationShare, $0.epochs) = ([0.5], (0.5).nextDown, 1)
    }
    expect("horizon is 0, expected at least 1") { $0.horizon = 0 }
    expect("window is 16777217, expected at most 2^24") { $0.window = 1 << 24 + 1 }
    expect("epochs is 0, expected at least 1") { $0.epochs = 0 }
    expect("seasons is 3, expected 1 if period is 1") { $0.period = 1 }
    expect("levels is [0.1, 0.9], expected increasing values that include 0.5") {
      $0.levels = [0.1, 0.9]
    }
    expect("levels is [0.5, 0.5], expected increasing values that include 0.5") {
      $0.levels = [0.5, 0.5]
    }
    expect("quantiles is [0.0, 0.5], expected values between 0 and 1") { $0.levels = [0, 0.5] }
    expect("clipping is 0.0, expected above 0") { $0.clipping = .norm(0) }
    expect("learningRate is 0.0, expected above 0") { $0.learningRate = 0 }
    expect("validationShare is 0.5, expected 0 to below 0.5") { $0.validationShare = 0.5 }
    expect("validationShare is -0.5, expected 0 to below 0.5") { $0.validationShare = -0.5 }
  }

  @Test func seriesHaveLimits() {
    #expect(message { try requireSeries([1e300, -1e300], count: 2) } == nil)
    #expect(
      message { try requireSeries([1], count: 2) } == "values has 1 elements, expected at least 2")
    #expect(
      message { try requireSeries([1, 2e300], count: 2) }
        == "values has 2e+300 at index 1, expected finite values of at most 1e+300 in magnitude")
    #expect(
      message { try requireSeries([-.infinity], count: 0) }
        == "values has -inf at index 0, expected finite values")
    #expect(
      message { _ = try Autoregression(fitting: [1, 2, 3], maximumOrder: -1) }
        == "maximumOrder is -1, expected at least 0")
    #expect(
      BacktestOptions(origins: 3).fits == 1 && BacktestOptions(origins: 3, refits: true).fits == 3)
    #expect(BacktestOptions(origins: 3, stride: 2).origins(count: 20, horizon: 5) == [11, 13, 15])
  }
}
