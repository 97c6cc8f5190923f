// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining
import Testing

/// Each refusal of `recur run` is one line that names the file or the option, and nothing is written.
@Suite struct RunErrorTests {
  private func expectRefusals(
    _ files: SmallModels, _ model: String, _ refusals: [(arguments: [String], message: String)]
  ) throws {
    for (arguments, message) in refusals {
      let result = try recur(arguments: ["run", files.path(model)] + arguments)
      #expect(result.status == 2, "\(arguments): \(result.status)")
      let expected = message.replacing("FOLDER", with: files.folder.path)
      #expect(result.errors == "recur: \(expected)\n", "\(arguments)")
      #expect(result.output.isEmpty)
    }
    #expect(!FileManager.default.fileExists(atPath: files.path("y.csv")))
  }

  @Test func optionsAreChecked() throws {
    try withModels { files in
      _ = try files.amplifier(of: Float.self)
      let x = try files.csvInput(steps: 3).path
      let output = files.path("y.csv")
      let model = "FOLDER/amp.safetensors"
      try expectRefusals(
        files, "amp.safetensors",
        [
          ([], "--input is missing, expected a file"),
          (["--input", x, "--block", "2"], "--block is given without --stream"),
          (["--input", x, "--stream", "--block", "0"], "--block is 0, expected 1 to 1000000"),
          (["--input", x, "--tolerance", "nan"], "--tolerance is nan, expected at least 0"),
          (["--input", x, "--size", "B"], "--size is B, expected AXIS=N"),
          (["--input", x, "--size", "B=0"], "--size B=0: 0 is not a positive number"),
          (["--input", x, "--constant", "sr"], "--constant is sr, expected INPUT=VALUE"),
          (["--input", x, "--constant", "sr=a"], "--constant sr=a: a is not a finite number"),
          (
            ["--input", x, "--size", "B=1"],
            "\(model): is a safetensors file, expected an ONNX model with --size"
          ),
          (
            ["--input", "x"],
            "x: has no extension, expected one of .csv, .npy, .npz, .safetensors, .wav"
          ),
          (
            ["--input", "x.mp3"],
            "x.mp3: has the extension .mp3, expected one of .csv, .npy, .npz, .safetensors, .wav"
          ),
          (
            ["--input", x, "--output", files.path("y.wav")],
            "FOLDER/y.wav: has no sampling rate; expected an input .wav, or another extension"
          ),
          (
            ["--input", x, "--output", files.path("y.npz")],
            "FOLDER/y.npz: .npz files are only read, expected .npy or .safetensors"
          ),
          (
            ["--input", x, "--output", files.path("y.safetensors:y")],
            "--output FOLDER/y.safetensors:y: names a tensor, expected a file"
          ),
          (
            ["--input", x, "--output", x],
            "FOLDER/x.csv: is an input, and the output file FOLDER/x.csv would overwrite it"
          ),
          (
            ["--input", x, "--output", output, "--output", output],
            "FOLDER/y.csv: is given for two outputs"
          ),
          (
            ["--input", x, "--output", "z=" + output],
            "--output z=FOLDER/y.csv: \(model) has no output z, expected y"
          ),
          (
            ["--input", "z=" + x],
            "--input z=FOLDER/x.csv: \(model) has no input z, expected x"
          ),
          (
            ["--input", x, "--input", "x=" + x],
            "--input x=FOLDER/x.csv: the input x is given twice"
          ),
          (["--input", files.path("no.csv")], "FOLDER/no.csv: No such file or directory"),
        ])
    }
  }

