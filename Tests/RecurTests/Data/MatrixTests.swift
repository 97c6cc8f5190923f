// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur
import Recur
import Testing

@Suite struct MatrixTests {
  @Test func elementsAreRowAfterRow() throws {
    let matrix = try Matrix<Double>([[1, 2, 3], [4, 5, 6]])
    #expect(matrix.rows == 2 && matrix.columns == 3)
    #expect(matrix[1, 0] == 4)
    #expect(matrix.elements == [1, 2, 3, 4, 5, 6])
    #expect(try matrix == Matrix(rows: 2, columns: 3, elements: [1, 2, 3, 4, 5, 6]))
    #expect("\(matrix)" == "[1.0, 2.0, 3.0]\n[4.0, 5.0, 6.0]")
  }

  @Test func copiesAreIndependent() throws {
    let original = try Matrix<Float>([[1, 2], [3, 4]])
    var bySubscript = original
    bySubscript[0, 0] = 9
    var bySpan = original
    bySpan.withMutableSpan { $0[1] = 9 }
    var byGSL = original
    byGSL.withMutableGSLMatrix { $0.pointee.data[3] = 9 }
    #expect(original.elements == [1, 2, 3, 4])
    #expect(bySubscript.elements == [9, 2, 3, 4])
    #expect(bySpan.elements == [1, 9, 3, 4])
    #expect(byGSL.elements == [1, 2, 3, 9])
  }

  @Test func gslSeesTheSameMemory() throws {
    var matrix = try Matrix<Double>([[1, 2, 3], [4, 5, 6]])
    matrix.withMutableGSLMatrix { _ = gsl_matrix_scale($0, 2) }
    let sum = matrix.withGSLMatrix { m in
      #expect(m.pointee.size1 == 2 && m.pointee.size2 == 3 && m.pointee.tda == 3)
      return gsl_matrix_get(m, 1, 2)
    }
    #expect(sum == 12)
  }

  @Test func viewsDoNotCopy() throws {
    let array: [Double] = [1, 2, 3, 4, 5, 6]
    let corner = try MatrixView.over(array, rows: 2, columns: 3) { view in
      #expect(view.rows == 2 && view.columns == 3 && view.stride == 3)
      return view[1, 2]
    }
    #expect(corner == 6)
    let memory = UnsafeMutableBufferPointer<Double>.allocate(capacity: 4)
    defer { memory.deallocate() }
    memory.initialize(repeating: 1)
    try MatrixView.over(memory.span, rows: 2, columns: 2) { view in
      memory[3] = 8
      #expect(view[1, 1] == 8)
    }
    let parent = gsl_matrix_calloc(4, 5)!
    defer { gsl_matrix_free(parent) }
    gsl_matrix_set(parent, 1, 2, 7)
    var part = gsl_matrix_submatrix(parent, 1, 1, 2, 3)
    try MatrixView<Double>.over(&part.matrix) { view in
      #expect(view.stride == 5 && view[0, 1] == 7)
    }
  }

