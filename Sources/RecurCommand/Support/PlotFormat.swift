// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Foundation

/// The format of a plot file.
enum PlotFormat: String, ExpressibleByArgument, CaseIterable {
  case png, svg
}

extension Gnuplot {
  init(_ format: PlotFormat, _ file: URL) {
    self.init(format == .png ? .png(file) : .svg(file))
  }
}
