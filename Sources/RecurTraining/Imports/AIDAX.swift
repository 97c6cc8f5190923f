// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

/// What a file of AIDA-X has in addition to RTNeural's layers f: y = b f(a x), or y = b (f(a x) + a x) if `in_skip` is 1,
/// with the gains a and b. The sum has the first channel of x, and a multiplies only that channel; the others are the
/// positions of knobs.
struct AIDAX {
  /// Whether the file has none of the keys.
  let isEmpty: Bool
  let sampleRate: Double?
  private let hasSkip: Bool
  private let inputGain: Double
  private let outputGain: Double

  /// The signals `input_batch` and `output_batch` are those of a test. They and the text in `metadata` are not parts of
  /// the model.
  static let keys = [
    "in_skip", "in_gain", "out_gain", "samplerate", "metadata", "input_batch", "output_batch",
  ]

  /// The largest gain in decibels; far above every real one.
  private static let largestGain = 200.0

  init(_ json: ImportedJSON) throws(FileError) {
    isEmpty = !Self.keys.contains(where: json.has)
    hasSkip = json.has("in_skip") ? try json.value("in_skip").flag() : false
    inputGain = try Self.gain("in_gain", json)
    outputGain = try Self.gain("out_gain", json)
    var rate = json.has("samplerate") ? try json.value("samplerate").rate() : nil
    if json.has("metadata"), try json.value("metadata").has("samplerate") {
      let other = try json.value("metadata").value("samplerate").rate()
      guard rate == nil || rate == other else {
        throw json.refuse("samplerate differs from metadata.samplerate")
      }
      rate = other
    }
    sampleRate = rate
  }

  /// A gain in decibels as a factor; 1 if the file has none.
  private static func gain(_ key: String, _ json: ImportedJSON) throws(FileError) -> Double {
    guard json.has(key) else { return 1 }
    let decibels = try json.value(key).number()
    guard abs(decibels) <= largestGain else {
      throw try json.value(key).refuse("is not a number from -\(largestGain) to \(largestGain)")
    }
    return pow(10, decibels / 20)
  }

  func addInputGain<Scalar>(to parts: inout ModelParts<Scalar>, _ channels: Int) {
    guard inputGain != 1 else { return }
    let gains = (0..<channels).map { $0 == 0 ? inputGain : 1 }
    parts.addScale("in_gain", gains)
  }

  func addOutputGain<Scalar>(to parts: inout ModelParts<Scalar>, _ channels: Int) {
    guard outputGain != 1 else { return }
    parts.addScale("out_gain", Array(repeating: outputGain, count: channels))
  }

  /// Adds the first channel of a node to the last node.
  func addSkip<Scalar>(
    to parts: inout ModelParts<Scalar>, of signal: String, inputs: Int, outputs: Int,
    _ json: ImportedJSON
  ) throws(FileError) {
    guard hasSkip else { return }
    guard outputs == 1 else {
      throw json.refuse("in_skip is 1, but the last layer has \(outputs) outputs, expected 1")
    }
    let output = parts.last
    if inputs > 1 { parts.add("dry", .slice(0..<1), of: [signal]) }
    parts.add("sum", .add, of: [output, inputs > 1 ? "dry" : signal])
  }
}

extension ModelParts {
  fileprivate mutating func addScale(_ name: String, _ gains: [Double]) {
    let zeros = Array(repeating: 0.0, count: gains.count)
    add(name, .scale, parameters: ["weight": gains, "bias": zeros])
  }
}

extension ImportedJSON {
  /// Returns a positive number, which AIDA-X's trainer may also write as a string.
  fileprivate func rate() throws(FileError) -> Double {
    let rate = isString ? Double(try string()) ?? 0 : try number()
    guard rate > 0, rate.isFinite else { throw refuse("is not a positive number") }
    return rate
  }
}
