// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// Reads numbers from an input; zeros after its end.
public struct Reader {
  private var rest: Data

  public init(_ input: Data) { rest = input }

  /// The bytes that are not read.
  public var remainder: Data { rest }

  public mutating func byte() -> Int { Int(rest.popFirst() ?? 0) }

  /// A number below a bound of at most 256.
  public mutating func below(_ bound: Int) -> Int { byte() % bound }

  /// A size: mostly small, sometimes so large that memory for it is never allocated.
  public mutating func size() -> Int {
    let byte = byte()
    return switch byte {
    case 255: .max
    case 254: .min
    case 253: 1 << 62
    case 252: 1 << 61
    case 251: -1
    default: byte % 7
    }
  }

  public mutating func float() -> Float {
    (0..<4).reduce(0) { bits, _ in bits << 8 | UInt32(byte()) }.float
  }

  public mutating func string() -> String {
    let end = rest.firstIndex(of: 0) ?? rest.endIndex
    defer { rest = rest[end...].dropFirst() }
    return String(decoding: rest[..<end], as: UTF8.self)
  }
}

extension UInt32 {
  fileprivate var float: Float { Float(bitPattern: self) }
}
