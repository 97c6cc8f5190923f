// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur
import Foundation
import Testing

@Suite struct LibraryTests {
  /// The reference CBLAS of GSL would be many times slower, and nothing else would show it.
  @Test(arguments: ["cblas_dgemm", "cblas_sgemm"])
  func openBLASServesTheProducts(_ symbol: String) throws {
    let address = UInt(bitPattern: try #require(dlsym(nil, symbol)))
    let file = try #require(FileHandle(forReadingAtPath: "/proc/self/maps"))
    let maps = String(decoding: file.readDataToEndOfFile(), as: UTF8.self)
    let map = maps.split(separator: "\n").first { line in
      let bounds = line.prefix { $0 != " " }.split(separator: "-").map { UInt($0, radix: 16)! }
      return (bounds[0]..<bounds[1]).contains(address)
    }
    #expect(try #require(map).contains("openblas"), "\(symbol) is served by \(map!)")
  }

  @Test func versionIsTheHeaders() {
    #expect(String(cString: recur_version()) == RECUR_VERSION)
  }
}
