// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import FuzzSupport
import Recur

@testable import RecurCommand
@testable import RecurTraining

nonisolated(unsafe) private let memory = MemoryFile()

func generateTarget(_ input: Data) throws {
  let recipe = Recipe(input)
  let text = try TextModel(memory.path(of: recipe.file))
  let prompt = String(decoding: recipe.text, as: UTF8.self)
  let tokens = try text.vocabulary.tokens(of: prompt)
  for temperature in [0, 1e-300, 1, 1e300] {
    var left = 3
    _ = accepted {
      try text.model.generate(after: tokens, temperature: temperature, seed: 1) { token in
        check(token >= 0 && token < text.vocabulary.count, "token \(token)")
        _ = text.vocabulary.text(of: [token])
        left -= 1
        return left > 0
      }
    }
  }
}
