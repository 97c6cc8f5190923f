// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurTraining

/// The series of a panel's file, and the failures to read some of them.
struct PanelSource {
  let path: String

  /// The name of the file in messages.
  let name: String
  let horizon: Int
  let reading: PanelReading?
  let skips: Bool

  /// The form of the file of a model; nil if it is to be recognized.
  let form: PanelForm?

  /// The names of series in several places of the file, which an earlier pass over the file has found and
  /// reported, as all other failures; nil in the first pass.
  var cut: Set<String>?

  /// What was found in a file.
  struct Count {
    var series = 0
    var skipped = 0

    /// The names of series in several places.
    var cut: Set<String> = []
  }

  /// The form that the first part of the file has.
  var recognizedForm: PanelForm {
    get throws {
      try PanelReader(path, named: name, horizon: horizon, reading: reading, form: form).form
    }
  }

  /// Calls a function with the series of each part of the file.
  ///
  /// - Returns: The form of the file, and the number of series.
  /// - Throws: `BadInput` if a series cannot be read, unless such series are skipped.
  func forEach(
    _ body: ([PanelEntry], PanelForm) throws -> Void
  ) throws -> (form: PanelForm, count: Count) {
    var reader = try PanelReader(
      path, named: name, horizon: horizon, reading: reading, form: form)
    var count = Count()
    while let found = try reader.next(stoppingAtFailure: !skips) {
      var entries: [PanelEntry] = []
      for result in found {
        switch result {
        case .success(let entry):
          guard cut?.contains(entry.series.id) != true else { continue }
          entries.append(entry)
        case .failure(let failure):
          guard skips else { throw failure.error }
          count.skipped += 1
          if failure.isCut { count.cut.insert(failure.id) }
          if cut == nil, count.skipped <= 10 { alert("skipped: \(failure.error)") }
        }
      }
      count.series += entries.count
      try body(entries, reader.form)
    }
    // A part of a panel may be empty, but a panel is not.
    guard count.series > 0 || form != nil else {
      throw BadInput(
        "\(name): has no series"
          + (count.skipped > 0 ? " that can be read; \(count.skipped) were skipped" : ""))
    }
    return (reader.form, count)
  }
}

/// The series of a panel on which a network is trained: all, or a part of them that depends on their names
/// only.
struct PanelSample {
  /// The maximum number of series.
  static let most = 10_000

  private(set) var series: [PanelSeries] = []

  /// The number of series offered.
  private(set) var offered = 0

  mutating func add(_ entries: [PanelEntry]) {
    offered += entries.count
    series += entries.map(\.series)
    if 4 * series.count > 5 * Self.most { reduce() }
  }

  /// Keeps the series whose names have the least hashes.
  mutating func reduce() {
    guard series.count > Self.most else { return }
    let hashes = series.map { Self.hash($0.id) }
    let kept = series.indices.sorted { (hashes[$0], series[$0].id) < (hashes[$1], series[$1].id) }
      .prefix(Self.most)
    series = kept.sorted().map { series[$0] }
  }

  /// FNV-1a, mixed: it must be the same in every process.
  private static func hash(_ id: String) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in id.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    hash ^= hash >> 32
    return hash &* 0x9e37_79b9_7f4a_7c15
  }
}
