// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import Testing

@testable import RecurTraining

@Suite struct PanelFileTests {
  private let panel = smallPanel()

  private func withFile(_ body: (URL) throws -> Void) throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(
      "panel-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    try body(file)
  }

  @Test func aSavedForecasterForecastsTheSame() throws {
    try withFile { file in
      let forecaster = try PanelForecaster<Float>(fitting: panel, options: smallPanelOptions())
      try forecaster.save(to: file, info: ["a": "b"])
      let loaded = try PanelForecaster<Float>(contentsOf: file)
      #expect(loaded.options == forecaster.options)
      #expect(loaded.calibration == forecaster.calibration)
      #expect(try loaded.forecast(after: panel) == forecaster.forecast(after: panel))
      #expect(try SafeTensors(contentsOf: file).info == ["a": "b"])
      #expect(throws: FileError.self) { try PanelForecaster<Double>(contentsOf: file) }
      #expect(throws: FileError.self) { try SeriesForecaster<Float>(contentsOf: file) }
    }
  }

  @Test func aForecasterWithoutNetworkHasNoFile() throws {
    let forecaster = try PanelForecaster<Float>(
      fitting: panel, options: smallPanelOptions(components: [.autoregressive]))
    try withFile { file in
      #expect(throws: FileError.self) { try forecaster.save(to: file) }
      #expect(!FileManager.default.fileExists(atPath: file.path))
    }
  }

  @Test("A resumed run is bit-identical", arguments: [0, 1, 7, 12])
  func resumedRuns(steps: Int) throws {
    try withFile { file in
      var whole = try PanelTraining<Float>(fitting: panel, options: smallPanelOptions())
      var first = whole
      while try whole.step() != nil {}
      for _ in 0..<steps { _ = try first.step() }
      try first.save(to: file)
      var resumed = try PanelTraining<Float>(SafeTensors(contentsOf: file), fitting: panel)
      while try resumed.step() != nil {}
      #expect(resumed.training.model.parameters == whole.training.model.parameters)
      #expect(
        try resumed.forecaster(calibratedOn: panel).forecast(after: panel)
          == whole.forecaster(calibratedOn: panel).forecast(after: panel))
    }
  }

  @Test func aRunResumesOnItsOwnPanelOnly() throws {
    try withFile { file in
      var training = try PanelTraining<Float>(fitting: panel, options: smallPanelOptions())
      _ = try training.step()
      try training.save(to: file)
      let saved = try SafeTensors(contentsOf: file)
      #expect(try PanelTraining<Float>.options(of: saved) == smallPanelOptions())
      #expect(throws: RecurError.self) {
        try PanelTraining<Float>(saved, fitting: Array(panel.dropLast(6)))
      }
      #expect(throws: FileError.self) { try PanelForecaster<Float>(contentsOf: file) }
    }
  }
}
