// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining

/// The bytes of a file in parts of whole lines. Only one part is in memory.
struct PanelBlocks {
  /// The name of the file in messages.
  let path: String

  /// The part that was read last: what the caller kept of the part before, and new lines.
  private(set) var bytes: [UInt8] = []

  /// The number of lines before the part.
  private(set) var linesBefore = 0

  /// Whether the part has the end of the file.
  private(set) var isLast = false

  private let handle: FileHandle

  /// Bytes after the last whole line of the part.
  private var rest: [UInt8] = []

  /// The bytes of a part, unless one series has more. The series of a part take up to twenty times as much memory.
  private static let usual = 1 << 18

  /// The maximum number of bytes of one series.
  static let most = 100_000_000

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - path: The path of the file; `-` for standard input.
  ///   - name: The name of the file in messages.
  init(_ path: String, named name: String) throws {
    self.path = name
    if path == "-" {
      handle = .standardInput
    } else {
      let url = URL(fileURLWithPath: path)
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
        throw FileError(path, "does not exist")
      }
      guard !isFolder.boolValue, let handle = try? FileHandle(forReadingFrom: url) else {
        throw FileError(path, "is not readable, expected a CSV file")
      }
      self.handle = handle
    }
  }

  /// Reads the next part.
  ///
  /// - Parameter kept: The number of last bytes of this part that begin the next one.
  /// - Returns: Whether there is another part.
  mutating func read(keeping kept: Int) throws -> Bool {
    guard !isLast else { return false }
    let dropped = bytes.dropLast(kept)
    linesBefore += dropped.count { $0 == CSVBytes.lineFeed }
    bytes.removeFirst(dropped.count)
    guard bytes.count < Self.most else {
      throw BadInput(
        "\(path):\(linesBefore + 1): begins a series of more than \(Self.most) bytes, expected fewer"
      )
    }
    bytes += rest
    rest = []
    repeat {
      try readMore(max(Self.usual, bytes.count))
    } while !isLast && !cut() && bytes.count < Self.most
    return true
  }

  private mutating func readMore(_ count: Int) throws {
    let target = bytes.count + count
    while bytes.count < target {
      let data: Data
      do { data = try handle.read(upToCount: target - bytes.count) ?? Data() } catch {
        throw FileError(path, "cannot be read")
      }
      guard !data.isEmpty else {
        isLast = true
        warnOfEnd()
        return
      }
      bytes += data
    }
  }

  /// Warns of a last line that another program may not have written completely.
  private func warnOfEnd() {
    guard path == Series.name(of: "-"), let last = bytes.last, last != CSVBytes.lineFeed else {
      return
    }
    alert("warning: \(path): the last line has no line feed and may be incomplete")
  }

  /// Moves the bytes after the last whole line to the rest. Returns false if there is no whole line, as in a
  /// file whose lines end with carriage returns.
  private mutating func cut() -> Bool {
    let end = bytes.withUnsafeBufferPointer(CSVRecords.wholeRecords)
    guard end > 0 else { return false }
    rest = Array(bytes[end...])
    bytes.removeLast(bytes.count - end)
    return true
  }
}
