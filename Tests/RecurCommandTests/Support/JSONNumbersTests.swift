// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

@testable import RecurCommand

/// Numbers of a configuration file, which keep their digits.
@Suite struct JSONNumbersTests {
  @Test(arguments: [
    (#"{"a": 1}"#, #"{"a": "1"}"#), ("12", #""12""#), ("[0,-0,10]", #"["0","-0","10"]"#),
    ("[1.5, 0.25]", #"["1.5", "0.25"]"#), ("[1e3,1E+3,2.5e-10]", #"["1e3","1E+3","2.5e-10"]"#),
    // No numbers of JSON.
    ("[01,1.,.5,+1,-,1e,1e+,--1,1.e3,1e2.5]", "[01,1.,.5,+1,-,1e,1e+,--1,1.e3,1e2.5]"),
    ("true", "true"), ("", ""),
    // Strings and their escapes.
    (#"{"1": "2"}"#, #"{"1": "2"}"#), (#"["a\"1", 1]"#, #"["a\"1", "1"]"#),
    (#"["a\\", 1]"#, #"["a\\", "1"]"#), (#"["\\\"5", 5]"#, #"["\\\"5", "5"]"#),
  ])
  func numbersAreQuoted(text: String, expected: String) {
    #expect(String(decoding: quotingNumbers(Data(text.utf8)), as: UTF8.self) == expected)
  }
}
