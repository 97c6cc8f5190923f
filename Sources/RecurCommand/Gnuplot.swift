// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Foundation

/// Pictures, drawn by gnuplot.
enum Gnuplot {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case png, svg

    fileprivate var terminal: String {
      switch self {
      case .png: "pngcairo size 1000,560 font \"sans,11\""
      case .svg: "svg size 1000,560 font \"sans,14\" background \"white\""
      }
    }
  }

  /// Draws what a script plots to a file, whole or not at all; says so, or why it cannot.
  static func draw(_ script: String, to file: URL, as format: Format) throws {
    let unfinished = file.appendingPathExtension("part")
    let output = "set terminal \(format.terminal)\nset output \(quoted(unfinished.path))\n"
    guard try run(output + script, output: .nullDevice) else { return }
    guard rename(unfinished.path, file.path) == 0 else {
      try? FileManager.default.removeItem(at: unfinished)
      note("no picture: gnuplot did not draw it")
      return
    }
    note("picture drawn to \(file.path)")
  }

  /// Draws what a script plots on standard output, in letters.
  static func drawOnTerminal(_ script: String) throws {
    fflush(nil)
    var size = winsize()
    let isTerminal = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    let (width, height) = isTerminal ? (Int(size.ws_col), Int(size.ws_row) - 2) : (100, 30)
    let isPlain = !(ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty || !isTerminal
    let terminal =
      "set terminal dumb size \(width),\(max(height, 12)) \(isPlain ? "mono" : "ansi")\n"
    _ = try run(terminal + script, output: .standardOutput)
  }

  private static func run(_ script: String, output: FileHandle) throws -> Bool {
    guard FileManager.default.isExecutable(named: "gnuplot") else {
      note("no picture: gnuplot is not installed (Debian: gnuplot-nox)")
      return false
    }
    let gnuplot = Process()
    gnuplot.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    gnuplot.arguments = ["gnuplot"]
    gnuplot.standardOutput = output
    gnuplot.standardError = FileHandle.standardError
    let input = Pipe()
    gnuplot.standardInput = input
    try gnuplot.run()
    // If gnuplot has ended before it read this, its status tells.
    try? input.fileHandleForWriting.write(contentsOf: Data(script.utf8))
    try input.fileHandleForWriting.close()
    gnuplot.waitUntilExit()
    guard gnuplot.terminationStatus == 0 else {
      note("no picture: gnuplot did not draw it")
      return false
    }
    return true
  }
}

/// A gnuplot string in which nothing has a meaning: in double quotes it would run what stands in
/// backticks.
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
