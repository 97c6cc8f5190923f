// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import RecurONNX

@Suite("Sizes of ONNX models, which may be named")
struct ONNXSizeTests {
  private static let (t, b) = (Size(named: "T"), Size(named: "B"))
  private static let largest = Size(.max)

  @Test(
    "sums, differences, products and quotients",
    arguments: [
      (t + Size(0), "T"), (Size(0) + t, "T"), (Size(2) + Size(3), "5"), (t + t, "2*T"),
      (t + b, "(T+B)"), (b + t, "(B+T)"), (t + Size(1), "(T+1)"),
      (largest + Size(1), "(9223372036854775807+1)"), (largest + Size(0), "9223372036854775807"),
      (t - Size(0), "T"), (t - t, "0"), (Size(2) - Size(3), "-1"), (t * Size(5) - t, "4*T"),
      (t - b, "(T-B)"), (Size(0) - t, "(0-T)"),
      (Size(.min) - Size(1), "(-9223372036854775808-1)"),
      (Size(2) * Size(3), "6"), (t * Size(2), "2*T"), (t * b, "B*T"), (b * t, "B*T"),
      (t * Size(0), "0"), (t * Size(1), "T"), (t * Size(-1), "-1*T"),
      (largest * Size(2), "(9223372036854775807*2)"),
      (t * b * t * b * t * b, "B*B*B*T*T*T"), (t * b * t * b * t * b * t, "(B*B*B*T*T*T*T)"),
      (Size(7) / Size(2), "3"), (Size(-7) / Size(2), "-3"), (Size(6) / Size(3), "2"),
      (Size(7) / Size(0), "(7/0)"), (Size(7) / Size(-1), "(7/-1)"), (Size(7) / Size(-2), "-3"),
      (t * Size(6) / Size(3), "2*T"), (t * Size(6) / t, "6"), (t * b / b, "T"),
      (t * Size(7) / Size(2), "(7*T/2)"), (Size(6) / t, "(6/T)"), (t / b, "(T/B)"),
      (Size.product([]), "1"), (Size.product([t, Size(2), b]), "2*B*T"),
    ])
  fileprivate func operations(_ size: Size, _ expected: String) {
    #expect("\(size)" == expected)
  }

  @Test("a number is known unless a name is left")
  func numbers() {
    #expect(Size(3).number == 3 && Self.t.number == nil)
    #expect((Self.t * Size(0)).number == 0)
    #expect((Self.t * Size(6) / Self.t).number == 6)
    #expect(Size(1).isOne && !Size(0).isOne && !Size(2).isOne && !Self.t.isOne)
    #expect((Self.t * Size(6)).factor == 6)
    #expect(Self.t * Size(0) == Size(0) && Self.t * Self.b == Self.b * Self.t)
  }

  @Test("an exact quotient is exact for all values of the names")
  func exactQuotients() {
    let (t, b) = (Self.t, Self.b)
    #expect(Size(6).exactQuotient(Size(3)) == Size(2))
    #expect(Size(6).exactQuotient(Size(4)) == nil)
    #expect(Size(6).exactQuotient(Size(0)) == nil)
    #expect(Size(6).exactQuotient(Size(-3)) == nil)
    #expect(Size(0).exactQuotient(Size(3)) == Size(0))
    #expect((t * t * b).exactQuotient(t) == b * t)
    #expect((t * b).exactQuotient(t * t) == nil)
    #expect((Size(6) * t).exactQuotient(Size(2) * t) == Size(3))
    #expect(t.exactQuotient(Size(1)) == t)
  }

  @Test("the memory of a size grows with its names")
  func words() {
    #expect(Size(5).words == 2)
    #expect(Self.t.words == 8)
    #expect((Self.t * Self.b).words == 10)
  }

  @Test("the text of a large expression is a hash")
  func hashes() {
    let (long, longer) = (
      Size(named: String(repeating: "n", count: 200)),
      Size(named: String(repeating: "n", count: 201))
    )
    #expect("\(long)" == String(repeating: "n", count: 200))
    // FNV-1a of 201 bytes.
    #expect("\(longer)" == "size#\(String(Self.hash(201), radix: 16))")
  }

  private static func hash(_ count: Int) -> UInt64 {
    var hash: UInt64 = 14_695_981_039_346_656_037
    for _ in 0..<count {
      hash =
        (hash ^ UInt64(UInt8(ascii: "n"))).multipliedReportingOverflow(by: 1_099_511_628_211)
        .partialValue
    }
    return hash
  }
}
