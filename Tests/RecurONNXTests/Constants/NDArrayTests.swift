// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import RecurONNX

@Suite("Arrays with several axes")
struct ONNXNDArrayTests {
  private let array = NDArray(dims: [2, 3], elements: [1, 2, 3, 4, 5, 6])

  private func reason<Result>(_ body: () throws(Refusal) -> Result) -> String {
    do {
      _ = try body()
      return "no error"
    } catch { return error.reason }
  }

  @Test("strides are those of rows")
  func strides() {
    #expect(array.strides == [3, 1])
    #expect(rowMajorStrides([2, 3, 4]) == [12, 4, 1] && rowMajorStrides([]).isEmpty)
  }

  @Test("offsets are those of all indices in order")
  func offsets() {
    func offsets(_ dims: [Int], _ strides: [Int], _ offset: Int = 0) -> [Int] {
      var list: [Int] = []
      forEachOffset(dims, strides, offset) { list.append($0) }
      return list
    }
    #expect(offsets([2, 3], [10, 1], 5) == [5, 6, 7, 15, 16, 17])
    #expect(offsets([2, 2, 2], [1, 10, 100]) == [0, 100, 10, 110, 1, 101, 11, 111])
    #expect(offsets([], []) == [0] && offsets([], [], 4) == [4])
    #expect(offsets([2, 0], [1, 1]).isEmpty && offsets([0, 2], [1, 1]).isEmpty)
    #expect(offsets([3], [-1], 2) == [2, 1, 0])
  }

  @Test("are broadcast only along axes of size 1")
  func broadcasting() throws {
    #expect(try array.broadcast(to: [2, 3]).elements == array.elements)
    let row = NDArray(dims: [3], elements: [1, 2, 3])
    #expect(try row.broadcast(to: [2, 3]).elements == [1, 2, 3, 1, 2, 3])
    let column = NDArray(dims: [2, 1], elements: [1, 2])
    #expect(try column.broadcast(to: [2, 3]).elements == [1, 1, 1, 2, 2, 2])
    #expect(try NDArray(scalar: 7).broadcast(to: [2]).elements == [7, 7])
    for target in [[3, 2], [3], [2, 3, 1], [4, 3]] {
      #expect(
        reason { () throws(Refusal) in try array.broadcast(to: target) }
          == "cannot broadcast the shape [2, 3] to \(target)")
    }
  }

  @Test("that are computed from few elements have few")
  func limits() throws {
    let one = NDArray(dims: [1], elements: [7])
    #expect(try one.broadcast(to: [1 << 14]).elements.count == 1 << 14)
    #expect(
      reason { () throws(Refusal) in try one.broadcast(to: [(1 << 14) + 1]) }
        == "computes a tensor of the shape [16385], which is too large")
    let large = NDArray(dims: [(1 << 14) + 1], elements: Array(repeating: 1, count: (1 << 14) + 1))
    #expect(try large.reshaped([1, (1 << 14) + 1]).transposed([1, 0]).dims == [16_385, 1])
    #expect(
      reason { () throws(Refusal) in try large.view(dims: [16_386], strides: [0]) }
        == "computes a tensor of the shape [16386], which is too large")
  }

  @Test("are joined along an axis")
  func joining() throws {
    let other = NDArray(dims: [2, 1], elements: [7, 8])
    let wide = try NDArray.concatenated([array, other, array], axis: 1)
    #expect(wide.dims == [2, 7])
    #expect(wide.elements == [1, 2, 3, 7, 1, 2, 3, 4, 5, 6, 8, 4, 5, 6])
    let empty = NDArray<Int>(dims: [0, 3], elements: [])
    let none = try NDArray.concatenated([empty, empty], axis: 1)
    #expect(none.dims == [0, 6] && none.elements.isEmpty)
    #expect(try NDArray.concatenated([empty, array], axis: 0).elements == array.elements)
  }

  @Test("the first and the last element of an axis")
  func ends() throws {
    #expect(try array.rearranged(.first(axis: 1)).elements == [1, 4])
    #expect(try array.rearranged(.last(axis: 1)).elements == [3, 6])
    #expect(try array.rearranged(.last(axis: 0)).elements == [4, 5, 6])
    let empty = NDArray<Int>(dims: [0, 3], elements: [])
    #expect(try empty.rearranged(.first(axis: 0)).dims == [0, 3])
    #expect(
      reason { () throws(Refusal) in try empty.rearranged(.last(axis: 0)) }
        == "reads the last element of an axis without elements")
  }

  @Test("the number of elements has a limit")
  func counts() {
    #expect(elementCount([]) == 1 && elementCount([2, 3]) == 6 && elementCount([0, 5]) == 0)
    #expect(elementCount([-1]) == nil && elementCount([0, -1]) == nil)
    #expect(elementCount([1 << 14, 1 << 14]) == 1 << 28)
    #expect(elementCount([1 << 14, 1 << 14, 2]) == nil)
    #expect(elementCount([(1 << 28) + 1]) == nil && elementCount([0, (1 << 28) + 1]) == nil)
    #expect(elementCount([2, 5], limit: 10) == 10 && elementCount([2, 5], limit: 9) == nil)
    #expect(elementCount([1 << 32, 1 << 32], limit: .max) == nil)
  }
}
