// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import RecurTraining
import Synchronization

/// The output folder and the plots of a forecast.
struct ForecastOutputArguments: ParsableArguments {
  @OptionGroup var output: OutputArguments
  @Flag(help: "Also draw the plot as text on standard output.") var terminal = false
  @Flag(help: "Write no plot file.") var noPlot = false
  @Flag(help: "Print only warnings and errors on standard error.") var quiet = false

  /// The names of the options, without dashes.
  static let names = OutputArguments.names + ["terminal", "no-plot", "quiet"]

  func validate() {
    isQuiet.store(quiet, ordering: .relaxed)
  }

  /// Creates the output folder.
  ///
  /// - Parameters:
  ///   - tables: The file names of the tables to write.
  ///   - inputs: The input files, which must not be overwritten.
  /// - Returns: The folder.
  /// - Throws: `BadInput` if the folder cannot be used.
  func folder(for tables: [String], keeping inputs: [String?]) throws -> OutputFolder {
    try OutputFolder(
      output.folder, for: tables + (noPlot ? [] : [output.plotName("forecast")]), keeping: inputs)
  }

  /// Draws a plot to a file, as text, or both.
  func draw(_ plot: ForecastPlot, in folder: OutputFolder) {
    let script = plot.script
    if !noPlot {
      Gnuplot(output.plotFormat, folder.file(output.plotName("forecast"))).draw(script)
    }
    if terminal { Gnuplot(.terminal).draw(script) }
  }
}
