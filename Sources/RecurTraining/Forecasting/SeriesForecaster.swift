// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// A combination of recurrent networks, an autoregressive model and exponential smoothing that is
/// fitted to a series and forecasts its continuation.
///
/// ```swift
/// let options = ForecasterOptions(period: 52, horizon: 104)
/// let forecaster = try SeriesForecaster<Float>(
///   fitting: values, options: options)
/// let forecast = try forecaster.forecast(after: values)
/// print(forecast.median, forecast.lower, forecast.upper)
/// ```
///
/// Each component predicts quantiles. The forecast is the weighted mean of these quantiles; a
/// ``ForecastCalibration`` chooses the weights on the last 25% of the series.
///
/// Each network reads a window of the series and predicts the quantiles of all steps ahead at once.
/// It is trained with the quantile loss (Wen et al., "A multi-horizon quantile recurrent
/// forecaster", 2017) on standardized values. Forecasters with the same seed are bit-identical.
public struct SeriesForecaster<Scalar: RecurScalar>: Sendable {
  /// The options of the forecast.
  public let options: ForecasterOptions

  /// The networks of the members; empty if ``components`` have no network.
  public let models: [SequenceModel<Scalar>]

  /// The scale of the forecast: the one in the options, or the one chosen automatically.
  public let scale: SeriesScale

  /// The components of the forecast: those in the options, without the networks if the series was
  /// too short for them.
  public let components: [ForecastComponent]

  /// The weights of the components and the width of the prediction intervals; nil if the series was
  /// too short to calibrate, or if ``ForecasterOptions/calibrates`` is false. The components then
  /// have equal weights. For a series that is too short, and without networks, the autoregressive
  /// model is one of the seasonal differences, and the distances of the quantiles from the median are
  /// multiplied by 1.25.
  public let calibration: ForecastCalibration?

  /// The form in which the networks read and predict the series: the form in the options, or the
  /// one chosen automatically. Nil without networks.
  public var form: SeriesForm? { scaling?.form }

  let scaling: SeriesScaling?

  /// Whether the series was too short to calibrate components that need no network.
  package var isTooShort: Bool {
    options.calibrates && calibration == nil && !components.contains(.network)
  }

  /// Creates a forecaster by fitting its components to a series.
  ///
  /// A series that is too short to train networks and to calibrate them is forecast by the other
  /// components alone.
  ///
  /// - Parameters:
  ///   - values: the series, equally spaced in time; all finite.
  ///   - options: the options of the forecast.
  ///   - threads: the threads that share the work; the calling thread alone if nil.
  ///   - progress: called after every training step of a network.
  /// - Throws: `RecurError` if an option is out of range, or if the series is too short or not
  ///   finite; ``TrainingError`` if the loss does not stay finite; any error that `progress`
  ///   throws.
  public init(
    fitting values: [Double], options: ForecasterOptions, threads: Threads? = nil,
    progress: (ForecasterTrainingStep) throws -> Void = { _ in }
  ) throws {
    try options.validate()
    guard options.usesNetworks(values.count) else {
      self = try Self(fittingWithoutNetworks: values, options)
      return
    }
    var training = try ForecasterTraining<Scalar>(fitting: values, options: options)
    while let step = try training.step(threads: threads) { try progress(step) }
    self = training.forecaster!
  }

  private init(
    fittingWithoutNetworks values: [Double], _ options: ForecasterOptions
  ) throws(RecurError) {
    let needed = options.leastValues
    try requireSeries(values, count: needed)
    let plain = Self(
      options: options, scale: options.scale(for: values), scaling: nil, calibration: nil,
      models: [])
    let plan = CalibrationPlan(count: values.count, needed: needed, options)
    self = plain.calibrated(
      try plan.map { plan throws(RecurError) in try plain.calibration(plan, values) })
  }

  init(
    options: ForecasterOptions, scale: SeriesScale, scaling: SeriesScaling?,
    calibration: ForecastCalibration?, models: [SequenceModel<Scalar>]
  ) {
    self.options = options
    self.scale = scale
    self.scaling = scaling
    self.calibration = calibration
    self.models = models
    components = options.components.filter { $0 != .network || !models.isEmpty }
  }

