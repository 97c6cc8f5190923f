// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining
import Testing

/// `recur info` of models that are graphs, and the formats that `run`, `convert` and `info` refuse. `info` takes an
/// unknown file for tensors.
@Suite struct ModelInfoTests {
  @Test func aModelIsDescribed() throws {
    try withModels { files in
      _ = try files.speech()
      let result = try recur("info", files.path("speech.safetensors"))
      #expect(result.status == 0, "\(result.errors)")
      #expect(
        result.output.hasPrefix(
          """
          Recur model, checksum verified

          inputs
            words  tokens 0 to 9
            pitch  2 channels

          outputs
            states  4 channels
            mood    3 channels

          states of one sequence
            convolution.inputs  2 x 5
            states.h            1 x 4

          nodes: 8, parameters: 229
            words        tokens                            size 10
          """), "\(result.output)")
      for line in [
        "  states       network      of convolution       cell gru, hiddenSize 4, inputSize 4\n",
        "\nstream: blocks of a multiple of 2 steps\n", "  mood.bias ",
      ] {
        #expect(result.output.contains(line), "\(line): \(result.output)")
      }
    }
  }

  @Test func theDescriptionIsAlsoJSON() throws {
    try withModels { files in
      _ = try files.speech()
      let onnx = files.path("speech.onnx")
      #expect(try recur("convert", files.path("speech.safetensors"), onnx).status == 0)
      for (path, kind) in [(files.path("speech.safetensors"), "model"), (onnx, "ONNX model")] {
        let result = try recur("info", path, "--json")
        let json = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
        let object = try #require(json as? [String: Any])
        #expect(object["kind"] as? String == kind)
        #expect(object["parameters"] as? Int == 229)
        #expect(object["chunkSteps"] as? Int == 2)
        let inputs = try #require(object["inputs"] as? [[String: Any]])
        #expect(inputs.map { $0["vocabularySize"] as? Int } == [10, nil])
        #expect(inputs.map { $0["channels"] as? Int } == [nil, 2])
        let graph = try #require(object["model"] as? [String: Any])
        #expect((graph["nodes"] as? [Any])?.count == 8)
      }
    }
  }

  @Test func modelsOfOtherProgramsAreDescribed() throws {
    try withModels { files in
      let result = try recur("info", try files.nam())
      #expect(result.output.hasPrefix("NAM model\n"), "\(result.output)")
      for line in [
        "  head  1 channel\n", "\nsampling rate: 8000 Hz\n", "\nstream: blocks of any length\n",
      ] {
        #expect(result.output.contains(line), "\(line): \(result.output)")
      }
      let x = ModelValue.features(size: 2)
      try Model<Double>(outputs: x.gru(hiddenSize: 2).mean(), seed: 1)
        .save(to: files.url("mean.safetensors"))
      let mean = try recur("info", files.path("mean.safetensors"))
      #expect(mean.output.contains("\nstream: no: stream needs whole sequences"), "\(mean.output)")
      try SafeTensors(tensors: [.init("w", shape: [1], elements: [1.0])])
        .write(to: files.url("tensors.safetensors"))
      let tensors = try recur("info", files.path("tensors.safetensors"))
      #expect(tensors.output.hasPrefix("tensors without a model, checksum verified\n"))
    }
  }

  @Test(arguments: [
    (
      "PK\u{3}\u{4}" + String(repeating: "\0", count: 22) + "\u{e}\0\0\0model/data.pkl",
      "in Python, torch.onnx.export writes the model, "
    ),
    (
      "PK\u{3}\u{4}" + String(repeating: "\0", count: 22) + "\u{d}\0\0\0metadata.json",
      "in Python, numpy.savez(\"weights.npz\", "
    ),
    (
      "PK\u{3}\u{4}" + String(repeating: "\0", count: 22) + "\u{5}\0\0\0a.npy",
      "recur convert --graph reads weights"
    ),
    (
      "PK\u{3}\u{4}" + String(repeating: "\0", count: 22) + "\u{5}\0\0\0a.txt",
      "unpack the file first"
    ),
    ("\0\0\0\0TFL3", "in Python, tf2onnx --tflite "),
    ("step,value\n", "is a file of an unknown format, "),
    ("RIFF\0\0\0\0WAVE", "is a WAV recording, "),
    ("{\"nodes\": []}", "has a graph without weights; recur train model trains it, "),
    ("{\"a\": 1}", "has none of the keys layers (RTNeural, AIDA-X), "),
    ("{\"fc.weight\": [[1, 2]]}", "; recur convert --graph reads weights without a graph"),
    ("", "is a file of an unknown format, "),
  ]) func otherFormatsAreNamed(text: String, message: String) throws {
    try withModels { files in
      let path = try files.write(text, to: "file")
      for arguments in [
        ["info", path], ["run", path, "--input", "x.csv"], ["convert", path, "out.onnx"],
      ] {
        let result = try recur(arguments: arguments)
        #expect(result.status == 2)
        #expect(result.errors.hasPrefix("recur: \(path): "), "\(result.errors)")
        #expect(result.errors.contains(message), "\(result.errors)")
        #expect(result.errors.split(separator: "\n").count == 1)
      }
    }
  }
}
