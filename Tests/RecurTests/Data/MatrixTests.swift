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
    #expect(throws: RecurError.shape(argument: "span", expected: .init(4, 1), found: .init(3, 1))) {
      try MatrixView.over([1.0, 2, 3], rows: 2, columns: 2) { _ in }
    }
  }

  @Test(arguments: [(-1, 2), (2, -1), (Int.max, 2), (1 << 40, 1 << 40), (1 << 32, 1 << 32)])
  func impossibleSizesAreErrors(rows: Int, columns: Int) {
    #expect(throws: RecurError.self) { try Matrix<Double>(rows: rows, columns: columns) }
    #expect(throws: RecurError.self) { try Matrix<Float>(rows: rows, columns: columns) }
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
