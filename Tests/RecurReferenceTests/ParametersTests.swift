// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurReference
import Testing

@Suite struct ReferenceParametersTests {
  /// Splits one list 0, 1, 2 … in the same order as PyTorch.
  @Test func theListIsInTorchsOrder() {
    let options = ReferenceLSTMOptions(peepholes: true, coupledGates: true, projectionSize: 1)
    let shape = options.shape(inputSize: 1, hiddenSize: 2)
    let list = (0..<shape.parameterCount).map(Double.init)
    let parameters = ReferenceParameters(shape, elements: list)
    #expect(parameters.elements == list)
    #expect(parameters.weightIH == [[0], [1], [2], [3], [4], [5]])
    #expect(parameters.weightHH == [[6], [7], [8], [9], [10], [11]])
    #expect(parameters.biasIH == [12, 13, 14, 15, 16, 17])
    #expect(parameters.biasHH == [18, 19, 20, 21, 22, 23])
    #expect(parameters.weightHR == [[24, 25]])
    #expect(parameters.weightPeephole == [[26, 27], [28, 29]])
    #expect(parameters.input[1].bias == [14, 15])
  }

  @Test func gainsComeLast() {
    let shape = ReferenceGRUOptions(layerNormalization: true).shape(inputSize: 1, hiddenSize: 1)
    let list = (0..<shape.parameterCount).map(Double.init)
    let parameters = ReferenceParameters(shape, elements: list)
    #expect(parameters.elements == list)
    #expect(parameters.biasHH == [9, 10, 11])
    #expect(parameters.gainIH == [12, 13, 14])
    #expect(parameters.gainHH == [15, 16, 17])
  }

  @Test func whatIsAbsentIsLeftOut() {
    let shape = ReferenceGRUOptions(bias: false).shape(inputSize: 3, hiddenSize: 2)
    let parameters = ReferenceParameters<Double>.zero(shape)
    #expect(parameters.elements.count == 6 * 3 + 6 * 2)
    #expect(parameters.biasIH.isEmpty && parameters.biasHH.isEmpty)
  }
}
