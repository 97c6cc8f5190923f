// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Foundation
import Recur
import RecurONNX
import RecurTraining

struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Write a model in another format, and compare the results.",
    usage: "recur convert <input> <output> [<options>]",
    discussion: """
      EXAMPLES
        recur convert tagger.onnx tagger.safetensors
        recur convert amp.json amp.onnx
        recur convert tagger.onnx small.safetensors --weights int8
        recur convert model.safetensors weights.safetensors \\
          --format pytorch --names lstm.=encoder.
        recur convert weights.safetensors model.safetensors \\
          --graph graph.json --names encoder.=lstm. --names fc.=head.

      The input is a file of Recur, an ONNX model, a model of RTNeural, AIDA-X, GuitarML, Neural Amp Modeler or \
      RNNoise, or, with --graph, weights: a safetensors file, a NumPy archive or a JSON object of arrays. The \
      extension of the output chooses the format: .safetensors is a model of Recur, .onnx an ONNX model in \
      single precision, and .json a chain of layers of RTNeural. --format pytorch writes tensors with PyTorch's \
      names and shapes, without the graph. An existing file is replaced.

      The command reads the output back and runs both models on random sequences. It prints the largest \
      difference, |y - expected| / max(1, |expected|), and where it is. If it exceeds 1e-5, the exit status \
      is 1.

      In the written model, tensors are steps x sequences x channels, and tokens are steps x sequences. A \
      message tells which axes of an ONNX model change, and which states are left out. An ONNX model that is \
      made from one with states, or with --states, has states as inputs NODE.h and outputs NODE.h.final.

      COMPRESSION
      --weights half and --weights bfloat16 store W_ih and W_hh of large recurrent networks as 16-bit \
      floating-point numbers: half keeps 11 significant bits, bfloat16 keeps 8. --weights int8 stores them as \
      8-bit integers with a scale for each row. Inference with int8 also rounds the inputs and states of each \
      step to 8 bits. The file is smaller, inference needs less memory, and inference of one sequence at a time \
      is faster with bfloat16 and int8. W_hh must have at least 65536 elements for half and 16384 for bfloat16 \
      and int8; smaller networks stay as they are, but one must be large enough. The model must be in single \
      precision. The command prints how much rounding changes each matrix and the outputs.

      WEIGHTS
      safetensors.torch.save_file writes a state dict of PyTorch, which has no graph. --graph names a file \
      with the graph in Recur's JSON:

        {"nodes": [
          {"name": "x", "kind": "features", "size": 40},
          {"name": "lstm", "kind": "network", "from": ["x"],
           "network": {"cell": "lstm", "hiddenSize": 64}},
          {"name": "head", "kind": "dense", "from": ["lstm"],
           "size": 2, "output": true}]}

      The documentation of recur/model_file.h lists all kinds and keys. A tensor NAME.PART is the parameter \
      PART of the node NAME. --names OLD=NEW replaces a name, or the beginning of names; it also renames \
      the tensors of --format pytorch. Every tensor must have a place, and every parameter a tensor. Batch \
      normalizations become scales, with the default epsilon of their library. With --layout keras, the file \
      has the weights of Keras by their paths, such as sequential/lstm/lstm_cell/kernel: use --names \
      sequential/lstm/=lstm. for each layer.
      """)

  @Argument(help: "Model file, or weights with --graph.", completion: .file()) var input: String
  @Argument(help: "File to write.", completion: .file()) var output: String
  @Option(help: "Format of the output. (default: that of the extension)") var format: ModelFormat?
  @Option(help: "Graph of the weights, in JSON.", completion: .file()) var graph: String?
  @Option(help: "Layout of the weights. (default: pytorch)") var layout: ModelWeights.Layout?
  @Option(
    help: ArgumentHelp(
      "Another name or beginning of names; may be repeated.", valueName: "old=new"))
  var names: [String] = []
  @Flag(help: "Leave out the initial state of a file of Neural Amp Modeler; it becomes zero.")
  var withoutInitialState = false
  @Flag(help: "Make the states of networks inputs and outputs of an ONNX model.")
  var states = false
  @Option(
    help:
      "Storage of large recurrent networks: half, bfloat16 or int8. (default: that of the input)")
  var weights: NetworkConfiguration.WeightStorage?
  @OptionGroup var onnx: ONNXArguments

  /// The largest difference that rounding explains.
  private static let tolerance = 1e-5

  /// The maximum number of bytes of a graph.
  private static let longestGraph = 10_000_000

  func run() throws {
    let format = try ModelFormat(ofFile: output, given: format)
    try OutputFile.require(output, keeping: [input] + (graph.map { [$0] } ?? []))
    guard names.isEmpty || graph != nil || format == .pytorch else {
      throw ValidationError("--names is given without --graph and --format pytorch")
    }
    switch try read() {
    case .float(let model): try convert(model, to: format)
    case .double(let model): try convert(model, to: format)
    }
  }

  private func read() throws -> ModelFile {
    guard let graph else {
      guard layout == nil else { throw ValidationError("--layout is given without --graph") }
      return try ModelFile(input, onnx: onnx.values())
    }
    if let option = try onnx.values().option {
      throw ValidationError("\(option) is given with --graph")
    }
    let text = try WholeFile.read(graph, atMost: Self.longestGraph)
    let nodes = try BadInput.naming(graph) {
      try ModelGraph(json: String(decoding: text, as: UTF8.self))
    }
    return try ModelWeights(input, layout: layout ?? .pytorch, names: TensorNames(pairs()))
      .model(of: nodes)
  }

  private func pairs() throws -> [String: String] {
    var pairs: [String: String] = [:]
    for argument in names {
      let (old, new) = try namePair(argument, of: "--names", expected: "OLD=NEW")
      guard pairs.updateValue(new, forKey: old) == nil else {
        throw ValidationError("--names \(argument): \(old) is given twice")
      }
    }
    return pairs
  }

  private func convert<Scalar>(_ loaded: LoadedModel<Scalar>, to format: ModelFormat) throws {
    guard loaded.initialState == nil || withoutInitialState else {
      throw BadInput(
        "\(input): has an initial state, which \(output) cannot store; --without-initial-state "
          + "leaves it out")
    }
    guard loaded.initialState != nil || !withoutInitialState else {
      throw BadInput("\(input): has no initial state, but --without-initial-state is given")
    }
    guard weights == nil || format == .recur else {
      throw ValidationError("--weights is given with an output that is not a Recur model")
    }
    let original = loaded.withoutInitialState
    let model = try weights.map { try original.compressed($0) } ?? original
    let renamed = try RenamedModel(model)
    let names = TensorNames(graph == nil ? try namesInFile(of: renamed.loaded) : [:])
    try ConversionCheck.requireSizes(of: renamed.loaded)
    let states = try writtenStates(of: model, in: format)
    try format.write(renamed.loaded, names: names, states: states, to: output)
    for line in try ConversionNotes(model, renamed, states: states).lines {
      note("\(output): \(line)")
    }
    let check =
      switch try format.read(output, names: names, like: renamed.loaded) {
      case .float(let written): try ConversionCheck(model, renamed, written)
      case .double(let written): try ConversionCheck(model, renamed, written)
      }
    note(
      "compared on \(ConversionCheck.sequences) random sequences of "
        + "\(ConversionCheck.steps(of: model.model)) steps")
    for comparison in check.comparisons { print(comparison.description) }
    if weights != nil { try reportCompression(original, model) }
    guard check.comparisons.allSatisfy({ $0.largest <= Self.tolerance }) else {
      StandardOutput.finish()
      alert("recur: \(output): has other results than \(input)")
      throw ExitCode(1)
    }
  }

  private func reportCompression<Scalar>(
    _ original: LoadedModel<Scalar>, _ compressed: LoadedModel<Scalar>
  ) throws {
    for line in CompressionReport(original.model, compressed.model).lines { print(line) }
    let check = try ConversionCheck(
      original, RenamedModel(original), RenamedModel(compressed).loaded)
    for comparison in check.comparisons {
      print("with \(weights == .full ? "full" : "the rounded") weights, \(comparison.description)")
    }
  }

  /// An ONNX model keeps the states that are inputs and outputs of another one.
  private func writtenStates<Scalar>(
    of loaded: LoadedModel<Scalar>, in format: ModelFormat
  ) throws -> WrittenStates {
    guard format == .onnx else {
      guard !states else {
        throw ValidationError("--states is given with an output that is no ONNX model")
      }
      return .omitted(nil)
    }
    let isAsked = states || !loaded.stateInputs.isEmpty || !loaded.stateOutputs.isEmpty
    guard isAsked else { return .omitted(nil) }
    guard let reason = ONNXModel.reasonAgainstStates(of: loaded.model) else { return .written }
    guard !states else { throw BadInput("\(input): \(reason) (--states)") }
    return .omitted(reason)
  }

  /// The names of a file's tensors, and those of the parameters: those of `--names` for an output, which are in
  /// the direction of the conversion.
  private func namesInFile<Scalar>(of loaded: LoadedModel<Scalar>) throws -> [String: String] {
    var names: [String: String] = [:]
    for (old, new) in try pairs() {
      guard loaded.model.parameters.slices.contains(where: { $0.name.hasPrefix(old) }) else {
        throw BadInput(
          "\(input): has no parameter whose name begins with \(old.printable) (--names)")
      }
      guard names.updateValue(old, forKey: new) == nil else {
        throw ValidationError("--names: \(new.printable) is given twice")
      }
    }
    return names
  }
}
