// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import FuzzSupport
import Recur

@testable import RecurTraining

func graphTarget(_ input: Data) throws {
  let mostParameters = 100_000
  let graph = try ModelGraph(json: String(decoding: input, as: UTF8.self))
  guard try graph.parameterCounts.elements <= mostParameters else { return }
  let model = try Model<Float>(graph, seed: 1)
  let text = required("written graph") { try model.graph.json }
  check(required("read graph") { try ModelGraph(json: text) } == model.graph, text)
  run(model)
}
