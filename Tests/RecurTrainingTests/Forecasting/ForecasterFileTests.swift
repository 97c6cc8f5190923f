// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import Testing

@testable import RecurTraining

@Suite struct ForecasterFileTests {
  private let values = (0..<60).map { Double($0 % 4 * 2) + sin(Double($0)) + Double($0) / 7 }

  private let options = ForecasterOptions(
    period: 4, horizon: 3, window: 6, hiddenSize: 3, members: 2, epochs: 3, batchSize: 8,
    validationShare: 0.2)

  private func withFile(_ body: (URL) throws -> Void) throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(
      "forecaster-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    try body(file)
  }

  @Test func aForecasterIsItselfAgain() throws {
    try withFile { file in
      let forecaster = try SeriesForecaster<Float>(fitting: values, options: options)
      try forecaster.save(to: file, info: ["a": "b"])
      let saved = try SafeTensors(contentsOf: file)
      #expect(try saved.info == ["a": "b"])
      #expect(saved["members.1.network.weight_hh_l0"]?.shape == [12, 3])
      let again = try SeriesForecaster<Float>(saved)
      #expect(again.options == options)
      #expect(forecaster.calibration != nil)
      #expect(again.calibration == forecaster.calibration)
      #expect(try again.forecast(after: values) == forecaster.forecast(after: values))
      #expect(throws: FileError.self) { try SeriesForecaster<Double>(contentsOf: file) }
      #expect(throws: FileError.self) { try SequenceModel<Float>(contentsOf: file) }
    }
  }

  /// Resumes from every step, including those between the training of two networks.
  @Test func aRunGoesOnFromAnyStep() throws {
    try withFile { file in
      let whole = try SeriesForecaster<Double>(fitting: values, options: options)
      var run = try ForecasterTraining<Double>(fitting: values, options: options)
      var (steps, members) = (0, Set<Int?>())
      while true {
        try run.save(to: file)
        run = try ForecasterTraining(SafeTensors(contentsOf: file), fitting: values)
        guard let step = try run.step() else { break }
        members.insert(step.member)
        steps += 1
      }
      #expect(members == [0, 1, nil])
      #expect(run.histories.map(\.count) == [3, 3, 3])
      let forecaster = try #require(run.forecaster)
      #expect(forecaster.models.count == 2)
      #expect(forecaster.calibration == whole.calibration)
      for (one, other) in zip(whole.models, forecaster.models) {
        #expect(one.parameters.elements == other.parameters.elements)
      }
    }
  }

