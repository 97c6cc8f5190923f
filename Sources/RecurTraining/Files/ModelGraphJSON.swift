// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur
import CRecurFiles
import Foundation
import Recur

extension ModelGraph {
  /// Creates a graph from JSON, in the format of `recur/model_file.h`.
  ///
  /// - Parameter json: an object with the array `nodes`.
  /// - Throws: `RecurError.invalid(argument:reason:)` if the text is not such JSON, or if a node is invalid.
  public init(json: String) throws(RecurError) {
    var json = json
    guard let model = json.withUTF8({ recur_model_from_json($0.baseAddress, $0.count) }) else {
      throw CFailure.isOutOfMemory
        ? .outOfMemory(reason: CFailure.reason)
        : .invalid(argument: "json", reason: CFailure.reason)
    }
    defer { recur_model_free(model) }
    self.init(inC: model)
  }

  /// The graph as JSON on one line, without values that are the default: see `recur/model_file.h`.
  ///
  /// - Throws: `RecurError` if a node is invalid, or if memory allocation fails.
  public var json: String {
    get throws(RecurError) {
      var text: UnsafeMutablePointer<CChar>?
      let status = try withCModel { recur_model_to_json($0, &text) }
      guard Int(status) == Int(GSL_SUCCESS), let text else {
        throw .outOfMemory(reason: CFailure.reason)
      }
      defer { free(text) }
      return String(cString: text)
    }
  }
}
