// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurONNX
import Testing

/// Models that people use. They are not part of the project: the environment variable `RECUR_MODELS` names a
/// folder with them, and without the folder these tests are skipped.
private let folder = URL(
  filePath: ProcessInfo.processInfo.environment["RECUR_MODELS"] ?? "../shared/models")

private let isPresent = FileManager.default.fileExists(
  atPath: folder.appending(path: "dtln/expected.safetensors").path)

@Suite(
  "ONNX models that people use", .enabled(if: isPresent, "the folder of RECUR_MODELS is not there"))
struct ONNXSharedModelTests {
  @Test("voice activity detection: all frames at once")
  func voiceSequence() throws {
    let expected = try FloatTensors(folder.appending(path: "silero-vad/expected.safetensors"))
    let frames = paddedFrames(expected["samples"])
    let url = folder.appending(path: "silero-vad/silero_vad_16k_sequence.onnx")
    let model = try ONNXModel<Float>(contentsOf: url)
    #expect(model.states.map(\.name) == ["h", "c", "hn", "cn"])
    let zero = ONNXTensor<Float>(shape: [1, 1, 128], elements: Array(repeating: 0, count: 128))
    let result = try model.run([
      "input": ONNXTensor(shape: [frames.count, 576], elements: Array(frames.joined())), "h": zero,
      "c": zero,
    ])
    #expect(difference(result["speech_probs"]!.elements, expected["probabilities"]) < 1e-5)
    #expect(difference(result["hn"]!.elements, expected["hidden"]) < 1e-5)
    #expect(difference(result["cn"]!.elements, expected["cell"]) < 1e-5)
  }

  @Test("voice activity detection: frame by frame, and as a stream of Recur")
  func voiceFrames() throws {
    let expected = try FloatTensors(folder.appending(path: "silero-vad/expected.safetensors"))
    let frames = paddedFrames(expected["samples"])
    let url = folder.appending(path: "silero-vad/silero_vad_16k_op15.onnx")
    let model = try ONNXModel<Float>(contentsOf: url, sizes: ["sequence": 576])
    var state = ONNXTensor<Float>(shape: [2, 1, 128], elements: Array(repeating: 0, count: 256))
    var probabilities: [Float] = []
    for frame in frames {
      let result = try model.run([
        "input": ONNXTensor(shape: [1, 576], elements: frame), "state": state,
      ])
      probabilities += result["output"]!.elements
      state = result["stateN"]!
    }
    #expect(difference(probabilities, expected["probabilities"]) < 1e-5)
    let x = try SequenceBatch(
      steps: frames.count, batchSize: 1,
      matrix: Matrix<Float>(rows: frames.count, columns: 576, elements: frames.joined()))
    let whole = try model.model(x)[model.outputs[0].node]!
    #expect(difference(whole.elements, expected["probabilities"]) < 1e-5)
  }

  @Test("noise suppression: frame by frame, and as a whole", arguments: [1, 2])
  func noiseSuppression(_ part: Int) throws {
    let expected = try FloatTensors(folder.appending(path: "dtln/expected.safetensors"))
    let model = try ONNXModel<Float>(contentsOf: folder.appending(path: "dtln/model_\(part).onnx"))
    let (x, y) = (expected["x_\(part)"], expected["y_\(part)"])
    let (input, stateInput) = (model.inputs[0].name, model.states[0].name)
    let (output, stateOutput) = (model.outputs[0].name, model.states[1].name)
    var state = ONNXTensor<Float>(shape: [1, 2, 128, 2], elements: Array(repeating: 0, count: 512))
    let columns = x.count / 100
    var results: [Float] = []
    for k in 0..<100 {
      let frame = Array(x[k * columns..<(k + 1) * columns])
      let result = try model.run([
        input: ONNXTensor(shape: [1, 1, columns], elements: frame), stateInput: state,
      ])
      results += result[output]!.elements
      state = result[stateOutput]!
    }
    #expect(difference(results, y) < 1e-5)
    // Cell states are as large as 100.
    let last = expected["state_\(part)"]
    #expect(difference(state.elements, last) < 1e-5 * last.reduce(1) { max($0, abs($1)) })
    let batch = try SequenceBatch(
      steps: 100, batchSize: 1, matrix: Matrix<Float>(rows: 100, columns: columns, elements: x))
    let whole = try model.model(batch)[model.outputs[0].node]!
    #expect(difference(whole.elements, y) < 1e-5)
  }
}

/// Frames of 512 samples, each after the last 64 samples of the one before.
private func paddedFrames(_ samples: [Float]) -> [[Float]] {
  let padded = Array(repeating: 0, count: 64) + samples
  return stride(from: 0, to: samples.count, by: 512).map { Array(padded[$0..<$0 + 576]) }
}

private func difference(_ a: [Float], _ b: [Float]) -> Float {
  guard a.count == b.count else { return .infinity }
  return zip(a, b).reduce(0) {
    let difference = abs($1.0 - $1.1)
    return difference.isNaN ? .infinity : max($0, difference)
  }
}

/// The tensors of a safetensors file of 32-bit numbers.
private struct FloatTensors {
  private let data: Data
  private let offsets: [String: Range<Int>]

  init(_ url: URL) throws {
    data = try Data(contentsOf: url)
    let size = Int(data.prefix(8).reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) })
    let header =
      try JSONSerialization.jsonObject(with: data[8..<8 + size]) as! [String: [String: Any]]
    offsets = header.mapValues {
      let range = $0["data_offsets"] as! [Int]
      return 8 + size + range[0]..<8 + size + range[1]
    }
  }

  subscript(name: String) -> [Float] {
    let bytes = [UInt8](data[offsets[name]!])
    return stride(from: 0, to: bytes.count, by: 4).map { k in
      Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[k + $1]) << UInt32(8 * $1) })
    }
  }
}
