// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur
import Foundation
import Testing

/// The command itself, as a process.
@Suite struct CommandTests {
  private let commands = [
    ["demo"], ["forecast"], ["train"], ["train", "text"], ["train", "series"], ["train", "amp"],
    ["train", "model"], ["run"], ["convert"], ["generate"], ["info"], ["gradients"], ["textbook"],
  ]

  @Test func textbookAgrees() throws {
    let result = try recur("textbook")
    #expect(result.status == 0)
    #expect(result.output.hasSuffix("All 5 examples agree.\n"))
  }

  @Test func helpAndVersion() throws {
    #expect(try recur("--help").output.contains("EXAMPLES"))
    for command in commands where command != ["textbook"] {
      let help = try recur(arguments: command + ["--help"])
      #expect(help.status == 0)
      #expect(help.output.contains("EXAMPLE"))
    }
    #expect(try recur("--version").output == RECUR_VERSION + "\n")
  }

  /// The manual page indents an example by 13 columns, and by 21 if its command is one of `train`.
  @Test func helpFitsInATerminal() throws {
    for command in commands {
      let help = try recur(arguments: command + ["--help"]).output
      for line in help.split(separator: "\n") {
        #expect(line.count <= 80, "\(line)")
        let limit = command.count > 1 ? 57 : 65
        #expect(!line.hasPrefix("  recur ") || line.count <= limit, "\(line)")
      }
    }
  }

  @Test(arguments: [
    (["forecast", "f.csv", "--horison", "3"], "option --horison; did you mean --horizon?"),
    (["train", "text", "f.txt", "--epoch", "3"], "option --epoch; did you mean --epochs?"),
    (["train", "text", "f.txt", "--hidden=3"], "option --hidden; did you mean --hidden-size?"),
    (["train", "series", "f.csv", "--lr", "1"], "option --lr; did you mean --learning-rate?"),
    (["generate", "m", "--promt", "a"], "option --promt; did you mean --prompt?"),
    (["run", "m", "--inptu", "f"], "option --inptu; did you mean --input?"),
    (["convert", "m", "n", "--name", "a=b"], "option --name; did you mean --names?"),
    (["info", "m", "--jsn"], "option --jsn; did you mean --json?"),
    (["gradients", "--batch", "3"], "option --batch; did you mean --batch-size?"),
    (["textbook", "--hlp"], "option --hlp; did you mean --help?"),
    (["demo", "--dat", "f.csv"], "option --dat; did you mean --data?"),
    (["forcast", "f.csv"], "command forcast; did you mean forecast?"),
    (["train", "txt", "f.txt"], "command txt; did you mean text?"),
    (["info", "m", "--xyzzy"], "option --xyzzy; recur info --help lists what is available"),
  ])
  func theNearestNameIsSuggested(arguments: [String], message: String) throws {
    let result = try recur(arguments: arguments)
    #expect(result.status == 2)
    #expect(result.errors == "recur: unknown \(message)\n")
  }

  /// Runs a demo on 60 values, with the held-out ones multiplied, and returns the result and the table.
  private func smallDemo(in folder: URL, heldOutTimes factor: Int = 1) throws -> (
    CommandResult, URL
  ) {
    let data = try smallSeries(in: folder, heldOutTimes: factor)
    let result = try recur(
      "demo", "--data", data.path, "--output", folder.appendingPathComponent("out").path,
      "--period", "4", "--window", "6", "--horizon", "8", "--hidden-size", "3", "--epochs", "2",
      "--unit", "`touch \(folder.path)/pwned` 'a' \"b\"")
    return (result, folder.appendingPathComponent("out/forecast.csv"))
  }

  @Test func heldOutValuesDoNotChangeTheForecast() throws {
    try withFolder { folder in
      let forecasts = try [1, 1000].map { factor in
        let (_, file) = try smallDemo(in: folder, heldOutTimes: factor)
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        return lines.map { $0.split(separator: ",").suffix(7) }
      }
      #expect(forecasts[0].count == 9)
      #expect(forecasts[0] == forecasts[1])
    }
  }

