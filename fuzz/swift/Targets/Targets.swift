// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import FuzzSupport

// All targets are one program, which takes minutes less to build than a program for each. It runs the target whose name
// is its own: `fuzz/swift/build` links it to all names.

private typealias Target = @Sendable (Data) throws -> Void

private let targets: [String: Target] = [
  "checkpoint": checkpointTarget,
  "command_line": commandLineTarget,
  "configuration": configurationTarget,
  "csv": csvTarget,
  "forecaster": forecasterTarget,
  "generate": generateTarget,
  "graph": graphTarget,
  "imports": importsTarget,
  "info": infoTarget,
  "json": jsonTarget,
  "model": modelTarget,
  "numpy": numpyTarget,
  "onnx": onnxTarget,
  "panel": panelTarget,
  "recording": recordingTarget,
  "resume": resumeTarget,
  "resume_series": resumeSeriesTarget,
  "safetensors": safetensorsTarget,
  "sequences": sequencesTarget,
  "series": seriesTarget,
  "text": textTarget,
  "vocabulary": vocabularyTarget,
]

private let chosen: Target = {
  let name = URL(filePath: CommandLine.arguments[0]).lastPathComponent
  guard let target = targets[name] else { fatalError("there is no target \(name)") }
  return target
}()

@_cdecl("LLVMFuzzerTestOneInput")
public func oneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  fuzz(start, count, chosen)
}
