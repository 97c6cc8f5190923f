// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Foundation

/// What picture files are.
enum PictureFormat: String, ExpressibleByArgument, CaseIterable {
  case png, svg
}

extension Gnuplot {
  init(_ format: PictureFormat, _ file: URL) {
    self.init(format == .png ? .png(file) : .svg(file))
  }
}
