// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The segments of speech in a sequence of probabilities, one for each frame. Speech begins at 0.5, and ends
/// when the probability falls below 0.35 and stays below 0.5 for 100 ms. Segments of up to 250 ms are dropped, and
/// 30 ms are added at both ends. These are the defaults of silero-vad's `get_speech_timestamps`.
struct SpeechSegments {
  private let frame: Int
  private let shortestSpeech, shortestSilence, padding: Int
  private var frames = 0
  private var found: [Range<Int>] = []

  /// The start of the current segment, and the start of the silence that may end it.
  private var (start, silence): (Int?, Int?) = (nil, nil)

  init(frame: Int, sampleRate: Int) {
    self.frame = frame
    (shortestSpeech, shortestSilence, padding) =
      (sampleRate / 4, sampleRate / 10, sampleRate * 3 / 100)
  }

  /// Adds the probability of the next frame.
  mutating func add(_ probability: Float) {
    let sample = frames * frame
    frames += 1
    if probability >= 0.5 {
      start = start ?? sample
      silence = nil
    } else if probability < 0.35, let start {
      let end = silence ?? sample
      silence = end
      guard sample - end >= shortestSilence else { return }
      if end - start > shortestSpeech { found.append(start..<end) }
      (self.start, silence) = (nil, nil)
    }
  }

  /// Returns the segments of a recording of this number of samples.
  func ranges(within samples: Int) -> [Range<Int>] {
    var ranges = found
    if let start, samples - start > shortestSpeech { ranges.append(start..<samples) }
    return ranges.indices.map { k in
      // Two segments share a silence that is too short for the padding of both.
      let before = k == 0 ? 2 * padding : ranges[k].lowerBound - ranges[k - 1].upperBound
      let after =
        k == ranges.count - 1 ? 2 * padding : ranges[k + 1].lowerBound - ranges[k].upperBound
      return max(
        0, ranges[k].lowerBound - min(padding, before / 2))..<min(
          samples, ranges[k].upperBound + min(padding, after / 2))
    }
  }
}
