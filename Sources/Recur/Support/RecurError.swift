// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// Why a call failed. Nothing was computed, and every value is as it was before.
public enum RecurError: Error, Equatable, Sendable {
  /// An argument's shape does not fit the others.
  case shape(argument: String, expected: Shape, found: Shape)

  /// An argument's value is out of its range, or a size is too large to compute with.
  case invalid(argument: String, reason: String)

  /// A combination that Recur does not support.
  case unsupported(argument: String, reason: String)

  /// There is no memory for the result or for scratch.
  case outOfMemory(reason: String)

  /// Rows and columns of a matrix; a vector has one column.
  public struct Shape: Equatable, Sendable, CustomStringConvertible {
    public var rows: Int
    public var columns: Int

    /// A shape.
    ///
    /// - Parameters:
    ///   - rows: their number.
    ///   - columns: their number.
    public init(_ rows: Int, _ columns: Int) {
      self.rows = rows
      self.columns = columns
    }

    public var description: String { "\(rows) x \(columns)" }
  }
}

extension RecurError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .shape(let argument, let expected, let found):
      "\(argument) is \(found), expected \(expected)"
    case .invalid(let argument, let reason), .unsupported(let argument, let reason):
      "\(argument) \(reason)"
    case .outOfMemory(let reason): reason
    }
  }
}
