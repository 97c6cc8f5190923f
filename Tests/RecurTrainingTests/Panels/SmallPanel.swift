// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

@testable import RecurTraining

/// Series with a season of four values, of different levels and lengths.
func smallPanel(_ count: Int = 8, seed: UInt64 = 5) -> [PanelSeries] {
  var generator = SplitMix64(seed: seed)
  let season = [0, 0.3, 0.5, 0.1]
  return (0..<count).map { index in
    let level = Double(1 << (index % 5)) * 10
    var values: [Double] = []
    for t in 0..<40 + 3 * index {
      let trend = 1 + 0.01 * Double(t) + 0.05 * generator.nextUnit()
      values.append(level * (trend + season[t % 4]))
    }
    return PanelSeries(id: "s\(index)", values: values)
  }
}

func smallPanelOptions(
  components: [ForecastComponent] = ForecastComponent.allCases, steps: Int = 12
) -> PanelOptions {
  PanelOptions(
    period: 4, horizon: 3, components: components, window: 8, hiddenSize: 5, steps: steps,
    batchSize: 16)
}
