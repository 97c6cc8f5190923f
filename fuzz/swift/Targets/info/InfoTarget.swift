// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import FuzzSupport

@testable import RecurCommand
@testable import RecurTraining

func infoTarget(_ input: Data) throws {
  let info = try FileInfo(SafeTensors(Recipe(input).file, path: "input"))
  let text = output { info.printAsText() }
  let json = output { required("JSON") { try info.printAsJSON() } }
  for line in (text + json).split(separator: "\n") {
    check(line.isPrintable, "line is not printable: \(line.debugDescription)")
  }
  for line in text.split(separator: "\n") {
    check(line.unicodeScalars.count <= 5000, "long line: \(line.prefix(1000))")
  }
  check((try? JSONSerialization.jsonObject(with: Data(json.utf8))) != nil, "not JSON: \(json)")
}
