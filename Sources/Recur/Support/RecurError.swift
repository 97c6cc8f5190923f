// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The reason why a call failed. A call that throws has computed nothing and changed no value.
public enum RecurError: Error, Equatable, Sendable {
  /// The shape of an argument does not match the other arguments.
  case shape(argument: String, expected: Shape, found: Shape)

  /// The value of an argument is out of range, or a size is too large.
  case invalid(argument: String, reason: String)

  /// Recur does not support the combination of arguments.
  case unsupported(argument: String, reason: String)

  /// Memory for the result or the workspace could not be allocated.
  case outOfMemory(reason: String)

  /// The rows and columns of a matrix; a vector has one column.
  public struct Shape: Equatable, Sendable, CustomStringConvertible {
    /// The number of rows.
    public var rows: Int

    /// The number of columns.
    public var columns: Int

    /// Creates a shape.
    ///
    /// - Parameters:
    ///   - rows: The number of rows.
    ///   - columns: The number of columns.
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
