// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

#if Audio
  import CRecurFiles
  import CSndFile
  import Foundation
  import Recur
  import RecurTraining

  /// WAV files in memory, through libsndfile.
  enum SoundFile {
    /// The encodings in which a sample has at least a byte, so that a small file has few samples.
    private static let subtypes: [Int] = [
      SF_FORMAT_PCM_U8, SF_FORMAT_PCM_16, SF_FORMAT_PCM_24, SF_FORMAT_PCM_32, SF_FORMAT_FLOAT,
      SF_FORMAT_DOUBLE, SF_FORMAT_ULAW, SF_FORMAT_ALAW,
    ].map { Int($0) }

    static func read(_ data: Data, _ path: String) throws(FileError) -> (Matrix<Float>, Int) {
      let format = data.withUnsafeBytes { recur_file_format_of($0.baseAddress, $0.count) }
      guard format == RECUR_FILE_WAV else {
        let recording = "a WAV recording"
        guard format != RECUR_FILE_UNKNOWN else { throw FileError(path, "is not \(recording)") }
        let found = String(cString: recur_file_format_name(format))
        throw FileError(path, "is \(found), expected \(recording)")
      }
      var info = SF_INFO()
      let memory = SoundMemory(data)
      let file = try memory.open(SFM_READ, &info, path)
      defer { sf_close(file) }
      guard subtypes.contains(Int(info.format) & Int(SF_FORMAT_SUBMASK)) else {
        throw FileError(
          path,
          "is a compressed WAV recording, expected integers, floating-point numbers, A-law or µ-law"
        )
      }
      let (count, overflows) = info.frames.multipliedReportingOverflow(by: Int64(info.channels))
      guard info.frames >= 1, !overflows, count <= data.count else {
        throw FileError(path, "has no frames, expected at least 1")
      }
      let frames = Int(info.frames)
      let samples = try FileError.on(path, "cannot be read") { () throws(RecurError) in
        var samples = try Matrix<Float>(rows: frames, columns: Int(info.channels))
        let read = samples.withMutableSpan { span in
          span.withUnsafeMutableBufferPointer { sf_readf_float(file, $0.baseAddress, info.frames) }
        }
        guard read == info.frames else {
          throw .invalid(argument: "data", reason: "end after \(read) of \(frames) frames")
        }
        return samples
      }
      return (samples, Int(info.samplerate))
    }

    static func write(
      _ recording: Recording, _ encoding: Recording.Encoding, _ path: String
    ) throws(FileError) -> Data {
      let subtype =
        switch encoding {
        case .pcm16: SF_FORMAT_PCM_16
        case .pcm24: SF_FORMAT_PCM_24
        case .float32: SF_FORMAT_FLOAT
        }
      var info = SF_INFO()
      info.samplerate = Int32(recording.sampleRate)
      info.channels = Int32(recording.channels)
      info.format = Int32(SF_FORMAT_WAV) | Int32(subtype)
      let count = recording.frames * recording.channels
      guard count <= (1 << 32 - 1 << 16) / 4 else {
        throw FileError(path, "would have \(count) samples, expected fewer than 4 GiB")
      }
      let memory = SoundMemory(Data())
      let file = try memory.open(SFM_WRITE, &info, path)
      // The time of writing would make equal recordings different files.
      sf_command(file, Int32(SFC_SET_ADD_PEAK_CHUNK), nil, Int32(SF_FALSE))
      let written = recording.samples.withSpan {
        $0.withUnsafeBufferPointer { write($0, encoding, file) }
      }
      guard sf_close(file) == 0, written == count else {
        throw FileError(path, "could not be encoded: \(written) of \(count) samples")
      }
      return memory.data
    }

    /// Writes samples, and returns their number. libsndfile would truncate instead of rounding.
    private static func write(
      _ samples: UnsafeBufferPointer<Float>, _ encoding: Recording.Encoding, _ file: OpaquePointer
    ) -> Int {
      var written = 0
      let block = 4096
      for first in stride(from: 0, to: samples.count, by: block) {
        let part = samples[first..<min(first + block, samples.count)]
        let count = Int64(part.count)
        let done =
          switch encoding {
          case .float32: sf_write_float(file, samples.baseAddress! + first, count)
          case .pcm16: sf_write_short(file, part.map { Int16($0.integer(bits: 16)) }, count)
          case .pcm24: sf_write_int(file, part.map { $0.integer(bits: 24) << 8 }, count)
          }
        written += Int(done)
      }
      return written
    }
  }

  extension Float {
    /// The nearest integer of −2^(bits − 1) ..< 2^(bits − 1), for full scale −1 to 1.
    fileprivate func integer(bits: Int) -> Int32 {
      let scale = Double(1 << (bits - 1))
      return Int32(max(-scale, min(scale - 1, (Double(self) * scale).rounded())))
    }
  }

  /// The bytes of a file that libsndfile reads or writes.
  private final class SoundMemory {
    private(set) var data: Data
    private var position = 0

    init(_ data: Data) { self.data = data }

    func open(
      _ mode: Int, _ info: inout SF_INFO, _ path: String
    ) throws(FileError) -> OpaquePointer {
      var functions = Self.functions
      let file = sf_open_virtual(
        &functions, Int32(mode), &info, Unmanaged.passUnretained(self).toOpaque())
      guard let file else {
        throw FileError(path, "is an invalid WAV recording: \(String(cString: sf_strerror(nil)))")
      }
      return file
    }

    private static func of(_ pointer: UnsafeMutableRawPointer?) -> SoundMemory {
      Unmanaged<SoundMemory>.fromOpaque(pointer!).takeUnretainedValue()
    }

    private static let functions = SF_VIRTUAL_IO(
      get_filelen: { Int64(of($0).data.count) },
      seek: { offset, whence, memory in of(memory).seek(offset, whence) },
      read: { bytes, count, memory in of(memory).read(bytes, count) },
      write: { bytes, count, memory in of(memory).write(bytes, count) },
      tell: { Int64(of($0).position) })

    private func seek(_ offset: Int64, _ whence: Int32) -> Int64 {
      let start =
        switch whence {
        case SEEK_SET: 0
        case SEEK_CUR: position
        default: data.count
        }
      let (target, overflows) = start.addingReportingOverflow(Int(offset))
      guard !overflows, target >= 0 else { return -1 }
      position = target
      return Int64(target)
    }

    private func read(_ bytes: UnsafeMutableRawPointer?, _ count: Int64) -> Int64 {
      let available = min(max(data.count - position, 0), Int(count))
      guard available > 0, let bytes else { return 0 }
      data.withUnsafeBytes {
        bytes.copyMemory(from: $0.baseAddress! + position, byteCount: available)
      }
      position += available
      return Int64(available)
    }

    private func write(_ bytes: UnsafeRawPointer?, _ count: Int64) -> Int64 {
      guard count > 0, let bytes else { return 0 }
      let end = position + Int(count)
      if end > data.count { data.append(Data(count: end - data.count)) }
      data.replaceSubrange(
        position..<end, with: UnsafeRawBufferPointer(start: bytes, count: Int(count)))
      position = end
      return count
    }
  }
#endif
