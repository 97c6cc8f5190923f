// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

/// The last failed call of the C library on this thread.
enum CFailure {
  static var isOutOfMemory: Bool {
    Int(recur_last_error().pointee.status) == Int(GSL_ENOMEM)
  }

  /// The message without the names of the function and of its argument: `is not a safetensors file: …`.
  static var reason: String {
    let error = recur_last_error().pointee
    let message = withUnsafeBytes(of: error.message) {
      String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    let source = "\(String(cString: error.function)): \(String(cString: error.argument))"
    guard message.hasPrefix(source) else { return message }
    return String(message.dropFirst(source.count).drop { $0 == ":" || $0 == " " })
  }
}
