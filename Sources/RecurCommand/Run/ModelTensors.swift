// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurTraining

/// The tensors of a model by the names of its inputs or outputs, from files on the command line.
struct ModelTensors {
  /// The tensors by name.
  private(set) var tensors: [String: FileTensor] = [:]

  /// The number of steps of each sequence; nil if it is not given.
  private(set) var lengths: FileTensor?

  /// The name of the tensor with the lengths.
  static let lengthsName = "lengths"

  private let model: String
  private let kind: String
  private let names: [String]
  private let states: [String]
  private let others: [String]

  /// Whether a tensor of the name `lengths` has the lengths.
  private let takesLengths: Bool

  /// - Parameters:
  ///   - model: The path of the model.
  ///   - kind: `input` or `output`.
  ///   - names: The names of the inputs or outputs, without states.
  ///   - states: The names of those that are states.
  ///   - others: Names of tensors that a file may also have, because one file can have a whole example.
  ///   - hasLengths: Whether sequences have lengths, which need a name that no input has.
  init(
    of model: String, _ kind: String, _ names: [String], states: [String], others: [String],
    hasLengths: Bool
  ) {
    self.model = model
    self.kind = kind
    self.names = names
    self.states = states
    self.others = others
    takesLengths = hasLengths && !(names + states).contains(Self.lengthsName)
  }

  /// Adds the tensors that an argument names.
  mutating func add(_ argument: TensorArgument) throws {
    let found = try argument.read()
    if let name = argument.name {
      guard let tensor = found.count == 1 ? found[0] : found.first(where: { $0.name == name })
      else {
        throw BadInput(
          "\(argument.path): has \(found.count) tensors and none is named \(name); "
            + "expected \(name)=\(argument.path):TENSOR")
      }
      try set(name, tensor, argument)
      guard argument.tensor == nil, takesLengths, name != Self.lengthsName,
        let lengths = found.first(where: { $0.name == Self.lengthsName })
      else { return }
      try set(Self.lengthsName, lengths, argument)
    } else if argument.tensor != nil || !argument.format.hasNames {
      try set(onlyName(for: argument), found[0], argument)
    } else if found.count == 1, let only = found[0].name,
      !(names + states + (takesLengths ? [Self.lengthsName] : [])).contains(only)
    {
      try set(onlyName(for: argument), found[0], argument)
    } else {
      try addByName(found, argument)
    }
  }

  /// Throws an error unless there is a tensor for each name without states.
  func requireAll(option: String) throws {
    guard let missing = names.first(where: { tensors[$0] == nil }) else { return }
    let argument = names.count == 1 ? "FILE" : "\(missing)=FILE"
    throw BadInput("\(model): has the \(kind) \(missing), expected \(option) \(argument)")
  }

  private mutating func addByName(_ found: [FileTensor], _ argument: TensorArgument) throws {
    for tensor in found {
      let name = tensor.name ?? ""
      if (names + states).contains(name) || takesLengths && name == Self.lengthsName {
        try set(name, tensor, argument)
      } else if !others.contains(name) {
        throw BadInput(
          "\(tensor.place) is neither an input nor an output of \(model), expected \(list); "
            + "\(argument.path):TENSOR selects one")
      }
    }
  }

  private mutating func set(
    _ name: String, _ tensor: FileTensor, _ argument: TensorArgument
  ) throws {
    if takesLengths, name == Self.lengthsName { return try setLengths(tensor) }
    guard (names + states).contains(name) else {
      throw BadInput("\(argument.description): \(model) has no \(kind) \(name), expected \(list)")
    }
    guard tensors.updateValue(tensor, forKey: name) == nil else {
      throw BadInput("\(argument.description): the \(kind) \(name) is given twice")
    }
  }

  /// Several inputs may come from one file with lengths.
  private mutating func setLengths(_ tensor: FileTensor) throws {
    guard lengths?.elements ?? tensor.elements == tensor.elements else {
      throw BadInput("\(tensor.place): has other lengths than \(lengths!.place)")
    }
    lengths = tensor
  }

  private func onlyName(for argument: TensorArgument) throws -> String {
    guard names.count == 1 else {
      throw BadInput(
        "\(argument.description): \(model) has the \(kind)s \(list), expected NAME=\(argument.path)"
      )
    }
    return names[0]
  }

  private var list: String { (names + states).joined(separator: ", ") }
}
