// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Foundation
import RecurTraining

struct InfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Say what is in a model file, a checkpoint or another safetensors file.",
    discussion: """
      EXAMPLES
        recur info runs/shakespeare/model.safetensors
        recur info runs/shakespeare/checkpoint.safetensors --json

      Of each tensor: its name, its number type, its shape and, but of integers, its norm, the root of the \
      sum of its squares. Of a checkpoint also the options of the run, where it is, and its last epochs. \
      The whole file is read, and its checksum compared if it has one.
      """)

  @Argument(help: "The file.", completion: .file()) var file: String
  @Flag(help: "Print one JSON object.") var json = false

  func run() throws {
    let info = try FileInfo(SafeTensors(contentsOf: URL(fileURLWithPath: file)))
    if json { try info.printAsJSON() } else { info.printAsText() }
  }
}
