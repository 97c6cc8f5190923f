// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import TestSupport
import Testing

@testable import RecurTraining

/// Rejected files.
extension SafeTensorsTests {
  private static let a = #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#

  /// A header, the number of bytes after it, and the message.
  private static let refused: [(String, Int, String)] = [
    ("", 0, "is not a safetensors file: its header is not a single JSON object"),
    (" {}", 0, "is not a safetensors file: its header is not a single JSON object"),
    ("\u{FEFF}{}", 0, "is not a safetensors file: its header is not a single JSON object"),
    ("[]", 0, "is not a safetensors file: its header is not a single JSON object"),
    ("{}\n", 0, "is not a safetensors file: its header is not a single JSON object"),
    ("{} x", 0, "is not a safetensors file: its header is not a single JSON object"),
    ("{}{}", 0, "has a header that is not valid JSON: it is not a single object or array"),
    ("{\"a\" 1}", 0, "has a header that is not valid JSON: ':' expected near '1'"),
    (a + ",}", 4, "has a header that is not valid JSON: string or '}' expected near '}'"),
    (
      a + "," + a.dropFirst() + "}", 4,
      "has a header that is not valid JSON: duplicate object key near '\"a\"'"
    ),
    (
      a + #","\u0061":{}}"#, 4,
      #"has a header that is not valid JSON: duplicate object key near '"\u0061"'"#
    ),
    (
      #"{"a":"\u0000"}"#, 0,
      "has a header that is not valid JSON: \\u0000 is not allowed near '\"\\u0000\"'"
    ),
    (#"{"a":"\ud800"}"#, 0, "has a header that is not valid JSON: invalid Unicode '\\uD800'"),
    (#"{"__metadata__":[]}"#, 0, "has a __metadata__ that is not an object"),
    (#"{"__metadata__":{"a":1}}"#, 0, #"has the metadata "a", which is not a string"#),
    (
      "{\"__metadata__\":{\"\u{e9}\":\"\",\"e\u{301}\":\"\"}}", 0, "has the metadata e\u{301} twice"
    ),
    ("{\"\":{}}", 0, "has a tensor without a name"),
    ("{\"a\":1}", 0, #"tensor "a" is not an object"#),
    (#"{"a":{"shape":[1],"data_offsets":[0,4]}}"#, 4, #"tensor "a" has no dtype"#),
    (#"{"a":{"dtype":1,"shape":[1],"data_offsets":[0,4]}}"#, 4, #"tensor "a" has no dtype"#),
    (
      #"{"a":{"dtype":"F32","data_offsets":[0,4]}}"#, 4,
      #"tensor "a" has no shape, expected an array of integers"#
    ),
    (
      #"{"a":{"dtype":"F32","shape":[1]}}"#, 4,
      #"tensor "a" has no data_offsets, expected two integers"#
    ),
    (
      #"{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 4,
      "has a header that is not valid JSON: duplicate object key near '\"dtype\"'"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}"#, 4,
      #"tensor "a" has the unknown field "x""#
    ),
    (
      tensor("F8_E4M3", "[4]", "[0,4]"), 4,
      #"tensor "a" is of type "F8_E4M3", expected one of F64, F32,"#
    ),
    (
      tensor("f32", "[1]", "[0,4]"), 4,
      #"tensor "a" is of type "f32", expected one of F64, F32, F16, BF16"#
    ),
    (tensor("BF16", "[1]", "[0,4]"), 4, #"tensor "a" has 4 bytes, expected 2 for [1]"#),
    (tensor("BOOL", "[1]", "[0,4]"), 4, #"tensor "a" has 4 bytes, expected 1 for [1]"#),
    (tensor("F32", "[-1]", "[0,4]"), 4, #"tensor "a" has no shape, expected an array of integers"#),
    (
      tensor("F32", "[-1,-1]", "[0,4]"), 4,
      #"tensor "a" has no shape, expected an array of integers"#
    ),
    (
      tensor("F32", "[1.0]", "[0,4]"), 4, #"tensor "a" has no shape, expected an array of integers"#
    ),
    (
      tensor("F32", "[1e0]", "[0,4]"), 4, #"tensor "a" has no shape, expected an array of integers"#
    ),
    (tensor("F32", "1", "[0,4]"), 4, #"tensor "a" has no shape, expected an array of integers"#),
    (
      tensor("F32", "[9223372036854775808]", "[0,4]"), 4,
      "has a header that is not valid JSON: too big integer"
    ),
    (
      tensor("F32", "[4294967296,4294967296]", "[0,0]"), 0,
      #"tensor "a" has the invalid shape [4294967296, 4294967296]"#
    ),
    (
      tensor("F32", "[4611686018427387904]", "[0,0]"), 0,
      #"tensor "a" has the invalid shape [4611686018427387904]"#
    ),
    (
      tensor("F32", "[1,1,1,1,1,1,1,1,1]", "[0,4]"), 4,
      #"tensor "a" has 9 dimensions, expected at most 8"#
    ),
    (tensor("F32", "[1]", "[0]"), 4, #"tensor "a" has no data_offsets, expected two integers"#),
    (tensor("F32", "[1]", "[0,4,8]"), 4, #"tensor "a" has no data_offsets, expected two integers"#),
    (tensor("F32", "[1]", "[0,4.0]"), 4, #"tensor "a" has no data_offsets, expected two integers"#),
    (
      tensor("F32", "[1]", "[0,true]"), 4, #"tensor "a" has no data_offsets, expected two integers"#
    ),
    (tensor("F32", "[1]", "[4,0]"), 4, #"tensor "a" has the invalid offsets [4, 0]"#),
    (tensor("F32", "[1]", "[-4,0]"), 4, #"tensor "a" has no data_offsets, expected two integers"#),
    (tensor("F32", "[2]", "[0,4]"), 4, #"tensor "a" has 4 bytes, expected 8 for [2]"#),
    (tensor("F32", "[1]", "[4,8]"), 8, #"tensor "a" begins at 4, expected 0"#),
    (
      a + #","b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}"#, 12,
      #"tensor "b" begins at 8, expected 4"#
    ),
    (
      a + #","b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}"#, 6,
      #"tensor "b" begins at 2, expected 4"#
    ),
    (
      a + #","b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 4,
      #"tensor "b" begins at 0, expected 4"#
    ),
    (a + "}", 3, "has 3 bytes of tensors, expected 4"),
    (a + "}", 5, "has 5 bytes of tensors, expected 4"),
  ]

  @Test func refusesWhatIsNotTheFormat() throws {
    for (header, count, reason) in Self.refused {
      let found = message { try SafeTensors(bytes: file(header, count)) }
      #expect(found.hasPrefix("test: " + reason), "\(header): \(found)")
      #expect(!found.contains("\n"))
    }
    let latin = Data([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x7b, 0x7d, 0x7d])
    #expect(
      message { try SafeTensors(bytes: file(latin)) }
        .hasPrefix("test: has a header that is not valid JSON: unable to decode byte 0xff"))
    let deep = String(repeating: "[", count: 100_000)
    #expect(throws: FileError.self) { try SafeTensors(bytes: file("{\"a\":" + deep + "}")) }
  }

  @Test func refusesWrongLengths() {
    #expect(
      message { try SafeTensors(bytes: Data(count: 7)) }
        == "test: has 7 bytes, too few for a safetensors file")
    for length in [100_000_001, UInt64.max] {
      #expect(
        message { try SafeTensors(bytes: file("{}", length: length)) }
          == "test: is not a safetensors file: its header would have \(length) bytes, "
          + "expected at most 100000000")
    }
    #expect(
      message { try SafeTensors(bytes: file("{}", length: 100_000_000)) }
        == "test: ends after 10 bytes, within a header of 100000000 bytes")
    #expect(
      message { try SafeTensors(bytes: Data("version https://git-lfs".utf8)) }
        == "test: is a file of an unknown format, expected a safetensors file")
  }

  /// Every altered file is rejected or read as unverified, without a crash.
  /// A text may have a separator for every 8 bytes of its file and 8,000 more. A value of `{},` has two.
  @Test func refusesMoreValuesThanMemoryWouldHold() throws {
    for size in [0, 8, 80_000] {
      let most = 8_000 + size / 8
      let text = { (count: Int) in
        Data(("[0" + String(repeating: ",0", count: count - 1) + "]").utf8)
      }
      let parsed = try JSONText(text(most), fileSize: size)
      #expect(withExtendedLifetime(parsed) { parsed.root.integers?.count } == most)
      let error = #expect(throws: JSONText.Failure.self) {
        try JSONText(text(most + 1), fileSize: size)
      }
      #expect(
        error?.reason
          == "has \(most + 1) separators in \(size) bytes, expected at most \(most)")
    }
    let harmless = "\"" + String(repeating: ",:[{\\\"", count: 10_000) + "\""
    _ = try JSONText(Data("[\(harmless)]".utf8), fileSize: 0)
    let header = "{\"a\":[" + String(repeating: "{},", count: 10_000) + "0]}"
    #expect(
      message { try SafeTensors(bytes: file(header, 0)) }
        .hasPrefix(
          "test: has a header that has 20003 separators in 30017 bytes"))
  }

  @Test func limitsOfJSON() throws {
    let nested = {
      Data((String(repeating: "[", count: $0) + String(repeating: "]", count: $0)).utf8)
    }
    _ = try JSONText(nested(32), fileSize: 0)
    #expect(throws: JSONText.Failure.self) { try JSONText(nested(33), fileSize: 0) }
    for number in [Int.max, Int.min] {
      let parsed = try JSONText(Data("[\(number)]".utf8), fileSize: 0)
      #expect(withExtendedLifetime(parsed) { parsed.root.integers } == [number])
    }
    for number in ["9223372036854775808", "-9223372036854775809"] {
      #expect(throws: JSONText.Failure.self) { try JSONText(Data("[\(number)]".utf8), fileSize: 0) }
    }
  }

  /// jansson skips a zero byte after a number or a word.
  @Test func refusesZeroBytes() throws {
    for text in ["[1\0]", "[true\0]", "[\0]", "[1]\0", "\0[1]", "[1,\0 2]", "[\"\0\"]", "[1.5\0]"] {
      let error = #expect(throws: JSONText.Failure.self, "\(text.debugDescription)") {
        try JSONText(Data(text.utf8), fileSize: 0)
      }
      #expect(error?.reason == "is not valid JSON: it has a zero byte")
    }
  }

  @Test func dimensionsHaveALimit() throws {
    for (count, isRead) in [(8, true), (9, false)] {
      let shape = Array(repeating: "1", count: count).joined(separator: ",")
      let header = #"{"a":{"dtype":"F32","shape":[\#(shape)],"data_offsets":[0,4]}}"#
      #expect(((try? SafeTensors(bytes: file(header, 4))) != nil) == isRead)
    }
  }

  /// The JSON of a model or a run, which is a string of the header.
  @Test func refusesMoreValuesOfAModelThanMemoryWouldHold() throws {
    let text = "[" + String(repeating: "0,", count: 20_000) + "0]"
    let file = SafeTensors(
      tensors: [], metadata: ["recur.kind": "model", "recur.version": "2", "recur.model": text])
    #expect(
      message { try SequenceModel<Float>(SafeTensors(bytes: file.bytes)) }.contains(
        "has 20001 separators in 40003 bytes"))
  }

  @Test func everyAlterationIsAnError() throws {
    let whole = try sample().bytes
    for count in 0..<whole.count {
      #expect(throws: FileError.self) { try SafeTensors(bytes: whole.prefix(count)) }
    }
    for index in whole.indices {
      for bit in 0..<8 {
        var altered = whole
        altered[index] ^= 1 << bit
        // If the alteration is in the name of the checksum, the file counts as unverified; all else
        // is unchanged.
        if let read = try? SafeTensors(bytes: altered) {
          #expect(!read.isVerified && read.metadata.count == 3)
        }
      }
    }
  }

  @Test func aWrongChecksumIsAnError() throws {
    let whole = try sample().bytes
    let text = Data("\"recur.checksum\":\"".utf8)
    let place = try #require(whole.range(of: text)).upperBound
    var altered = whole
    altered.replaceSubrange(place..<place + 8, with: Data("00000000".utf8))
    #expect(
      message { try SafeTensors(bytes: altered) }
        == "test: was altered: its checksum does not match its contents")
    let unplaced = #"{"__metadata__": {"recur.checksum" : "00000000"}}"#
    #expect(throws: FileError.self) { try SafeTensors(bytes: file(unplaced)) }
    let short = #"{"__metadata__":{"recur.checksum":"0"}}"#
    #expect(throws: FileError.self) { try SafeTensors(bytes: file(short)) }
  }

  /// A name in a file must not control the terminal that shows the message.
  @Test func messagesArePrintable() {
    let header = #"{"\u001b[2J\n\u202e":{"dtype":"F32","shape":[1],"data_offsets":[0,0]}}"#
    #expect(
      message { try SafeTensors(bytes: file(header, 0)) }
        == #"test: tensor "\x1b[2J\x0a\xe2\x80\xae" has 0 bytes, expected 4 for [1]"#)
    let long = #"{"\#(String(repeating: "n", count: 5000))":{}}"#
    let message = message { try SafeTensors(bytes: file(long, 0)) }
    #expect(message.hasPrefix(#"test: tensor "nnn"#) && message.count < 100, "\(message)")
  }

  @Test func aJSONValueOutlivesItsText() throws {
    let root = try JSONText(Data(#"{"a":"b"}"#.utf8), fileSize: 9).root
    #expect(root.entries?.first?.1.string == "b")
  }
}
