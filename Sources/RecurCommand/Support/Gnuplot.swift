// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining

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
  func draw(_ script: String) {
    let unfinished = file?.appendingPathExtension("part")
    var failure = run(
      terminal + (unfinished.map { "set output \(quoted($0.path))\n" } ?? "") + script)
    if let file, let unfinished {
      if failure == nil, rename(unfinished.path, file.path) != 0 {
        failure = "rename: \(systemError(errno))"
      }
      if failure != nil { unlink(unfinished.path) }
    }
    if let failure {
      alert("no plot drawn: \(failure)")
    } else if let file {
      note("wrote \(file.relativePath)")
    }
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

  /// Returns nil, or the reason why gnuplot did not draw.
  ///
  /// Foundation's `Process` ends this process if it has no descriptors left, and waits forever if it has
  /// no memory for a thread.
  private func run(_ script: String) -> String? {
    // A file without a name, because gnuplot might never read all of a pipe.
    guard let input = tmpfile() else { return "temporary file: \(systemError(errno))" }
    defer { fclose(input) }
    fputs(script, input)
    guard fflush(input) == 0 else { return "temporary file: \(systemError(errno))" }
    rewind(input)
    var plot: UnsafeMutablePointer<FILE>?
    if output == .terminal {
      plot = tmpfile()
      if plot == nil { return "temporary file: \(systemError(errno))" }
    }
    defer { plot.map { _ = fclose($0) } }
    var (process, actions) = (pid_t(), posix_spawn_file_actions_t())
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, fileno(input), STDIN_FILENO)
    if let plot {
      posix_spawn_file_actions_adddup2(&actions, fileno(plot), STDOUT_FILENO)
    } else {
      posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    }
    // Remarks on a plot that was drawn are of no use to users of the command.
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    let name = strdup("gnuplot")
    defer { free(name) }
    switch posix_spawnp(&process, "gnuplot", &actions, nil, [name, nil], environ) {
    case 0:
      return wait(for: process) ?? plot.flatMap(Self.print)
    case ENOENT: return "gnuplot is not installed (Debian package: gnuplot-nox)"
    case let error: return "gnuplot: \(systemError(error))"
    }
  }

  /// Writes a plot to standard output, without the form feed at its start. Returns nil, or the reason why
  /// the plot cannot be read.
  private static func print(_ plot: UnsafeMutablePointer<FILE>) -> String? {
    rewind(plot)
    var memory = ReadMemory("temporary file")
    do {
      try memory.readToEnd(of: fileno(plot), atMost: .max)
    } catch {
      memory.free()
      return "\(error)"
    }
    StandardOutput.write(
      String(decoding: memory.data, as: UTF8.self).replacing("\u{C}", with: ""))
    return nil
  }

  /// The maximum time for a plot.
  private static let patience = Duration.seconds(60)

  /// Waits until gnuplot ends. Ends it after a signal, which this process may have recorded only, or if
  /// it takes too long.
  private func wait(for process: pid_t) -> String? {
    let (signal, end) = (Interruption.signal, ContinuousClock.now + Self.patience)
    var status: Int32 = 0
    while true {
      let ended = waitpid(process, &status, WNOHANG)
      if ended == process { return status == 0 ? nil : "gnuplot failed" }
      if ended < 0 && errno != EINTR { return "waitpid: \(systemError(errno))" }
      if Interruption.signal != signal || ContinuousClock.now > end {
        kill(process, SIGKILL)
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
        return "gnuplot was ended"
      }
      usleep(2000)
    }
  }
}

/// Quotes a gnuplot string literally. In double quotes, gnuplot would run text in backticks as a command.
func quoted(_ text: String) -> String {
  "'" + text.split(whereSeparator: \.isNewline).joined(separator: " ").replacing("'", with: "''")
    + "'"
}
