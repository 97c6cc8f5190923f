// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import Testing

@testable import RecurTraining

/// Names, orders and scales of tensors that come from other programs, and the scales of series.
@Suite struct TensorTransformTests {
  @Test func namesHaveBeginnings() {
    let names: TensorNames = ["enc.": "lstm.", "enc.head.": "fc.", "x": "y"]
    #expect(
      ["enc.w", "enc.head.w", "xz", "a.enc.w"].map(names.inRecur)
        == ["lstm.w", "fc.w", "yz", "a.enc.w"])
    #expect(["lstm.w", "fc.w", "yz", "q"].map(names.inFile) == ["enc.w", "enc.head.w", "xz", "q"])
    let twice: TensorNames = ["a": "c", "a": "d", "b": "c"]
    #expect(twice.inRecur("a1") == "c1" && twice.inFile("c1") == "a1")
    #expect(TensorDifferences.missing.rawValue == 1 && TensorDifferences.leftOver.rawValue == 2)
  }

  @Test(arguments: [
    ([2, 3], [0, 3, 1, 4, 2, 5]), ([1, 2], [0, 1]), ([2, 1], [0, 1]), ([3], [0, 1, 2]),
    ([2, 2, 3], [0, 6, 3, 9, 1, 7, 4, 10, 2, 8, 5, 11]), ([2, 1, 2, 1], [0, 1, 2, 3]),
  ])
  func axesAreReversed(shape: [Int], expected: [Double]) {
    let numbers = (0..<shape.reduce(1, *)).map { Double($0) }
    #expect(KerasLayout.permuted(numbers, shape) == expected)
  }

  @Test func normalizationsAreScales() {
    let scale = BatchNormalization(
      gamma: [2, 3], beta: [5, 7], mean: [1, -1], variance: [3, 0], epsilon: 1
    ).scale
    #expect(scale.weight == [1, 3] && scale.bias == [4, 10])
  }

  @Test func filesHaveKinds() throws {
    func refusal(_ metadata: [String: String], verified: Bool = true, kind: FileKind = .model)
      -> String
    {
      var file = SafeTensors(tensors: [], metadata: metadata)
      (file.path, file.isVerified) = ("f", verified)
      return message { try kind.require(file) }
    }
    let model = ["recur.version": "2", "recur.kind": "model"]
    #expect(refusal(model) == "no error but ()")
    #expect(refusal([:]) == "f: contains tensors, but is not a Recur model")
    #expect(refusal(["recur.kind": "model"]) == "f: contains tensors, but is not a Recur model")
    #expect(
      refusal(["recur.version": "2"], kind: .checkpoint)
        == "f: contains tensors, but is not a Recur checkpoint")
    #expect(
      refusal(model.merging(["recur.version": "3"]) { $1 }) == "f: has version 3, expected 2")
    #expect(refusal(model, verified: false) == "f: was altered: it has no checksum")
    #expect(
      refusal(model, kind: .forecasterCheckpoint)
        == "f: is a model, expected a forecaster-checkpoint")
    #expect(
      FileKind.allRawValues == ["model", "checkpoint", "forecaster", "forecaster-checkpoint"])
  }

  @Test func metadataBelongToSomeone() {
    let file = SafeTensors(
      tensors: [],
      metadata: ["recur.kind": "model", "recur.model": "{}", "recur.training": "[]", "a": "b"])
    #expect(file.kindName == "model" && file.foreignMetadata == ["a": "b"])
    #expect(file.descriptions.map(\.name) == ["model", "training"])
    #expect(file.descriptions.map(\.json) == ["{}", "[]"])
    let other = SafeTensors(tensors: [], metadata: ["recur.model": "{}", "a": "b"])
    #expect(other.kindName == nil && other.descriptions.isEmpty)
    #expect(other.foreignMetadata == ["recur.model": "{}", "a": "b"])
  }

  @Test func messagesOfFiles() {
    #expect(FileError("", "is bad").description == "\"\": is bad")
    #expect(FileError("f", "is\n bad").description == "f: is\\n bad")
    #expect(FileError("f", String(repeating: "x", count: 1000)).reason.count == 1000)
    #expect(FileError("f", String(repeating: "x", count: 1001)).reason.hasSuffix("x…"))
    #expect(FileError("f", systemError: ENOENT).description == "f: No such file or directory")
    for (error, isOutOfMemory) in [
      (RecurError.outOfMemory(reason: "no memory"), true),
      (.invalid(argument: "a", reason: "is b"), false),
    ] {
      let found = #expect(throws: FileError.self) {
        try FileError.on("f", "cannot be used") { () throws(RecurError) in throw error }
      }
      #expect(found?.isOutOfMemory == isOutOfMemory)
      #expect(found?.description == "f: cannot be used: \(error)")
    }
  }

  @Test func seriesAreScaled() {
    let scale = SeriesScaling.Scale(of: [1, 3, 5, 7])
    #expect(scale.mean == 4 && abs(scale.deviation - 5.0.squareRoot()) < 1e-15)
    #expect(scale.scaled(4) == 0 && scale.unscaled(0) == 4)
    #expect(abs(scale.unscaled(scale.scaled(7)) - 7) < 1e-14)
    let constant = SeriesScaling.Scale(of: [3, 3])
    #expect(constant.deviation == 0 && constant.scaled(5) == 0 && constant.unscaled(5) == 3)
    #expect(([0, -5, 3] as [Double]).exponent == 2 && ([0, 0] as [Double]).exponent == 0)
    #expect(([] as [Double]).exponent == 0 && ([0.25] as [Double]).exponent == -2)
  }

  @Test func formsOfSeries() {
    // The seasonal differences are smaller than those from the mean, or larger.
    #expect(SeriesForm(of: [0, 9, 0, 9, 0, 9], period: 2, horizon: 1) == .seasonalDifferences)
    #expect(SeriesForm(of: [0, 9, 9, 0, 0, 9], period: 2, horizon: 1) == .values)
    #expect(SeriesForm(of: [1, 2], period: 2, horizon: 1) == .seasonalDifferences)
    #expect(SeriesForm.values.offset(period: 3) == 0)
    #expect(SeriesForm.seasonalDifferences.offset(period: 3) == 3)
    #expect(SeriesForm.seasonalDifferences.read([1, 4, 9, 16], period: 2) == [8, 12])
    #expect(SeriesForm.seasonalDifferences.read([1], period: 2) == [])
    #expect(SeriesForm.values.read([1, 4], period: 2) == [1, 4])
    let values: [Double] = [1, 3, 5, 9, 100]
    #expect(
      SeriesForm.seasonalDifferences.bases(values, known: 4, horizon: 3, period: 2, seasons: 2)
        == [5.5, 8.5, 5.5])
    #expect(SeriesForm.values.bases(values, known: 4, horizon: 2, period: 2, seasons: 2) == [0, 0])
  }
}

extension FileKind {
  fileprivate static var allRawValues: [String] {
    [FileKind.model, .checkpoint, .forecaster, .forecasterCheckpoint].map(\.rawValue)
  }
}
