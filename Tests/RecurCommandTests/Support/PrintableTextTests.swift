// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining
import Testing

@testable import RecurCommand

/// Text of files and users in messages and reports.
@Suite struct PrintableTextTests {
  @Test(arguments: [
    ("naïve 日本 😀 e\u{301}", "naïve 日本 😀 e\u{301}"),
    ("a\u{1B}[31m\u{7}\n\t\u{9B}b", #"a\u{1B}[31m\u{07}\n\t\u{009B}b"#),
    ("\u{202E}x\u{2066}\u{200B}\u{FEFF}", #"\u{202E}x\u{2066}\u{200B}\u{FEFF}"#),
    ("\u{2028}\u{E000}\u{FFFD}", #"\u{2028}\u{E000}\u{FFFD}"#),
  ])
  func whatATerminalDoesNotShowIsEscaped(text: String, expected: String) {
    #expect(text.printable == expected)
    #expect(text.isPrintable == (text == expected))
  }

  @Test func longTextsAreTruncated() {
    #expect(String(repeating: "ü", count: 200).printable == String(repeating: "ü", count: 200))
    #expect(
      String(repeating: "ü", count: 201).printable == String(repeating: "ü", count: 200) + "…")
    // One character with many combining accents is long, too.
    let accents = "e" + String(repeating: "\u{301}", count: 5000)
    #expect(accents.printable.unicodeScalars.count == 201)
  }

  /// The command line that resumes a run must lead to the same file.
  @Test func shellWordsAreRead() throws {
    for word in ["plain/a.txt", "it's", "a\u{1B}[31m'\\b\n", "\u{202E}7 ü"] {
      let shell = Process()
      shell.executableURL = URL(fileURLWithPath: "/bin/bash")
      shell.arguments = ["-c", "printf %s \(shellWord(word))"]
      let output = Pipe()
      shell.standardOutput = output
      try shell.run()
      let data = output.fileHandleForReading.readDataToEndOfFile()
      #expect(String(decoding: data, as: UTF8.self) == word)
      #expect(shellWord(word).isPrintable)
    }
  }

  @Test func messagesQuoteTextPrintably() throws {
    try withFolder { folder in
      let data = folder.appendingPathComponent("f.csv")
      let escape = "\u{1B}]0;title\u{7}"
      let long = String(repeating: "9", count: 900_000)
      let files = [
        "d,v\n2000,\(escape)\n", "d,\(escape)\n2000,x\n", "d,v\n\(escape),1\n", "d,v\n\(long),1\n",
        "d,v\n2000,\(long)x\n", "d,\(long)\n2000,x\n", "d,v\n2000,1,\(long)\n",
        "d,v,\(long),\(long)\n", "d,v\n2000," + String(repeating: "9", count: 2_000_000),
      ]
      var calls: [[String]] = []
      for (index, text) in files.enumerated() {
        let file = folder.appendingPathComponent("\(index).csv")
        try text.write(to: file, atomically: true, encoding: .utf8)
        calls.append(["forecast", file.path, "--horizon", "2"])
      }
      try "d,v\n2000,1\n2001,2\n".write(to: data, atomically: true, encoding: .utf8)
      let word = escape + String(repeating: "z", count: 100_000)
      calls += [
        ["forecast", data.path, "--horizon", "2", "--column", word], ["info", escape], [word],
        ["forecast", data.path, "--horizon", word], ["forecast", data.path, "--\(word)", "2"],
        ["train", "text", data.path, "--resume", data.path, "--cell", word], ["train", word],
        ["gradients", "--plot", word],
      ]
      for call in calls {
        let result = try recur(arguments: call)
        #expect(result.status == 2, "\(call[0]): \(result.status)")
        #expect(result.errors.dropLast().allSatisfy { String($0).isPrintable }, "\(result.errors)")
        #expect(result.errors.unicodeScalars.count < 5100, "\(result.errors.prefix(300))")
        #expect(result.output.isEmpty)
      }
    }
  }

  /// The unit appears in the report, in the plot on the terminal, and in the messages of the demo.
  @Test func reportsQuoteTextPrintably() throws {
    try withFolder { folder in
      let small = [
        "--horizon", "4", "--period", "4", "--window", "6", "--hidden-size", "3", "--epochs", "1",
        "--members", "1", "--output", folder.path, "--terminal", "--unit", "\u{1B}[2Jm\u{202E}",
      ]
      let series = try smallSeries(in: folder).path
      for call in [["forecast", series] + small, ["demo", "--data", series] + small] {
        let result = try recur(arguments: call)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains(#"\u{1B}[2Jm\u{202E}"#), "\(result.output)")
        let lines = result.output.replacing("\u{C}", with: "").split(whereSeparator: \.isNewline)
        #expect(lines.allSatisfy { $0.isPrintable }, "\(result.output.debugDescription)")
      }
    }
  }
}
