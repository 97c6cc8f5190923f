// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Foundation
import Recur
import RecurTraining

struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Write text that a model of characters makes up.",
    discussion: """
      EXAMPLES
        recur generate runs/shakespeare/model.safetensors
        recur generate model.safetensors --prompt "KING" --length 400 --temperature 0.8 --seed 7

      The prompt is written first, and then the characters that the model draws, one after another, as \
      they come. A model that was given no prompt reads a line break, or the first character it knows \
      if it knows none. The same seed gives the same text.
      """)

  @Argument(help: "The model, as recur train text wrote it.", completion: .file()) var model: String
  @Option(help: "How many characters.") var length = 400
  @Option(
    parsing: .unconditional,
    help: "Below 1 the likely characters become likelier; at 0 the likeliest is always taken.")
  var temperature = 1.0
  @Option(help: "Seed of the draws.") var seed: UInt64 = 1
  @Option(help: "The text that is gone on with.") var prompt = ""

  func validate() throws {
    try requireCounts([("--length", length)])
    guard temperature >= 0, temperature.isFinite else {
      throw ValidationError("--temperature is \(temperature), expected a finite number, at least 0")
    }
  }

  func run() throws {
    let text = try TextModel(model)
    let vocabulary = text.vocabulary
    let first = vocabulary.characters.contains("\n") ? "\n" : vocabulary.text([0])
    let tokens = try vocabulary.tokens(of: prompt.isEmpty ? first : prompt)
    try write(prompt)
    var left = length
    try text.model.generate(after: tokens, temperature: temperature, seed: seed) { token in
      try write(vocabulary.text([token]))
      left -= 1
      return left > 0
    }
    try write("\n")
  }

  private func write(_ text: String) throws {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    } catch {
      throw BadInput("standard output: cannot be written to")
    }
  }
}
