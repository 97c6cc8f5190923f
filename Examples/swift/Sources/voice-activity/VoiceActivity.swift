// Finds the speech in a recording with Silero's voice activity detector, frame by frame as if it came from a
// microphone. The PyPI package silero-vad contains the model. Run it in this folder:
//
//   pip download --no-deps silero-vad && unzip silero_vad-*.whl
//   swift run -c release voice-activity silero_vad/data/silero_vad_16k_op15.onnx speech.wav
//
// The recording has one channel at 16 kHz. The option --save FILE writes the model as a file of Recur, which
// Examples/c/voice_activity.c reads.
//
// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurAudio
import RecurONNX
import RecurTraining

@main
struct VoiceActivity {
  static let (sampleRate, frame, context) = (16_000, 512, 64)

  static func main() {
    do {
      try run(Array(CommandLine.arguments.dropFirst()))
    } catch {
      FileHandle.standardError.write(Data("voice-activity: \(error)\n".utf8))
      exit(1)
    }
  }

  static func run(_ arguments: [String]) throws {
    guard arguments.count == 2 || arguments.count == 4 && arguments[2] == "--save" else {
      throw Problem("expected MODEL.onnx SPEECH.wav [--save MODEL.safetensors]")
    }
    let model = try detector(arguments[0])
    if arguments.count == 4 { try model.save(to: URL(filePath: arguments[3])) }
    let speech = try Recording(contentsOf: URL(filePath: arguments[1]))
    guard speech.sampleRate == sampleRate, speech.channels == 1 else {
      throw Problem(
        "\(arguments[1]) has \(speech.channels) channels at \(speech.sampleRate) Hz, "
          + "expected 1 at \(sampleRate) Hz")
    }
    let (segments, times) = try detect(speech.samples.elements, with: model)
    for segment in segments {
      let seconds = [segment.lowerBound, segment.upperBound].map { Double($0) / Double(sampleRate) }
      print(String(format: "%.2f to %.2f s", seconds[0], seconds[1]))
    }
    let median = times.sorted()[times.count / 2]
    let text = String(
      format: "%d frames of 32 ms, %.1f microseconds each\n", times.count, median * 1e6)
    FileHandle.standardError.write(Data(text.utf8))
  }

  /// Reads a detector: its input is a frame after the end of the frame before, its output a probability.
  static func detector(_ path: String) throws -> Model<Float> {
    let outputs = try imported(path, outputs: nil).outputs
    guard outputs.count == 1 else {
      throw Problem("\(path) has \(outputs.count) outputs that are not states, expected 1")
    }
    // Without the outputs that are states: a stream carries the state.
    let model = try imported(path, outputs: [outputs[0].name]).model
    guard model.inputs.count == 1, case .features(context + frame) = model.inputs[0].layer else {
      throw Problem("\(path) does not have one input of \(context + frame) samples")
    }
    return model
  }

  /// Reads an ONNX model. Silero's files leave the size of a frame open under the name `sequence`, others do not.
  static func imported(_ path: String, outputs: [String]?) throws -> ONNXModel<Float> {
    let url = URL(filePath: path)
    do throws(ONNXError) {
      return try ONNXModel<Float>(
        contentsOf: url, outputs: outputs, sizes: ["sequence": context + frame])
    } catch .invalid(argument: "sizes", reason: _) {
      return try ONNXModel<Float>(contentsOf: url, outputs: outputs)
    }
  }

  /// Returns the ranges of samples with speech, and the seconds that each frame took.
  static func detect(
    _ samples: [Float], with model: Model<Float>
  ) throws -> (segments: [Range<Int>], times: [Double]) {
    var stream = try model.stream(batchSize: 1)
    var input = try Matrix<Float>(rows: 1, columns: context + frame)
    var probability = try Matrix<Float>(rows: 1, columns: 1)
    var segments = SpeechSegments(frame: frame, sampleRate: sampleRate)
    var times: [Double] = []
    for first in stride(from: 0, to: samples.count, by: frame) {
      let start = ContinuousClock.now
      input.withMutableSpan { input in
        for k in 0..<context { input[k] = input[frame + k] }
        for k in 0..<frame {
          input[context + k] = first + k < samples.count ? samples[first + k] : 0
        }
      }
      try stream.step(input, into: &probability)
      segments.add(probability[0, 0])
      times.append((ContinuousClock.now - start) / .seconds(1))
    }
    return (segments.ranges(within: samples.count), times)
  }
}

struct Problem: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
