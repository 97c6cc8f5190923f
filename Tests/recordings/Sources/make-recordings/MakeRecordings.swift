// Writes the files that run.sh passes to the examples, or checks those that the examples wrote:
//
//   make-recordings write FOLDER           a detector, a pedal, and recordings for both
//   make-recordings speech FILE FOLDER     the recording of expected.safetensors, as speech.wav
//   make-recordings check FOLDER           that wet.wav is what the pedal makes of dry.wav
//
// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurAudio
import RecurONNX
import RecurTraining

@main
struct MakeRecordings {
  static func main() throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    switch (arguments.first, arguments.count) {
    case ("write", 2): try write(to: URL(filePath: arguments[1]))
    case ("speech", 3):
      let tensors = try SafeTensors(contentsOf: URL(filePath: arguments[1]))
      try save(
        tensors["samples"]!.elements(), rate: 16_000,
        to: URL(filePath: arguments[2]).appending(path: "speech.wav"))
    case ("check", 2): try check(URL(filePath: arguments[1]))
    default: fatalError("expected write FOLDER, speech FILE FOLDER or check FOLDER")
    }
  }

  static func write(to folder: URL) throws {
    let detector = try Detector.model()
    try Data(ONNXModel<Float>.bytes(of: detector)).write(
      to: folder.appending(path: "detector.onnx"))
    try save(Detector.speech, rate: 16_000, to: folder.appending(path: "speech.wav"))
    try Data(Pedal.json.utf8).write(to: folder.appending(path: "pedal.json"))
    try save(Pedal.dry, rate: 44_100, to: folder.appending(path: "dry.wav"))
  }

  static func save(_ samples: [Float], rate: Int, to url: URL) throws {
    let matrix = try Matrix(rows: samples.count, columns: 1, elements: samples)
    try Recording(samples: matrix, sampleRate: rate).save(to: url)
  }

  static func check(_ folder: URL) throws {
    let imported = try ImportedModel<Float>(contentsOf: folder.appending(path: "pedal.json"))
    let dry = try Recording(contentsOf: folder.appending(path: "dry.wav"))
    let wet = try Recording(contentsOf: folder.appending(path: "wet.wav"))
    let input = try SequenceBatch<Float>(
      steps: dry.frames, batchSize: 1, features: 2,
      elements: dry.samples.elements.flatMap { [$0, Pedal.knob] })
    let expected = try imported.model(input).output.elements
    let difference = zip(expected, wet.samples.elements).map { abs($0 - $1) }.max() ?? .infinity
    // The file has 24 bits.
    guard wet.frames == dry.frames, difference <= 0x1p-24 else {
      print("wet.wav differs from the output of the pedal: \(wet.frames) frames, \(difference)")
      exit(1)
    }
  }
}
