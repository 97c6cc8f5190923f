// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

private func constant(_ call: Call) throws(Refusal) -> [Constant] {
  let node = call.node
  guard node.inputs.isEmpty, node.attributes.count == 1,
    let attribute = node.attributes.values.first
  else {
    throw Refusal("has \(node.attributes.count) values, expected one")
  }
  switch attribute.name {
  case "value":
    guard let tensor = attribute.tensor else { throw Refusal("has no tensor") }
    return [Constant(tensor)]
  case "value_float":
    return [Constant(NDArray(scalar: Double(attribute.float ?? 0)))]
  case "value_floats":
    let values = attribute.floats.map(Double.init)
    return [Constant(NDArray(dims: [values.count], elements: values))]
  case "value_int":
    return [Constant(NDArray(scalar: Size(attribute.integer ?? 0)))]
  default:
    guard attribute.integers.count <= Limit.computed else {
      throw Refusal("has \(attribute.integers.count) integers, which is too many")
    }
    let values = attribute.integers.map { Size($0) }
    return [Constant(NDArray(dims: [values.count], elements: values))]
  }
}

private func constantOfShape(_ call: Call) throws(Refusal) -> [Constant] {
  let shape = try call.constant(0).sizes()
  guard shape.dims.count == 1, shape.elements.count <= Limit.rank,
    shape.elements.allSatisfy({ $0.factor >= 0 })
  else { throw Refusal("has the shape \(describe(shape.elements))") }
  guard let tensor = call.node.attributes["value"]?.tensor else {
    return [Constant(filled: 0, dims: shape.elements, .float)]
  }
  let value = try Constant(tensor).scalar()
  return [Constant(filled: value, dims: shape.elements, tensor.type)]
}

private func range(_ call: Call) throws(Refusal) -> [Constant] {
  guard try !call.constant(0).type.isFloating else { throw Refusal("has floating-point numbers") }
  var limits: [Int] = []
  for k in 0..<3 {
    let numbers = try call.constant(k).numbers().elements
    guard numbers.count == 1, numbers[0].magnitude <= Int32.max else {
      throw Refusal("has a limit out of range")
    }
    limits.append(numbers[0])
  }
  guard limits[2] != 0, abs((limits[1] - limits[0]) / limits[2]) < Limit.computed else {
    throw Refusal("has the step \(limits[2])")
  }
  let elements = stride(from: limits[0], to: limits[1], by: limits[2]).map { Size($0) }
  return [Constant(NDArray(dims: [elements.count], elements: elements))]
}

let constantOperations: [String: Operation] = [
  "Constant": Operation(
    inputs: 0, ["value", "value_float", "value_floats", "value_int", "value_ints"], fold: constant),
  "ConstantOfShape": Operation(inputs: 1, ["value"], fold: constantOfShape),
  "Range": Operation(inputs: 3, fold: range),
]
