// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurTraining

/// Audio samples, which are read from and written to WAV files.
///
/// ```swift
/// let dry = try Recording(contentsOf: URL(filePath: "dry.wav"))
/// let input = try SequenceBatch(
///   steps: dry.frames, batchSize: 1, matrix: dry.samples)
/// let wet = try Recording(
///   samples: model(input).output.matrix, sampleRate: dry.sampleRate)
/// try wet.save(to: URL(filePath: "wet.wav"))
/// ```
public struct Recording: Sendable, Equatable {
  /// How the samples of a file are stored.
  public enum Encoding: Sendable, CaseIterable {
    /// Integers of 16 bits.
    case pcm16

    /// Integers of 24 bits.
    case pcm24

    /// Floating-point numbers of 32 bits.
    case float32
  }

  /// The samples, frames x channels. Full scale is −1 to 1.
  public let samples: Matrix<Float>

  /// The number of frames per second, in Hz.
  public let sampleRate: Int

  /// The number of frames: samples of each channel.
  public var frames: Int { samples.rows }

  /// The number of channels.
  public var channels: Int { samples.columns }

  /// Creates a recording.
  ///
  /// - Parameters:
  ///   - samples: The samples, frames x channels, with at least one frame and 1 to 1024 channels.
  ///   - sampleRate: The number of frames per second, 1 to 10,000,000 Hz.
  /// - Throws: `RecurError` if a size is out of range, or a sample is not finite.
  public init(samples: Matrix<Float>, sampleRate: Int) throws(RecurError) {
    guard samples.rows >= 1, 1...Self.mostChannels ~= samples.columns else {
      throw .invalid(
        argument: "samples",
        reason:
          "has \(samples.rows) frames of \(samples.columns) channels, expected at least 1 of 1 "
          + "to \(Self.mostChannels)")
    }
    guard 1...Self.highestRate ~= sampleRate else {
      throw .invalid(
        argument: "sampleRate", reason: "is \(sampleRate), expected 1 to \(Self.highestRate)")
    }
    let isFinite = samples.withSpan { span in
      span.withUnsafeBufferPointer { $0.allSatisfy(\.isFinite) }
    }
    guard isFinite else {
      throw .invalid(argument: "samples", reason: "has a value that is not finite")
    }
    self.samples = samples
    self.sampleRate = sampleRate
  }

  /// The limits of libsndfile.
  private static let (mostChannels, highestRate) = (1024, 10_000_000)

  /// Whether this build reads and writes files: it has libsndfile (the package trait `Audio`).
  public static var readsFiles: Bool {
    #if Audio
      true
    #else
      false
    #endif
  }

  /// Reads a WAV file of integers, floating-point numbers, or A-law or µ-law values.
  ///
  /// - Parameter url: The file.
  /// - Throws: `FileError` if the file cannot be read, is not such a file, has no frames or a value that is
  ///   not finite; if memory cannot be allocated; or if this build has no libsndfile.
  public init(contentsOf url: URL) throws(FileError) {
    try self.init(path: WholeFile.path(of: url))
  }

  /// Reads a file. Errors name the path as it is given.
  package init(path: String) throws(FileError) {
    #if Audio
      let data = try WholeFile.read(path, atMost: Self.longestFile)
      let (samples, rate) = try SoundFile.read(data, path)
      self = try FileError.on(path, "cannot be used") { () throws(RecurError) in
        try Recording(samples: samples, sampleRate: rate)
      }
    #else
      throw Self.withoutLibrary(path)
    #endif
  }

  /// Writes a WAV file: completely, or not at all. Integers are rounded to nearest and limited to full scale.
  ///
  /// - Parameters:
  ///   - url: The file.
  ///   - encoding: How samples are stored.
  /// - Throws: `FileError` if the file cannot be written or would have 4 GiB or more, or if this build has no
  ///   libsndfile.
  public func save(to url: URL, as encoding: Encoding = .pcm16) throws(FileError) {
    let path = try WholeFile.path(of: url)
    #if Audio
      try WholeFile.replace(url, with: [SoundFile.write(self, encoding, path)])
    #else
      throw Self.withoutLibrary(path)
    #endif
  }

  /// The maximum number of bytes of a file. A WAV file has at most 4 GiB.
  private static let longestFile = 1 << 32

  private static func withoutLibrary(_ path: String) -> FileError {
    FileError(
      path,
      "WAV files require libsndfile, which this build does not have: install libsndfile1-dev, and "
        + "build with the package trait Audio")
  }
}
