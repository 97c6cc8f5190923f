// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import RecurAudio
import RecurTraining
import TestSupport
import Testing

@Suite(.enabled(if: Recording.readsFiles, "This build has no libsndfile."))
struct RecordingTests {
  private let file = FileManager.default.temporaryDirectory
    .appending(path: "recur-\(UUID()).wav")

  /// Random samples in −1 ..< 1, and both ends of full scale.
  private func samples(_ frames: Int, _ channels: Int) throws -> Matrix<Float> {
    var generator = SplitMix64(seed: 3)
    var elements = (0..<frames * channels).map { _ in Float(2 * generator.nextUnit() - 1) }
    elements.replaceSubrange(0..<2, with: [-1, 1])
    return try Matrix(rows: frames, columns: channels, elements: elements)
  }

  @Test("Samples are rounded to nearest", arguments: Recording.Encoding.allCases, [1, 2])
  func roundTrip(_ encoding: Recording.Encoding, _ channels: Int) throws {
    defer { try? FileManager.default.removeItem(at: file) }
    let recording = try Recording(samples: samples(5000, channels), sampleRate: 44_100)
    try recording.save(to: file, as: encoding)
    let read = try Recording(contentsOf: file)
    #expect(read.sampleRate == 44_100 && read.frames == 5000 && read.channels == channels)
    let bits =
      switch encoding {
      case .pcm16: 16
      case .pcm24: 24
      case .float32: 0
      }
    let expected =
      bits == 0
      ? recording.samples.elements
      : recording.samples.elements.map { value in
        let scale = Double(1 << (bits - 1))
        return Float(min((Double(value) * scale).rounded(), scale - 1) / scale)
      }
    #expect(read.samples.elements == expected)
    // What was read is written to the same bytes.
    let bytes = try Data(contentsOf: file)
    try read.save(to: file, as: encoding)
    #expect(try Data(contentsOf: file) == bytes)
  }

  @Test("Values beyond full scale are limited, and floating-point numbers keep them")
  func fullScale() throws {
    defer { try? FileManager.default.removeItem(at: file) }
    let loud = try Recording(
      samples: Matrix([[1.5], [-1.5], [100], [-100]]), sampleRate: 8000)
    try loud.save(to: file)
    let top = Float(32767.0 / 32768)
    #expect(try Recording(contentsOf: file).samples.elements == [top, -1, top, -1])
    try loud.save(to: file, as: .float32)
    #expect(try Recording(contentsOf: file) == loud)
  }

  @Test("Recordings that are refused")
  func refused() throws {
    let one = try Matrix<Float>([[0]])
    #expect(throws: RecurError.self) { try Recording(samples: one, sampleRate: 0) }
    #expect(throws: RecurError.self) {
      try Recording(samples: Matrix(rows: 0, columns: 1), sampleRate: 8000)
    }
    #expect(throws: RecurError.self) {
      try Recording(samples: Matrix([[Float.nan]]), sampleRate: 8000)
    }
  }

  @Test("Channels and sampling rates have limits")
  func limits() throws {
    func refusal(_ frames: Int, _ channels: Int, _ rate: Int, _ value: Float = 0) -> String? {
      do {
        let samples = try Matrix<Float>(
          rows: frames, columns: channels,
          elements: Array(repeating: value, count: frames * channels))
        let recording = try Recording(samples: samples, sampleRate: rate)
        #expect(recording.frames == frames && recording.channels == channels)
        #expect(recording.sampleRate == rate)
        return nil
      } catch { return "\(error)" }
    }
    #expect(refusal(1, 1024, 10_000_000) == nil && refusal(1, 1, 1) == nil)
    #expect(
      refusal(1, 1025, 8000)
        == "samples has 1 frames of 1025 channels, expected at least 1 of 1 to 1024")
    #expect(
      refusal(0, 2, 8000) == "samples has 0 frames of 2 channels, expected at least 1 of 1 to 1024")
    #expect(refusal(1, 1, 10_000_001) == "sampleRate is 10000001, expected 1 to 10000000")
    #expect(refusal(1, 1, 0) == "sampleRate is 0, expected 1 to 10000000")
    #expect(refusal(1, 1, 8000, .infinity) == "samples has a value that is not finite")
  }

  /// Writes bytes to the file and returns the reason why they are refused.
  private func refusal(_ bytes: Data) throws -> String? {
    defer { try? FileManager.default.removeItem(at: file) }
    try bytes.write(to: file)
    do {
      _ = try Recording(contentsOf: file)
      return nil
    } catch { return error.reason }
  }

  private func bytes(_ encoding: Recording.Encoding) throws -> Data {
    defer { try? FileManager.default.removeItem(at: file) }
    try Recording(samples: samples(100, 1), sampleRate: 8000).save(to: file, as: encoding)
    return try Data(contentsOf: file)
  }

  @Test("Files that are refused name what they are")
  func refusedFiles() throws {
    #expect(try refusal(Data("{}".utf8)) == "is a JSON file, expected a WAV recording")
    #expect(try refusal(Data("abc".utf8)) == "is not a WAV recording")
    #expect(try refusal(Data()) == "is not a WAV recording")
    var wav = try bytes(.float32)
    #expect(try refusal(wav) == nil)
    wav.replaceSubrange(wav.count - 4..<wav.count, with: [0, 0, 0xc0, 0x7f])
    #expect(try refusal(wav)?.contains("not finite") == true)
    // G.721 ADPCM has one channel of 4 bits.
    wav = try bytes(.pcm16)
    wav.replaceSubrange(
      20..<36, with: [0x40, 0, 1, 0, 0x40, 0x1f, 0, 0, 0xa0, 0x0f, 0, 0, 1, 0, 4, 0])
    #expect(
      try refusal(wav)
        == "is a compressed WAV recording, expected integers, floating-point numbers, A-law or µ-law"
    )
    #expect(
      try refusal(bytes(.pcm16).prefix(30))?.hasPrefix("is an invalid WAV recording: ") == true)
    // Format 2 is ADPCM of Microsoft, 0x55 is MP3.
    for format in [2, 0x55] as [UInt8] {
      wav = try bytes(.pcm16)
      wav[20] = format
      #expect(try refusal(wav) != nil)
    }
    #expect(try refusal(bytes(.pcm16).prefix(44)) == "has no frames, expected at least 1")
    #expect(throws: FileError.self) { try Recording(contentsOf: file) }
  }

  @Test("Damaged files are read or refused, without a crash")
  func damaged() throws {
    var generator = SplitMix64(seed: 5)
    let valid = try Recording.Encoding.allCases.map { try bytes($0) }
    for k in 0..<600 {
      var wav = valid[k % valid.count]
      for _ in 0...k % 3 {
        wav[Int(generator.next() % 60)] = UInt8(truncatingIfNeeded: generator.next())
      }
      if k.isMultiple(of: 4) { wav = wav.prefix(Int(generator.next() % UInt64(wav.count))) }
      _ = try refusal(wav)
    }
  }
}
