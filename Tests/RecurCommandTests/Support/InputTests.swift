// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

/// Inputs that are pipes or devices, too long, or missing.
@Suite struct InputTests {
  /// Runs a command of bash in which `recur` is the command. A command that computes for ever is ended.
  private func shell(_ command: String, in folder: URL) throws -> CommandResult {
    try recurInShell("cd '\(folder.path)'; ulimit -t 60; " + command)
  }

  @Test(arguments: [
    "recur train text <(cat text) $small", "cat text | recur train text /dev/stdin $small",
    "recur train text /dev/stdin $small <text",
    "mkfifo pipe; cat text >pipe & recur train text pipe $small; wait",
    "recur train text text --config <(echo '{\"hidden-size\": 4}') $small",
    "recur train series <(cat series) --horizon 1 --period 1 --window 2 $small",
  ])
  func pipesAreRead(command: String) throws {
    try withFolder { folder in
      let text = try smallText(in: folder).lastPathComponent
      let series = try smallSeries(in: folder).lastPathComponent
      let result = try shell(
        "mv '\(text)' text; mv '\(series)' series; small='--epochs 1 --batch-size 4'; "
          + "[[ '\(command)' == *series* ]] || small+=' --hidden-size 4 --sequence-length 10'; "
          + command, in: folder)
      #expect(result.status == 0, "\(result.errors)")
    }
  }

  @Test(arguments: [
    "train text /dev/zero", "train text text --config /dev/zero", "forecast /dev/zero --horizon 1",
    "demo --data /dev/full", "train series /dev/tty --horizon 1", "train text .",
  ])
  func devicesAndFoldersAreRefused(arguments: String) throws {
    try withFolder { folder in
      let result = try shell("ulimit -v 8000000; recur \(arguments) </dev/null", in: folder)
      #expect(result.status == 2, "\(result.status)")
      #expect(
        result.errors.wholeMatch(
          of: /recur: (\/dev\/[a-z]+|\.): is neither a regular file nor a pipe\n/) != nil,
        "\(result.errors)")
    }
  }

  /// A pipe has no size, so its bytes are counted while they are read.
  @Test(arguments: [
    ("truncate -s 1000000001 f; recur train text f", 1_000_000_000),
    ("truncate -s 100000001 f; recur forecast f --horizon 1", 100_000_000),
    ("truncate -s 1000001 f; recur train text text --config f", 1_000_000),
    ("ln -s /dev/stdin f; yes | recur forecast f --horizon 1", 100_000_000),
    ("ln -s /dev/stdin f; recur train text text --config f </dev/zero", 1_000_000),
    ("mkfifo f; yes >f & recur train text text --config f", 1_000_000),
  ])
  func longInputsAreRefused(command: String, most: Int) throws {
    try withFolder { folder in
      let result = try shell(command, in: folder)
      #expect(result.status == 2, "\(result.status)")
      #expect(
        result.errors == "recur: f: has more than the \(most) bytes that are allowed\n",
        "\(result.errors)")
    }
  }

  @Test func aConfigurationOfTheGreatestLengthIsRead() throws {
    try withFolder { folder in
      let start = #"{"epochs": 0}"#
      let text = start + String(repeating: " ", count: 1_000_000 - start.utf8.count)
      try Data(text.utf8).write(to: folder.appendingPathComponent("f"))
      let result = try shell("recur train text text --config f", in: folder)
      #expect(result.errors.contains("--epochs is 0"), "\(result.errors)")
    }
  }

  @Test(arguments: [
    "info X", "generate X", "forecast X --horizon 1", "forecast none --model X", "train text X",
    "train text text --resume X", "train series none --resume X", "train series X --horizon 1",
    "train text text --config X", "demo --data X", "gradients --model X --text text",
    "gradients --model X --data none",
  ])
  func aMissingFileIsNamedAsItWasGiven(arguments: String) throws {
    try withFolder { folder in
      for (path, name) in [("missing", "missing"), ("./no/../m", "./no/../m"), ("''", "\"\"")] {
        let result = try shell(
          "echo text >text; recur \(arguments.replacing("X", with: path))", in: folder)
        #expect(result.status == 2)
        #expect(result.errors == "recur: \(name): No such file or directory\n", "\(result.errors)")
      }
    }
  }

  @Test func aRefusedFileIsNamedAsItWasGiven() throws {
    try withFolder { folder in
      for (contents, reason) in [
        ("", "has 0 bytes, too few for a safetensors file"),
        ("short", "has 5 bytes, too few for a safetensors file"),
        ("date,value\\n", "is a file of an unknown format, expected a safetensors file"),
        (
          "\\2\\0\\0\\0\\0\\0\\0\\0 {}",
          "is not a safetensors file: its header is not a single JSON"
        ),
      ] {
        for arguments in ["info f", "generate f", "forecast none --model f"] {
          let result = try shell("printf '\(contents)' >f; recur \(arguments)", in: folder)
          #expect(result.status == 2)
          // `info` also takes other models.
          let expected =
            arguments == "info f" ? "is a file of an unknown format, expected a model: " : reason
          #expect(result.errors.hasPrefix("recur: f: " + expected), "\(result.errors)")
        }
      }
    }
  }

  @Test func outputFilesAreNamedAsTheyWereGiven() throws {
    try withFolder { folder in
      let series = try smallSeries(in: folder).lastPathComponent
      let command =
        "recur train series \(series) --output out --horizon 1 --period 1 --window 2 --epochs 1"
      let written = try shell(command, in: folder)
      for name in ["model.safetensors", "history.csv"] {
        #expect(written.errors.contains("wrote out/\(name)\n"), "\(written.errors)")
      }
      let full = try shell("ulimit -f 1; " + command, in: folder)
      #expect(full.status == 1)
      #expect(
        full.errors.contains("\nrecur: out/checkpoint.safetensors: write: File too large\n"),
        "\(full.errors)")
      let blocked = try shell(
        "rm out/history.csv; mkdir out/history.csv; " + command, in: folder)
      #expect(
        blocked.errors == "recur: out/history.csv: is a folder, expected a file or no file\n",
        "\(blocked.errors)")
    }
  }

  @Test(arguments: ["info f", "generate f", "forecast none --model f"])
  func aLackOfMemoryIsNoErrorOfTheInput(arguments: String) throws {
    try withFolder { folder in
      let result = try shell(
        "truncate -s 20G f; ulimit -v 8000000; recur \(arguments)", in: folder)
      #expect(result.status == 1, "\(result.status)")
      #expect(
        result.errors == "recur: f: has 21474836480 bytes, more than can be allocated\n",
        "\(result.errors)")
    }
  }
}
