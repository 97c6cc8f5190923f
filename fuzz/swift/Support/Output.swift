// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import FuzzRuntime

/// Returns what a function prints to standard output.
public func output(of body: () throws -> Void) rethrows -> String {
  var (memory, count): (UnsafeMutablePointer<CChar>?, Int) = (nil, 0)
  let file = open_memstream(&memory, &count)
  let original = fuzz_redirect_stdout(file)
  defer { free(memory) }
  do {
    defer {
      fuzz_redirect_stdout(original)
      fclose(file)
    }
    try body()
  }
  return String(decoding: UnsafeRawBufferPointer(start: memory, count: count), as: UTF8.self)
}
