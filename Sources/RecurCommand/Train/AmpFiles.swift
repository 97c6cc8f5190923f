// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurAudio
import RecurTraining

/// Two recordings of the same performance: the signal before an amplifier, and the one after it.
struct AmpFiles {
  let dry, wet: Recording
  let paths: [String]

  init(dry dryPath: String, wet wetPath: String) throws {
    dry = try Recording(path: dryPath)
    wet = try Recording(path: wetPath)
    paths = [dryPath, wetPath]
    for (path, recording) in [(dryPath, dry), (wetPath, wet)] where recording.channels != 1 {
      throw BadInput("\(path): has \(counted(recording.channels, "channel")), expected 1")
    }
    guard wet.sampleRate == dry.sampleRate else {
      throw BadInput(
        "\(wetPath): has \(wet.sampleRate) Hz, expected \(dry.sampleRate) Hz as \(dryPath)")
    }
    guard wet.frames == dry.frames else {
      throw BadInput(
        "\(wetPath): has \(counted(wet.frames, "sample")), expected \(dry.frames) as \(dryPath)")
    }
  }

  /// The CRC-32 of the samples of both.
  var checksum: UInt32 {
    let crc = [dry, wet].reduce(UInt(0)) { crc, recording in
      recording.samples.withSpan { span in
        span.withUnsafeBufferPointer { SafeTensors.crc(crc, Data(buffer: $0)) }
      }
    }
    return UInt32(crc)
  }

  var seconds: Double { Double(dry.frames) / Double(dry.sampleRate) }
}