  private func calibrated(_ calibration: ForecastCalibration?) -> Self {
    Self(
      options: options, scale: scale, scaling: scaling, calibration: calibration, models: models)
  }

  /// Forecasts the continuation of a series, which may extend beyond the training values. Only the
  /// networks and the calibration come from the training values; the other components are fitted to
  /// this series.
  ///
  /// - Parameter values: the series, equally spaced in time; all finite. Networks need at least
  ///   seasons · period + window values, the other components period + 2.
  /// - Returns: the quantiles of each step ahead.
  /// - Throws: `RecurError.invalid(argument:reason:)` if there are too few values, or if a value or
  ///   the forecast is not finite.
  public func forecast(after values: [Double]) throws(RecurError) -> Forecast {
    let needed = models.isEmpty ? options.period + 2 : options.valuesNeeded - options.horizon
    try requireSeries(values, count: needed)
    let numbers = try scale.applied(to: values)
    var parts: [[[Double]]] = []
    for component in components { parts.append(try quantiles(of: component, after: numbers)) }
    let combined = ForecastCalibration.combined(
      parts, calibration, options.levels, isTooShort: isTooShort)
    let limits = options.limits(for: values)
    let forecast = Forecast(
      levels: options.levels,
      steps: combined.map { $0.map { limits.nearest(to: scale.value(of: $0)) } },
      calibration: calibration)
    guard forecast.steps.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
      throw .invalid(argument: "forecast", reason: "is not finite")
    }
    return forecast
  }

  /// Predicts the quantiles of a component on the scale of the forecast.
  private func quantiles(
    of component: ForecastComponent, after numbers: [Double]
  ) throws(RecurError) -> [[Double]] {
    let horizon = options.horizon
    let model = try component.model(
      fitting: numbers, period: options.period, horizon: horizon,
      form: isTooShort ? .seasonalDifferences : nil)
    guard let model else { return try networkQuantiles(after: numbers) }
    return model.quantiles(after: numbers, horizon: horizon, levels: options.levels)
  }

  /// Predicts the quantiles of the networks: the means over all members.
  func networkQuantiles(after numbers: [Double]) throws(RecurError) -> [[Double]] {
    let window = scaling!.inputs(numbers.suffix(options.period + options.window))
      .suffix(options.window).map { Scalar($0) }
    let input = try SequenceBatch(
      steps: options.window, batchSize: 1,
      matrix: Matrix(rows: options.window, columns: 1, elements: window))
    let (levels, members) = (options.levels.count, Double(models.count))
    var predicted = Array(repeating: 0.0, count: options.horizon * levels)
    for model in models {
      let outputs = try model(.features(input)).output.elements
      for (index, output) in outputs.enumerated() { predicted[index] += Double(output) / members }
    }
    // Quantiles are learned independently and may cross.
    let steps = (0..<options.horizon).map { step in
      predicted[step * levels..<(step + 1) * levels].sorted()
    }
    return scaling!.values(steps, after: numbers)
  }
}

/// A training step of one of a forecaster's networks.
public struct ForecasterTrainingStep: Sendable, Equatable {
  /// The index of the member, from 0; nil for the calibration network.
  public var member: Int?

  /// The number of epochs of the network's run.
  public var epochs: Int

  /// The results of the step.
  public var trainingStep: TrainingStep
}

/// The maximum magnitude of a value of a series. Sums of larger values could overflow.
package let maximumMagnitude = 1e300

func requireSeries(_ values: [Double], count: Int) throws(RecurError) {
  guard values.count >= count else {
    throw .invalid(
      argument: "values", reason: "has \(values.count) elements, expected at least \(count)")
  }
  guard let bad = values.firstIndex(where: { !($0.magnitude <= maximumMagnitude) }) else { return }
  throw .invalid(
    argument: "values",
    reason: "has \(values[bad]) at index \(bad), expected finite values"
      + (values[bad].isFinite ? " of at most \(maximumMagnitude) in magnitude" : ""))
}
