// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurTraining

/// The texts of the features of a panel, collected from a whole file.
struct PanelCategories {
  /// The maximum number of texts of a feature: each is an input of the network.
  private static let most = 64

  /// Returns a form with the texts of all features that are no numbers.
  ///
  /// - Throws: `BadInput` for a feature with too many texts.
  static func completed(_ form: PanelForm, path: String, name: String) throws -> PanelForm {
    let columns = form.features.filter { $0.categories != nil }.map(\.column)
    guard !columns.isEmpty else { return form }
    var texts: [Int: Set<String>] = [:]
    var isAfterHeader = !form.hasHeader
    var fields: [CSVBytes.Field] = []
    var blocks = try PanelBlocks(path, named: name)
    while try blocks.read(keeping: 0) {
      try blocks.bytes.withUnsafeBufferPointer { bytes in
        let file = try CSVBytes(bytes, path: blocks.path, linesBefore: blocks.linesBefore)
        for record in try CSVRecords(file).all {
          form.splitter.split(record, of: file, into: &fields)
          guard isAfterHeader else {
            isAfterHeader = form.isHeader(fields.map(file.text))
            continue
          }
          guard fields.count >= form.names.count, form.includes(fields, file) else { continue }
          for column in columns {
            let isNew = texts[column, default: []].insert(file.text(fields[column])).inserted
            guard !isNew || texts[column]!.count <= most + 1 else {
              throw BadInput(
                "\(file.place(record.start)): \(form.names[column].printable) has more than \(most) "
                  + "texts, expected fewer in a feature")
            }
          }
        }
      }
    }
    var completed = form
    for index in form.features.indices where form.features[index].categories != nil {
      let column = form.features[index].column
      completed.features[index].categories = texts[column, default: []].sorted()
    }
    return completed
  }
}

/// The texts of features that are not among those of the training file, which are reported once each.
final class UnknownCategories {
  private var told: Set<String> = []

  func tell(_ text: String, of column: String, at place: @autoclosure () -> String) {
    guard told.count < 10, told.insert("\(column)=\(text)").inserted else { return }
    alert(
      "warning: \(place()): \(column.printable) is \"\(text.printable)\", which no series of the training "
        + "file had; the forecast treats the text as unknown")
  }
}
