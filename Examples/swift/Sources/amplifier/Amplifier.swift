// Plays a recording through a model of an amplifier or a pedal, in blocks of 64 samples as an audio driver would
// ask for them. The model is a model.safetensors of recur train amp, a JSON file of GuitarML (Proteus), RTNeural or
// AIDA-X, or a .nam file of Neural Amp Modeler whose architecture is an LSTM. Run it in this folder:
//
//   swift run -c release amplifier model.json dry.wav wet.wav
//
// A model with knobs expects their positions, from 0 to 1, in its order: --knobs 0.5,0.7
//
// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurAudio
import RecurTraining

@main
struct Amplifier {
  static let block = 64

  static func main() {
    do {
      try run(Array(CommandLine.arguments.dropFirst()))
    } catch {
      FileHandle.standardError.write(Data("amplifier: \(error)\n".utf8))
      exit(1)
    }
  }

  static func run(_ arguments: [String]) throws {
    guard arguments.count == 3 || arguments.count == 5 && arguments[3] == "--knobs" else {
      throw Problem("expected MODEL DRY.wav WET.wav [--knobs 0.5,0.7]")
    }
    let pedal = try Pedal(contentsOf: URL(filePath: arguments[0]))
    let knobs = try positions(arguments.count == 5 ? arguments[4] : nil, of: pedal.model)
    let dry = try Recording(contentsOf: URL(filePath: arguments[1]))
    guard dry.channels == 1 else {
      throw Problem("\(arguments[1]) has \(dry.channels) channels, expected 1")
    }
    if let rate = pedal.sampleRate, rate != Double(dry.sampleRate) {
      throw Problem("\(arguments[1]) has \(dry.sampleRate) Hz, expected \(rate) as the model")
    }
    let (wet, times) = try play(dry.samples.elements, through: pedal, knobs: knobs)
    let samples = try Matrix(rows: dry.frames, columns: 1, elements: wet)
    try Recording(samples: samples, sampleRate: dry.sampleRate)
      .save(to: URL(filePath: arguments[2]), as: .pcm24)
    report(times, duration: Double(block) / Double(dry.sampleRate))
  }

  /// Returns the positions of the knobs, which are the inputs after the first.
  static func positions(_ text: String?, of model: Model<Float>) throws -> [Float] {
    guard case .features(let inputs) = model.inputs[0].layer else { return [] }
    let knobs = text?.split(separator: ",").map { Float($0) } ?? []
    guard knobs.count == inputs - 1, knobs.allSatisfy({ $0 != nil && 0...1 ~= $0! }) else {
      throw Problem(
        "the model has \(inputs - 1) knobs, expected as many numbers from 0 to 1 (--knobs)")
    }
    return knobs.map { $0! }
  }

  /// Returns the output, and the seconds that each block took.
  static func play(
    _ dry: [Float], through pedal: Pedal, knobs: [Float]
  ) throws -> (wet: ArraySlice<Float>, times: [Double]) {
    var stream = try pedal.model.stream(batchSize: 1, steps: block, from: pedal.initialState)
    let columns = 1 + knobs.count
    var input = [Float](repeating: 0, count: block * columns)
    for (k, knob) in knobs.enumerated() {
      for row in 0..<block { input[row * columns + 1 + k] = knob }
    }
    let blocks = (dry.count + block - 1) / block
    var (wet, times) = ([Float](repeating: 0, count: blocks * block), [Double]())
    times.reserveCapacity(blocks)
    var output = [Float](repeating: 0, count: block)
    for first in stride(from: 0, to: dry.count, by: block) {
      let start = ContinuousClock.now
      for row in 0..<block {
        input[row * columns] = first + row < dry.count ? dry[first + row] : 0
      }
      var span = output.mutableSpan
      try stream.step(input.span, into: &span)
      for row in 0..<block { wet[first + row] = output[row] }
      times.append((ContinuousClock.now - start) / .seconds(1))
    }
    return (wet.prefix(dry.count), times)
  }

  /// Prints the share of the duration of a block that its computation took.
  static func report(_ times: [Double], duration: Double) {
    let sorted = times.sorted()
    let shares = [sorted[sorted.count / 2], sorted[sorted.count - 1]].map { 100 * $0 / duration }
    print(
      String(
        format: "%d blocks of %d samples: %.1f%% of real time, at most %.1f%%", times.count, block,
        shares[0], shares[1]))
  }
}

/// A model with the state before its first step, and its sampling rate if the file states it.
struct Pedal {
  let model: Model<Float>
  let initialState: ModelState<Float>?
  let sampleRate: Double?

  init(contentsOf url: URL) throws {
    guard url.pathExtension == "safetensors" else {
      let imported = try ImportedModel<Float>(contentsOf: url)
      (model, initialState) = (imported.model, imported.initialState)
      sampleRate = imported.sampleRate
      return
    }
    let file = try SafeTensors(contentsOf: url)
    (model, initialState) = (try Model<Float>(file), nil)
    sampleRate = try file.info["sampleRate"].flatMap(Double.init)
  }
}

struct Problem: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
