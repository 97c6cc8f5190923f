// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

/// Throws the error for a C function's status. `names` maps the C arguments to Swift's.
func check(
  _ status: CInt, _ names: @autoclosure () -> [String: String] = [:]
) throws(RecurError) {
  guard Int(status) != Int(GSL_SUCCESS) else { return }
  throw lastError(names())
}

/// Returns the calling thread's last error.
func lastError(_ names: [String: String] = [:]) -> RecurError {
  let error = recur_last_error().pointee
  let whole = withUnsafePointer(to: error.message) {
    $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: error.message)) {
      String(cString: $0)
    }
  }
  let inC = String(cString: error.argument)
  let argument = names[inC] ?? inC
  // The message is "function: argument reason".
  let reason = String(whole.dropFirst("\(String(cString: error.function)): \(inC) ".count))
  switch Int(error.status) {
  case Int(GSL_EBADLEN):
    return .shape(
      argument: argument,
      expected: .init(error.expected.0, error.expected.1),
      found: .init(error.found.0, error.found.1))
  case Int(GSL_ENOMEM):
    return .outOfMemory(reason: "\(argument) \(reason)")
  case Int(GSL_EUNIMPL):
    return .unsupported(argument: argument, reason: reason)
  default:
    return .invalid(argument: argument, reason: reason)
  }
}

extension RecurScalar {
  /// Calls `body` with storage for the headers of the matrices of one C call.
  static func withArguments<Result>(_ body: (inout Arguments<Self>) -> Result) -> Result {
    withUnsafeTemporaryAllocation(
      of: GSLMatrix.self, capacity: Arguments<Self>.capacity
    ) { slots in
      var arguments = Arguments<Self>(slots: slots)
      return body(&arguments)
    }
  }
}

/// Headers of Swift's matrices for C functions. An absent matrix is NULL.
struct Arguments<Scalar: RecurScalar> {
  static var capacity: Int { 16 }

  let slots: UnsafeMutableBufferPointer<Scalar.GSLMatrix>
  private var used = 0

  init(slots: UnsafeMutableBufferPointer<Scalar.GSLMatrix>) {
    self.slots = slots
  }

  mutating func callAsFunction(
    _ matrix: Scalar.GSLMatrix
  ) -> UnsafeMutablePointer<Scalar.GSLMatrix> {
    precondition(used < slots.count)
    let slot = slots.baseAddress! + used
    slot.initialize(to: matrix)
    used += 1
    return slot
  }

  /// The matrix must outlive the call, and its memory must not be shared if the call writes to it.
  mutating func callAsFunction(
    _ matrix: Matrix<Scalar>?
  ) -> UnsafeMutablePointer<Scalar.GSLMatrix>? {
    matrix.map { self($0.header) }
  }
}

/// Calls a function in the floating-point environment of the C library, in which subnormal numbers count as
/// zero.
package func inNetworkEnvironment(_ body: () -> Void) {
  withoutActuallyEscaping(body) { body in
    withUnsafePointer(to: body) { body in
      recur_environment_call(
        { context in context!.assumingMemoryBound(to: (() -> Void).self).pointee() },
        UnsafeMutableRawPointer(mutating: body))
    }
  }
}
