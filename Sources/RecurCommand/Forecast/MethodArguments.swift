// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import RecurTraining

extension ForecastComponent: ExpressibleByArgument {}
extension SeriesScale: ExpressibleByArgument {}

/// The options that forecasts of one series and of a panel have in common.
protocol ForecastDomain {
  var components: [ForecastComponent] { get set }
  var scale: SeriesScale? { get set }
  var minimum: Double? { get set }
  var maximum: Double? { get set }
}

extension ForecasterOptions: ForecastDomain {}
extension PanelOptions: ForecastDomain {}

/// The methods that a forecast combines, and the domain of the values.
struct MethodArguments: ParsableArguments {
  @Option(help: "Method of the forecast; repeatable. (default: a combination of all)")
  var method: [ForecastComponent] = []
  @Option(help: "Scale of the forecast. (default: from the series)") var scale: SeriesScale?
  @Flag(help: "Keep the forecast positive: the same as --scale logarithmic.") var positive = false
  @Option(
    parsing: .unconditional,
    help:
      "Minimum of the forecast; -inf for none. (default: 0 if no value of the series is negative)")
  var minimum: Double?
  @Option(parsing: .unconditional, help: "Maximum of the forecast. (default: none)")
  var maximum: Double?

  func validate() throws {
    guard Set(method).count == method.count else {
      throw ValidationError("--method is given twice with one method")
    }
    guard !positive || scale != .linear else {
      throw ValidationError("--positive cannot be combined with --scale linear")
    }
    for (name, limit) in [("--minimum", minimum), ("--maximum", maximum)] {
      guard limit?.isNaN != true else {
        throw ValidationError("\(name) is nan, expected a number")
      }
    }
    guard minimum ?? -.infinity < maximum ?? .infinity else {
      throw ValidationError(
        "--maximum is \(maximum!), expected more than --minimum, \(minimum!)")
    }
  }

  func set(_ options: inout some ForecastDomain) {
    if !method.isEmpty { options.components = method }
    options.scale = positive ? .logarithmic : scale
    options.minimum = minimum
    options.maximum = maximum
  }
}

extension ForecasterOptions {
  /// Checks that all values have a logarithm, if the scale is logarithmic.
  func requireLogarithms(of series: Series, path: String) throws {
    guard scale == .logarithmic,
      let index = series.values.firstIndex(where: { $0.map { $0 <= 0 } ?? false })
    else { return }
    throw BadInput(
      "\(path): the value of \(series.dates[index]) is \(shortest(series.values[index]!)), expected values above "
        + "0 for --positive and --scale logarithmic")
  }

  /// Prints that the forecast is at least 0, if nothing else is given and no value of the series is
  /// negative. Warns of limits beyond all values.
  ///
  /// - Parameters:
  ///   - series: The series.
  ///   - hint: A way to choose another minimum.
  func noteMinimum(of series: Series, hint: String = "") {
    guard let range = series.range else { return }
    if let minimum, minimum > range.upperBound {
      alert(
        "warning: --minimum is \(shortest(minimum)), more than every value (at most "
          + "\(shortest(range.upperBound)))")
    }
    if let maximum, maximum < range.lowerBound {
      alert(
        "warning: --maximum is \(shortest(maximum)), less than every value (at least "
          + "\(shortest(range.lowerBound)))")
    }
    guard minimum == nil, maximum ?? 1 > 0, range.lowerBound >= 0 else { return }
    note("  no value is negative: the forecast is at least 0\(hint)")
  }
}
