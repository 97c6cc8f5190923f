// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

@testable import RecurCommand

@Suite struct OutputFolderTests {
  /// The trial file cannot be removed, for example because another program made the folder append-only.
  @Test func aTrialFileThatCannotBeRemovedIsReportedAndClosed() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "recur-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var trial = ""
    let error = #expect(throws: BadInput.self) {
      try OutputFolder.requireWritable(folder, named: "out") { path in
        trial = String(cString: path)
        #expect(isOpen(trial))
        errno = EPERM
        return -1
      }
    }
    #expect(
      error?.description
        == "out: is not writable, expected a folder for the output files: Operation not permitted")
    #expect(!trial.isEmpty && !isOpen(trial))
  }

  /// Whether a descriptor of this process refers to a file. Other tests open and close files at the same time.
  private func isOpen(_ path: String) -> Bool {
    let descriptors = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    return descriptors.contains {
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")) == path
    }
  }
}
