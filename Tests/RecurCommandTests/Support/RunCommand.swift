// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

@testable import RecurCommand

/// The result of the command.
struct CommandResult {
  var status: Int32
  var output: String
  var errors: String
}

/// Runs the command as a process.
func recur(_ arguments: String...) throws -> CommandResult {
  try recur(arguments: arguments)
}

/// Runs the command as a process.
///
/// - Parameters:
///   - arguments: The arguments of the command.
///   - path: The `PATH` of the command; that of the tests if nil.
///   - meanwhile: A function to call after the command has started.
/// - Returns: The result.
/// - Throws: An error if the command cannot run, or one thrown by `meanwhile`.
func recur(
  arguments: [String], path: String? = nil, meanwhile: (Process) throws -> Void = { _ in }
) throws -> CommandResult {
  try run(try commandFile(), arguments, path: path, meanwhile: meanwhile)
}

/// Runs a command of bash in which `recur` is the command.
func recurInShell(_ command: String) throws -> CommandResult {
  let recur = try commandFile().path
  return try run(
    URL(fileURLWithPath: "/bin/bash"), ["-c", "recur() { '\(recur)' \"$@\"; }; " + command])
}

/// Runs the command in a terminal, which receives its output and its errors; after another command, if one is
/// given.
func recurInTerminal(after first: [String]? = nil, arguments: [String]) throws -> CommandResult {
  let calls = (first.map { [$0] } ?? []) + [[try commandFile().path] + arguments]
  let words = calls.map { $0.map(shellWord).joined(separator: " ") }.joined(separator: " && ")
  return try run(
    URL(fileURLWithPath: "/bin/bash"),
    ["-c", "SHELL=/bin/bash script -qec \"$1\" /dev/null </dev/null", "bash", words])
}

private func commandFile() throws -> URL {
  let folders = [Bundle.main.bundleURL, Bundle(for: Marker.self).bundleURL]
  let candidates = folders.flatMap { folder in
    [folder, folder.deletingLastPathComponent()].map { $0.appendingPathComponent("RecurCommand") }
  }
  return try #require(
    candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) })
}

private func run(
  _ executable: URL, _ arguments: [String], path: String? = nil,
  meanwhile: (Process) throws -> Void = { _ in }
) throws -> CommandResult {
  let process = Process()
  process.executableURL = executable
  process.arguments = arguments
  if let path {
    process.environment = ProcessInfo.processInfo.environment.merging(["PATH": path]) { $1 }
  }
  let (output, errors) = (Pipe(), Pipe())
  process.standardOutput = output
  process.standardError = errors
  try process.run()
  try meanwhile(process)
  let outputData = output.fileHandleForReading.readDataToEndOfFile()
  let errorData = errors.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return CommandResult(
    status: process.terminationStatus, output: String(decoding: outputData, as: UTF8.self),
    errors: String(decoding: errorData, as: UTF8.self))
}

private final class Marker {}

func withFolder(_ body: (URL) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
    "recur-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  try body(folder)
}
