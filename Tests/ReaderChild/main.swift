// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

// Reads safetensors files, whose paths are the lines of standard input, and prints one line for each:
// "read", or the reason for its refusal. A test compares the answers with those of another reader.

import Foundation
import Recur
import RecurTraining

while let path = readLine() {
  do throws(FileError) {
    _ = try SafeTensors(contentsOf: URL(filePath: path))
    print("read")
  } catch {
    print(error.reason.replacing("\n", with: " "))
  }
}
