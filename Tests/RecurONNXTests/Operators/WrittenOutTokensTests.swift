// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurONNX
import Testing

/// The forms that are known, with their values, and small changes, which are refused.
@Suite("Indices from the end that ONNX models compute")
struct ONNXWrittenOutTokensTests {
  private static let index = """
    k: int64[B,T]
    s = Add(k, int64[]:3)
    f = Cast(k) to=1
    n = Less(f, float[]:0)
    p = Not(n)
    q = Cast(p) to=7
    m = Cast(n) to=7
    a = Mul(k, q)
    b = Mul(m, s)
    i = Add(b, a)
    y = Gather(float[3,2]:1,2,3,4,5,6, i)
    """

  @Test(
    "indices from the end",
    arguments: [
      ("", ""), ("a = Mul(k, q)", "a = Mul(q, k)"), ("b = Mul(m, s)", "b = Mul(s, m)"),
      ("i = Add(b, a)", "i = Add(a, b)"), ("s = Add(k, int64[]:3)", "s = Add(int64[1]:3, k)"),
    ])
  func indices(_ line: String, _ other: String) throws {
    let y = try #require(
      try GraphText.run(GraphText.changed(Self.index, line, other), [[2, 3]])["y"])
    #expect(y.shape == [2, 3, 2])
    #expect(y.elements == [1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6])
  }

  @Test(
    "other computations of indices",
    arguments: [
      ("n = Less(f, float[]:0)", "n = Less(f, float[]:1)", "Less"),
      ("n = Less(f, float[]:0)", "n = Less(s, float[]:0)", "Less"),
      ("p = Not(n)", "p = Not(f)", "Not"), ("p = Not(n)", "p = Not(s)", "Not"),
      ("a = Mul(k, q)", "a = Mul(k, m)", "Mul"), ("a = Mul(k, q)", "a = Mul(s, q)", "Mul"),
      ("b = Mul(m, s)", "b = Mul(m, m)", "Mul"), ("b = Mul(m, s)", "b = Mul(m, q)", "Mul"),
      ("i = Add(b, a)", "i = Add(b, b)", "Add"), ("i = Add(b, a)", "i = Add(a, a)", "Add"),
      ("i = Add(b, a)", "i = Add(b, k)", "Add"),
    ])
  func otherIndices(_ line: String, _ other: String, _ name: String) {
    #expect(
      GraphText.message(GraphText.changed(Self.index, line, other))
        == "\(name) \"node-\(name)\": computes tokens, which is supported only for indices from the end"
    )
  }

  @Test("indices of two inputs are no index from the end")
  func mixedIndices() {
    for (line, other, name) in [
      ("a = Mul(k, q)", "a = Mul(l, q)", "Mul"),
      ("s = Add(k, int64[]:3)", "s = Add(l, int64[]:3)", "Mul"),
    ] {
      #expect(
        GraphText.message("l: int64[B,T]\n" + GraphText.changed(Self.index, line, other))
          == "\(name) \"node-\(name)\": computes tokens, which is supported only for indices from the "
          + "end")
    }
  }
}
