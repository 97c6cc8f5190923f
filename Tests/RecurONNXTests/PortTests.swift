// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurONNX
import Testing

@Suite("The inputs, outputs and states of ONNX models")
struct ONNXPortTests {
  private func model(_ name: String) throws -> ONNXModel<Float> {
    try ONNXModel<Float>(contentsOf: GoldenModels.url(name))
  }

  @Test("axes have the roles that the operators give them")
  func axes() throws {
    let lstm = try model("lstm_legacy")
    #expect(lstm.inputs.map(\.name) == ["x0"])
    #expect(lstm.inputs[0].axes.map(\.roles) == [[.sequences], [.steps], [.channels]])
    #expect(lstm.inputs[0].axes.map(\.size) == [nil, nil, 3])
    #expect("\(lstm.inputs[0].axes)" == "[sequences, steps, channels 3]")
    #expect(lstm.outputs[0].axes.map(\.roles) == [[.sequences], [.channels]])
    let causal = try model("causal_dynamo")
    #expect(causal.inputs[0].axes.map(\.roles) == [[.sequences], [.channels], [.steps]])
    #expect(causal.model.chunkSteps == 1)
    let tagger = try model("tagger_legacy")
    #expect(tagger.inputs[0].isTokens)
    #expect(tagger.inputs[0].axes.map(\.roles) == [[.sequences], [.steps]])
    let positions = try model("positions")
    #expect(positions.inputs[0].axes.map(\.roles) == [[.sequences], [.channels], [.positions]])
    #expect(positions.inputs[0].positions == 9)
    let directions = try model("op_gru_after")
    #expect(
      directions.outputs[0].axes.map(\.roles) == [
        [.steps], [.positions], [.sequences], [.channels],
      ])
  }

  @Test("states name the parts that they have")
  func states() throws {
    let lstm = try model("lstm_states_legacy")
    #expect(lstm.inputs.map(\.name) == ["x0"] && lstm.outputs.map(\.name) == ["y0"])
    #expect(lstm.states.map(\.name) == ["x1", "x2", "y1", "y2"])
    #expect(lstm.states.map(\.isInput) == [true, true, false, false])
    #expect(lstm.states.map(\.shape) == Array(repeating: [2, nil, 4], count: 4))
    #expect(
      lstm.states.map(\.parts)
        == [
          ["lstm.h", "lstm_2.h"], ["lstm.c", "lstm_2.c"], ["lstm.h", "lstm_2.h"],
          ["lstm.c", "lstm_2.c"],
        ])
  }

  @Test("two calls with the states between them are as one")
  func resumed() throws {
    let imported = try model("lstm_states_legacy")
    let golden = GoldenModels.all["lstm_states_legacy"]!
    let whole = try golden.run(imported)
    let input = golden.inputs["x0"]!
    let half = input.values.count / 2
    var tensors = golden.inputs.mapValues { ONNXTensor(shape: $0.shape, elements: $0.values) }
    let shape = [input.shape[0] / 2] + input.shape[1...]
    tensors["x0"] = ONNXTensor(shape: shape, elements: Array(input.values[..<half]))
    let first = try imported.run(tensors)
    let second = try imported.run([
      "x0": ONNXTensor(shape: shape, elements: Array(input.values[half...])),
      "x1": first["y1"]!, "x2": first["y2"]!,
    ])
    #expect(first["y0"]!.elements + second["y0"]!.elements == whole["y0"]!.elements)
    #expect(second["y1"]! == whole["y1"]!)
    #expect(second["y2"]! == whole["y2"]!)
  }

  @Test("initial states that are left out are 0")
  func zeroStates() throws {
    let imported = try model("gru_states_legacy")
    let x = GoldenModels.all["gru_states_legacy"]!.inputs["x0"]!
    let input = ONNXTensor(shape: x.shape, elements: x.values)
    let zero = ONNXTensor<Float>(shape: [1, 2, 4], elements: Array(repeating: 0, count: 8))
    #expect(try imported.run(["x0": input]) == imported.run(["x0": input, "x1": zero]))
  }

  @Test("outputs can be chosen")
  func chosenOutputs() throws {
    let url = GoldenModels.url("lstm_states_legacy")
    let imported = try ONNXModel<Float>(contentsOf: url, outputs: ["y2"])
    #expect(imported.outputs.isEmpty && imported.states.map(\.name) == ["x1", "x2", "y2"])
    let golden = GoldenModels.all["lstm_states_legacy"]!
    let all = try golden.run(ONNXModel<Float>(contentsOf: url))
    #expect(try golden.run(imported) == ["y2": all["y2"]!])
    let error = #expect(throws: ONNXError.self) {
      try ONNXModel<Float>(contentsOf: url, outputs: ["y3"])
    }
    #expect(error?.description == "outputs has \"y3\", expected some of y0, y1, y2")
  }

  @Test("roles and sizes can be given")
  func givenRoles() throws {
    let url = GoldenModels.url("activations_legacy")
    for (roles, chunk): ([ONNXAxisRole?], Int) in [
      ([.steps, .channels], 1), ([.sequences, .channels], 1),
    ] {
      let imported = try ONNXModel<Float>(contentsOf: url, roles: ["x0": roles])
      #expect(imported.inputs[0].axes.map(\.roles) == roles.map { [$0!] })
      #expect(imported.model.chunkSteps == chunk)
      let golden = GoldenModels.all["activations_legacy"]!
      #expect(golden.difference(try golden.run(imported)) < 1e-5)
    }
    let fixed = try ONNXModel<Float>(contentsOf: url, sizes: ["B": 7])
    #expect(fixed.inputs[0].axes.map(\.size) == [7, 4])
    for roles: [ONNXAxisRole?] in [[.steps], [.steps, .steps], [.steps, nil]] {
      #expect(throws: ONNXError.self) {
        try ONNXModel<Float>(contentsOf: url, roles: ["x0": roles])
      }
    }
    #expect(throws: ONNXError.self) {
      try ONNXModel<Float>(contentsOf: url, roles: ["x": [.steps, .channels]])
    }
  }

  @Test("inputs that do not fit are refused")
  func wrongInputs() throws {
    let imported = try model("lstm_states_legacy")
    let x = ONNXTensor<Float>(shape: [1, 2, 3], elements: Array(repeating: 0, count: 6))
    func message(_ inputs: [String: ONNXTensor<Float>]) -> String {
      do {
        _ = try imported.run(inputs)
        return "no error"
      } catch { return "\(error)" }
    }
    #expect(message([:]) == "x0 is missing")
    #expect(message(["x0": x]) == "no error")
    #expect(
      message(["x0": x, "x": x]) == "x is not an input of this type, expected x0, x1, x2")
    #expect(
      message(["x0": ONNXTensor(shape: [2, 3], elements: x.elements)])
        == "x0 has the shape [2, 3], expected [steps, sequences, 3]")
    #expect(
      message(["x0": ONNXTensor(shape: [1, 3, 2], elements: x.elements)])
        == "x0 has the shape [1, 3, 2], expected [steps, sequences, 3]")
    #expect(message(["x0": x, "x1": x]) == "x1 has the shape [1, 2, 3], expected [2, 2, 4]")
  }

  @Test("models in double precision have the same weights")
  func doublePrecision() throws {
    let url = GoldenModels.url("residual_legacy")
    let (single, double) = (
      try ONNXModel<Float>(contentsOf: url), try ONNXModel<Double>(contentsOf: url)
    )
    #expect(double.model.parameters.elements.map { Float($0) } == single.model.parameters.elements)
  }

  @Test("a file that is not there is an error")
  func missingFile() {
    let error = #expect(throws: ONNXError.self) {
      try ONNXModel<Float>(contentsOf: GoldenModels.url("missing"))
    }
    #expect(error?.description.contains("missing.onnx") == true)
  }
}
