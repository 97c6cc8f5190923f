// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// An ensemble of recurrent networks that is trained on a series and forecasts its continuation.
///
/// ```swift
/// let options = ForecasterOptions(period: 52, horizon: 104)
/// let forecaster = try SeriesForecaster<Float>(
///   fitting: values, options: options)
/// let forecast = try forecaster.forecast(after: values)
/// print(forecast.median, forecast.lower, forecast.upper)
/// ```
///
/// Each network reads a window of the series and predicts the quantiles of all steps ahead at once.
/// It is trained with the quantile loss (Wen et al., "A multi-horizon quantile recurrent
/// forecaster", 2017) on standardized values. Forecasters with the same seed are bit-identical.
public struct SeriesForecaster<Scalar: RecurScalar>: Sendable {
  /// The options of the forecast.
  public let options: ForecasterOptions

  /// The networks of the members.
  public let models: [SequenceModel<Scalar>]

  /// The form in which the networks read and predict the series: the form in the options, or the
  /// one chosen automatically.
  public var form: SeriesForm { scaling.form }

  /// The factor, at least 1, by which prediction intervals are widened around their median. With
  /// this factor, the intervals of a network trained without the last quarter of the series cover
  /// their nominal share of that quarter. Nil if the series was too short to calibrate, or if
  /// ``ForecasterOptions/calibratesIntervals`` is false; the intervals are then probably too
  /// narrow.
  public let calibrationFactor: Double?

  let scaling: SeriesScaling

  /// Creates a forecaster by training on a series.
  ///
  /// - Parameters:
  ///   - values: the series, equally spaced in time; all finite.
  ///   - options: the options of the forecast.
  ///   - threads: the threads that share the work; the calling thread alone if nil.
  ///   - progress: called after every step.
  /// - Throws: `RecurError` if an option is out of range, or if the series is too short or not
  ///   finite; ``TrainingError`` if the loss does not stay finite; any error that `progress`
  ///   throws.
  public init(
    fitting values: [Double], options: ForecasterOptions, threads: Threads? = nil,
    progress: (ForecasterTrainingStep) throws -> Void = { _ in }
  ) throws {
    var training = try ForecasterTraining<Scalar>(fitting: values, options: options)
    while let step = try training.step(threads: threads) { try progress(step) }
    self = training.forecaster!
  }

  init(
    options: ForecasterOptions, scaling: SeriesScaling, calibrationFactor: Double?,
    models: [SequenceModel<Scalar>]
  ) {
    self.options = options
    self.scaling = scaling
    self.calibrationFactor = calibrationFactor
    self.models = models
  }

  /// Forecasts the continuation of a series, which may extend beyond the training values.
  ///
  /// - Parameter values: at least seasons · period + window values, equally spaced in time; all
  ///   finite.
  /// - Returns: the quantiles of each step ahead.
  /// - Throws: `RecurError.invalid(argument:reason:)` if there are too few values, or if a value or
  ///   the forecast is not finite.
  public func forecast(after values: [Double]) throws(RecurError) -> Forecast {
    try requireSeries(values, count: options.valuesNeeded - options.horizon)
    let window = scaling.inputs(values.suffix(options.period + options.window))
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
    let forecast = Forecast(
      levels: options.levels, steps: scaling.values(steps, after: values), calibrationFactor: nil
    ).widened(by: calibrationFactor)
    guard forecast.steps.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
      throw .invalid(argument: "forecast", reason: "is not finite")
    }
    return forecast
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
