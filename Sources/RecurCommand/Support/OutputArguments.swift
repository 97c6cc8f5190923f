// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser

/// The folder for a command's output files, and the format of its plot.
struct OutputArguments: ParsableArguments {
  @Option(name: .customLong("output"), help: "Output folder.", completion: .directory)
  var folder = "."
  @Option(help: "Format of the plot.") var plotFormat = PlotFormat.png

  /// The names of the options, without dashes.
  static let names = ["output", "plot-format"]

  /// The file name of a plot.
  func plotName(_ name: String) -> String { "\(name).\(plotFormat.rawValue)" }
}
