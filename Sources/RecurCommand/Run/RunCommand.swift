// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Foundation
import Recur
import RecurTraining

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a model over the sequences in a file.",
    usage: "recur run <model> --input <file> [--output <file>] [<options>]",
    discussion: """
      EXAMPLES
        recur run amp.json --input dry.wav --output wet.wav
        recur run amp.json --input dry.csv --stream --block 64
        recur run tagger.onnx --input case.safetensors \\
          --compare case.safetensors
        recur run speech.safetensors --input words=words.csv \\
          --input pitch=pitch.csv --output mood=mood.csv

      The model is a file of Recur, an ONNX model, or a model of RTNeural, AIDA-X, GuitarML, Neural Amp \
      Modeler or RNNoise. recur info shows its inputs and outputs.

      INPUTS
      The extension is .csv, .npy, .npz, .safetensors or .wav. A CSV file has one sequence: a line for each \
      step, a column for each channel; a header is optional. A WAV file is a sequence of samples; the model \
      must have its sampling rate, or state none. Other tensors have the shape [steps, channels] for one \
      sequence or [steps, sequences, channels] for several; tokens have no channels. For an ONNX model, a \
      tensor with the ONNX model's number of axes has the ONNX model's shape. But if the model computes one \
      step from its states, rows are steps, unless initial states or --size tell a number of sequences. \
      Numbers are rounded to the precision of the model.

      --input NAME=FILE names one of several inputs, and FILE.npz:TENSOR or FILE.safetensors:TENSOR one of \
      several tensors. Without names, the tensors of such a file belong to the inputs with the same names. \
      Those of an ONNX model may be initial states; states that are not given are zero.

      A tensor lengths, in the file of an input or as --input lengths=FILE, has the number of steps of each \
      sequence. Later steps do not change results, and --compare ignores them.

      OUTPUTS
      The extension is .csv, .npy, .safetensors or .wav. Outputs have the shapes of the inputs, with their \
      own channels. A WAV file has 32-bit floating-point numbers and the sampling rate of the input or, for \
      inputs of other formats, of the model. A safetensors file has all outputs, and the final states of an \
      ONNX model. Without --output and --compare, the only output is printed as CSV. An existing file is \
      replaced.

      COMPARISON
      --compare prints the largest difference from expected outputs, |y - expected| / max(1, |expected|), \
      and where it is. If it exceeds --tolerance, the exit status is 1.
      """)

  @Argument(help: "Model file.", completion: .file()) var model: String
  @Option(
    help: ArgumentHelp("Input file; may be given for each input.", valueName: "[name=]file"),
    completion: .file())
  var input: [String] = []
  @Option(
    help: ArgumentHelp("Output file; may be given for each output.", valueName: "[name=]file"),
    completion: .file())
  var output: [String] = []
  @Flag(help: "Run in blocks, as a program would in real time; the same results.") var stream =
    false
  @Option(help: "Steps of a block with --stream. (default: the fewest possible)") var block: Int?
  @Option(
    help: ArgumentHelp(
      "File of expected outputs; may be given for each output.", valueName: "[name=]file"),
    completion: .file())
  var compare: [String] = []
  @Option(help: "Largest difference allowed by --compare.") var tolerance = 1e-5
  @OptionGroup var onnx: ONNXArguments

  func validate() throws {
    guard !input.isEmpty else { throw ValidationError("--input is missing, expected a file") }
    guard block == nil || stream else {
      throw ValidationError("--block is given without --stream")
    }
    try requireCounts([("--block", block ?? 1)])
    guard tolerance >= 0 else {
      throw ValidationError("--tolerance is \(tolerance), expected at least 0")
    }
  }

  func run() throws {
    switch try ModelFile(model, onnx: onnx.values()) {
    case .float(let model): try run(model)
    case .double(let model): try run(model)
    }
  }

  private func run<Scalar>(_ loaded: LoadedModel<Scalar>) throws {
    let files = try RunFiles(self, loaded)
    let run = try ModelRun(loaded, files.inputs)
    let results =
      stream ? try run.streamed(block: block ?? loaded.model.chunkSteps ?? 1) : try run.whole()
    note(run.summary(results.time))
    let tensors = try run.tensors(results)
    try files.write(tensors)
    let comparisons = try files.comparisons(tensors)
    for comparison in comparisons { print(comparison.description) }
    let failures = comparisons.filter { $0.largest > tolerance }.map(\.name)
    guard failures.isEmpty else {
      StandardOutput.finish()
      let names = failures.joined(separator: ", ") + (failures.count == 1 ? " differs" : " differ")
      alert("recur: \(model): \(names) by more than \(tolerance)")
      throw ExitCode(1)
    }
  }
}

extension ModelRun {
  /// One line for people: the model, the size of the input, and the time.
  fileprivate func summary(_ time: Duration) -> String {
    let seconds = time / .seconds(1)
    let batch = sequences == 1 ? "" : " of \(sequences) sequences"
    let count = counted(steps, "step")
    var line = "\(loaded.path): \(loaded.kind), \(count)\(batch) in \(shortTime(seconds))"
    if steps > 0 { line += ", \(shortTime(seconds / Double(steps))) a step" }
    if let rate = loaded.sampleRate, steps > 0 {
      let factor = seconds * rate / Double(steps)
      line += ", real-time factor \(fourDigits(factor)) at \(shortest(rate)) Hz"
    }
    return line
  }
}

/// Formats a time with the unit that leaves few digits.
func shortTime(_ seconds: Double) -> String {
  let units: [(String, Double)] = [("s", 1), ("ms", 1e3), ("µs", 1e6)]
  let (name, factor) = units.first { seconds * $0.1 >= 1 } ?? units[2]
  return "\(String(format: "%.3g", seconds * factor)) \(name)"
}
