// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Foundation
import RecurTraining

struct InfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Describe a model, a checkpoint or any safetensors file.",
    usage: "recur info <file> [<options>]",
    discussion: """
      EXAMPLES
        recur info runs/shakespeare/model.safetensors
        recur info runs/shakespeare/checkpoint.safetensors --json
        recur info tagger.onnx

      For a model of Recur, an ONNX model, or a model of RTNeural, AIDA-X, GuitarML, Neural Amp Modeler or \
      RNNoise, the command prints the inputs, the outputs, the states, the nodes of the graph, and whether \
      the model can run in a stream.

      For each tensor, the command prints its name, type, shape and Euclidean norm (not for integers). \
      For a checkpoint, it also prints the options, the position and the last epochs of the run. It reads \
      the whole file and verifies the checksum, if the file has one.
      """)

  @Argument(help: "Model file or safetensors file.", completion: .file()) var file: String
  @OptionGroup var format: JSONArguments
  @OptionGroup var onnx: ONNXArguments

  func run() throws {
    let info = try FileInfo(file, onnx: onnx.values())
    if format.json { try info.printAsJSON() } else { info.printAsText() }
  }
}
