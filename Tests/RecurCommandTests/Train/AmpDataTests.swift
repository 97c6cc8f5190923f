// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurAudio
import RecurTraining
import Testing

@testable import RecurCommand

/// The parts of recordings for training and validation.
@Suite(.enabled(if: Recording.readsFiles, "This build has no libsndfile."))
struct AmpDataTests {
  /// Samples 1, 2, … of 1000, in quarters of the dry signal.
  private func files(in folder: URL, silent: Int = 0) throws -> AmpFiles {
    let samples = (1...1000).map { Float($0) / 1024 }
    func save(_ samples: [Float], _ name: String) throws -> String {
      let file = folder.appendingPathComponent(name)
      try Recording(
        samples: Matrix(rows: samples.count, columns: 1, elements: samples), sampleRate: 500
      ).save(to: file, as: .float32)
      return file.path
    }
    let wet = Array(repeating: Float(0), count: silent) + samples.dropFirst(silent).map { $0 / 4 }
    return try AmpFiles(dry: save(samples, "dry.wav"), wet: save(wet, "wet.wav"))
  }

  @Test func partsHaveSizes() throws {
    try withFolder { folder in
      let files = try files(in: folder)
      #expect(files.seconds == 2)
      func data(_ batch: Int, _ sequence: Int, _ warmUp: Int, _ validation: Double) throws
        -> AmpData
      {
        try AmpData(
          files, .init(sequence: sequence, batch: batch, warmUp: warmUp, validation: validation))
      }
      let all = try data(4, 10, 20, 0.25)
      #expect(all.training.inputs.rows == 750 && all.training.targets.rows == 750)
      #expect(all.training.steps == 10 && all.training.batchSize == 4 && all.training.warmUp == 20)
      #expect(all.training.inputs.elements.first == 1.0 / 1024)
      #expect(all.training.targets.elements.last == 750.0 / 4096)
      let validation = try #require(all.validation)
      #expect(validation.inputs.rows == 250 && validation.inputs.elements.first == 751.0 / 1024)
      #expect(validation.targets.elements.last == 1000.0 / 4096)
      #expect(validation.steps == 250 && validation.batchSize == 1 && validation.warmUp == 20)
      let parallel = try #require(data(4, 10, 12, 0.25).validation)
      #expect(parallel.batchSize == 2 && parallel.steps == 125)
      let many = try #require(data(4, 10, 0, 0.25).validation)
      #expect(many.batchSize == 4 && many.steps == 62)
      #expect(try data(4, 10, 20, 0).validation == nil)
      #expect(try data(4, 10, 20, 0).training.inputs.rows == 1000)
      #expect(try data(4, 10, 179, 0.25).training.count == 18)
      #expect { try data(4, 10, 180, 0.25) } throws: {
        "\($0)" == "\(files.paths[0]): has 750 samples for training, expected at least 760 with "
          + "--batch-size 4, --sequence-length 10 and --warm-up 180"
      }
    }
  }

  @Test func silenceIsRefused() throws {
    try withFolder { folder in
      let reading = AmpInfo.Reading(sequence: 10, batch: 4, warmUp: 20, validation: 0.25)
      let silent = try files(in: folder, silent: 750)
      #expect { try AmpData(silent, reading) } throws: {
        "\($0)"
          == "\(silent.paths[1]): is silent in the first 750 samples, which are for training"
      }
      _ = try AmpData(files(in: folder, silent: 749), reading)
    }
  }

  @Test func readingsAreChecked() {
    func message(_ sequence: Int, _ batch: Int, _ warmUp: Int, _ validation: Double) -> String? {
      let reading = AmpInfo.Reading(
        sequence: sequence, batch: batch, warmUp: warmUp, validation: validation)
      do { try reading.validate() } catch { return RecurCommand.message(for: error) }
      return nil
    }
    #expect(message(1, 1, 0, 0) == nil)
    #expect(message(0, 1, 0, 0) == "--sequence-length is 0, expected 1 to 1000000")
    #expect(message(1, 0, 0, 0) == "--batch-size is 0, expected 1 to 1000000")
    #expect(message(1, 1, -1, 0) == "--warm-up is -1, expected 0 to 1000000")
    #expect(
      message(1, 1, 0, 0.5) == "--validation-fraction is 0.5, expected at least 0 and below 0.5")
  }

  @Test func ratesAreStrings() throws {
    #expect(
      SampleRate.strings(44_100) == ["sampleRate": "44100.0"] && SampleRate.strings(nil) == [:])
    #expect(try SampleRate.read(["sampleRate": "0.5"], "f") == 0.5)
    #expect(try SampleRate.read([:], "f") == nil)
    for text in ["0", "-1", "inf", "nan", "x"] {
      #expect { try SampleRate.read(["sampleRate": text], "f") } throws: {
        "\($0)" == "f: has the sampleRate \"\(text)\", expected a positive finite number"
      }
    }
  }
}
