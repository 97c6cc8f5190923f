// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining

/// The form of the training file that a model of a panel stores.
enum PanelInfo {
  private static let key = "panel-form"

  static func strings(_ form: PanelForm) throws -> [String: String] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return [key: String(decoding: try encoder.encode(form), as: UTF8.self)]
  }

  /// Reads the form from a file.
  ///
  /// - Throws: `BadInput` if there is none, or if it is impossible.
  static func form(of file: SafeTensors, _ options: PanelOptions) throws -> PanelForm {
    guard let text = try file.info[key],
      let form = try? JSONDecoder().decode(PanelForm.self, from: Data(text.utf8)),
      form.isPossible, form.known.count == options.knownInputs,
      form.past.count == options.pastInputs, form.featureCount == options.features
    else {
      throw BadInput(
        "\(file.path): has no valid information about its training file, expected a file written by "
          + "recur train panel")
    }
    return form
  }
}

extension PanelForm {
  /// Whether all columns exist and the calendar has steps: the form may come from any file.
  var isPossible: Bool {
    let used = [value] + [date].compactMap(\.self) + known + past + labels
    let hasDates = date == nil && pattern == nil || datePattern != nil
    let hasNames =
      layout == .columns ? id == nil && hasHeader && features.isEmpty : id != nil
    let hasNumbers = layout == .long || hasHeader
    return used.allSatisfy { names.indices.contains($0) } && hasDates && hasNames && hasNumbers
      && calendar.isPossible
  }
}

extension SeriesCalendar {
  /// Whether the numbers and times of a calendar from a file can be computed.
  fileprivate var isPossible: Bool {
    let step =
      switch interval {
      case .steps: true
      case .milliseconds(let length): 1...(1 << 45) ~= length
      case .days(let length): 1...(1 << 20) ~= length
      case .weekdays(let mask): 1...0b111_1111 ~= mask
      case .halfMonths: rules.count == 2
      case .months(let months): 1...(1 << 16) ~= months
      }
    let days = rules.allSatisfy { if case .day(let day) = $0 { 1...31 ~= day } else { true } }
    return step && days && !rules.isEmpty && 0..<SeriesDate.day ~= timeOfDay
      && abs(origin) <= SeriesDate.end
  }
}
