// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurONNX

/// How a converted file is used in another way than the original: names and axes that changed, and states that are
/// no longer inputs and outputs.
struct ConversionNotes {
  private(set) var lines: [String] = []

  /// - Parameters:
  ///   - original: The model.
  ///   - renamed: The model with the names in the file.
  ///   - states: Whether the file has the states as inputs and outputs; otherwise, why not.
  init<Scalar>(
    _ original: LoadedModel<Scalar>, _ renamed: RenamedModel<Scalar>, states: WrittenStates
  ) throws {
    let rows = try Dictionary(
      uniqueKeysWithValues: zip(
        original.model.outputs.map(\.name), original.model.outputShapes(steps: 2).map(\.steps)))
    for port in try original.inputs + original.outputs {
      let name = renamed.names[port.node]!
      if name != port.name { lines.append("\(port.name) is now \(name)") }
      guard let onnx = port.onnx else { continue }
      let (before, now) = (onnx.layout, port.layout(isOneRow: rows[port.node] == 1))
      if before != now { lines.append("\(name) is now \(now) (was \(before))") }
    }
    for state in original.onnx?.states ?? [] {
      let parts = state.parts.map { Self.renamed($0, renamed.names) }
      switch states {
      case .written:
        let names = state.isInput ? parts : parts.map { "\($0).final" }
        let shapes = try Self.shapes(of: state, original.model)
        let change = shapes == [state.layout] ? "" : " (was \(state.layout))"
        let new = zip(names, shapes).map { change.isEmpty ? $0 : "\($0), \($1)" }
        lines.append("\(state.name) is now \(new.joined(separator: " and "))\(change)")
      case .omitted(let reason):
        lines.append(
          "\(state.name) is left out: it is \(parts.joined(separator: ", ")) of the state "
            + (state.isInput ? "before the first step, which is zero" : "after the last step")
            + (reason.map { "; the model \($0)" } ?? ""))
      }
    }
  }

  /// The shapes of the parts of a state in an ONNX model of Recur.
  private static func shapes<Scalar>(
    of state: ONNXState, _ model: Model<Scalar>
  ) throws -> [String] {
    let slices = try model.zeroState(batchSize: 1).slices
    return state.parts.map { part in
      let slice = slices.first { $0.name == part }!
      return "\(slice.rows) x sequences x \(slice.columns)"
    }
  }

  /// The name of a part of the state, such as `lstm.h`, with the new name of its node.
  private static func renamed(_ part: String, _ names: [String: String]) -> String {
    let end = part.lastIndex(of: ".")!
    return names[String(part[..<end])]! + part[end...]
  }
}

/// Whether a file has the states of a model as inputs and outputs.
enum WrittenStates {
  case written

  /// With the reason if the format has such inputs and outputs.
  case omitted(String?)
}

extension ONNXPort {
  /// The axes, such as `sequences x steps x 6`.
  fileprivate var layout: String {
    axes.map { axis in
      let hasSize = !axis.roles.contains(.steps) && !axis.roles.contains(.sequences)
      if hasSize, let size = axis.size { return "\(size)" }
      let names = axis.roles.map { "\($0)" }.joined(separator: "·")
      return names.isEmpty ? "1" : names
    }.joined(separator: " x ")
  }
}

extension ONNXState {
  /// The axes, such as `1 x sequences x 6`.
  fileprivate var layout: String {
    shape.map { $0.map { "\($0)" } ?? "sequences" }.joined(separator: " x ")
  }
}

extension ModelPort {
  /// The axes in a file of Recur.
  fileprivate func layout(isOneRow: Bool) -> String {
    (isOneRow ? "1" : "steps") + " x sequences" + (isTokens ? "" : " x \(size)")
  }
}
