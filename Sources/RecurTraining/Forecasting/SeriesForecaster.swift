// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// Recurrent networks that were trained on a series, and forecast how it goes on.
///
/// ```swift
/// let options = ForecasterOptions(period: 52, horizon: 104)
/// let forecaster = try SeriesForecaster<Float>(fitting: values, options: options)
/// let forecast = try forecaster.forecast(after: values)
/// print(forecast.median, forecast.lower, forecast.upper)
/// ```
///
/// A network reads a window of the series and says quantiles of all steps ahead in one go. It is trained
/// by their quantile loss (Wen et al., "A multi-horizon quantile recurrent forecaster", 2017), on numbers
/// that are scaled by what it is trained on. The same seed gives the same bits.
public struct SeriesForecaster<Scalar: RecurScalar>: Sendable {
  public let options: ForecasterOptions

  /// One for each member.
  public let models: [SequenceModel<Scalar>]

  /// The form that was given or chosen.
  public var form: SeriesForm { scaling.form }

  /// The factor by which prediction intervals are widened around their median, 1 or more, so that those
  /// of a network of the same kind would have covered their share of the last quarter of the series, which
  /// it had not seen. Nil where intervals are not calibrated, and likely too narrow: the series was too
  /// short, or ``ForecasterOptions/calibratesIntervals`` is false.
  public let calibrationFactor: Double?

  let scaling: SeriesScaling

  /// Trains on a series of numbers at equal distances in time.
  ///
  /// - `progress`: is told of every step.
  /// - Throws: `RecurError` for options out of range or a series that is too short or not finite;
  ///   ``TrainingError`` if the loss does not stay finite.
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

  /// What comes after these values, which may go on beyond those that were trained on.
  ///
  /// - Throws: `RecurError` for fewer than seasons · period + window values, or one that is not finite.
  public func forecast(after values: [Double]) throws(RecurError) -> Forecast {
    try requireSeries(values, count: options.valuesNeeded - options.horizon)
    let window = scaling.inputs(values.suffix(options.period + options.window))
      .suffix(options.window).map { Scalar($0) }
    let input = try SequenceBatch(
      steps: options.window, batchSize: 1,
      matrix: Matrix(rows: options.window, columns: 1, elements: window))
    let (levels, members) = (options.levels.count, Double(models.count))
    var said = Array(repeating: 0.0, count: options.horizon * levels)
    for model in models {
      let outputs = try model(.features(input)).outputs.elements
      for (index, output) in outputs.enumerated() { said[index] += Double(output) / members }
    }
    // Quantiles that were learned apart may cross.
    let steps = (0..<options.horizon).map { step in
      said[step * levels..<(step + 1) * levels].sorted()
    }
    return Forecast(
      levels: options.levels, steps: scaling.values(steps, after: values), calibrationFactor: nil
    ).widened(by: calibrationFactor)
  }
}

/// A step in the training of one of a forecaster's networks.
public struct ForecasterTrainingStep: Sendable, Equatable {
  /// Which network, from 0; nil of the one for the calibration.
  public var member: Int?

  /// How many epochs its training has.
  public var epochs: Int
  public var step: TrainingStep
}

func requireSeries(_ values: [Double], count: Int) throws(RecurError) {
  guard values.count >= count else {
    throw .invalid(
      argument: "values", reason: "are \(values.count), expected at least \(count)")
  }
  guard let bad = values.firstIndex(where: { !$0.isFinite }) else { return }
  throw .invalid(
    argument: "values", reason: "have \(values[bad]) at \(bad), expected finite numbers")
}
