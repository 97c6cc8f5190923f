// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// A plot drawn by gnuplot.
struct Gnuplot {
  enum Output: Equatable {
    case png(URL)
    case svg(URL)

    /// Text on standard output.
    case terminal
  }

  let output: Output
  var width = 1000
  var height = 560

  init(_ output: Output, width: Int = 1000, height: Int = 560) {
    self.output = output
    self.width = width
    self.height = height
  }

  /// Creates a plot file in the format of its extension, `.png` or `.svg`; nil for other extensions.
  init?(file path: String, width: Int = 1000, height: Int = 560) {
    let file = URL(fileURLWithPath: path)
    switch file.pathExtension.lowercased() {
    case "png": self.init(.png(file), width: width, height: height)
    case "svg": self.init(.svg(file), width: width, height: height)
    default: return nil
    }
  }

  private var file: URL? {
    switch output {
    case .png(let file), .svg(let file): file
    case .terminal: nil
    }
  }

  /// Runs a gnuplot script, and reports a failure on standard error. A file is written completely or not
  /// at all.
  func draw(_ script: String) throws {
    guard FileManager.default.isExecutable(named: "gnuplot") else {
      note("no plot drawn: gnuplot is not installed (Debian package: gnuplot-nox)")
      return
    }
    let unfinished = file?.appendingPathExtension("part")
    let status = try run(
      terminal + (unfinished.map { "set output \(quoted($0.path))\n" } ?? "") + script)
    var drawn = status == 0
    if let file, let unfinished {
      drawn = drawn && rename(unfinished.path, file.path) == 0
      if !drawn { try? FileManager.default.removeItem(at: unfinished) }
      if drawn { note("wrote \(file.path)") }
    }
    if !drawn { note("no plot drawn: gnuplot failed") }
  }

  private var terminal: String {
    let name =
      switch output {
      case .png: "pngcairo size \(width),\(height) font \"sans,11\""
      case .svg: "svg size \(width),\(height) font \"sans,11\" background \"white\""
      // A character is about 10 x 20 points.
      case .terminal: "dumb size \(width / 10),\(height / 20)"
      }
    return "set encoding utf8\nset terminal \(name)\n"
  }

  private func run(_ script: String) throws -> Int32 {
    let gnuplot = Process()
    gnuplot.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    gnuplot.arguments = ["gnuplot"]
    fflush(nil)
    gnuplot.standardOutput = output == .terminal ? FileHandle.standardOutput : .nullDevice
    gnuplot.standardError = FileHandle.standardError
    let input = Pipe()
    gnuplot.standardInput = input
    try gnuplot.run()
    // If gnuplot exits before it reads the script, its exit status reports the failure.
    try? input.fileHandleForWriting.write(contentsOf: Data(script.utf8))
    try input.fileHandleForWriting.close()
    gnuplot.waitUntilExit()
    return gnuplot.terminationStatus
  }
}

/// Quotes a gnuplot string literally. In double quotes, gnuplot would run text in backticks as a command.
func quoted(_ text: String) -> String {
  "'" + text.split(whereSeparator: \.isNewline).joined(separator: " ").replacing("'", with: "''")
    + "'"
}

extension FileManager {
  fileprivate func isExecutable(named name: String) -> Bool {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return path.split(separator: ":").contains { isExecutableFile(atPath: "\($0)/\(name)") }
  }
}