  @Test func aSmallDemoRuns() throws {
    try withFolder { folder in
      let (result, file) = try smallDemo(in: folder)
      #expect(result.status == 0, "\(result.errors)")
      let last = result.output.split(separator: "\n").last ?? ""
      #expect(last.hasPrefix("demo: mean absolute error: forecast "))
      #expect(last.contains(", seasonal-naive ") && last.contains(", autoregressive "))
      #expect(result.errors.contains("missing values: 2, filled by linear interpolation"))
      #expect(result.errors.contains("training 2 networks, 2 epochs each\n"))
      #expect(!FileManager.default.fileExists(atPath: folder.path + "/pwned"))
      let csv = try String(contentsOf: file, encoding: .utf8)
      #expect(csv.split(separator: "\n").count == 9)
    }
  }

  @Test func badInputIsOneLineAndStatus2() throws {
    try withFolder { folder in
      let missing = folder.appendingPathComponent("missing.csv").path
      let bad = folder.appendingPathComponent("bad.csv")
      try "date,v\n2001,x\n".write(to: bad, atomically: true, encoding: .utf8)
      let short = folder.appendingPathComponent("short.csv")
      try "date,v\n2001,1\n".write(to: short, atomically: true, encoding: .utf8)
      let out = folder.appendingPathComponent("out").path
      let calls: [(arguments: [String], message: String)] = [
        (["demo", "--data", missing, "--output", out], "missing.csv: No such file or directory"),
        (["demo", "--data", bad.path, "--output", out], "bad.csv:2: v is \"x\""),
        (["demo", "--data", short.path, "--output", out], "expected at least "),
        (["demo", "--data", folder.path, "--output", out], "is neither a regular file"),
        (["demo", "--data", bad.path, "--epochs", "0"], "--epochs is 0, expected 1 to 1000000"),
        (["demo", "--data", bad.path, "--learning-rate", "nan"], "--learning-rate is nan"),
        (["demo", "--data", bad.path, "--hidden-size", "many"], "many"),
        (["demo"], "--data"),
        (["forecast", short.path], "--horizon"),
        (["forecast", missing, "--horizon", "3"], "missing.csv: No such file or directory"),
        (
          ["forecast", short.path, "--horizon", "3", "--output", out], "one date, expected at least"
        ),
        (["forecast", bad.path, "--horizon", "3", "--output", out], "bad.csv:2: v is \"x\""),
        (["forecast", bad.path, "--horizon", "0"], "--horizon is 0"),
        (["forecast", bad.path, "--horizon", "1", "--coverage", "1"], "--coverage is 1.0"),
        (
          ["forecast", bad.path, "--horizon", "1", "--coverage", "1e-320"],
          "--coverage is 1e-320, expected 1e-12 to 1 - 1e-12"
        ),
        (
          ["forecast", bad.path, "--horizon", "1", "--coverage", "0.9999999999999999"],
          "--coverage is 0.9999999999999999, expected 1e-12 to 1 - 1e-12"
        ),
        (["forecast", bad.path, "--horizon", "1", "--cell", "tape"], "tape"),
        (
          ["forecast", bad.path, "--horizon", "1", "--refit", "--backtest", "1"], "--refit is given"
        ),
        (["forecast", bad.path, "--horizon", "1", "--json", "--terminal"], "standard output"),
        (["demo", "--data", bad.path, "--unknown"], "unknown option --unknown; recur demo --help"),
        (["nothing"], "unknown command nothing; recur --help"),
        (
          ["gradients", "--sequence-length", "1000000", "--batch-size", "1000000"],
          "expected at most 10000000 values"
        ),
      ]
      for call in calls {
        let result = try recur(arguments: call.arguments)
        #expect(result.status == 2, "\(call.arguments): \(result.status)")
        #expect(result.output.isEmpty)
        #expect(result.errors.contains(call.message), "\(result.errors)")
        #expect(result.errors.hasPrefix("recur: "))
        #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
      }
      #expect(!FileManager.default.fileExists(atPath: out))
    }
  }
}