  @Test func tensorsAreChecked() throws {
    try withModels { files in
      _ = try files.amplifier(of: Float.self)
      _ = try files.csvInput(steps: 3)
      let numbers = [Float](repeating: 0.5, count: 6)
      try SafeTensors(tensors: [
        .init("x", shape: [3, 2], elements: numbers), .init("flat", shape: [6], elements: numbers),
      ]).write(to: files.url("two.safetensors"))
      try SafeTensors(tensors: [
        .init("a", shape: [6], elements: numbers), .init("b", shape: [6], elements: numbers),
      ]).write(to: files.url("ab.safetensors"))
      try SafeTensors.Tensor("e", shape: [3, 0, 2], elements: [Float]()).writeNPY(
        to: files.url("empty.npy"))
      try SafeTensors.Tensor("n", shape: [3, 2], elements: numbers.dropLast() + [-Float.nan])
        .writeNPY(to: files.url("nan.npy"))
      let texts = [
        "field.csv": "1,2\n3,z\n", "columns.csv": "1,2\n3\n", "header.csv": "a,b\n",
        "empty.csv": "",
        "mixed.csv": "a,2\n1,2\n", "one.csv": "1\n2\n", "infinite.csv": "1,inf\n",
        "semicolons.csv": "1;2\n3;4\n", "tabs.csv": "a\tb\n1\t2\n",
      ]
      for (name, text) in texts { _ = try files.write(text, to: name) }
      let (two, model) = (files.path("two.safetensors"), "FOLDER/amp.safetensors")
      try expectRefusals(
        files, "amp.safetensors",
        [
          (
            ["--input", files.path("field.csv")],
            "FOLDER/field.csv:2: field 2 is \"z\", expected a finite number"
          ),
          (
            ["--input", files.path("semicolons.csv")],
            "FOLDER/semicolons.csv:1: field 1 is \"1;2\", expected a finite number; "
              + "commas separate the numbers of a line"
          ),
          (
            ["--input", files.path("tabs.csv")],
            "FOLDER/tabs.csv:2: field 1 is \"1\\t2\", expected a finite number; "
              + "commas separate the numbers of a line"
          ),
          (
            ["--input", files.path("nan.npy")],
            "FOLDER/nan.npy: has nan at [2, 1], expected a finite number"
          ),
          (
            ["--input", files.path("mixed.csv")],
            "FOLDER/mixed.csv:1: field 1 is \"a\", expected a finite number"
          ),
          (
            ["--input", files.path("infinite.csv")],
            "FOLDER/infinite.csv:1: field 2 is \"inf\", expected a finite number"
          ),
          (
            ["--input", files.path("columns.csv")], "FOLDER/columns.csv:2: has 1 field, expected 2"
          ),
          (
            ["--input", files.path("header.csv")],
            "FOLDER/header.csv: has no steps, expected a line of numbers for each"
          ),
          (
            ["--input", files.path("empty.csv")],
            "FOLDER/empty.csv: has no steps, expected a line of numbers for each"
          ),
          (
            ["--input", files.path("one.csv")],
            "FOLDER/one.csv: has the shape [2, 1], expected 2 columns"
          ),
          (
            ["--input", files.path("empty.npy")],
            "FOLDER/empty.npy: has the shape [3, 0, 2], expected elements"
          ),
          (
            ["--input", two],
            "FOLDER/two.safetensors: tensor flat is neither an input nor an output of \(model), "
              + "expected x; FOLDER/two.safetensors:TENSOR selects one"
          ),
          (
            ["--input", two + ":flat"],
            "FOLDER/two.safetensors: tensor flat: has the shape [6], expected [steps, 2] or "
              + "[steps, sequences, 2]"
          ),
          (
            ["--input", two + ":none"],
            "FOLDER/two.safetensors: has no tensor none, expected one of x, flat"
          ),
          (
            ["--input", "x=" + files.path("ab.safetensors")],
            "FOLDER/ab.safetensors: has 2 tensors and none is named x; expected "
              + "x=FOLDER/ab.safetensors:TENSOR"
          ),
        ])
      let input = ["--input", two + ":x"]
      #expect(try recur(arguments: ["run", files.path("amp.safetensors")] + input).status == 0)
      let shape = try recur(
        arguments: ["run", files.path("amp.safetensors")] + input + ["--compare", two + ":flat"])
      #expect(
        shape.errors.hasSuffix("tensor flat: has the shape [6], but y has [3, 2]\n"),
        "\(shape.errors)")
      #expect(shape.status == 2)
      let none = try recur(
        arguments: ["run", files.path("amp.safetensors")] + input
          + ["--compare", files.path("ab.safetensors")])
      #expect(none.status == 2 && none.errors.contains("tensor a is neither"), "\(none.errors)")
    }
  }

  @Test func severalInputsAndOutputsAreChecked() throws {
    try withModels { files in
      _ = try files.speech()
      _ = try files.speechInputs(steps: 2, sequences: 2)
      let words = try files.write("5\n10\n", to: "words.csv")
      let pitch = try files.write("1,2\n3,4\n5,6\n", to: "pitch.csv")
      let fraction = try files.write("5\n1.5\n", to: "fraction.csv")
      let both = files.path("speech-in.safetensors")
      let (model, output) = (
        "FOLDER/speech.safetensors", ["--output", files.path("y.safetensors")]
      )
      try expectRefusals(
        files, "speech.safetensors",
        [
          (
            ["--input", both],
            "\(model): has the outputs states, mood, expected --output or --compare"
          ),
          (
            ["--input", both, "--output", files.path("y.csv")],
            "--output FOLDER/y.csv: \(model) has the outputs states, mood, expected NAME=FOLDER/y.csv"
          ),
          (
            ["--input", words] + output,
            "--input FOLDER/words.csv: \(model) has the inputs words, pitch, expected "
              + "NAME=FOLDER/words.csv"
          ),
          (
            ["--input", "words=" + words] + output,
            "\(model): has the input pitch, expected --input pitch=FILE"
          ),
          (
            ["--input", "words=" + words, "--input", "pitch=" + both] + output,
            "FOLDER/words.csv: has 10 at 1, expected a token from 0 to 9"
          ),
          (
            ["--input", "words=" + fraction, "--input", "pitch=" + pitch] + output,
            "FOLDER/fraction.csv: has 1.5 at 1, expected a token from 0 to 9"
          ),
          (
            ["--input", "words=" + pitch, "--input", "pitch=" + pitch] + output,
            "FOLDER/pitch.csv: has the shape [3, 2], expected one column"
          ),
          (
            ["--input", "words=" + both, "--input", "pitch=" + pitch] + output,
            "\(model): pitch has 3 steps of 1 sequence, expected 2 of 2"
          ),
        ])
      let result = try recur(
        "run", files.path("speech.safetensors"), "--input", both, "--output",
        "states=" + files.path("y.csv"))
      #expect(result.status == 2)
      #expect(
        result.errors.hasSuffix(
          "y.csv: states has the shape [1, 2, 4], but CSV is for one sequence; expected .safetensors\n"
        ),
        "\(result.errors)")
    }
  }
}
