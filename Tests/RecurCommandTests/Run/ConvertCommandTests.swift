// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining
import Testing

@Suite struct ConvertCommandTests {
  @Test func aRoundTripThroughONNXIsExact() throws {
    try withModels { files in
      let model = try files.speech()
      for (from, to) in [
        ("speech.safetensors", "speech.onnx"), ("speech.onnx", "again.safetensors"),
      ] {
        let result = try recur("convert", files.path(from), files.path(to))
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output == "states: no difference\nmood: no difference\n")
        #expect(result.errors.hasPrefix("wrote \(files.path(to))\n"), "\(result.errors)")
      }
      let again = try Model<Float>(contentsOf: files.url("again.safetensors"))
      let inputs = try files.speechInputs(steps: 8, sequences: 3)
      let (expected, found) = try (model(inputs), again(inputs))
      for name in ["states", "mood"] { #expect(expected[name] == found[name]) }
      let replaced = try recur(
        "convert", files.path("speech.onnx"), files.path("again.safetensors"))
      #expect(replaced.errors.hasPrefix("replaced "), "\(replaced.errors)")
    }
  }

  @Test func aRoundTripThroughPyTorchsNamesIsExact() throws {
    try withModels { files in
      let model = try files.amplifier(of: Float.self)
      let weights = files.path("weights.safetensors")
      let written = try recur(
        "convert", files.path("amp.safetensors"), weights, "--format", "pytorch", "--names",
        "lstm.=encoder.", "--names", "head.=fc.")
      #expect(written.status == 0 && written.output == "y: no difference\n", "\(written.errors)")
      let names = try SafeTensors(contentsOf: files.url("weights.safetensors")).tensors.map(\.name)
      #expect(names.contains("encoder.weight_ih_l0") && names.contains("fc.bias"), "\(names)")
      let graph = try files.write(model.graph.json, to: "graph.json")
      let read = try recur(
        "convert", weights, files.path("again.safetensors"), "--graph", graph, "--names",
        "encoder.=lstm.", "--names", "fc.=head.")
      #expect(read.status == 0 && read.output == "y: no difference\n", "\(read.errors)")
      #expect(
        try Data(contentsOf: files.url("again.safetensors"))
          == Data(contentsOf: files.url("amp.safetensors")))
    }
  }

  @Test(arguments: [("half", "0.0", 0.6), ("bfloat16", "0.1", 0.6), ("int8", "0.", 0.35)])
  func largeNetworksAreCompressed(storage: String, change: String, size: Double) throws {
    try withModels { files in
      let x = ModelValue.features(size: 2).named("x")
      let y = x.lstm(hiddenSize: 130).named("lstm").gru(hiddenSize: 3).named("gru")
      try Model<Float>(outputs: y.dense(size: 1).named("y"), seed: 1)
        .save(to: files.url("full.safetensors"))
      let small = files.path("small.safetensors")
      let result = try recur(
        "convert", files.path("full.safetensors"), small, "--weights", storage)
      #expect(result.status == 0, "\(result.errors)")
      let lines = result.output.split(separator: "\n")
      #expect(lines.count == 4, "\(result.output)")
      #expect(lines[0] == "y: no difference")
      #expect(lines[1].hasPrefix("lstm.weight_ih_l0: rounding changes it by \(change)"))
      #expect(lines[2].hasPrefix("lstm.weight_hh_l0: rounding changes it by \(change)"))
      #expect(lines[3].hasPrefix("with the rounded weights, y: largest difference "))
      let bytes = try ["full", "small"].map {
        try Data(contentsOf: files.url("\($0).safetensors")).count
      }
      #expect(Double(bytes[1]) < size * Double(bytes[0]))
      let info = try recur("info", small)
      #expect(info.output.contains("weightStorage \(storage)"), "\(info.output)")
      let full = try recur("convert", small, files.path("again.safetensors"), "--weights", "full")
      let same = full.output.hasSuffix("with full weights, y: no difference\n")
      #expect(same == (storage != "int8"))
    }
  }

  @Test func compressionsThatAreRefused() throws {
    try withModels { files in
      _ = try files.amplifier(of: Float.self)
      let (amp, double) = (files.path("amp.safetensors"), files.path("double.safetensors"))
      let small = files.path("small.safetensors")
      let tooSmall = try recur("convert", amp, small, "--weights", "int8")
      #expect(
        tooSmall.errors
          == "recur: \(amp): --weights is int8, expected full for a W_hh of 100 elements, fewer than 16384\n"
      )
      let x = ModelValue.features(size: 2).named("x")
      try Model<Double>(outputs: x.lstm(hiddenSize: 128), seed: 1)
        .save(to: files.url("double.safetensors"))
      let precision = try recur("convert", double, small, "--weights", "half")
      #expect(
        precision.errors
          == "recur: \(double): is in double precision, expected single precision for --weights half\n"
      )
      let onnx = try recur("convert", amp, files.path("amp.onnx"), "--weights", "half")
      #expect(onnx.status != 0)
      #expect(onnx.errors.contains("--weights is given with an output that is not a Recur model"))
    }
  }

  /// Such a file has the graph of a compressed model and tensors in double precision.
  @Test func compressedWeightsInDoublePrecisionAreRefused() throws {
    try withModels { files in
      let x = ModelValue.features(size: 2).named("x")
      let full = try Model<Double>(outputs: x.lstm(hiddenSize: 128).named("lstm"), seed: 1)
      var graph = full.graph
      guard case .network(var network) = graph.nodes[1].layer else { return }
      network.weightStorage = .int8
      graph.nodes[1].layer = .network(network)
      let compressed = try Model<Double>(graph)
      #expect(throws: FileError.self) { try compressed.save(to: files.url("double.safetensors")) }
      try full.save(to: files.url("full.safetensors"))
      let (weights, output) = (files.path("weights.safetensors"), files.path("double.safetensors"))
      _ = try recur("convert", files.path("full.safetensors"), weights, "--format", "pytorch")
      let result = try recur(
        "convert", weights, output, "--graph", try files.write(graph.json, to: "graph.json"))
      #expect(
        result.errors
          == "recur: \(weights): network \"lstm\" has int8 weights in double "
          + "precision, expected single precision\n")
      #expect(!FileManager.default.fileExists(atPath: output))
    }
  }

  @Test func statesAreWrittenOnRequest() throws {
    try withModels { files in
      _ = try files.amplifier(of: Float.self)
      let onnx = files.path("amp.onnx")
      let result = try recur("convert", files.path("amp.safetensors"), onnx, "--states")
      #expect(result.status == 0, "\(result.errors)")
      let info = try recur("info", onnx)
      for name in ["lstm.h", "lstm.c", "lstm.h.final", "lstm.c.final"] {
        #expect(info.output.contains("put \(name) ["), "\(info.output)")
      }
      let x = ModelValue.features(size: 1).named("x")
      let (two, y) = (files.path("two.safetensors"), x.gru(hiddenSize: 2, bidirectional: true))
      try Model<Float>(outputs: y, seed: 1).save(to: files.url("two.safetensors"))
      let refused = try recur("convert", two, files.path("two.onnx"), "--states")
      #expect(
        refused.errors
          == "recur: \(two): needs whole sequences, so that it has no final state (--states)\n")
    }
  }

  /// A JSON object of nested arrays, as some programs store PyTorch's state dicts.
  @Test func weightsMayBeJSON() throws {
    try withModels { files in
      let graph = try files.write(
        """
        {"nodes": [{"name": "x", "kind": "features", "size": 2},
          {"name": "fc", "kind": "dense", "from": ["x"], "size": 1, "bias": true, "output": true}]}
        """, to: "graph.json")
      let weights = try files.write(
        #"{"fc.weight": [[2, 3]], "fc.bias": [0.5]}"#, to: "weights.json")
      let model = files.path("model.safetensors")
      #expect(try recur("convert", weights, model, "--graph", graph).status == 0)
      let x = try files.write("1,10\n0,1\n", to: "x.csv")
      #expect(try recur("run", model, "--input", x).output == "fc\n32.5\n3.5\n")
      let names = try recur(
        "convert", weights, model, "--graph", graph, "--names", "head.=fc.")
      #expect(
        names.errors == "recur: \(weights): has no tensor whose name begins with head. (--names)\n")
      let missing = try files.write(#"{"fc.weight": [[2, 3]]}"#, to: "missing.json")
      let refused = try recur("convert", missing, model, "--graph", graph)
      #expect(refused.status == 2, "\(refused.errors)")
    }
  }

  @Test func modelsOfOtherProgramsAreConverted() throws {
    try withModels { files in
      let (nam, model) = (try files.nam(), files.path("amp.safetensors"))
      let refused = try recur("convert", nam, model)
      #expect(refused.status == 2)
      #expect(
        refused.errors
          == "recur: \(nam): has an initial state, which \(model) cannot store; "
          + "--without-initial-state leaves it out\n")
      let result = try recur("convert", nam, model, "--without-initial-state")
      #expect(result.status == 0 && result.output == "head: no difference\n", "\(result.errors)")
      let x = try files.write("1\n2\n", to: "x.csv")
      #expect(try recur("run", model, "--input", x).errors.contains(" at 8000 Hz\n"))
      let again = try recur("convert", model, files.path("amp.onnx"), "--without-initial-state")
      #expect(
        again.errors
          == "recur: \(model): has no initial state, but --without-initial-state is given\n")
    }
  }

  /// The biases of an LSTM are added, and the nodes of a network of two layers are two layers.
  @Test func chainsAreWrittenForRTNeural() throws {
    try withModels { files in
      let x = ModelValue.features(size: 2).named("in")
      let model = try Model<Float>(
        outputs: x.lstm(hiddenSize: 3, layers: 2).dense(size: 1).named("y"), seed: 1)
      try model.save(to: files.url("chain.safetensors"))
      let result = try recur("convert", files.path("chain.safetensors"), files.path("chain.json"))
      #expect(result.status == 0, "\(result.output)\(result.errors)")
      #expect(result.output.hasPrefix("y: "), "\(result.output)")
      let info = try recur("info", files.path("chain.json"))
      #expect(info.output.hasPrefix("RTNeural model\n"), "\(info.output)")
      _ = try files.speech()
      let refused = try recur("convert", files.path("speech.safetensors"), files.path("no.json"))
      #expect(refused.status == 2, "\(refused.errors)")
      #expect(refused.errors.hasPrefix("recur: \(files.path("no.json")): "), "\(refused.errors)")
      #expect(!FileManager.default.fileExists(atPath: files.path("no.json")))
    }
  }

  /// Keras's kernels are I x O, and its LSTM has one bias and the gates i f c o.
  @Test func weightsMayBeThoseOfKeras() throws {
    try withModels { files in
      let graph = try files.write(
        """
        {"nodes": [{"name": "x", "kind": "features", "size": 2},
          {"name": "fc", "kind": "dense", "from": ["x"], "size": 1, "bias": true, "output": true}]}
        """, to: "graph.json")
      let weights = try files.write(
        #"{"model/dense/kernel": [[2], [3]], "model/dense/bias": [0.5]}"#, to: "weights.json")
      let model = files.path("model.safetensors")
      let result = try recur(
        "convert", weights, model, "--graph", graph, "--layout", "keras", "--names",
        "model/dense/=fc.")
      #expect(result.status == 0, "\(result.errors)")
      let x = try files.write("1,10\n0,1\n", to: "x.csv")
      #expect(try recur("run", model, "--input", x).output == "fc\n32.5\n3.5\n")
      let alone = try recur("convert", model, files.path("y.onnx"), "--layout", "keras")
      #expect(alone.errors == "recur: --layout is given without --graph\n")
    }
  }

  /// ONNX models are in single precision, in which the sum of the two branches loses its digits.
  @Test func aConversionWithOtherResultsFails() throws {
    try withModels { files in
      let x = ModelValue.features(size: 1).named("x")
      let large = x.dense(size: 1).named("large")
      let y = (large + x.dense(size: 1).named("negative")).named("y")
      var model = try Model<Double>(outputs: y, seed: 1)
      for (name, value) in [
        ("large.weight", 1e9), ("negative.weight", -1e9), ("large.bias", 0.125),
      ] {
        try model.parameters.set(name, to: Matrix([[value]]))
      }
      try model.save(to: files.url("model.safetensors"))
      let result = try recur("convert", files.path("model.safetensors"), files.path("model.onnx"))
      #expect(result.status == 1)
      #expect(result.output.hasPrefix("y: largest difference "), "\(result.output)")
      #expect(
        result.errors.hasSuffix(
          "model.onnx: has other results than \(files.path("model.safetensors"))\n"))
    }
  }

  @Test func optionsAndFilesAreChecked() throws {
    try withModels { files in
      _ = try files.amplifier(of: Float.self)
      let model = files.path("amp.safetensors")
      let graph = try files.write("{\"nodes\": []}", to: "graph.json")
      try SafeTensors(tensors: [.init("w", shape: [1], elements: [1 as Float])])
        .write(to: files.url("weights.safetensors"))
      let csv = try files.csvInput(steps: 1).path
      let folder = files.path("folder.onnx")
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let out = files.path("out.safetensors")
      let calls: [([String], String)] = [
        ([model, "out"], "out: has no extension, expected one of .safetensors, .onnx, .json"),
        (
          [model, "out.pt"],
          "out.pt: has the extension .pt, expected one of .safetensors, .onnx, .json"
        ),
        ([model, "out.pt", "--format", "onnx"], "out.pt: --format onnx expects a file .onnx"),
        (
          [model, model],
          "\(model): is an input, and the output file \(model) would overwrite it"
        ),
        ([model, folder], "\(folder): is a folder, expected a file or no file"),
        (
          [model, files.path("graph.safetensors"), "--graph", graph],
          "\(graph): has 0 nodes, expected 1 to 4096"
        ),
        (
          [model, out, "--names", "a=b"], "--names is given without --graph and --format pytorch"
        ),
        (
          [model, out, "--format", "pytorch", "--names", "a"], "--names is a, expected OLD=NEW"
        ),
        (
          [model, out, "--format", "pytorch", "--names", "a=b"],
          "\(model): has no parameter whose name begins with a (--names)"
        ),
        (
          [model, out, "--format", "pytorch", "--names", "lstm.=b", "--names", "head.=b"],
          "--names: b is given twice"
        ),
        (
          [model, out, "--format", "pytorch", "--names", "lstm.=b", "--names", "lstm.=c"],
          "--names lstm.=c: lstm. is given twice"
        ),
        (
          [files.path("weights.safetensors"), out],
          "\(files.path("weights.safetensors")): has tensors without a model; recur convert --graph "
            + "adds the model, a graph of layers in JSON"
        ),
        (
          [model, out, "--states"], "--states is given with an output that is no ONNX model"
        ),
        ([files.path("none.onnx"), out], "\(files.path("none.onnx")): No such file or directory"),
        (
          [csv, out],
          "\(csv): is a file of an unknown format, expected a model: a safetensors file of Recur, an "
            + "ONNX model, or a model of RTNeural, AIDA-X, GuitarML, Neural Amp Modeler or RNNoise"
        ),
      ]
      for (arguments, message) in calls {
        let result = try recur(arguments: ["convert"] + arguments)
        #expect(result.status == 2, "\(arguments): \(result.status)")
        #expect(result.errors == "recur: \(message)\n", "\(arguments)")
      }
      #expect(!FileManager.default.fileExists(atPath: out))
    }
  }

  @Test func graphsAreComparedWithTheWeights() throws {
    try withModels { files in
      let model = try files.amplifier(of: Float.self)
      let graph = try files.write(model.graph.json, to: "graph.json")
      try SafeTensors(tensors: [.init("w", shape: [1], elements: [1 as Float])])
        .write(to: files.url("weights.safetensors"))
      let (weights, out) = (files.path("weights.safetensors"), files.path("out.safetensors"))
      let csv = try files.csvInput(steps: 1).path
      for (input, message) in [
        (weights, "has 1 elements, but the graph has \(model.parameters.count) parameters"),
        (files.path("amp.safetensors"), "has a graph of its own, expected weights with --graph"),
        (
          csv,
          "is a file of an unknown format, expected weights: a safetensors file, a NumPy archive or a "
            + "JSON object of arrays"
        ),
      ] {
        let result = try recur("convert", input, out, "--graph", graph)
        #expect(result.status == 2)
        #expect(result.errors == "recur: \(input): \(message)\n")
      }
      let size = try recur("convert", weights, out, "--graph", graph, "--size", "a=1")
      #expect(size.errors == "recur: --size is given with --graph\n")
    }
  }
}
