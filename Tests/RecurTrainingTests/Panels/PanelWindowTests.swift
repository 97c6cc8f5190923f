// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import Testing

@testable import RecurTraining

@Suite struct PanelWindowTests {
  private let options = PanelOptions(
    period: 2, horizon: 2, window: 4, knownInputs: 1, pastInputs: 1, features: 1)
  private let series = PanelSeries(
    id: "a", values: [1, 4, 3, 8, 5, 10], known: [[0, 0, 1, 0, 1, 1, 0, 1]],
    past: [[2, 4, 2, 4, 2, 4]], features: [7])

  private func rows(known: Int) -> [[Double]] {
    let window = PanelWindow(series.values, known: known, options)
    let other = PanelSeries(
      id: "b", values: series.values, known: series.known, past: series.past, features: [3])
    let scaling = PanelScaling([series, other], options)
    let (steps, inputs) = (options.networkSteps, options.networkInputs)
    var numbers = [Double](repeating: 0, count: steps * inputs)
    numbers.withUnsafeMutableBufferPointer {
      window.write(to: $0.baseAddress!, stride: inputs, series, scaling)
    }
    return (0..<steps).map { Array(numbers[$0 * inputs..<($0 + 1) * inputs]) }
  }

  @Test func aWindowWithinASeries() {
    let window = PanelWindow(series.values, known: 4, options)
    // The last season is 3 and 8; the unit is the mean of |3 − 1| and |8 − 4|.
    #expect(window.level == 5.5)
    #expect(window.unit == 3)
    // Two seasons are known: the mean shape 2, 6 is shifted from the mean 4 to 5.5.
    #expect(window.base == [3.5, 7.5])
    let targets: [Double] = [1.5 / 3, 2.5 / 3]
    #expect(window.targets == targets)
    #expect(window.number(2, step: 1) == 13.5)

    let rows = rows(known: 4)
    let levels: [Double] = [-4.5, -1.5, -2.5, 2.5, -2, 2]
    let differences: [Double] = [0, 0, 2, 4, 0, 0]
    #expect(rows.map { $0[0] } == levels.map { $0 / 3 })
    #expect(rows.map { $0[1] } == differences.map { $0 / 3 })
    #expect(rows.map { $0[2] } == [1, 1, 1, 1, 0, 0])
    #expect(rows.map { $0[3] } == [0, 0, 0, 0, 0.5, 1])
    // Zeros and ones remain; other inputs are standardized within the window.
    #expect(rows.map { $0[4] } == [0, 0, 1, 0, 1, 1])
    #expect(rows.map { $0[5] } == [-1, 1, -1, 1, 0, 0])
    // The features 7 and 3 have the mean 5 and the deviation 2.
    #expect(rows.map { $0[6] } == [1, 1, 1, 1, 1, 1])
  }

  @Test func zerosPrecedeTheFirstValue() {
    let rows = rows(known: 3)
    #expect(rows[0] == Array(repeating: 0, count: 7))
    #expect(rows.map { $0[2] } == [0, 1, 1, 1, 0, 0])
    #expect(rows.map { $0[6] } == [0, 1, 1, 1, 1, 1])
  }

  @Test func windowsShorterThanASeason() {
    let window = PanelWindow(series.values, known: 1, options)
    #expect(window.level == 1 && window.unit == 0 && window.base == [1, 1])
    #expect(window.targets == [0, 0])
    let typical = PanelWindow(series.values, known: 1, options, typicalChange: 0.25)
    #expect(typical.unit == 0.25)
    let two = PanelWindow(series.values, known: 2, options)
    #expect(two.level == 2.5 && two.unit == 3 && two.base == [1, 4])
  }

  @Test func theTypicalChangeIsTheMedian() {
    let panel = [[1, 2], [4, 4, 4], [10, 10, 30, 30], [1, 1, 1.5, 1.5]].map {
      PanelSeries(id: "", values: $0)
    }
    let options = PanelOptions(period: 2, horizon: 1)
    // Series without a season before a value do not count; the others have 0, 1 and 0.4.
    #expect(abs(PanelScaling(panel, options).typicalChange - 0.4) < 1e-15)
  }

  @Test("Each series has the same number of windows, if it has enough")
  func shares() throws {
    var options = PanelOptions(period: 2, horizon: 2, window: 4, steps: 5, batchSize: 4)
    let panel = [10, 30, 100].map {
      PanelSeries(id: "\($0)", values: (0..<$0).map { Double($0 % 3) })
    }
    // A window needs three values before it and two after it.
    #expect(try windows(panel, options) == 6 + 7 + 7)
    options.steps = 100
    #expect(try windows(panel, options) == 6 + 26 + 96)
  }

  private func windows(_ panel: [PanelSeries], _ options: PanelOptions) throws -> Int {
    try PanelWindows<Float>(panel, PanelScaling(panel, options), options).count
  }

  @Test func onlyStepsAheadCount() throws {
    let options = PanelOptions(period: 2, horizon: 2, window: 4, steps: 1, batchSize: 3)
    let panel = [PanelSeries(id: "a", values: (0..<20).map { Double($0 * $0 % 7) })]
    let windows = try PanelWindows<Double>(panel, PanelScaling(panel, options), options)
    let batch = try windows.batch([0, 1, 2])
    #expect(batch.mask == Array(repeating: false, count: 12) + Array(repeating: true, count: 6))
    #expect(batch.input.steps == 6)
    #expect(throws: RecurError.self) { try windows.batch([3]) }
  }
}
