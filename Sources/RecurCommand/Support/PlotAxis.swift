// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// The vertical axis of a plot: its range, and labels that differ from each other.
struct PlotAxis {
  /// The power of ten that the positions and the labels are multiples of; 0 if the labels are short
  /// without one.
  let exponent: Int

  /// The ends of the axis, in units of 10^`exponent`.
  let (low, high): (Double, Double)

  /// The positions and labels of the marks, in units of 10^`exponent`.
  let marks: [(position: Double, label: String)]

  /// The axis for some values. Infinite values and NaN are ignored.
  init(of values: [Double]) {
    let values = values.filter(\.isFinite)
    let magnitude = values.map(abs).max() ?? 0
    let power = magnitude > 0 ? Int(log10(magnitude).rounded(.down)) : 0
    // Without the division, a difference could overflow.
    let (least, most) = (
      (values.min() ?? 0).divided(byPowerOfTen: power),
      (values.max() ?? 0).divided(byPowerOfTen: power)
    )
    let isFlat = most - least <= 1e-10 * magnitude.divided(byPowerOfTen: power)
    let margin = isFlat ? (magnitude > 0 ? 0.1 * abs(most) : 1) : 0.05 * (most - least)
    let (low, high) = (least - margin, most + margin)
    let step = Step(for: high - low)
    let thousands = 3 * power.floorDivided(by: 3)
    let plain = step.labelLength(ofPower: power, exponent: 0)
    let short = step.labelLength(ofPower: power, exponent: thousands)
    exponent = plain <= max(7, short) ? 0 : thousands
    let shift = power - exponent
    let decimals = max(0, -step.power - shift)
    self.low = low.multiplied(byPowerOfTen: shift)
    self.high = high.multiplied(byPowerOfTen: shift)
    marks = (Int((low / step.size).rounded(.up))...Int((high / step.size).rounded(.down))).map {
      let position = (Double($0 * step.factor)).multiplied(byPowerOfTen: step.power + shift)
      return (position, String(format: "%.\(decimals)f", position))
    }
  }

  /// A value in units of 10^`exponent`.
  func position(_ value: Double) -> Double { value.divided(byPowerOfTen: exponent) }

  /// The name of the axis, with the power of ten: `sales, in 10⁹` or `10⁹ kg`.
  func name(column: String, unit: String) -> String {
    guard exponent != 0 else { return unit.isEmpty ? column : unit }
    let power = "10" + "\(exponent)".map { Self.superscripts[$0]! }
    return unit.isEmpty ? "\(column)\(column.isEmpty ? "" : ", ")in \(power)" : "\(power) \(unit)"
  }

  private static let superscripts = Dictionary(
    uniqueKeysWithValues: zip("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))

  /// The distance of two marks: 1, 2 or 5 times a power of ten.
  private struct Step {
    let factor: Int
    let power: Int

    /// At most eight marks for a range.
    init(for range: Double) {
      let wanted = range / 8
      let power = Int(log10(wanted).rounded(.down))
      let factor = [1, 2, 5].first { wanted <= Double($0).multiplied(byPowerOfTen: power) }
      (self.factor, self.power) = factor.map { ($0, power) } ?? (1, power + 1)
    }

    var size: Double { Double(factor).multiplied(byPowerOfTen: power) }

    /// The length of the labels of values with a power of ten, in units of 10^`exponent`.
    func labelLength(ofPower valuePower: Int, exponent: Int) -> Int {
      let decimals = max(0, exponent - valuePower - power)
      return max(1, valuePower - exponent + 1) + (decimals > 0 ? decimals + 1 : 0)
    }
  }
}

extension Double {
  fileprivate func multiplied(byPowerOfTen power: Int) -> Double {
    // 10³²⁴ is infinite, but the least number times 10³²⁴ is not.
    power > 300
      ? self * 1e300 * pow(10, Double(power - 300))
      : power < 0 ? self / pow(10, Double(-power)) : self * pow(10, Double(power))
  }

  fileprivate func divided(byPowerOfTen power: Int) -> Double { multiplied(byPowerOfTen: -power) }
}
