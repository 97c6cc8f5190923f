// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Recur
import RecurTraining

struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Generate text with a character model.",
    usage: "recur generate <model> [<options>]",
    discussion: """
      EXAMPLES
        recur generate runs/shakespeare/model.safetensors
        recur generate model.safetensors --prompt "KING" --seed 7

      The command prints the prompt and then --length characters that it samples from the model. Without \
      a prompt, the model starts from a newline, or from the first character of its vocabulary if the \
      vocabulary has no newline. The same seed produces the same text.

      On a terminal, characters that could control it are escaped, such as \\u{1B}. A file or a pipe \
      receives the characters themselves.
      """)

  @Argument(help: "Model file written by recur train text.", completion: .file()) var model: String
  @Option(help: "Text to continue. (default: none)") var prompt = ""
  @Option(help: "Number of characters to generate.") var length = 400
  @Option(
    parsing: .unconditional,
    help: "Sampling temperature; 0 always selects the most probable character.")
  var temperature = 1.0
  @Option(help: "Seed for sampling.") var seed: UInt64 = 1

  func validate() throws {
    try requireCounts([("--length", length)])
    guard temperature >= 0, temperature.isFinite else {
      throw ValidationError(
        "--temperature is \(temperature), expected a finite number of at least 0")
    }
  }

  func run() throws {
    let text = try TextModel(model)
    let vocabulary = text.vocabulary
    let first = vocabulary.characters.contains("\n") ? "\n" : vocabulary.text(of: [0])
    let tokens = try tokens(of: prompt.isEmpty ? first : prompt, vocabulary)
    StandardOutput.write(untrusted: prompt)
    var left = length
    try BadInput.naming(model) {
      try text.model.generate(after: tokens, temperature: temperature, seed: seed) { token in
        StandardOutput.write(untrusted: vocabulary.text(of: [token]))
        left -= 1
        return left > 0
      }
    }
    StandardOutput.write("\n")
  }

  private func tokens(of prompt: String, _ vocabulary: Vocabulary) throws -> [Int] {
    do { return try vocabulary.tokens(of: prompt) } catch {
      guard case .invalid(_, let reason) = error else { throw error }
      throw BadInput("--prompt \(reason) of \(model)")
    }
  }
}
