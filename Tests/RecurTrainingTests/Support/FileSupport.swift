// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

@testable import RecurTraining

/// A folder for the files of one test, removed at its end.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory
      .appending(path: "recur-tests-\(UUID().uuidString)", directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  subscript(name: String) -> URL { url.appending(path: name) }

  var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).sorted()
  }
}

extension SafeTensors {
  /// The bytes of the file.
  var bytes: Data {
    get throws { try file(named: "test").reduce(Data(), +) }
  }

  init(bytes: Data) throws(FileError) { try self.init(bytes, path: "test") }
}

extension Training {
  /// The bytes of a checkpoint of the run.
  var bytes: Data {
    get throws { try file(.checkpoint, [:], "test").bytes }
  }
}

/// The message of the thrown error, or the result if there is none.
func message<Result>(of body: () throws -> Result) -> String {
  do { return "no error but \(try body())" } catch { return "\(error)" }
}
