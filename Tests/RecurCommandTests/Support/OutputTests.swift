// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

/// Errors of writing the results.
@Suite struct OutputTests {
  /// Runs a command of bash in which `recur` is the command.
  private func shell(_ command: String, in folder: URL) throws -> CommandResult {
    try recurInShell("cd '\(folder.path)'; " + command)
  }

  @Test(arguments: [
    "recur --help >/dev/full", "recur --version >/dev/full", "recur help train >/dev/full",
    "recur textbook >/dev/full", "recur gradients --sequence-length 5 >/dev/full",
    "recur gradients --sequence-length 5 >&-", "recur train text --help >&-",
    "recur gradients --sequence-length 5 --json >/dev/full",
    "recur generate model.safetensors >/dev/full", "recur generate model.safetensors >&-",
    "recur run --help >&-", "recur info model.safetensors >&-",
    "recur info model.safetensors --json >/dev/full",
    "recur gradients --json --sequence-length 500 --hidden-size 2 --batch-size 1 >/dev/full",
    "recur gradients --sequence-length 5 --terminal >/dev/full",
  ])
  func anUnwritableStandardOutputIsAnError(command: String) throws {
    try withFolder { folder in
      if command.contains("model") {
        let trained = try recur(
          "train", "text", smallText(in: folder).path, "--output", folder.path, "--hidden-size",
          "4", "--epochs", "1", "--sequence-length", "10", "--batch-size", "4")
        #expect(trained.status == 0, "\(trained.errors)")
      }
      let result = try shell(command, in: folder)
      #expect(result.status == 1, "\(result.status) \(result.errors)")
      #expect(
        result.errors.wholeMatch(
          of: /recur: standard output: (No space left on device|Bad file descriptor)\n/) != nil,
        "\(result.errors)")
    }
  }

  /// A program such as head closes the pipe when it has read enough.
  @Test func aClosedPipeNeedsNoMessage() throws {
    try withFolder { folder in
      let result = try shell(
        "(sleep 0.2; recur gradients --sequence-length 5; echo $? >status) | true; cat status",
        in: folder)
      #expect(result.output == "1\n" && result.errors.isEmpty, "\(result.output) \(result.errors)")
    }
  }

  /// Otherwise, the signal of the limit would end the process without a message.
  @Test func aFileThatCannotBeWrittenIsAnError() throws {
    try withFolder { folder in
      let text = try smallText(in: folder).lastPathComponent
      let result = try shell(
        "ulimit -f 1; recur train text '\(text)' --hidden-size 32 --epochs 1 --batch-size 4",
        in: folder)
      #expect(result.status == 1, "\(result.status) \(result.errors)")
      #expect(
        result.errors.contains("\nrecur: ./checkpoint.safetensors: write: File too large\n"),
        "\(result.errors)")
      let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(!files.contains { $0.hasSuffix(".partial") }, "\(files)")
    }
  }

  /// Standard streams and two more descriptors suffice, with or without a plot.
  @Test func fewDescriptorsSuffice() throws {
    try withFolder { folder in
      let text = try smallText(in: folder).lastPathComponent
      let result = try shell(
        "ulimit -n 5; recur train text '\(text)' --hidden-size 4 --epochs 1 --batch-size 4 "
          + "--sequence-length 10", in: folder)
      #expect(result.status == 0, "\(result.status) \(result.errors)")
    }
  }
}
