// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import RecurTraining

/// Where a forecast is written and drawn.
struct ForecastOutputArguments: ParsableArguments {
  @OptionGroup var output: OutputArguments
  @Flag(help: "Also draw the picture as text on standard output.") var terminal = false

  /// The names of the options.
  static let names = OutputArguments.names + ["terminal"]

  /// - Parameters:
  ///   - tables: The names of the tables to write.
  ///   - inputs: The files that are read, and must not be written over.
  func folder(for tables: [String], keeping inputs: [String?]) throws -> OutputFolder {
    try OutputFolder(
      output.folder, for: tables + [output.pictureName("forecast")], keeping: inputs)
  }

  func draw(_ picture: ForecastPicture, in folder: OutputFolder) throws {
    try Gnuplot(output.pictureFormat, folder.file(output.pictureName("forecast")))
      .draw(picture.script)
    if terminal { try Gnuplot(.terminal).draw(picture.script) }
  }
}
