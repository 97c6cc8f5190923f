// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Strings for a call of C, which end with this value.
package struct CStrings: ~Copyable {
  private var strings: [UnsafeMutablePointer<CChar>] = []

  package init() {}

  deinit { for string in strings { free(string) } }

  /// Returns a copy of a text; nil if the text has a NUL character, at which the copy would end.
  package mutating func copy(_ text: String) -> UnsafePointer<CChar>? {
    guard !text.utf8.contains(0), let copy = strdup(text) else { return nil }
    strings.append(copy)
    return UnsafePointer(copy)
  }
}
