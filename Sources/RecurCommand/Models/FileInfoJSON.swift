// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

extension FileInfo {
  func printAsJSON() throws {
    var object: [String: Any] = [
      "kind": kind ?? "tensors", "verified": isVerified,
      "elements": tensors.reduce(0) { $0 + $1.count },
      "tensors": tensors.map { tensor in
        var object: [String: Any] = [
          "name": tensor.name, "type": tensor.type, "shape": tensor.shape,
        ]
        object["norm"] = tensor.norm.map { $0.isFinite ? $0 as Any : "\($0)" }
        return object
      },
      "info": Dictionary(uniqueKeysWithValues: strings.map { ($0.name, $0.value) }),
    ]
    for (name, value) in described { object[name] = value }
    if let model { object["description"] = model }
    if let graph { object.merge(graph.json) { own, _ in own } }
    let data = try JSONSerialization.data(
      withJSONObject: object, options: [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes])
    printJSON(text: data)
  }
}
