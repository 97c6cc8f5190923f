// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RealModule
import RecurReference
import TestSupport
import Testing

@Suite struct ForwardTests {
  /// Small integers, worked by hand; every weight stands in another place of the sum.
  @Test func reluStepByHand() {
    let network = ReferenceRNN<Double>(
      activation: .relu, weightIH: [[1, 2, 3], [4, 5, 6]], weightHH: [[7, 8], [9, -100]],
      biasIH: [10, 20], biasHH: [1000, 2000])
    // W_ih x = (321, 654), W_hh h = (38, -282), then (254, -2982), and the biases (1010, 2020)
    #expect(network.step([1, 10, 100], [2, 3]) == [1369, 2392])
    #expect(network.step([1, 10, 100], [2, 30]) == [1585, 0])
  }

  @Test func tanhOfOneUnit() {
    let network = ReferenceRNN<Double>(
      activation: .tanh, weightIH: [[0.5]], weightHH: [[0.25]], biasIH: [0.125], biasHH: [1])
    let h = network.forward([[2], [-3]], h0: [0.5])
    let first = Double.tanh(2.25)
    let second = Double.tanh(-1.5 + 0.25 * first + 1.125)
    #expect(h == [[first], [second]])
  }

  /// W_ih x + W_hh h + (b_ih + b_hh): in any other order the 1 is lost.
  @Test func biasesAreAddedFirst() {
    let network = ReferenceRNN<Double>(
      activation: .relu, weightIH: [[1]], weightHH: [[1]], biasIH: [0x1p60], biasHH: [-0x1p60])
    #expect(network.step([0.75], [0.25]) == [1])
  }

  @Test(arguments: Case.all) func sequenceIsItsSteps(c: Case) {
    let p = Problem<Double>(c)
    var h = [p.h0]
    for x in p.x { h.append(p.network.step(x, h.last!)) }
    #expect(p.h == Array(h.dropFirst()))
  }

  @Test(arguments: Case.all) func floatIsWithinToleranceOfWide(c: Case) {
    let p = Problem<Float>(c)
    let w = Problem<Wide>(widening: p)
    let bound = Tolerance.bound(
      operations: Tolerance.rnnForward(steps: c.steps, inputs: c.inputs, hidden: c.hidden),
      magnitude: largestMagnitude(w.network.forwardMagnitudes(w.x, h0: w.h0)), of: Float.self)
    #expect(largestDifference(p.h, w.h) <= bound)
  }

  @Test(arguments: ReferenceActivation.allCases) func notANumberStaysSo(phi: ReferenceActivation) {
    let network = ReferenceRNN<Double>(
      activation: phi, weightIH: [[1]], weightHH: [[1]], biasIH: [0], biasHH: [0])
    #expect(network.step([.nan], [0])[0].isNaN)
  }

  @Test func parametersAreInTheOrderOfTheStruct() {
    var network = ReferenceRNN<Double>(
      activation: .relu, weightIH: [[1, 2, 3], [4, 5, 6]], weightHH: [[7, 8], [9, 10]],
      biasIH: [11, 12], biasHH: [13, 14])
    let same = network
    #expect(network.parameters == (1...14).map(Double.init))
    network = network.zeroGradients
    #expect(network.parameters == [Double](repeating: 0, count: 14))
    network.parameters = same.parameters
    #expect(network == same)
  }
}
