// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import RecurCommand

/// The nearest of some names.
@Suite struct UnknownNamesTests {
  @Test(
    arguments: [
      // One is the beginning of the other.
      ("hidden", ["seed", "hidden-size"], "hidden-size"),
      ("hidden-size-of-all", ["seed", "hidden-size"], "hidden-size"),
      // Initials.
      ("lr", ["layers", "learning-rate"], "learning-rate"), ("vf", ["value"], nil),
      // A name of one letter is near to none.
      ("x", ["x", "xy"], nil), ("", ["x"], nil),
      // At most half of the letters differ.
      ("ab", ["zz", "ac"], "ac"), ("ab", ["cd"], nil), ("abcde", ["abcxy"], "abcxy"),
      ("abcde", ["abxyz"], nil),
      // Of the shorter name, too.
      ("season", ["json"], nil), ("jason", ["json"], "json"),
      // At most three letters differ.
      ("abcdefgh", ["abcdexyz"], "abcdexyz"), ("abcdefgh", ["abcdwxyz"], nil),
      // Letters are inserted, deleted or replaced.
      ("horizn", ["period", "horizon"], "horizon"), ("horrizon", ["horizon"], "horizon"),
      ("hroizon", ["horizon"], "horizon"), ("aaaa", ["bbaaaabb"], nil),
      // The first of the nearest.
      ("aabb", ["aacc", "abbb", "aabc"], "abbb"),
    ] as [(String, [String], String?)])
  func theNearestIsFound(name: String, names: [String], expected: String?) {
    #expect(UnknownNames.nearest(to: name, in: names) == expected)
  }

  @Test func longNamesAreNotCompared() {
    let name = String(repeating: "a", count: 100)
    #expect(UnknownNames.nearest(to: name, in: ["aa"]) == "aa")
    #expect(UnknownNames.nearest(to: name + "a", in: ["aa"]) == nil)
    #expect(UnknownNames.nearest(to: String(repeating: "é", count: 51), in: ["é"]) == nil)
  }

  @Test func namesOfTheParserAreKnown() {
    for name in ["help", "help-hidden", "version", "generate-completion-script", "experimental-x"] {
      #expect(UnknownNames.isOfParser(name), "\(name)")
    }
    for name in ["hel", "helper", "generate", "x-experimental-"] {
      #expect(!UnknownNames.isOfParser(name), "\(name)")
    }
  }

  @Test(
    arguments: [
      (["info", "m", "--", "--unknown"], nil), (["help", "--unknown"], nil),
      (["train", "text", "--help"], nil),
      (["xyz"], "unknown command xyz; recur --help lists what is available"),
      (["train", "xyz"], "unknown command xyz; recur train --help lists what is available"),
      (
        ["train", "text", "f", "--zzz=1"],
        "unknown option --zzz; recur train text --help lists what is available"
      ),
      (["info", "--jason"], "unknown option --jason; did you mean --json?"),
    ] as [([String], String?)])
  func unknownNamesAreRefused(arguments: [String], message: String?) {
    var found: String?
    do { try UnknownNames.check(arguments, of: RecurCommand.self) } catch {
      found = RecurCommand.message(for: error)
    }
    #expect(found == message)
  }
}
