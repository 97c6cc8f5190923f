// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining
import Testing

@testable import RecurCommand
@testable import RecurTraining

/// The report and the comparison of `recur gradients`, with chosen numbers.
@Suite struct GradientReportTests {
  /// A report whose measurements a test chooses.
  private func report(_ change: (inout GradientReport) -> Void) throws -> [String] {
    let problem = try GradientNetworkArguments.parse([
      "--hidden-size", "2", "--sequence-length", "2", "--batch-size", "1",
    ]).problem
    var report = try GradientReport(
      problem.model(.simple), problem.data(), GradientProblem.loss, clipNorm: 0.5)
    report.diagnosis.network = "RNN"
    report.summary = "Words."
    change(&report)
    return report.lines
  }

  private func layer(_ steps: Int, isReverse: Bool = false) -> LayerDiagnosis {
    LayerDiagnosis(
      layer: 1, isReverse: isReverse,
      stateNorms: [(1...steps).map { 3 * Double($0) }, (1...steps - 1).map { 4 * Double($0) }],
      gates: [
        GateDiagnosis(
          name: "h", largestSingularValue: 1.23456, spectralRadius: 0.5,
          saturatedShares: (0..<steps).map { Double($0) / 4 })
      ])
  }

  /// The norms of steps 1 and 2 are those of both sequences, and the second one has ended before step 3.
  @Test func measurementsAreATable() throws {
    let lines = try report {
      $0.diagnosis.layers = [layer(3)]
      $0.diagnosis.jacobians = GradientJacobians(
        stepNorms: [[0.5, 2, 1], [0.25, 3]], productNorms: [[1, 2, 1], [0.75, 3]])
      $0.diagnosis.gradientNorm = 2
      $0.clipping = ClippingEffect(of: 2, at: 0.5)
    }
    #expect(
      lines == [
        "RNN", "", "W_hh of h: largest singular value 1.235, spectral radius 0.5", "",
        " step     |dL/dh_t| |ds_t/ds_t-1| |ds_T/ds_t-1|   saturated h",
        "    1             5           0.5             1            0%",
        "    2            10             3             2           25%",
        "    3             9             1             3           50%", "", "Words.", "",
        "The gradient norm is 2; clipping at 0.5 would multiply the gradient by 0.25.",
      ])
  }

  @Test func layersAndDirectionsHaveTitles() throws {
    let lines = try report {
      $0.diagnosis.layers = [layer(2), layer(2, isReverse: true)]
      $0.diagnosis.layers[1].gates[0].spectralRadius = nil
      $0.diagnosis.jacobians = nil
      $0.diagnosis.gradientNorm = 0.25
      $0.clipping = ClippingEffect(of: 0.25, at: 0.5)
    }
    let table = [
      " step     |dL/dh_t|   saturated h", "    1             5            0%",
      "    2             6           25%", "",
    ]
    #expect(
      lines == ["RNN", "", "layer 1", ""]
        + ["W_hh of h: largest singular value 1.235, spectral radius 0.5", ""] + table
        + ["layer 1, reverse", "", "W_hh of h: largest singular value 1.235", ""] + table
        + ["Words.", ""]
        + ["The gradient norm is 0.25; clipping at 0.5 would not change the gradient."])
  }

  @Test(arguments: [
    (1, [1]), (2, [1, 2]), (12, Array(1...12)), (13, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13]),
    (100, [1, 10, 19, 28, 37, 46, 55, 64, 73, 82, 91, 100]),
  ])
  func atMostTwelveStepsAreShown(steps: Int, shown: [Int]) throws {
    let lines = try report {
      $0.diagnosis.layers = [
        LayerDiagnosis(
          layer: 0, isReverse: false, stateNorms: [Array(repeating: 1, count: steps)], gates: [])
      ]
      $0.diagnosis.jacobians = nil
    }
    #expect(lines.compactMap { Int($0.prefix(5).trimmingCharacters(in: .whitespaces)) } == shown)
  }

  @Test func theTaskIsRecall() throws {
    let arguments = try GradientNetworkArguments.parse([])
    let problem = arguments.problem
    #expect(
      problem.hiddenSize == 32 && problem.sequenceLength == 50 && problem.batchSize == 4
        && problem.seed == 1 && problem.gain == 1 && problem.reading == .lastStep)
    #expect(arguments.clipNorm == 1 && arguments.optionOfNewNetwork == nil)
    let given = try GradientNetworkArguments.parse([
      "--hidden-size", "3", "--sequence-length", "4", "--batch-size", "5", "--seed", "6", "--gain",
      "-0.5", "--loss-steps", "all",
    ]).problem
    var generator = SplitMix64(seed: 6)
    let numbers = (0..<20).map { _ in 2 * generator.nextUnit() - 1 }
    let data = try given.data()
    guard case .features(let input) = data.input, case .values(let targets) = data.targets else {
      Issue.record("no features or no values")
      return
    }
    #expect(input.steps == 4 && input.batchSize == 5 && input.matrix.elements == numbers)
    #expect(targets.elements == (0..<4).flatMap { _ in numbers[..<5] })
    let last = try GradientNetworkArguments.parse(["--batch-size", "5", "--seed", "6"]).problem
    guard case .values(let ends) = try last.data().targets else { return }
    #expect(ends.elements == Array(numbers[..<5]) && ends.columns == 1)

    for cell in NetworkConfiguration.Cell.allCases {
      let model = try given.model(cell)
      let network = try NetworkConfiguration(cell, inputSize: 1, hiddenSize: 3).network(
        of: Double.self,
        initialization: .blockOrthogonal(forgetGateBias: cell == .lstm ? 1 : nil), seed: 6)
      let (own, plain) = (model.network.parameters, network.parameters)
      #expect(
        own.elements(of: "weight_hh_l0") == plain.elements(of: "weight_hh_l0")?.map { -0.5 * $0 })
      #expect(own.elements(of: "weight_ih_l0") == plain.elements(of: "weight_ih_l0"))
      #expect(own.elements(of: "bias_ih_l0") == plain.elements(of: "bias_ih_l0"))
      #expect(
        try model.head.parameters.elements
          == Linear<Double>(inputSize: 3, outputSize: 1, initialization: .glorot, seed: 6)
          .parameters.elements)
      #expect(model.reading == .everyStep)
    }
  }

  @Test func optionsAreChecked() throws {
    func message(_ arguments: [String]) -> String? {
      do { _ = try GradientNetworkArguments.parse(arguments) } catch {
        return RecurCommand.message(for: error)
      }
      return nil
    }
    #expect(message(["--sequence-length", "10000", "--batch-size", "1000"]) == nil)
    #expect(
      message(["--sequence-length", "10001", "--batch-size", "1000"])
        == "--batch-size is 1000 with --sequence-length 10001, expected at most 10000000 values in all "
        + "sequences")
    #expect(message(["--gain", "inf"]) == "--gain is inf, expected a finite number")
    #expect(
      message(["--clip-norm", "0"]) == "--clip-norm is 0.0, expected a positive finite number")
    #expect(message(["--sequence-length", "0"]) == "--sequence-length is 0, expected 1 to 1000000")
    #expect(message(["--batch-size", "0"]) == "--batch-size is 0, expected 1 to 1000000")
    for (arguments, name) in [
      ("--cell gru", "--cell"), ("--hidden-size 3", "--hidden-size"), ("--seed 1", "--seed"),
      ("--gain 1", "--gain"), ("--loss-steps all", "--loss-steps"), ("--sequence-length 3", nil),
      ("--batch-size 3", nil), ("--clip-norm 3", nil),
    ] as [(String, String?)] {
      let words = arguments.split(separator: " ").map(String.init)
      #expect(try GradientNetworkArguments.parse(words).optionOfNewNetwork == name)
    }
  }

  @Test func gradientDescentEnds() throws {
    let problem = try GradientNetworkArguments.parse([
      "--hidden-size", "3", "--sequence-length", "4",
    ]).problem
    let descent = try GradientDescent(problem, .gru, .none, learningRate: 0.125, updates: 2)
    var (model, data) = (try problem.model(.gru), try problem.data())
    for update in 0...2 {
      var gradients = try model.parameters.zeros()
      let loss = try model.loss(.meanSquaredError, of: data, addingGradientsTo: &gradients).value
      #expect(descent.losses[update] == loss.mean)
      #expect(descent.gradientNorms[update] == gradients.norm)
      try model.parameters.add(gradients, times: -0.125)
    }
    data = try problem.data()
    #expect(descent.losses.count == 3 && descent.gradientNorms.count == 3 && !descent.wasNotFinite)
    let clipped = try GradientDescent(problem, .gru, .norm(1e-3), learningRate: 0.125, updates: 1)
    #expect(clipped.gradientNorms[0] == descent.gradientNorms[0])
    #expect(abs(clipped.losses[1] - clipped.losses[0]) < abs(descent.losses[1] - descent.losses[0]))
    let lost = try GradientDescent(problem, .residual, .none, learningRate: 1e200, updates: 9)
    #expect(lost.wasNotFinite && lost.losses.count == 2 && lost.gradientNorms.count == 2)
  }

  @Test func theComparisonIsATable() throws {
    let problem = try GradientNetworkArguments.parse([
      "--hidden-size", "2", "--sequence-length", "3", "--batch-size", "1",
    ]).problem
    var comparison = try GradientComparison(problem, clipNorm: 0.5, learningRate: 0.25, updates: 1)
    #expect(comparison.rows.map(\.cell) == [.simple, .residual, .gru, .lstm])
    for (k, row) in comparison.rows.enumerated() {
      #expect(
        try row.unclipped.losses
          == GradientDescent(problem, row.cell, .none, learningRate: 0.25, updates: 1).losses)
      #expect(
        try row.clipped.losses
          == GradientDescent(problem, row.cell, .norm(0.5), learningRate: 0.25, updates: 1).losses)
      #expect(row.flow == row.diagnosis.flow)
      comparison.rows[k].flow.factorPerStep = Double(k + 1) / 8
      comparison.rows[k].flow.kind = .neither
      comparison.rows[k].flow.stepsBack = nil
      comparison.rows[k].diagnosis.jacobians = .init(
        stepNorms: [[1, 1]], productNorms: [[Double(k), 7]])
      comparison.rows[k].unclipped.losses = [2, 1.5, 0.125]
      comparison.rows[k].unclipped.gradientNorms = [1, 3, 2]
      comparison.rows[k].clipped.losses = [2, 0.25]
      comparison.rows[k].clipped.gradientNorms = [12_345.678, 2]
    }
    comparison.rows[3].unclipped.wasNotFinite = true
    let lines = comparison.lines
    #expect(
      Array(lines[..<7]) == [
        "              Jacobian norms         without clipping           clipped at 0.5",
        "cell      per step   product   maximum |g| final loss   maximum |g| final loss",
        "simple       0.125         0             3      0.125     1.235e+04       0.25",
        "residual      0.25         1             3      0.125     1.235e+04       0.25",
        "gru          0.375         2             3      0.125     1.235e+04       0.25",
        "lstm           0.5         3             3      0.125     1.235e+04       0.25", "",
      ])
    let changes =
      "the loss changes from 2 to 0.125; with clipping, the loss changes from 2 to 0.25."
    #expect(
      lines[8]
        == "residual: Gradients neither vanish nor explode over these steps. On average, each step back "
        + "multiplies their largest component by 0.25. Without clipping, " + changes)
    #expect(lines[10].contains(" Without clipping, the loss is not finite after 2 updates; with "))
    #expect(lines.count == 13 && lines[11].isEmpty)
    #expect(
      lines[12]
        == "For h_t = h_(t-1) + g(x_t, h_(t-1)), the Jacobian of one step is 1 + ∂g/∂h_(t-1). The 1 "
        + "counteracts vanishing. But if ∂g/∂h_(t-1) adds to it, the norm of a step exceeds 1, and the "
        + "product over many steps grows without bound: here by a factor of 0.25 per step, compared with "
        + "0.125 for the simple network. Gates weigh the previous state against new input: the factor is "
        + "0.375 for the GRU and 0.5 for the LSTM. Clipping does not change these factors, but limits the "
        + "length of each update, here to 0.125.")
    comparison.rows[0].flow.factorPerStep = nil
    #expect(comparison.lines[2].hasPrefix("simple           -         0  "))
    #expect(comparison.lines[12].contains("compared with - for the simple network"))
  }
}
