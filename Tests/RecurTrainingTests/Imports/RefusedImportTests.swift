// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import Testing

@testable import RecurTraining

/// What JSON files of other programs must have, with the place of what is wrong.
@Suite struct RefusedImportTests {
  private func refusal(_ json: String) -> String {
    message { try ImportedModel<Float>(Data(json.utf8), path: "test").format.rawValue }
  }

  /// A model of RTNeural with one layer.
  private func layer(_ json: String, inputs: Int = 1) -> String {
    refusal(#"{"in_shape": [null, null, \#(inputs)], "layers": [{\#(json)}]}"#)
  }

  private static let dense = #""type": "dense", "activation": "", "shape": [null, 1], "weights": "#
  private static let convolution =
    #""type": "conv1d", "activation": "", "shape": [null, 1], "weights": [[[[1]], [[2]]], [0]], "#
  private static let gru = #""type": "gru", "activation": "tanh", "shape": [null, 1], "weights": "#
  private static let gates = "[[[1, 2, 3]], [[4, 5, 6]], [[1, 2, 3], [4, 5, 6]]]"
  private static let normalization =
    #""type": "batchnorm", "activation": "", "shape": [1], "epsilon": 1, "weights": "#
  private static let prelu = #""type": "prelu", "activation": "", "shape": [2], "weights": "#

  @Test func objectsHaveAtMost16384Names() {
    let names = { (count: Int) in
      (0..<count).map { ", \"\($0)\": \(String(repeating: " ", count: 16))0" }.joined()
    }
    #expect(
      refusal(#"{"layers": []\#(names(16_383))}"#).hasPrefix("test: has the key 0, expected only "))
    #expect(
      refusal(#"{"layers": []\#(names(16_384))}"#)
        == "test: has an object with 16385 names, expected at most 16384")
  }

  @Test(
    arguments: [
      (dense + "[[[1]], [0]]", nil), (dense + "[[[1]]]", nil),
      (dense + "[]", ": has 0 weights, expected 1 or 2"),
      (dense + "[[[1]], [0], [0]]", ": has 3 weights, expected 1 or 2"),
      (dense + "[[[1], [2]]]", ".weights[0]: has shape [2, 1], expected 1 rows"),
      (dense + "[[1]]", ".weights[0]: has shape [1], expected 1 rows"),
      (dense + "[[[1]], [0, 0]]", ".weights[1]: has shape [2], expected [1]"),
      (dense + "[[[1, 2]]]", ".shape: does not end in 2"),
      (dense + "3", ".weights: is not an array"),
      (dense + #"["a"]"#, ".weights[0]: is not an array of finite numbers with equal rows"),
      (dense + "[[[1], [1, 2]]]", ".weights[0]: is not an array of finite numbers with equal rows"),
      (
        dense + "[[[1]]], \"x\": 1",
        ": has the key x, expected only type, activation, shape, weights"
      ),
      (#""shape": [1]"#, ": has no type"), (#""type": 1"#, ".type: is not a string"),
      (
        #""type": "dense", "activation": "swish", "shape": [1], "weights": [[[1]]]"#,
        ": activation is swish, expected one of elu, relu, sigmoid, softmax, tanh"
      ),
      (convolution + #""kernel_size": [2], "dilation": [3]"#, nil),
      (convolution + #""kernel_size": [2], "dilation": [3], "groups": 1"#, nil),
      (
        convolution + #""kernel_size": [3], "dilation": [1]"#,
        ".weights[0]: has shape [2, 1, 1], which does not fit the sizes of the layer"
      ),
      (
        convolution + #""kernel_size": [2], "dilation": [1], "groups": 2"#,
        ".weights[0]: has shape [2, 1, 1], which does not fit the sizes of the layer"
      ), (convolution + #""kernel_size": [2], "dilation": [1, 1]"#, ": has 2 dilations"),
      (
        convolution + #""kernel_size": [2], "dilation": [0]"#,
        ".dilation[0]: is not an integer from 1 to 1048576"
      ),
      (
        #""type": "conv1d", "activation": "", "shape": [1], "weights": [[[[1]]]]"#,
        ": has 1 weights, expected 2"
      ), (gru + gates, nil), (gru + "[[[1, 2, 3]]]", ": has 1 weights, expected 3"),
      (
        gru.replacing("tanh", with: "relu") + gates, ": activation is relu, expected tanh"
      ),
      (
        gru + gates.replacing("[[1, 2, 3]],", with: "[[1, 2, 3, 4]],"),
        ".weights[0]: has shape [1, 4], expected 1 rows"
      ),
      (
        gru + gates.replacing("[[1, 2, 3]],", with: "[[1, 2, 3], [1, 2, 3]],"),
        ".weights[0]: has shape [2, 3], expected 1 rows"
      ),
      (
        gru.replacing("gru", with: "lstm") + gates, ".weights[0]: has shape [1, 3], expected 1 rows"
      ),
      (
        gru + gates.replacing("[[4, 5, 6]],", with: "[[4, 5]],"),
        ".weights[1]: has shape [1, 2], expected [1, 3]"
      ), (normalization + "[[1], [2]]", nil), (normalization + "[[1], [2], [3], [4]]", nil),
      (normalization + "[[1], [2], [3]]", ": has 3 weights, expected 2 or 4"),
      (normalization + "[[1, 2], [2]]", ".weights[0]: has shape [2], expected [1]"),
      (
        #""type": "activation", "activation": "tanh", "shape": [1], "weights": [[1]]"#,
        ": has weights, expected none"
      ), (#""type": "activation", "activation": "tanh", "shape": [1], "weights": []"#, nil),
      (#""type": "activation", "activation": "linear", "shape": [1], "weights": []"#, nil),
      (
        #""type": "pool""#,
        ": type is pool, expected one of activation, batchnorm, conv1d, dense, gru, lstm, prelu, "
          + "time-distributed-dense"
      ),
    ] as [(String, String?)])
  func layersOfRTNeural(json: String, expected: String?) {
    #expect(layer(json) == (expected.map { "test: layers[0]" + $0 } ?? "no error but RTNeural"))
  }

  @Test func slopesMayBeShared() {
    #expect(layer(Self.prelu + "[[[0.5]]]", inputs: 2) == "no error but RTNeural")
    #expect(layer(Self.prelu + "[[[0.5, 1]]]", inputs: 2) == "no error but RTNeural")
    for weights in ["[[0.5, 1]]", "[[[0.5, 1, 2]]]", "[[[1]], [[1]]]", "[]"] {
      #expect(
        layer(Self.prelu + weights, inputs: 2)
          == "test: layers[0]: has no weights of shape [1, 2] or [1, 1]")
    }
  }

  @Test(arguments: [
    (#"{"in_shape": [], "layers": []}"#, "in_shape is empty"),
    (#"{"in_shape": 3, "layers": []}"#, "in_shape: is not an array"),
    (#"{"in_shape": [1], "layers": {}}"#, "layers: is not an array"),
    (#"{"in_shape": [1.5], "layers": []}"#, "in_shape[0]: is not an integer from 1 to 1048576"),
    (#"{"in_shape": [0], "layers": []}"#, "in_shape[0]: is not an integer from 1 to 1048576"),
    (#"{"in_shape": [1048577], "layers": []}"#, "in_shape[0]: is not an integer from 1 to 1048576"),
    (#"{"in_shape": [1048576], "layers": []}"#, "layers is empty"),
    (#"{"layers": []}"#, "has no in_shape"),
    (#"{"in_shape": [1], "layers": [3]}"#, "layers[0]: has no type"),
    (
      #"{"in_shape": [1], "layers": [], "gain": 3}"#,
      "has the key gain, expected only in_shape, layers, in_skip, in_gain, out_gain, samplerate, "
        + "metadata, input_batch, output_batch"
    ),
    (
      #"{"in_shape": [1], "layers": [], "in_gain": -200.5}"#,
      "in_gain: is not a number from -200.0 to 200.0"
    ), (#"{"in_shape": [1], "layers": [], "in_gain": -200}"#, "layers is empty"),
    (
      #"{"in_shape": [1], "layers": [], "samplerate": "1e999"}"#,
      "samplerate: is not a positive number"
    ),
    (
      #"{"in_shape": [1], "layers": [], "metadata": {"samplerate": -1}}"#,
      "metadata.samplerate: is not a positive number"
    ),
    (
      #"{"a": 1}"#,
      "has none of the keys layers (RTNeural, AIDA-X), model_data (GuitarML) and architecture (NAM)"
    ),
    (
      #"{"a": [1]}"#,
      "has none of the keys layers (RTNeural, AIDA-X), model_data (GuitarML) and architecture (NAM); "
        + "recur convert --graph reads weights without a graph"
    ),
  ])
  func modelsOfRTNeural(json: String, expected: String) {
    #expect(refusal(json) == "test: " + expected)
  }

  @Test(
    arguments: [
      ("", "", "[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2]", nil),
      ("", "", "[1, 2]", "weights: has fewer numbers than the model needs"),
      (
        "", "", "[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3]",
        "weights: has 1 more numbers than the model needs"
      ), ("", "", "[[1]]", "weights: has shape [1, 1], expected one dimension"),
      ("", "", "\"1\"", "weights: is not an array of finite numbers with equal rows"),
      (
        #", "x": 1"#, "", "[]",
        "has the key x, expected only version, metadata, architecture, config, weights, sample_rate"
      ),
      (
        #", "sample_rate": "a""#, "", "[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2]",
        "sample_rate: is not a number"
      ),
      (
        "", #", "x": 1"#, "[]",
        "config: has the key x, expected only input_size, hidden_size, num_layers"
      ),
    ] as [(String, String, String, String?)])
  func modelsOfNAM(more: String, config: String, weights: String, expected: String?) {
    let found = refusal(
      #"{"version": "1", "architecture": "LSTM", "config": {"input_size": 1, "hidden_size": 1, "#
        + #""num_layers": 1\#(config)}, "weights": \#(weights)\#(more)}"#)
    #expect(found == (expected.map { "test: " + $0 } ?? "no error but NAM"))
  }

  @Test func modelsOfGuitarML() {
    let start = #"{"model_data": {"model": "#
    #expect(refusal(start + #""X"}}"#) == "test: model_data.model: is X, expected SimpleRNN")
    let sizes =
      #""SimpleRNN", "input_size": 1, "hidden_size": 1, "num_layers": 1, "output_size": 1"#
    #expect(
      refusal(start + sizes + #", "unit_type": "X"}}"#)
        == "test: model_data: unit_type is X, expected GRU, LSTM, RNN")
    #expect(
      refusal(start + sizes + #", "unit_type": "GRU", "skip": 0}, "state_dict": {}}"#)
        == "test: state_dict: has 0 entries, too few for 1 layers")
    #expect(
      refusal(start + sizes + #", "unit_type": "GRU", "skip": 0}, "state_dict": 3}"#)
        == "test: state_dict: has 0 entries, too few for 1 layers")
    #expect(
      refusal(start + sizes + #", "unit_type": "GRU", "skip": 0, "gain": 1}}"#)
        == "test: model_data: has the key gain, expected only model, input_size, skip, output_size, "
        + "unit_type, num_layers, hidden_size, bias_fl")
    #expect(
      refusal(#"{"model_data": {}, "x": 1}"#)
        == "test: has the key x, expected only model_data, state_dict")
    #expect(refusal(#"{"model_data": 3}"#) == "test: model_data: is not an object")
  }
}
