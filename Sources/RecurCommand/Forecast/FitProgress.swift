// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining

/// Progress lines for one or more forecasters that are fitted in turn.
struct FitProgress {
  let options: ForecasterOptions
  let fits: Int
  private var fit = 0
  private var progress = NetworksProgress()
  private let isTerminal = isatty(STDERR_FILENO) == 1

  init(_ options: ForecasterOptions, fits: Int) {
    self.options = options
    self.fits = fits
  }

  /// Redraws the line of a network on a terminal; elsewhere, prints one line per forecaster.
  mutating func show(_ fitting: ForecasterTrainingStep) {
    let isFirst = fitting.trainingStep.index == 0 && fitting.member == 0
    if isFirst { fit += 1 }
    guard !isQuiet.load(ordering: .relaxed) else { return }
    guard isTerminal else {
      if isFirst { note(summary(epochs: fitting.epochs)) }
      return
    }
    let words = [fits > 1 ? "fit \(fit)/\(fits)" : nil, options.name(ofNetwork: fitting.member)]
    let label = words.compactMap(\.self).joined(separator: ", ")
    progress.begin(.init(epochs: fitting.epochs, label: label.isEmpty ? nil : label))
    progress.show(fitting.trainingStep)
  }

  private func summary(epochs: Int) -> String {
    (fits > 1 ? "fit \(fit)/\(fits): " : "") + "training \(counted(options.members, "network"))"
      + ", \(counted(epochs, "epoch"))\(options.members > 1 ? " each" : "")"
  }
}

extension ForecasterOptions {
  /// The name of a network in messages, or nil if the forecaster has one network.
  ///
  /// - Parameter member: The index of the network; nil for the calibration network.
  /// - Returns: The name.
  func name(ofNetwork member: Int?) -> String? {
    guard let member else { return "calibration network" }
    return members > 1 ? "network \(member + 1)/\(members)" : nil
  }
}
