// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

// Reads files of other programs, for tests in other languages.
//
// Without arguments, it reads safetensors files, whose paths are the lines of standard input, and prints one line for
// each: "read", or the reason for its refusal. A test compares the answers with those of another reader.
//
// With a kind (onnx, import, tensors, npz, recording or graph) and paths, it reads the files, and prints "read" for
// each. A refusal ends it as it ends the command: with one line on standard error and status 2.

import Foundation
import Recur
import RecurAudio
import RecurONNX
import RecurTraining

func readTensors(_ path: String) -> String {
  do throws(FileError) {
    _ = try SafeTensors(contentsOf: URL(filePath: path))
    return "read"
  } catch { return error.reason.replacing("\n", with: " ") }
}

func read(_ kind: String, _ path: String) throws {
  let url = URL(filePath: path)
  switch kind {
  case "onnx": _ = try ONNXModel<Float>(contentsOf: url)
  case "import": _ = try ImportedModel<Float>(contentsOf: url)
  case "tensors": _ = try SafeTensors(contentsOfJSON: url)
  case "npz": _ = try SafeTensors(contentsOfNPZ: url)
  case "recording": _ = try Recording(contentsOf: url)
  case "graph":
    let text = try WholeFile.read(path, atMost: 1 << 30)
    _ = try Model<Float>(ModelGraph(json: String(decoding: text, as: UTF8.self)))
  default: fatalError("there is no kind \(kind)")
  }
}

let arguments = CommandLine.arguments.dropFirst()
if let kind = arguments.first {
  for path in arguments.dropFirst() {
    do { try read(kind, path) } catch {
      FileHandle.standardError.write(Data("recur: \(error)\n".utf8))
      exit(2)
    }
    print("read")
  }
} else {
  while let path = readLine() { print(readTensors(path)) }
}
