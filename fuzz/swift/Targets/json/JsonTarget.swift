// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import FuzzSupport
import Recur

@testable import RecurTraining

func jsonTarget(_ input: Data) throws {
  do throws(JSONText.Failure) {
    visit(try JSONText(input, fileSize: input.count).root)
  } catch {
    check(error.line >= 1 && !error.reason.isEmpty, "failure without a place or a reason")
    return
  }
  let string = String(decoding: input, as: UTF8.self)
  decode([String: String].self, string)
  _ = try? ModelGraph(json: string)
  if let training = decode(SavedTraining.self, string) {
    _ = accepted { try training.options.validate() }
    _ = accepted { try training.position.validate(training.options, history: training.history) }
  }
  if let forecaster = decode(SavedForecaster.self, string) {
    _ = accepted { try forecaster.options.validate() }
  }
}

private func visit(_ json: JSON) {
  _ = (json.string, json.isTrue, json.integers)
  for (_, value) in json.entries ?? [] { visit(value) }
}

@discardableResult
private func decode<Value: Codable>(_ type: Value.Type, _ text: String) -> Value? {
  accepted { try CanonicalJSON.value(type, of: text, named: "value", "input") }
}
