// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The size of an axis: a number, or a product of a number and named sizes that are known only when the model
/// runs. Two equal expressions have the same size.
struct Size: Hashable {
  let factor: Int
  private let names: [String]

  init(_ number: Int) { self.init(number, []) }

  init(named name: String) { self.init(1, [name]) }

  private init(_ factor: Int, _ names: [String]) {
    self.factor = factor
    self.names = factor == 0 ? [] : names
  }

  /// The number, or nil if it is not known.
  var number: Int? { names.isEmpty ? factor : nil }

  var isOne: Bool { number == 1 }

  /// The number of words of 8 bytes in memory.
  var words: Int { 2 + (names.isEmpty ? 0 : 4 + 2 * names.count) }

  static func * (a: Size, b: Size) -> Size {
    let (product, overflow) = a.factor.multipliedReportingOverflow(by: b.factor)
    return overflow || a.names.count + b.names.count > 6
      ? Size(named: "(\(a)*\(b))") : Size(product, (a.names + b.names).sorted())
  }

  static func + (a: Size, b: Size) -> Size {
    if a.number == 0 { return b }
    if b.number == 0 { return a }
    let (sum, overflow) = a.factor.addingReportingOverflow(b.factor)
    return a.names == b.names && !overflow ? Size(sum, a.names) : Size(named: "(\(a)+\(b))")
  }

  static func - (a: Size, b: Size) -> Size {
    if a == b { return Size(0) }
    if b.number == 0 { return a }
    let (difference, overflow) = a.factor.subtractingReportingOverflow(b.factor)
    return a.names == b.names && !overflow ? Size(difference, a.names) : Size(named: "(\(a)-\(b))")
  }

  /// The quotient, rounded toward 0.
  static func / (a: Size, b: Size) -> Size {
    if let quotient = a.exactQuotient(b) { return quotient }
    if let a = a.number, let b = b.number, b != 0, b != -1 { return Size(a / b) }
    return Size(named: "(\(a)/\(b))")
  }

  /// The quotient, or nil unless the division is exact for all values of the names.
  func exactQuotient(_ other: Size) -> Size? {
    guard other.factor > 0, factor.isMultiple(of: other.factor) else { return nil }
    var rest = names
    for name in other.names {
      guard let k = rest.firstIndex(of: name) else { return nil }
      rest.remove(at: k)
    }
    return Size(factor / other.factor, rest)
  }

  static func product(_ sizes: [Size]) -> Size { sizes.reduce(Size(1), *) }
}

extension Size: CustomStringConvertible {
  var description: String {
    guard !names.isEmpty else { return "\(factor)" }
    let text = ((factor == 1 ? [] : ["\(factor)"]) + names).joined(separator: "*")
    guard text.utf8.count > 200 else { return text }
    // The text of an expression can double with each operation.
    let hash = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01b3
    }
    return "size#\(String(hash, radix: 16))"
  }
}
