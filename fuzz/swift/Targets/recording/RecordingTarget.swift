// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import FuzzSupport

@testable import RecurAudio

// The input is a WAV file.

nonisolated(unsafe) private let memory = MemoryFile()

func recordingTarget(_ input: Data) throws {
  let recording = try Recording(path: memory.path(of: input))
  let elements = recording.samples.elements
  check(elements.count <= input.count, "\(elements.count) samples of \(input.count) bytes")
  check(elements.allSatisfy(\.isFinite), "a sample is not finite")
  let file = required("written recording") { try SoundFile.write(recording, .float32, "input") }
  let again = required("the same recording") { try Recording(path: memory.path(of: file)) }
  check(again == recording, "the written recording differs")
}
