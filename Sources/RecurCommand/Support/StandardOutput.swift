// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

@preconcurrency import Foundation
import RecurTraining

/// Standard output, and the state of the process that errors of writing depend on.
enum StandardOutput {
  /// Makes failures to write errors of the calls that write.
  static func prepare() {
    // Otherwise, a closed pipe or a limit of the size of files would end the process without a message.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    // Otherwise, the next file opened would take the place of a closed standard stream.
    for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) < 0 {
      _ = open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY)
    }
  }

  /// Discards everything that is printed from now on.
  static func discard() {
    let null = open("/dev/null", O_WRONLY)
    guard null >= 0 else { return }
    dup2(null, STDOUT_FILENO)
    close(null)
    isSilent.store(true, ordering: .relaxed)
  }

  /// Writes a text at once, or exits with 1.
  static func write(_ text: String) {
    print(text, terminator: "")
    finish()
  }

  /// Writes a part of a long output, or exits with 1.
  static func write(data: Data) {
    data.withUnsafeBytes { _ = fwrite($0.baseAddress, 1, $0.count, stdout) }
    guard ferror(stdout) == 0 else { return finish() }
  }

  /// Writes a text that may have any characters. A terminal receives only printable ones, tabs and line
  /// breaks; a file or a pipe receives the text itself.
  static func write(untrusted text: String) {
    write(isTerminal ? printable(text) : text)
  }

  private static let isTerminal = isatty(STDOUT_FILENO) == 1

  private static func printable(_ text: String) -> String {
    text.unicodeScalars.map { scalar in
      scalar == "\n" || scalar == "\t" ? String(scalar) : String(scalar).printable
    }.joined()
  }

  /// Writes everything printed so far, or exits with 1.
  static func finish() {
    // A text longer than the buffer is written by `print`, which ignores a failure.
    guard fflush(nil) == 0, ferror(stdout) == 0 else {
      let reason = errno
      // A program that reads only the beginning, such as head, has closed the pipe on purpose.
      if reason != EPIPE { alert("recur: standard output: \(String(cString: strerror(reason)))") }
      Foundation.exit(1)
    }
  }
}
