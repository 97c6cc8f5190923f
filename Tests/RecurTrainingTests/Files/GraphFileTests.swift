// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import TestSupport
import Testing

@testable import RecurTraining

@Suite struct GraphFileTests {
  /// The C test of model files writes this file, too.
  @Test func writesTheBytesOfTheCLibrary() throws {
    let golden = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../golden/model.safetensors").standardized
    let file = try SafeTensors(contentsOf: golden)
    let model = try Model<Float>(file)
    let folder = try TemporaryFolder()
    try model.save(to: folder["model"], info: try file.info)
    #expect(try Data(contentsOf: folder["model"]) == Data(contentsOf: golden))
    #expect(try file.info == ["a": "", "vocabulary": "\n\t \"\u{1b}/\\u001B\u{2603}"])
  }
}
