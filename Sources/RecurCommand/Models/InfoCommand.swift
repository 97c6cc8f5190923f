// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Foundation
import RecurTraining

struct InfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Describe a model file, a checkpoint or any other safetensors file.",
    discussion: """
      EXAMPLES
        recur info runs/shakespeare/model.safetensors
        recur info runs/shakespeare/checkpoint.safetensors --json

      For each tensor, the command prints its name, type, shape and Euclidean norm (not for integers). \
      For a checkpoint, it also prints the options, the position and the last epochs of the run. It reads \
      the whole file and verifies the checksum, if the file has one.
      """)

  @Argument(help: "Safetensors file.", completion: .file()) var file: String
  @OptionGroup var format: JSONArguments

  func run() throws {
    let info = try FileInfo(SafeTensors(path: file))
    if format.json { try info.printAsJSON() } else { info.printAsText() }
  }
}
