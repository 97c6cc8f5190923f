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
    try Self.requireSamples(frames - withheld, files.paths[0], reading)
    for (recording, path) in zip([files.dry, files.wet], files.paths)
    where recording.samples.elements.prefix(frames - withheld).allSatisfy({ $0 == 0 }) {
      throw BadInput(
        "\(path): is silent in the first \(frames - withheld) samples, which are for training")
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

extension AmpData {
  /// Throws `BadInput` if the parallel parts are shorter than a segment, or all of them are the warm-up.
  private static func requireSamples(_ count: Int, _ path: String, _ reading: AmpInfo.Reading)
    throws
  {
    let segments = reading.warmUp / reading.sequence + 1
    let needed = reading.batch * reading.sequence * segments
    guard count >= needed else {
      throw BadInput(
        "\(path): has \(counted(count, "sample")) for training, expected at least \(needed) with "
          + "--batch-size \(reading.batch), --sequence-length \(reading.sequence) and --warm-up "
          + "\(reading.warmUp)")
    }
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
