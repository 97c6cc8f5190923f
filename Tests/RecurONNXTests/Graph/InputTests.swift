// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import RecurONNX

@Suite("The meanings of ONNX inputs")
struct ONNXInputTests {
  /// The meanings of an input, the likeliest first: the cost, and the first letters of the axes.
  private func meanings(
    _ dims: String, type: String = "float", isState: Bool = false, roles: [ONNXAxisRole?]? = nil,
    sizes: [String: Int] = [:]
  ) throws -> [String] {
    let text = GraphText("x: \(type)[\(dims)]\ny = Tanh(x)")
    let info = try ValueInfoProto(WireReader(text.inputs[0].bytes))
    return try GraphInput(info, sizes: sizes, roles: roles, isState: isState).interpretations.map {
      switch $0.meaning {
      case .state: "\($0.cost) state"
      case .axes(let axes):
        "\($0.cost) " + axes.map { $0.isEmpty ? "1" : "\($0[0])".prefix(1) }.joined()
      }
    }
  }

  @Test("states come first, then channels last, then other axes")
  func order() throws {
    // The letters p and c are the positions and channels, s both steps and sequences.
    #expect(try meanings("T,B") == ["0 state", "10 ss", "18 ss"])
    #expect(try meanings("4") == ["0 state", "2 c", "10 s", "10 s"])
    #expect(try meanings("1,1") == ["0 state", "10 11"])
    #expect(try meanings("B,T,4") == ["0 state", "2 ssc", "10 ssc"])
    #expect(
      try meanings("m,4") == [
        "0 state", "2 sc", "4 sc", "10 ss", "10 ss",
      ])
  }

  @Test("the names of axes matter")
  func names() throws {
    func cost(_ dims: String, _ axes: [[Factor]]) throws -> Int? {
      let text = GraphText("x: float[\(dims)]\ny = Tanh(x)")
      let info = try ValueInfoProto(WireReader(text.inputs[0].bytes))
      return try GraphInput(info, sizes: [:], roles: nil, isState: false).interpretations.first {
        if case .axes(let other) = $0.meaning { other == axes } else { false }
      }?.cost
    }
    let (batchFirst, stepsFirst): ([[Factor]], [[Factor]]) = (
      [[.sequences], [.steps], [.channels]], [[.steps], [.sequences], [.channels]]
    )
    for name in ["batch_size", "BATCH", "b", "n", "N"] {
      #expect(try cost("\(name),m,4", batchFirst) == 2)
      #expect(try cost("\(name),m,4", stepsFirst) == 6)
    }
    for name in ["seq_len", "time", "steps", "t", "T"] {
      #expect(try cost("\(name),m,4", batchFirst) == 6)
      #expect(try cost("\(name),m,4", stepsFirst) == 2)
      #expect(try cost("b,\(name),4", stepsFirst) == 10)
    }
    for name in ["m", "bs", "tt", "nn"] {
      #expect(try cost("\(name),m,4", batchFirst) == 2 && cost("\(name),m,4", stepsFirst) == 2)
    }
    #expect(try cost("m,k", [[.sequences], [.steps]]) == 10)
    #expect(try cost("m,4", [[.sequences], [.channels]]) == 4)
    #expect(try cost("m,4", [[.steps], [.channels]]) == 2)
    #expect(try cost("m,4,k", [[.sequences], [.channels], [.steps]]) == 4)
    #expect(try cost("m,4,5", [[.sequences], [.positions], [.channels]]) == 11)
    #expect(try cost("m,4,5", [[.sequences], [.channels], [.positions]]) == 12)
    #expect(try cost("m,4,5", [[.steps], [.positions], [.channels]]) == 11)
    #expect(try cost("m,4,5", [[.steps], [.channels], [.positions]]) == 12)
    #expect(try cost("m,4,5", [[.steps], [.sequences], [.channels]]) == 2)
    #expect(try cost("m,4,5,6", [[.sequences], [.steps], [.positions], [.channels]]) == 9)
    #expect(try cost("m,4,5,6", [[.sequences], [.channels], [.steps], [.positions]]) == 10)
    #expect(try cost("m,4,5", [[.sequences], [.steps], [.positions]]) == nil)
    #expect(try cost("m,4,k", [[.sequences], [.steps], [.channels]]) == nil)
    #expect(try cost("1,4", [[], [.channels]]) == 2)
    #expect(try cost("1,4,5", [[], [.steps], [.channels]]) == 2)
    #expect(try cost("1,4,5", [[], [.sequences], [.channels]]) == 4)
  }

  @Test("tokens have steps and sequences")
  func tokens() throws {
    #expect(try meanings("B,T", type: "int64") == ["2 ss", "10 ss"])
    #expect(try meanings("4", type: "int32") == ["2 s", "2 s"])
    #expect(try meanings("1", type: "int64") == ["2 1"])
    #expect(try meanings("B,T", type: "int64", isState: true) == ["2 ss", "10 ss"])
  }

  @Test("initial states of networks, and given roles, have one meaning")
  func known() throws {
    #expect(try meanings("1,B,4", isState: true) == ["0 state"])
    #expect(
      try meanings("1,B,4", isState: true, roles: [nil, .sequences, .channels]) == ["0 1sc"])
    #expect(try meanings("4,B,3", roles: [.positions, .sequences, .channels]) == ["0 psc"])
    #expect(try meanings("1,B,3", roles: [.steps, .sequences, .channels]) == ["0 1sc"])
    #expect(
      try meanings("T,B,3", roles: [.steps, .sequences, .channels], sizes: ["T": 1]) == ["0 1sc"])
  }

  @Test(
    "roles that do not fit are refused",
    arguments: [
      [.steps, .sequences], [.steps, .steps, .channels], [.steps, nil, .channels],
      [.steps, .sequences, .channels, nil],
    ] as [[ONNXAxisRole?]])
  func wrongRoles(_ roles: [ONNXAxisRole?]) {
    #expect(
      throws: ONNXError.invalid(
        argument: "roles",
        reason: "has \(roles.count) roles of \"x\", expected one for each axis of [T, B, 4]")
    ) { try meanings("T,B,4", roles: roles) }
  }

  @Test("axes have given sizes, or the size 1 of all")
  func sizes() throws {
    func dims(_ dims: [WireMessage.Field], _ sizes: [String: Int]) throws -> String {
      var shape = WireMessage()
      shape[1] = dims.map { WireMessage([$0]).bytes }
      let tensor = WireMessage([.varint(1, 1), .bytes(2, shape.bytes)])
      let value = WireMessage([
        .bytes(1, ONNXParts.text("x")), .bytes(2, WireMessage([.bytes(1, tensor.bytes)]).bytes),
      ])
      let info = try ValueInfoProto(WireReader(value.bytes))
      return describe(try GraphInput(info, sizes: sizes, roles: nil, isState: false).dims)
    }
    let fields: [WireMessage.Field] = [
      .bytes(2, ONNXParts.text("T")), .varint(1, 0), .varint(1, 4),
    ]
    #expect(try dims(fields, [:]) == "[T, x.1, 4]")
    #expect(try dims(fields, ["T": 7, "x.1": 2]) == "[7, 2, 4]")
  }

  @Test("the size of given inputs has a limit")
  func givenSizes() {
    let text = "x: float[T,B,4]\ny = Tanh(x)"
    let none = "x: float[5,2,4]\ny = Tanh(x)"
    #expect(GraphText.message(text, sizes: ["T": 1 << 28]) == "no error")
    #expect(GraphText.message(text, sizes: ["T": 1]) == "no error")
    #expect(
      GraphText.message(text, sizes: ["T": (1 << 28) + 1])
        == "sizes has the size 268435457 of \"T\"")
    #expect(GraphText.message(text, sizes: ["T": 0]) == "sizes has the size 0 of \"T\"")
    #expect(GraphText.message(text, sizes: ["S": 1]) == "sizes has \"S\", expected some of B, T")
    #expect(GraphText.message(none, sizes: ["S": 1]) == "sizes has \"S\", expected none")
    #expect(
      GraphText.message(text, roles: ["z": []]) == "roles has \"z\", expected some of x")
  }

  @Test("an input of more columns than a tensor may have is refused")
  func columns() {
    let text = "x: float[32768,32768]\ny = Tanh(x)"
    #expect(
      GraphText.message(text, roles: ["x": [.positions, .channels]])
        == "input \"x\" has too many columns")
    #expect(
      GraphText.message(
        "x: float[16384,16384]\ny = Tanh(x)", roles: ["x": [.positions, .channels]])
        == "no error")
  }

  @Test("inputs may have too many meanings")
  func manyMeanings() {
    let inputs = (0..<5).map { "x\($0): float[5,5,5]" }
    let sum = (1..<5).map { "s\($0) = Add(\($0 == 1 ? "x0" : "s\($0 - 1)"), x\($0))" }
    #expect(
      GraphText.message((inputs + sum).joined(separator: "\n"), outputs: ["s4"])
        == "inputs have too many possible meanings; give their roles")
    #expect(
      GraphText.message((inputs + sum).joined(separator: "\n"), outputs: ["s1"]) == "no error")
    let roles = Dictionary(
      uniqueKeysWithValues: (0..<5).map {
        ("x\($0)", [ONNXAxisRole?.some(.steps), .sequences, .channels])
      })
    #expect(
      GraphText.message((inputs + sum).joined(separator: "\n"), outputs: ["s4"], roles: roles)
        == "no error")
  }
}