  @Test func unevenRowsAreAnError() {
    #expect(throws: RecurError.shape(argument: "row 1", expected: .init(1, 2), found: .init(1, 3)))
    {
      try Matrix<Double>([[1, 2], [3, 4, 5]])
    }
    #expect(
      throws: RecurError.shape(argument: "elements", expected: .init(4, 1), found: .init(5, 1))
    ) {
      try Matrix<Double>(rows: 2, columns: 2, elements: [1, 2, 3, 4, 5])
    }
    #expect(
      throws: RecurError.shape(argument: "elements", expected: .init(4, 1), found: .init(3, 1))
    ) {
      try MatrixView.over([1.0, 2, 3], rows: 2, columns: 2) { _ in }
    }
  }

  @Test(arguments: [(-1, 2), (2, -1), (Int.max, 2), (1 << 40, 1 << 40), (1 << 32, 1 << 32)])
  func impossibleSizesAreErrors(rows: Int, columns: Int) {
    #expect(throws: RecurError.self) { try Matrix<Double>(rows: rows, columns: columns) }
    #expect(throws: RecurError.self) { try Matrix<Float>(rows: rows, columns: columns) }
  }

  @Test func sizesReadAsGiven() {
    #expect {
      try Matrix<Float>(rows: .max, columns: 2)
    } throws: {
      "\($0)" == "rows x columns is \(Int.max) x 2, which overflows"
    }
    #expect {
      try MatrixView<Double>.over([], rows: 2, columns: -1) { _ in }
    } throws: {
      "\($0)" == "columns is -1, expected at least 0"
    }
  }

  @Test func anySequenceGivesElements() throws {
    let array: [Float] = [0, 0.5, 1, 1.5, 2, 2.5]
    let want = try Matrix<Float>([[0, 0.5, 1], [1.5, 2, 2.5]])
    #expect(try Matrix(rows: 2, columns: 3, elements: array[...]) == want)
    #expect(try Matrix(rows: 2, columns: 3, elements: array.lazy.map { $0 }) == want)
    #expect(try Matrix(rows: 2, columns: 3, elements: stride(from: 0, to: 3, by: 0.5)) == want)
    #expect(try Matrix(rows: 2, columns: 3, elements: array.span) == want)
    #expect(
      try array.withUnsafeBufferPointer { try Matrix(rows: 2, columns: 3, elements: $0) } == want)
    #expect(try Matrix<Float>(rows: 0, columns: 3, elements: []).elements.isEmpty)

    func expectWrong(_ count: Int, _ body: () throws -> Matrix<Float>) {
      #expect(
        throws: RecurError.shape(
          argument: "elements", expected: .init(6, 1), found: .init(count, 1)),
        performing: body)
    }
    expectWrong(5) { try Matrix(rows: 2, columns: 3, elements: array.dropLast()) }
    expectWrong(7) { try Matrix(rows: 2, columns: 3, elements: array + [3]) }
    expectWrong(5) { try Matrix(rows: 2, columns: 3, elements: array.lazy.map { $0 }.dropLast()) }
    expectWrong(7) {
      try Matrix(rows: 2, columns: 3, elements: stride(from: 0, to: 3.5, by: 0.5))
    }
    expectWrong(0) { try Matrix(rows: 2, columns: 3, elements: []) }
    let two: [Float] = [1, 2]
    expectWrong(2) { try Matrix(rows: 2, columns: 3, elements: two.span) }
  }

  @Test func functionsOfElements() throws {
    let matrix = try Matrix<Double>([[1, -2, 3], [-4, 5, 0.1]])
    #expect(try matrix.map { $0.magnitude }.elements == [1, 2, 3, 4, 5, 0.1])
    #expect(try matrix.map(Float.init) == Matrix<Float>([[1, -2, 3], [-4, 5, 0.1]]))
    #expect(try matrix.transposed() == Matrix([[1, -4], [-2, 5], [3, 0.1]]))
    #expect(try matrix.transposed().transposed() == matrix)
    #expect(try Matrix<Float>(rows: 0, columns: 3).transposed().rows == 3)
  }

  @Test func arithmeticIsElementByElement() throws {
    let (a, b) = try (Matrix<Float>([[1, 2], [3, 4]]), Matrix<Float>([[10, 20], [30, 50]]))
    #expect(try (a + b).elements == [11, 22, 33, 54])
    #expect(try (b - a).elements == [9, 18, 27, 46])
    #expect(try (-2 * (a - b)).elements == [18, 36, 54, 92])
    #expect(a.elements == [1, 2, 3, 4])
    #expect(
      throws: RecurError.shape(
        argument: "right operand", expected: .init(2, 2), found: .init(1, 4))
    ) {
      try a - Matrix(rows: 1, columns: 4)
    }
  }

  @Test func memoryThatCannotBeHadIsAnError() {
    #expect {
      try Matrix<Double>(rows: 1 << 30, columns: 1 << 29)
    } throws: { error in
      guard case .outOfMemory = error as? RecurError else { return false }
      return true
    }
  }

  @Test func emptyMatricesExist() throws {
    let none = try Matrix<Double>(rows: 0, columns: 3)
    #expect(none.elements.isEmpty)
    #expect(try none == Matrix(rows: 0, columns: 3))
  }
}
