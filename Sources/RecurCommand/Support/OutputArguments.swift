// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser

/// Where a command writes its files, and as what it draws a picture.
struct OutputArguments: ParsableArguments {
  @Option(name: .customLong("output"), help: "Output folder.", completion: .directory)
  var folder = "."
  @Option(help: "Format of the picture.") var pictureFormat = PictureFormat.png

  /// The names of the options.
  static let names = ["output", "picture-format"]

  /// The file name of a picture.
  func pictureName(_ name: String) -> String { "\(name).\(pictureFormat.rawValue)" }
}
