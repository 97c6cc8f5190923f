// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurAudio
import RecurTraining

/// The training and validation parts of two recordings.
struct AmpData {
  let training: SignalStream<Float>
  let validation: SignalStream<Float>?

  /// The maximum number of samples of a batch in validation, whose memory is some hundred bytes for each.
  private static let largestBatch = 1 << 20

  init(_ files: AmpFiles, _ reading: AmpInfo.Reading) throws {
    let frames = files.dry.frames
    let withheld = Int(Double(frames) * reading.validation)
    func stream(_ rows: Range<Int>, steps: Int, batch: Int) throws -> SignalStream<Float> {
      try BadInput.naming(files.paths[0]) {
        try SignalStream(
          inputs: files.dry.part(rows), targets: files.wet.part(rows), steps: steps,
          batchSize: batch, warmUp: reading.warmUp)
      }
    }
    training = try stream(0..<frames - withheld, steps: reading.sequence, batch: reading.batch)
    guard reading.validation > 0 else {
      validation = nil
      return
    }
    // A few long sequences: a ratio over all of them has no chunks.
    let batch = max(min(reading.batch, withheld / (10 * max(reading.warmUp, 1))), 1)
    validation = try stream(
      frames - withheld..<frames,
      steps: max(min(withheld / batch, Self.largestBatch / batch), 1), batch: batch)
  }
}

extension Recording {
  /// The samples of some frames.
  fileprivate func part(_ rows: Range<Int>) throws -> Matrix<Float> {
    try samples.withSpan { span in
      try span.withUnsafeBufferPointer {
        try Matrix(rows: rows.count, columns: 1, elements: UnsafeBufferPointer(rebasing: $0[rows]))
      }
    }
  }
}
