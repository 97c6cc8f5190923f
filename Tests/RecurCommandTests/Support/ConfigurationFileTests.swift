// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining
import Testing

extension TrainCommandTests {
  @Test func aConfigurationFileSetsOptions() throws {
    try withFolder { folder in
      let file = folder.appendingPathComponent("options.json")
      func write(_ text: String) throws {
        try text.write(to: file, atomically: true, encoding: .utf8)
      }
      try write(
        """
        {"hidden-size": 8, "sequence-length": 10, "batch-size": 4, "learning-rate": 0.01, "cell": "gru",
         "epochs": 99}
        """)
      let one = try trainText(
        in: folder, to: "one", ["--config", file.path, "--epochs=2", "--cell", "lstm"])
      #expect(one.status == 0, "\(one.errors)")
      _ = try trainText(in: folder, to: "other", smallModel + ["--epochs", "2"])
      try expectSame(files, "one", "other", in: folder)
      try write("{\"overfit-batch\": true, \"epochs\": 2, \"json\": true}")
      let overfit = try trainText(in: folder, to: "overfit", smallModel + ["--config=\(file.path)"])
      #expect(overfit.output.hasPrefix("{"), "\(overfit.errors)")

      let refused = [
        ("{\"hidden-siz\": 8}", "unknown option --hidden-siz; did you mean --hidden-size?"),
        ("{\"layers\": 8, \"layers\": 8}", "duplicate"), ("{\"layers\": \"many\"}", "many"),
        ("{\"layers\": [8]}", "layers is not a number"), ("{\"overfit-batch\": false}", "omit"),
        ("[8]", "is not a JSON object"), ("{", ":1: "),
        ("{\"Hidden\": 8}", "\"Hidden\""), ("{\"config\": \"x\"}", "\"config\""),
        ("{\"layers\": 8.5}", "8.5"), ("{\"horizon\": 8}", "--horizon"),
        ("{\"version\": true}", "\"version\""), ("{\"help-hidden\": true}", "\"help-hidden\""),
        ("{\"generate-completion-script\": \"bash\"}", "expected an option name"),
        ("{\"experimental-dump-help\": true}", "expected an option name"),
        ("{\"-x\": 1}", "expected an option name"), ("{\"a\\u001b[1m\": 1}", #""a\u{1B}[1m""#),
        ("{\"seed\": 18446744073709551616}", "18446744073709551616"),
        ("{\"seed\": -18446744073709551615}", "'-18446744073709551615' is invalid for '--seed"),
        ("{\"epochs\": true}", "epochs is true, expected a value"),
        ("{\"output\": true}", "output is true, expected a value"),
        ("{\"print-every\": true, \"hidden-size\": 8}", "print-every is true, expected a value"),
        ("{\"epochs\": 1e3}", "'1e3' is invalid for '--epochs"),
        ("{\"epochs\": 1.0}", "'1.0' is invalid for '--epochs"),
        ("{\"epochs\": 01}", ":1: "), ("{\"epochs\": +1}", ":1: "), ("{\"epochs\": 1.}", ":1: "),
        ("{\"epochs\": .5}", ":1: "), ("{\"epochs\": -}", ":1: "), ("{1: 1}", "has the key \"1\""),
        ("{\"learning-rate\": 1e400}", "--learning-rate is inf"),
        ("{\"cell\": \"a\\u0000\"}", "is not valid JSON: \\u0000 is not allowed near"),
        ("{\"epochs\": 1}\0", "is not valid JSON: it has a zero byte"),
        ("{\"epochs\": 9223372036854775808}", "9223372036854775808"),
        ("{\"\(String(repeating: "a", count: 900_000))\": 1}", "aaa…; recur train text --help"),
        ("{\"\(String(repeating: "é", count: 450_000))\": 1}", "éé…\", expected an option name"),
        ("{\"epochs\": 0}", "--epochs is 0"), ("{\"cell=lstm --x\": 0}", "expected an option name"),
      ]
      for (text, message) in refused {
        try write(text)
        let result = try trainText(in: folder, to: "out", ["--config", file.path])
        #expect(result.status == 2)
        #expect(result.errors.contains(message), "\(text): \(result.errors)")
        #expect(result.errors.contains("options.json"), "\(result.errors)")
        #expect(result.errors.split(separator: "\n").count == 1)
        #expect(result.errors.count < 5100)
      }
    }
  }

  /// A JSON number of the parser has 63 bits.
  @Test func aSeedInAConfigurationFileHas64Bits() throws {
    try withFolder { folder in
      let file = folder.appendingPathComponent("options.json")
      let seed = "18446744073709551615"
      for (name, text) in [
        ("number", "{\"seed\":\(seed)}"), ("string", "{ \"seed\": \"\(seed)\" }"),
        ("last", "{\"epochs\": 1, \"seed\"\n:\n\(seed)\n}"),
      ] {
        try text.write(to: file, atomically: true, encoding: .utf8)
        let result = try trainText(
          in: folder, to: name, smallModel + ["--config", file.path, "--epochs", "1"])
        #expect(result.status == 0, "\(result.errors)")
      }
      _ = try trainText(in: folder, to: "line", smallModel + ["--seed", seed, "--epochs", "1"])
      for name in ["number", "string", "last"] { try expectSame(files, name, "line", in: folder) }
    }
  }
}
