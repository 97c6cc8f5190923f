// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import RecurONNX

@Suite("Constants of ONNX models")
struct ONNXConstantTests {
  private func reason<Result>(_ body: () throws(Refusal) -> Result) -> String {
    do {
      _ = try body()
      return "no error"
    } catch { return error.reason }
  }

  private let filled = Constant(filled: 2.5, dims: [Size(2), Size(1)], .float)
  private let named = Constant(filled: 2, dims: [Size(named: "T")], .int64)
  private let sizes = Constant(NDArray(dims: [2], elements: [Size(3), Size(named: "T")]))

  @Test("have values of all kinds of storage")
  func values() throws {
    #expect(try filled.values().elements == [2.5, 2.5] && filled.values().dims == [2, 1])
    let integers = Constant(NDArray(dims: [2], elements: [Size(3), Size(-4)]))
    #expect(try integers.values().elements == [3, -4] && integers.values().dims == [2])
    #expect(
      reason(named.values)
        == "has a constant of the shape [T], whose sizes are not known")
    #expect(reason(sizes.values) == "depends on the size T, which is not known")
  }

  @Test("have integers only if they are integers")
  func integers() throws {
    #expect(try Constant(filled: 4, dims: [Size(3)], .int32).numbers().elements == [4, 4, 4])
    #expect(reason(Constant(filled: 4.5, dims: [], .int32).sizes) == "has the integer 4.5")
    #expect(reason(filled.sizes) == "has a constant of floating-point numbers, expected integers")
    #expect(
      reason(Constant(NDArray(scalar: 1.0)).numbers)
        == "has a constant of floating-point numbers, expected integers")
    #expect(try sizes.sizes().elements == [Size(3), Size(named: "T")])
    #expect(reason(sizes.numbers) == "depends on the size T, which is not known")
  }

  @Test("are one number, or 0 everywhere")
  func scalars() throws {
    #expect(try filled.scalar() == 2.5 && named.scalar() == 2)
    #expect(try Constant(NDArray(dims: [1, 1], elements: [3.0])).scalar() == 3)
    #expect(
      reason(Constant(NDArray(dims: [2, 1], elements: [3.0, 3])).scalar)
        == "has a constant of the shape [2, 1], expected one value")
    let zero = Constant(filled: 0, dims: [Size(named: "T")], .float)
    #expect(try zero.isZero && !named.isZero)
    #expect(try Constant(NDArray(dims: [2], elements: [0.0, -0.0])).isZero)
    #expect(try !Constant(NDArray(dims: [2], elements: [0.0, 1.0])).isZero)
  }

  @Test("that are computed have a limit")
  func limits() throws {
    let (largest, larger) = (1 << 14, (1 << 14) + 1)
    #expect(
      try Constant(filled: 1, dims: [Size(largest)], .float).values().elements.count == largest)
    #expect(
      reason(Constant(filled: 1, dims: [Size(larger)], .float).values)
        == "has a constant of the shape [16385], which is too large")
    for (count, message) in [
      (largest, "no error"),
      (larger, "reads a tensor of integers of the shape [16385], which is too large"),
    ] {
      let tensor = WireMessage([
        .varint(1, UInt64(count)), .varint(2, 2), .bytes(9, Array(repeating: 7, count: count)),
      ])
      let constant = Constant(
        try TensorProto(WireReader(tensor.bytes), ExternalData(folder: nil, bytes: 0)))
      #expect(reason(constant.values) == message)
      #expect(reason(constant.sizes) == message)
    }
  }

  @Test("count the elements that were computed")
  func computed() {
    #expect(filled.computedCount == 0)
    #expect(Constant(NDArray(dims: [3], elements: [1.0, 2, 3])).computedCount == 3)
    #expect(sizes.computedCount == 2 + 8)
  }

  @Test("the size to give is one that the reason depends on")
  func openSizes() {
    let (t, s) = (Size(named: "T"), Size(named: "S"))
    let refusal = Refusal("no", openSize: t * Size(2))
    let advice = { (names: String, first: String) in
      "no; give the size of \(names): sizes: [\"\(first)\": N], or --size \(first)=N of the command"
    }
    #expect(refusal.reason(axes: []) == "no")
    #expect(refusal.reason(axes: ["B", "T"]) == advice("T", "T"))
    #expect(refusal.reason(axes: ["B", "S"]) == advice("B, S", "B"))
    #expect(Refusal("no", openSize: t + s).reason(axes: ["S", "T"]) == advice("S, T", "S"))
    #expect(Refusal("no").reason(axes: ["T"]) == "no")
  }
}
