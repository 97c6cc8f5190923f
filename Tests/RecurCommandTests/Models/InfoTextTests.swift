// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining
import Testing

@testable import RecurCommand

/// The whole text of `recur info`. Norms and losses, which are long numbers, are replaced by N.
@Suite struct InfoTextTests {
  private func info(_ path: String) throws -> String {
    let result = try recur("info", path)
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
    return result.output.replacing(#/(norm|oss) \d+\.\d[-\de.]*/#) { "\($0.output.1) N" }
  }

  @Test func aTextModelAndItsRun() throws {
    try withFolder { folder in
      let text = folder.appendingPathComponent("t")
      try Data(String(repeating: "abc\n", count: 40).utf8).write(to: text)
      let trained = try recur(
        "train", "text", text.path, "--output", folder.path, "--hidden-size", "3", "--layers", "1",
        "--sequence-length", "5", "--batch-size", "2", "--epochs", "6", "--patience", "0")
      #expect(trained.status == 0, "\(trained.errors)")
      let parameters = """
          embedding.weight      F32  4 x 3   norm N
          network.weight_ih_l0  F32  12 x 3  norm N
          network.weight_hh_l0  F32  12 x 3  norm N
          network.bias_ih_l0    F32  12      norm N
          network.bias_hh_l0    F32  12      norm N
          head.weight           F32  4 x 3   norm N
          head.bias             F32  4       norm N
        """
      let strings = """

        info
          text  {"batch":2,"checksum":4027789392,"overfitsBatch":false,"sequence":5,"validation":0.1}
          vocabulary  \\nabc

        """
      let description =
        "Embedding(vocabularySize: 4, size: 3), LSTM(inputSize: 3, hiddenSize: 3), "
        + "Linear(inputSize: 3, outputSize: 4)"
      #expect(
        try info(folder.path + "/model.safetensors") == """
          Recur model, checksum verified
          \(description)

          inputs
            x  tokens 0 to 3

          outputs
            head  4 channels

          states of one sequence
            network.h  1 x 3
            network.c  1 x 3

          nodes: 4, parameters: 124
            x          tokens                   size 4
            embedding  embedding  of x          size 3
            network    network    of embedding  cell lstm, hiddenSize 3, inputSize 3
            head       dense      of network    size 4

          stream: blocks of any length

          tensors: 7, elements: 124

          """ + parameters + "\n" + strings)
      let run = try info(folder.path + "/checkpoint.safetensors")
      #expect(
        run.hasPrefix(
          "Recur checkpoint, checksum verified\n\(description)\n\ntensors: 28, elements: 496\n"),
        "\(run)")
      let end = try #require(run.range(of: "\ntraining\n"))
      #expect(
        run[end.lowerBound...] == """

          training
            options.batching stateful
            options.clipping norm 1
            options.epochs 6
            options.learningRate 0.002
            options.loss crossEntropy
            options.optimizer adam beta1 0.9, beta2 0.999, epsilon 1e-08, weightDecay 0
            options.schedule constant
            options.seed 1
            position.epoch 6
            position.epochsWithoutLeast 0
            position.examples 14
            position.generator 18167412353352935020
            position.learningRate.epochsWithoutMinimum 0
            position.learningRate.initial 0.002
            position.learningRate.plateauFactor 1
            position.learningRate.schedule constant
            position.leastValidationLoss N
            position.lossCount 0
            position.lossSum 0
            position.step 84
            position.stepOfEpoch 0

          last epochs
            epoch 2  loss N  validationLoss N
            epoch 3  loss N  validationLoss N
            epoch 4  loss N  validationLoss N
            epoch 5  loss N  validationLoss N
            epoch 6  loss N  validationLoss N

          """ + strings)
    }
  }

  @Test func anONNXModelWithStates() throws {
    #expect(
      try info(GoldenCase.path("lstm_states_legacy")) == """
        ONNX model

        inputs
          x0  3 channels  [steps, sequences, channels 3]

        outputs
          y0  4 channels  [steps, sequences, channels 4]

        states of one sequence
          lstm.h    1 x 4
          lstm.c    1 x 4
          lstm_2.h  1 x 4
          lstm_2.c  1 x 4
          input x1 [2, sequences, 4]: lstm.h, lstm_2.h
          input x2 [2, sequences, 4]: lstm.c, lstm_2.c
          output y1 [2, sequences, 4]: lstm.h, lstm_2.h
          output y2 [2, sequences, 4]: lstm.c, lstm_2.c

        nodes: 3, parameters: 304
          x0      features           size 3
          lstm    network   of x0    cell lstm, hiddenSize 4, inputSize 3
          lstm_2  network   of lstm  cell lstm, hiddenSize 4, inputSize 4

        stream: blocks of any length

        tensors: 8, elements: 304
          lstm.weight_ih_l0    F32  16 x 3  norm N
          lstm.weight_hh_l0    F32  16 x 4  norm N
          lstm.bias_ih_l0      F32  16      norm N
          lstm.bias_hh_l0      F32  16      norm N
          lstm_2.weight_ih_l0  F32  16 x 4  norm N
          lstm_2.weight_hh_l0  F32  16 x 4  norm N
          lstm_2.bias_ih_l0    F32  16      norm N
          lstm_2.bias_hh_l0    F32  16      norm N

        """)
    let json = try recur("info", GoldenCase.path("lstm_states_legacy"), "--json").output
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    let states = try #require(object["onnxStates"] as? [[String: Any]])
    #expect(states.map { $0["name"] as? String } == ["x1", "x2", "y1", "y2"])
    #expect(states.map { $0["input"] as? Bool } == [true, true, false, false])
    #expect(states[1]["parts"] as? [String] == ["lstm.c", "lstm_2.c"])
    let shape = try #require(states[0]["shape"] as? [Any])
    #expect(shape[0] as? Int == 2 && shape[1] as? String == "sequences" && shape[2] as? Int == 4)
    let ports = try #require(object["inputs"] as? [[String: Any]])
    #expect(ports[0]["axes"] as? [String] == ["steps", "sequences", "channels 3"])
    #expect(ports[0]["node"] as? String == "x0" && ports[0]["channels"] as? Int == 3)
    #expect(object["chunkSteps"] as? Int == 1 && object["verified"] as? Bool == false)
    #expect(object["elements"] as? Int == 304 && object["parameters"] as? Int == 304)
    #expect((object["states"] as? [[String: Any]])?.map { $0["shape"] as? [Int] }.first == [1, 4])
    #expect(object["reasonAgainstStreams"] == nil && object["sampleRate"] == nil)
  }

  @Test func otherPropertiesInJSON() throws {
    try withModels { files in
      func object(_ path: String) throws -> [String: Any] {
        let json = try recur("info", path, "--json").output
        return try #require(
          try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
      }
      #expect(try object(files.nam())["sampleRate"] as? Double == 8000)
      let x = ModelValue.features(size: 2)
      try Model<Double>(outputs: x.gru(hiddenSize: 2).mean().named("m"), seed: 1)
        .save(to: files.url("mean.safetensors"), info: ["note": "a"])
      let mean = try object(files.path("mean.safetensors"))
      #expect(
        mean["reasonAgainstStreams"] as? String
          == "stream needs whole sequences, because node 2 (\"m\") is a mean over steps")
      #expect(mean["chunkSteps"] == nil && mean["info"] as? [String: String] == ["note": "a"])
      #expect(mean["description"] == nil)
      try SafeTensors(tensors: [
        .init("w", shape: [2], elements: [1, Double.infinity]),
        .init("i", shape: [1], integers: [3]),
      ]).write(to: files.url("w.safetensors"))
      let tensors = try object(files.path("w.safetensors"))
      #expect(tensors["kind"] as? String == "tensors" && tensors["elements"] as? Int == 3)
      let list = try #require(tensors["tensors"] as? [[String: Any]])
      #expect(list[0]["norm"] as? String == "inf" && list[1]["norm"] == nil)
      #expect(list[0]["type"] as? String == "F64" && list[1]["shape"] as? [Int] == [1])
    }
  }

  @Test func longStringsAreTruncated() throws {
    try withModels { files in
      let tensor = try SafeTensors.Tensor("w", shape: [], elements: [2.0])
      for (count, end) in [(100, ""), (101, "… (101 characters)")] {
        try SafeTensors(
          tensors: [tensor], metadata: ["k": String(repeating: "v", count: count)]
        ).write(to: files.url("w.safetensors"))
        #expect(
          try info(files.path("w.safetensors"))
            == "tensors without a model, checksum verified\n\ntensors: 1, elements: 1\n"
            + "  w  F64    norm 2\n\ninfo\n  k  " + String(repeating: "v", count: 100) + end + "\n")
      }
    }
  }
}
