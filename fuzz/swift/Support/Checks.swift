// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Foundation
import Recur
import RecurONNX

@testable import RecurCommand
@testable import RecurTraining

/// Runs a target on an input of libFuzzer. Every error that it throws must be a refusal.
public func fuzz(
  _ start: UnsafePointer<UInt8>?, _ count: Int, _ body: (Data) throws -> Void
) -> CInt {
  do {
    try body(start.map { Data(bytes: $0, count: count) } ?? Data())
  } catch {
    checkRefusal(error)
  }
  return 0
}

/// Ends the process, which is a finding, unless a condition holds.
public func check(_ condition: Bool, _ message: @autoclosure () -> String) {
  if !condition { fatalError(message()) }
}

/// Whether to print refusals, which show how far a seed comes.
private let isVerbose = getenv("FUZZ_VERBOSE") != nil

/// The maximum number of scalars of a message. The command truncates messages there.
private let longestMessage = 5000

/// Checks that an error is one of the project's, with one printable line of bounded length. The command makes
/// the messages of its own errors printable when it prints them.
public func checkRefusal(_ error: any Error) {
  if isVerbose { print("refused: \(error)") }
  switch error {
  case is FileError, is ONNXError, is RecurError, is TrainingError: checkMessage("\(error)")
  case is BadInput, is ValidationError: checkMessage("\(error)".printable(limit: .max))
  default: fatalError("foreign error: \(type(of: error)) \(error)")
  }
}

public func checkMessage(_ message: String) {
  check(message.unicodeScalars.count <= longestMessage, "long message: \(message.prefix(1000))")
  check(message.isPrintable, "message is not printable: \(message.debugDescription)")
  check(!message.isEmpty, "empty message")
}

/// Returns the result, or nil after a refusal.
public func accepted<Result>(_ body: () throws -> Result) -> Result? {
  do { return try body() } catch {
    checkRefusal(error)
    return nil
  }
}

/// Returns the result, or ends the process if an error is thrown: what was accepted must be readable again.
public func required<Result>(_ what: String, _ body: () throws -> Result) -> Result {
  do { return try body() } catch { fatalError("\(what): \(error)") }
}