  @Test func aForecasterThatIsNotFiniteIsRefused() throws {
    try withFile { file in
      let fitted = try SeriesForecaster<Float>(fitting: values, options: options)
      try fitted.save(to: file)
      var saved = try SafeTensors(contentsOf: file)
      let index = try #require(saved.tensors.firstIndex { $0.name == "members.1.head.bias" })
      let bias = Array(repeating: Float.nan, count: 9)
      saved.tensors[index] = try .init("members.1.head.bias", shape: [9], elements: bias)
      try saved.write(to: file)
      let refused = message { try SeriesForecaster<Float>(contentsOf: file) }
      #expect(
        refused.hasSuffix(
          ": tensor members.1.head.bias has nan at index 0, expected finite parameters"),
        "\(refused)")
      var models = fitted.models
      try models[1].parameters.set(
        "head.bias", to: Matrix(rows: 9, columns: 1, elements: bias))
      let spoilt = SeriesForecaster(
        options: fitted.options, scale: fitted.scale, scaling: fitted.scaling, calibration: nil,
        models: models)
      #expect(throws: FileError.self) { try spoilt.save(to: file) }
      #expect(message { try spoilt.forecast(after: values) } == "forecast is not finite")
    }
  }

  @Test func theBestEpochOfANetworkIsKept() throws {
    var options = options
    (options.members, options.epochs, options.learningRate) = (1, 30, 0.1)
    options.calibrates = false
    var run = try ForecasterTraining<Double>(fitting: values, options: options)
    while try run.step() != nil {}
    let losses = run.histories[0].compactMap(\.validationLoss)
    #expect(losses.min()! < losses.last!)
    let kept = try #require(run.forecaster).models[0].parameters.elements
    #expect(kept == run.training.best.parameters.elements)
    #expect(kept != run.training.model.parameters.elements)
  }

  @Test func anotherSeriesIsRefused() throws {
    try withFile { file in
      let run = try ForecasterTraining<Float>(fitting: values, options: options)
      try run.save(to: file)
      let saved = try SafeTensors(contentsOf: file)
      var other = values
      other[30] += 1e-3
      #expect(throws: RecurError.self) { try ForecasterTraining<Float>(saved, fitting: other) }
      #expect(throws: RecurError.self) {
        try ForecasterTraining<Float>(saved, fitting: values.dropLast())
      }
      #expect(throws: FileError.self) { try SeriesForecaster<Float>(saved) }
      #expect(throws: FileError.self) { try Training<SequenceModel<Float>>(saved) }
      // The options include the calibration network, and this series is too short to train it.
      var finished = run
      while try finished.step() != nil {}
      try finished.save(to: file)
      let whole = try SafeTensors(contentsOf: file)
      #expect {
        try ForecasterTraining<Float>(whole, fitting: Array(values.prefix(24)))
      } throws: {
        "\($0)".contains("is not the series of the original run")
      }
    }
  }

  /// Checkpoints with a valid checksum and inconsistent descriptions.
  @Test func craftedCheckpointsAreRefused() throws {
    try withFile { file in
      var run = try ForecasterTraining<Float>(fitting: values, options: options)
      while run.histories.count < 2 { _ = try run.step() }
      try run.save(to: file)
      let saved = try SafeTensors(contentsOf: file)
      func refuse(_ key: String, _ old: String, _ new: String, _ name: String) throws {
        var crafted = saved
        let text = try #require(crafted.metadata["recur." + key])
        try #require(text.contains(old), "\(old) in \(text)")
        crafted.metadata["recur." + key] = text.replacingOccurrences(of: old, with: new)
        try crafted.write(to: file)
        let read = try SafeTensors(contentsOf: file)
        #expect(throws: FileError.self, "\(name)") {
          try ForecasterTraining<Float>(read, fitting: values)
        }
        #expect(throws: FileError.self, "\(name)") {
          try SequenceModel<Float>(ofForecasterCheckpoint: read)
        }
      }
      let most = "9223372036854775807"
      let text = try #require(saved.metadata["recur.forecaster"])
      let histories = try #require(text.firstRange(of: /"histories":\[\[.*?\]\]/))
      let whole = String(text[histories])
      _ = try SequenceModel<Float>(ofForecasterCheckpoint: saved)
      for (new, name) in [
        ("\"histories\":[[]]", "an empty history"),
        ("\"histories\":[[],[]]", "two empty histories"),
        (whole.replacing("\"epoch\":0", with: "\"epoch\":\(most)"), "an epoch"),
        (whole.replacing("\"epoch\":1", with: "\"epoch\":0"), "an epoch twice"),
        (String(whole.dropLast()) + ",[],[],[]]", "too many histories"),
      ] { try refuse("forecaster", whole, new, name) }
      // Without a number of epochs, every history has at least one.
      var unlimited = saved
      unlimited.metadata["recur.forecaster"] = text.replacing(whole, with: "\"histories\":[[]]")
        .replacing("\"epochs\":3,", with: "")
      try unlimited.write(to: file)
      #expect {
        try SequenceModel<Float>(ofForecasterCheckpoint: SafeTensors(contentsOf: file))
      } throws: {
        "\($0)".contains("histories does not match the options")
      }
      try refuse("forecaster", "\"epochs\":3", "\"epochs\":4611686018427387904", "epochs")
      try refuse("training", "\"epoch\":0,", "\"epoch\":\(most),", "the epoch of the run")
      // A finished run of a network that is not the last.
      var ended = run
      let split: SplitWindows<Float> = try run.scaling.windows(values, options)
      try ended.training.fit(split.training, validation: split.validation)
      try ended.save(to: file)
      let read = try SafeTensors(contentsOf: file)
      #expect(throws: FileError.self) { try ForecasterTraining<Float>(read, fitting: values) }
    }
  }

  /// Files with inconsistent descriptions.
  @Test func craftedFilesAreRefused() throws {
    try withFile { file in
      try SeriesForecaster<Float>(fitting: values, options: options).save(to: file)
      let saved = try SafeTensors(contentsOf: file)
      let key = "recur.forecaster"
      let text = try #require(saved.metadata[key])
      let changes = [
        ("\"members\":2", "\"members\":3"), ("\"members\":2", "\"members\":1"),
        ("\"members\":2", "\"members\":9000000000000000000"),
        ("\"horizon\":3", "\"horizon\":4"), ("\"hiddenSize\":3", "\"hiddenSize\":4"),
        ("\"hiddenSize\":3", "\"hiddenSize\":9000000000000000000"),
        ("\"cell\":\"lstm\"", "\"cell\":\"gru\""), ("\"period\":4", "\"period\":0"),
        ("\"window\":6", "\"window\":9223372036854775807"), ("\"levels\":[0.1,", "\"levels\":["),
        ("\"factors\":[", "\"factors\":[-"), ("\"weights\":[", "\"weights\":[1,"),
        ("\"components\":[\"network\",", "\"components\":["),
        ("\"options\":{", "\"options\":{\"scale\":\"logarithmic\","),
        ("\"levels\":[0.1,0.5,0.9]", "\"levels\":[-3,0.5,7]"),
        ("\"learningRate\":0.005", "\"learningRate\":-1"),
        ("\"norm\":{\"_0\":1}", "\"norm\":{\"_0\":-1}"),
        ("\"window\":6", "\"window\":16777217"),
        ("\"options\":", "\"histories\":[],\"options\":"),
      ]
      for (old, new) in changes {
        #expect(text.contains(old), "\(old) in \(text)")
        var crafted = saved
        crafted.metadata[key] = text.replacingOccurrences(of: old, with: new)
        try crafted.write(to: file)
        #expect(throws: FileError.self, "\(new)") { try SeriesForecaster<Float>(contentsOf: file) }
      }
      var missing = saved
      missing.tensors.removeLast()
      try missing.write(to: file)
      #expect(throws: FileError.self) { try SeriesForecaster<Float>(contentsOf: file) }
    }
  }
}
