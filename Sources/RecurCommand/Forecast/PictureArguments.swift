// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import RecurTraining

/// Where pictures are asked for.
struct PictureArguments: ParsableArguments {
  @Option(help: "The picture's format.") var pictureFormat = PictureFormat.png
  @Flag(help: "Draw the picture on standard output too, in letters.") var terminal = false

  var fileName: String { "forecast.\(pictureFormat.rawValue)" }

  func draw(_ picture: ForecastPicture, in folder: OutputFolder) throws {
    try Gnuplot(pictureFormat, folder.file(fileName)).draw(picture.script)
    if terminal { try Gnuplot(.terminal).draw(picture.script) }
  }
}
