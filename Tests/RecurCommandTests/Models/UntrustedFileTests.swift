// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining
import Testing

@testable import RecurCommand

/// Model files whose contents attack a terminal, or are refused although their checksum is right.
@Suite struct UntrustedFileTests {
  /// Trains a model of the text, and passes its file to `body`.
  private func withModel(of text: String, _ body: (URL) throws -> Void) throws {
    try withFolder { folder in
      let file = folder.appendingPathComponent("text")
      try String(repeating: text, count: 100).write(to: file, atomically: true, encoding: .utf8)
      let result = try recur(
        "train", "text", file.path, "--output", folder.path, "--hidden-size", "4", "--layers", "1",
        "--sequence-length", "5", "--batch-size", "2", "--epochs", "1")
      #expect(result.status == 0, "\(result.errors)")
      try body(folder.appendingPathComponent("model.safetensors"))
    }
  }

  /// Controls, formats, line separators and scalars without a meaning, in names and strings.
  @Test func textInJSONIsPrintable() throws {
    try withFolder { folder in
      let file = folder.appendingPathComponent("other.safetensors")
      let text = "\u{1B}\u{7F}\u{85}\u{9B}\u{9D}\u{202E}\u{2028}\u{2066}\u{E000}\u{E0001}é日"
      let name = text.replacing("\u{1B}", with: "\\u001b")
      let header =
        #"{"__metadata__":{"k\#(name)":"v\#(name)"},"t\#(name)":{"dtype":"F32","#
        + #""shape":[1],"data_offsets":[0,4]}}"#
      try writeTensors(header, [0, 0, 0, 0], to: file)
      let result = try recur("info", file.path, "--json")
      #expect(result.status == 0, "\(result.errors)")
      #expect(
        result.output.split(separator: "\n").allSatisfy { $0.isPrintable }, "\(result.output)")
      #expect(result.output.contains(#"\u202e\u2028\u2066\ue000\udb40\udc01é日"#))
      let parsed = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
      let object = try #require(parsed as? [String: Any])
      #expect(object["info"] as? [String: String] == ["k" + text: "v" + text])
      #expect((object["tensors"] as? [[String: Any]])?.first?["name"] as? String == "t" + text)
    }
  }

  @Test func generatedTextDoesNotControlATerminal() throws {
    try withModel(of: "a\u{1B}]0;x\u{7}\u{9B}2J\tb\n") { model in
      let arguments = ["generate", model.path, "--temperature", "50", "--prompt", "a\u{1B}\t\nb"]
      let (file, terminal) = (
        try recur(arguments: arguments), try recurInTerminal(arguments: arguments)
      )
      #expect(file.status == 0 && terminal.status == 0, "\(file.errors)")
      #expect(file.output.hasPrefix("a\u{1B}\t\nb"))
      #expect(file.output.contains("\u{9B}") && file.output.contains("\u{7}"))
      let escaped = file.output.unicodeScalars.map { scalar in
        scalar == "\n" || scalar == "\t" ? "\(scalar)" : "\(scalar)".printable
      }.joined()
      #expect(terminal.output.replacing("\r\n", with: "\n") == escaped)
    }
  }

  @Test func refusalsNameTheFile() throws {
    try withModel(of: "abc\n") { model in
      let folder = model.deletingLastPathComponent()
      let text = folder.appendingPathComponent("text").path
      func refused(_ arguments: [String], _ message: String) throws {
        let result = try recur(arguments: arguments)
        #expect(result.status == 2, "\(arguments): \(result.status)")
        #expect(result.errors.hasPrefix("recur: " + message), "\(result.errors)")
      }
      let twice = try craft(model, "recur.info", #""vocabulary":"\nabc""#, #""vocabulary":"\naac""#)
      for arguments in [["generate", twice], ["gradients", "--model", twice, "--text", text]] {
        try refused(arguments, "\(twice): vocabulary does not have each character once")
      }
      let other = try craft(model, "recur.info", #""vocabulary":"\nabc""#, #""vocabulary":"\nabd""#)
      try refused(
        [
          "gradients", "--model", other, "--text", text, "--batch-size", "1", "--sequence-length",
          "9",
        ], "\(text): text has \"c\" at 2, which is not in the vocabulary")
      let checkpoint = folder.appendingPathComponent("checkpoint.safetensors")
      for (old, new, message) in [
        (#"batch\":2"#, #"batch\":0"#, "describes an invalid run: --batch-size is 0"),
        (#""text""#, #""txt""#, "was not written by recur train text"),
        (
          #""vocabulary":"\nabc""#, #""vocabulary":"\nabd""#,
          "describes an invalid run: text has \"c\" at 2, which is not in the vocabulary"
        ),
        (#""vocabulary":"\nabc""#, #""vocabulary":"\ncba""#, "vocabulary does not have each"),
      ] {
        let crafted = try craft(checkpoint, "recur.info", old, new)
        try refused(["train", "text", text, "--resume", crafted], "\(crafted): \(message)")
      }
    }
  }

  /// A sum of products of finite weights may overflow.
  @Test func outputsThatAreNotFiniteNameTheFile() throws {
    try withModel(of: "abc\n") { model in
      let saved = try SafeTensors(contentsOf: model)
      let tensors = try saved.tensors.map { tensor in
        let elements = try tensor.elements(as: Float.self)
        return try SafeTensors.Tensor(
          tensor.name, shape: tensor.shape, elements: elements.map { _ in Float(3e38) })
      }
      let crafted = model.deletingLastPathComponent().appendingPathComponent("crafted")
      try SafeTensors(tensors: tensors, metadata: saved.metadata).write(to: crafted)
      let result = try recur("generate", crafted.path)
      #expect(result.status == 2)
      #expect(
        result.errors == "recur: \(crafted.path): model has an output that is not finite\n",
        "\(result.errors)")
    }
  }

  @Test func anUnknownCharacterOfThePromptNamesTheOption() throws {
    try withModel(of: "abc\n") { model in
      let result = try recur("generate", model.path, "--prompt", "aQ")
      #expect(result.status == 2)
      #expect(
        result.errors
          == "recur: --prompt has \"Q\" at 1, which is not in the vocabulary of \(model.path)\n",
        "\(result.errors)")
    }
  }

  /// The squares of these numbers are not in the range of a double.
  @Test(arguments: [
    ([1e200, 0, -1e200], "1.41421e+200"), ([3e-200, 4e-200], "5e-200"), ([5e-324], "4.94066e-324"),
    ([0, 0], "0"), ([-.infinity, 1], "inf"), ([.infinity, .nan], "nan"), ([.nan], "nan"),
  ])
  func theNormOfAnyNumbersIsShown(numbers: [Double], norm: String) throws {
    try withFolder { folder in
      let file = folder.appendingPathComponent("file")
      let tensor = try SafeTensors.Tensor("w", shape: [numbers.count], elements: numbers)
      try SafeTensors(tensors: [tensor]).write(to: file)
      let result = try recur("info", file.path)
      #expect(result.output.contains("norm \(norm)\n"), "\(result.output)")
    }
  }
}
