// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

struct Result {
  var status: Int32
  var output: String
  var errors: String
}

private final class Marker {}

func recur(_ arguments: String...) throws -> Result { try recur(arguments: arguments) }

/// Runs the command as a process. `path`: in place of the environment's PATH.
func recur(arguments: [String], path: String? = nil) throws -> Result {
  let process = Process()
  let folders = [Bundle.main.bundleURL, Bundle(for: Marker.self).bundleURL]
  let candidates = folders.flatMap { folder in
    [folder, folder.deletingLastPathComponent()].map { $0.appendingPathComponent("recur") }
  }
  let executable: URL = try #require(
    candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) })
  process.executableURL = executable
  process.arguments = arguments
  if let path {
    process.environment = ProcessInfo.processInfo.environment.merging(["PATH": path]) { $1 }
  }
  let (output, errors) = (Pipe(), Pipe())
  process.standardOutput = output
  process.standardError = errors
  try process.run()
  let outputData = output.fileHandleForReading.readDataToEndOfFile()
  let errorData = errors.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return Result(
    status: process.terminationStatus, output: String(decoding: outputData, as: UTF8.self),
    errors: String(decoding: errorData, as: UTF8.self))
}

func withFolder(_ body: (URL) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
    "recur-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  try body(folder)
}

/// A series of 60 years with a season of four and a trend, of which two values may be missing and the last
/// eight multiplied.
func smallSeries(
  in folder: URL, heldOutTimes factor: Int = 1, complete: Bool = false
) throws -> URL {
  let data = folder.appendingPathComponent("series.csv")
  let lines = (0..<60).map { year in
    let value = (year % 4 * 2 + year / 4) * (year >= 52 ? factor : 1)
    return "\(2000 + year),\(!complete && year % 4 == 3 && year < 8 ? "" : "\(value)")"
  }
  try (["date,value"] + lines).joined(separator: "\n").write(
    to: data, atomically: true, encoding: .utf8)
  return data
}
