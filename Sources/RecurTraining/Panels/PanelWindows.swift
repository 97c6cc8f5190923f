// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// Windows of the series of a panel as training data: T = window + horizon steps. Only those ahead of
/// the origin have targets.
struct PanelWindows<Scalar: RecurScalar>: TrainingData {
  /// A series of the training data, and its values on its scale.
  struct Member: Sendable {
    let series: PanelSeries
    let numbers: [Double]
  }

  /// The origin of a window.
  struct Origin: Sendable {
    let member: Int
    let known: Int
  }

  private let members: [Member]
  private let origins: [Origin]
  private let scaling: PanelScaling
  private let options: PanelOptions

  /// Chooses windows of a panel.
  ///
  /// - Parameters:
  ///   - panel: the series.
  ///   - scaling: how inputs and features are standardized.
  ///   - options: the options of the forecast.
  /// - Throws: `RecurError` if no series is long enough for a window and its targets.
  init(
    _ panel: [PanelSeries], _ scaling: PanelScaling, _ options: PanelOptions
  ) throws(RecurError) {
    (self.scaling, self.options) = (scaling, options)
    var members: [Member] = []
    for series in panel where series.values.count >= Self.fewest(options) {
      let scale = options.ofOneSeries.scale(for: series.values)
      members.append(Member(series: series, numbers: try series.numbers(on: scale)))
    }
    self.members = members
    origins = Self.origins(members, options)
    guard !origins.isEmpty else {
      throw .invalid(
        argument: "panel",
        reason:
          "has no series with at least \(Self.fewest(options) + options.horizon) values, which a "
          + "window, its targets and the calibration need")
    }
  }

  /// The fewest values of a series with a window: those of a season and one more, and the targets.
  private static func fewest(_ options: PanelOptions) -> Int {
    options.period + 1 + options.horizon
  }

  /// Draws as many origins as the run needs, at most all of them. Each series has the same number of
  /// origins, as far as its length allows: long series must not outweigh the others.
  private static func origins(_ members: [Member], _ options: PanelOptions) -> [Origin] {
    var generator = SplitMix64(seed: options.seed)
    let needed = options.steps * options.batchSize
    let share = max(1, (needed + members.count - 1) / max(1, members.count))
    let first = options.period + 1
    return members.indices.flatMap { member in
      let count = members[member].numbers.count - options.horizon - first + 1
      let drawn =
        count <= share
        ? Array(0..<count) : Array(generator.permutation(count).prefix(share))
      return drawn.map { Origin(member: member, known: first + $0) }
    }
  }

  var count: Int { origins.count }

  func batch(_ examples: ArraySlice<Int>) throws(RecurError) -> TrainingBatch<Scalar> {
    try require(examples)
    let (size, horizon) = (examples.count, options.horizon)
    let (steps, inputs) = (options.networkSteps, options.networkInputs)
    var batch = try SequenceBatch<Scalar>(steps: steps, batchSize: size, features: inputs)
    var targets = try Matrix<Scalar>(rows: steps * size, columns: 1)
    let (rows, goals) = (try batch.uniqueBase(), try targets.uniqueBase())
    for (b, example) in examples.enumerated() {
      let origin = origins[example]
      let member = members[origin.member]
      let window = PanelWindow(member.numbers, known: origin.known, options)
      window.write(to: rows + b * inputs, stride: size * inputs, member.series, scaling)
      for (step, target) in window.targets.enumerated() {
        goals[(options.window + step) * size + b] = Scalar(target)
      }
    }
    let past = options.window * size
    return TrainingBatch(
      input: .features(batch), targets: .values(targets),
      mask: (0..<past + horizon * size).map { $0 >= past })
  }
}
