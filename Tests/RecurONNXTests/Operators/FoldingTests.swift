// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import RecurONNX

@Suite("ONNX operators of constants")
struct ONNXFoldingTests {
  @Test(
    "of two numbers",
    arguments: [
      ("Add(int64[2,1]:1,-2, int64[3]:10,20,30)", "int64[2,3]:11,21,31,8,18,28"),
      ("Add(int64[3]:10,20,30, int64[2,1]:1,-2)", "int64[2,3]:11,21,31,8,18,28"),
      ("Add(float[2]:0.5,1, float[2]:0.25,-3)", "float[2]:0.75,-2"),
      ("Add(double[]:1.5, double[]:2)", "double[]:3.5"),
      ("Sub(int32[2]:7,0, int32[]:3)", "int32[2]:4,-3"),
      ("Sub(float[2]:7,0.5, float[2]:3,2)", "float[2]:4,-1.5"),
      ("Mul(int64[2]:7,-2, int64[]:3)", "int64[2]:21,-6"),
      ("Mul(float[2]:7,-2, float[]:0.5)", "float[2]:3.5,-1"),
      ("Div(int64[4]:7,-7,6,-1, int64[4]:2,2,3,2)", "int64[4]:3,-3,2,0"),
      ("Div(float[3]:7,-7,1, float[3]:2,2,0)", "float[3]:3.5,-3.5,inf"),
      ("Min(int64[3]:1,5,-2, int64[3]:2,4,-2)", "int64[3]:1,4,-2"),
      ("Max(int64[3]:1,5,-2, int64[3]:2,4,-2)", "int64[3]:2,5,-2"),
      ("Min(float[2]:1,5.5, float[2]:2.5,4)", "float[2]:1,4"),
      ("Max(float[2]:1,5.5, float[2]:2.5,4)", "float[2]:2.5,5.5"),
      ("Add(int64[2]:1,2, float[]:1)", "has inputs of two types"),
      ("Add(float[2]:1,2, int64[]:1)", "has inputs of two types"),
      ("Add(int64[2]:1,2, int64[3]:1,2,3)", "cannot broadcast the shapes [2] and [3]"),
      (
        "Add(int64[2,2]:1,2,3,4, int64[3,1]:1,2,3)", "cannot broadcast the shapes [2, 2] and [3, 1]"
      ),
    ])
  func arithmetic(_ call: String, _ expected: String) { check(call, expected) }

  @Test(
    "of one number",
    arguments: [
      ("Sqrt(float[3]:4,0.25,0)", "float[3]:2,0.5,0"),
      ("Reciprocal(double[2]:4,-0.5)", "double[2]:0.25,-2"),
      ("Abs(float[3]:-4,0.5,0)", "float[3]:4,0.5,0"),
      ("Neg(float[2]:-4,0.5)", "float[2]:4,-0.5"),
      ("Neg(int64[2,1]:-4,5)", "int64[2,1]:4,-5"),
      ("Floor(float[4]:-1.5,1.5,2,-2)", "float[4]:-2,1,2,-2"),
      ("Ceil(float[4]:-1.5,1.5,2,-2)", "float[4]:-1,2,2,-2"),
      ("Sqrt(int64[1]:4)", "has an input of integers"),
      (
        "Pow(float[1]:4, float[]:2)",
        "has a constant input 1, expected one that depends on the "
          + "model's inputs"
      ),
    ])
  func functions(_ call: String, _ expected: String) { check(call, expected) }

  /// Each comparison of 1 and 2, 2 and 2, 3 and 2, 0 and 0, 0 and 2, 2 and 0, with its results.
  @Test(
    "that compare",
    arguments: [
      ("Equal", "0,1,0,1,0,0"), ("Greater", "0,0,1,0,0,1"), ("GreaterOrEqual", "0,1,1,1,0,1"),
      ("Less", "1,0,0,0,1,0"), ("LessOrEqual", "1,1,0,1,1,0"), ("And", "1,1,1,0,0,0"),
      ("Or", "1,1,1,0,1,1"),
    ])
  func comparisons(_ name: String, _ expected: String) {
    for type in ["int64", "float", "double", "int8"] {
      check("\(name)(\(type)[6]:1,2,3,0,0,2, \(type)[6]:2,2,2,0,2,0)", "bool[6]:\(expected)")
    }
  }

  @Test(
    "that compare: signs, shapes and types",
    arguments: [
      ("Less(float[2,1]:-1.5,2.5, float[2]:-1.25,2)", "bool[2,2]:1,1,0,0"),
      ("Greater(int64[1,2]:-2,3, int64[2,1]:-1,-3)", "bool[2,2]:0,1,1,1"),
      ("Equal(float[3]:1,2,-0, float[]:0)", "bool[3]:0,0,1"),
      ("Equal(bool[2]:1,0, bool[2]:1,1)", "bool[2]:1,0"),
      ("Not(bool[2]:1,0)", "bool[2]:0,1"),
      ("Not(bool[2,1]:0,0)", "bool[2,1]:1,1"),
      ("Not(float[1]:0)", "has a constant of floating-point numbers, expected integers"),
      (
        "Less(int64[1]:0, float[1]:1)",
        "has a constant of floating-point numbers, expected integers"
      ),
    ])
  func moreComparisons(_ call: String, _ expected: String) { check(call, expected) }

  @Test(
    "that choose",
    arguments: [
      ("Where(bool[3]:1,0,1, int64[3]:1,2,3, int64[3]:4,5,6)", "int64[3]:1,5,3"),
      ("Where(bool[3]:1,0,1, float[3]:1,2,3.5, float[3]:4,5,6)", "float[3]:1,5,3.5"),
      ("Where(bool[2,1]:1,0, int64[2]:1,2, int64[]:4)", "int64[2,2]:1,2,4,4"),
      ("Where(bool[2,1]:1,0, float[]:1, float[2]:4,5)", "float[2,2]:1,1,4,5"),
    ])
  func choices(_ call: String, _ expected: String) { check(call, expected) }

  @Test(
    "that create constants",
    arguments: [
      ("Constant() value=int64[2]:3,4", "int64[2]:3,4"),
      ("Constant() value_float=0.5", "float[]:0.5"),
      ("Constant() value_floats=[0.5,1.0,-2.0]", "float[3]:0.5,1,-2"),
      ("Constant() value_int=7", "int64[]:7"),
      ("Constant() value_ints=[7,-8]", "int64[2]:7,-8"),
      ("Constant() value=3", "has no tensor"),
      ("Constant()", "has 0 values, expected one"),
      ("Constant() value_int=1 value_float=1.0", "has 2 values, expected one"),
      ("ConstantOfShape(int64[2]:2,3)", "float[2,3]:*0"),
      ("ConstantOfShape(int64[1]:0)", "float[0]:*0"),
      ("ConstantOfShape(int64[2]:2,3) value=int64[1]:7", "int64[2,3]:*7"),
      ("ConstantOfShape(int64[8]:1,1,1,1,1,1,1,2)", "float[1,1,1,1,1,1,1,2]:*0"),
      (
        "ConstantOfShape(int64[9]:1,1,1,1,1,1,1,1,1)",
        "has the shape [1, 1, 1, 1, 1, 1, 1, 1, 1]"
      ),
      ("ConstantOfShape(int64[2]:2,-1)", "has the shape [2, -1]"),
      ("ConstantOfShape(int64[1,2]:2,1)", "has the shape [2, 1]"),
      (
        "ConstantOfShape(int64[1]:2) value=float[2]:7,8",
        "has a constant of the shape [2], "
          + "expected one value"
      ),
      ("Range(int64[]:1, int64[]:6, int64[]:2)", "int64[3]:1,3,5"),
      ("Range(int64[]:1, int64[]:7, int64[]:2)", "int64[3]:1,3,5"),
      ("Range(int64[1]:5, int64[1]:1, int64[1]:-1)", "int64[4]:5,4,3,2"),
      ("Range(int64[]:5, int64[]:1, int64[]:1)", "int64[0]:"),
      ("Range(int64[]:5, int64[]:6, int64[]:0)", "has the step 0"),
      ("Range(int64[]:0, int64[]:16384, int64[]:1)", "has the step 1"),
      ("Range(int64[]:16384, int64[]:0, int64[]:-1)", "has the step -1"),
      ("Range(int64[]:2147483647, int64[]:2147483648, int64[]:1)", "has a limit out of range"),
      ("Range(int64[]:2147483646, int64[]:2147483647, int64[]:1)", "int64[1]:2147483646"),
      ("Range(int64[2]:1,2, int64[]:6, int64[]:2)", "has a limit out of range"),
      ("Range(float[]:1, float[]:6, float[]:2)", "has floating-point numbers"),
    ])
  func constants(_ call: String, _ expected: String) { check(call, expected) }

  @Test("lists of integers have a limit")
  func longLists() {
    let list = (0..<16_384).map { "\($0 % 3)" }.joined(separator: ",")
    #expect(
      GraphText.constant("a = Constant() value_ints=[\(list)]\ny = ReduceSum(a)")
        == "int64[1]:16383")
    check("Constant() value_ints=[\(list),1]", "has 16385 integers, which is too many")
    #expect(
      GraphText.constant(
        "a = Range(int64[]:0, int64[]:16383, int64[]:1)\ny = Slice(a, int64[1]:-1, int64[1]:99999)")
        == "int64[1]:16382")
  }

  @Test(
    "that reduce",
    arguments: [
      ("ReduceProd(int64[3]:2,-3,4)", "int64[1]:-24"),
      ("ReduceProd(int64[3]:2,-3,4) keepdims=0", "int64[]:-24"),
      ("ReduceProd(int64[3]:2,-3,4) axes=[0] keepdims=1", "int64[1]:-24"),
      ("ReduceSum(int32[3]:2,-3,4, int64[1]:-1) keepdims=0", "int32[]:3"),
      ("ReduceSum(int64[3]:2,-3,4)", "int64[1]:3"),
      ("ReduceSum(int64[0]:)", "int64[1]:0"),
      ("ReduceProd(int64[0]:)", "int64[1]:1"),
      ("ReduceSum(float[2]:1,2)", "reduces constants that are not a list of integers"),
      ("ReduceSum(int64[2]:1,2) axes=[1]", "has the axis 1 of 1"),
      ("ReduceSum(int64[2]:1,2, int64[0]:)", "reduces constants that are not a list of integers"),
      ("ReduceSum(int64[1,2]:1,2)", "reduces a constant of the shape [1, 2]"),
    ])
  func reductions(_ call: String, _ expected: String) { check(call, expected) }

  @Test(
    "that convert",
    arguments: [
      ("Cast(float[4]:1.75,-1.75,0,0.5) to=7", "int64[4]:1,-1,0,0"),
      ("Cast(float[3]:1.75,0,-0.5) to=9", "bool[3]:1,0,1"),
      ("Cast(int64[3]:2,0,-1) to=9", "bool[3]:1,0,1"),
      ("Cast(int64[2]:2,-1) to=6", "int32[2]:2,-1"),
      ("Cast(int64[2]:2,-1) to=1", "float[2]:2,-1"),
      ("Cast(int64[2,1]:2,-1) to=11", "double[2,1]:2,-1"),
      ("Cast(float[2]:2,-1.5) to=11", "double[2]:2,-1.5"),
      ("Cast(double[2]:2,-1.5) to=1", "float[2]:2,-1.5"),
      ("Cast(double[1]:1e30) to=7", "converts 1e+30 to an integer"),
      ("Cast(double[1]:nan) to=7", "converts nan to an integer"),
      ("Cast(float[1]:1) to=8", "has the type 8, which is not supported"),
      ("Cast(float[1]:1)", "has the type 0, which is not supported"),
    ])
  func conversions(_ call: String, _ expected: String) { check(call, expected) }

  @Test(
    "that convert one number at all places",
    arguments: [
      ("int64[2]:3,2", "", "to=7", "int64[3,2]:0,0,0,0,0,0"),
      ("int64[2]:3,2", "value=float[1]:1.5", "to=11", "double[3,2]:*1.5"),
      ("int64[1]:2", "value=float[1]:1.5", "to=7", "int64[2]:1,1"),
      ("int64[1]:2", "value=int64[1]:5", "to=7", "int64[2]:*5"),
      ("int64[1]:2", "value=int64[1]:5", "to=1", "float[2]:*5"),
      ("int64[1]:2", "value=int64[1]:5", "to=9", "bool[2]:1,1"),
      ("int64[1]:2", "value=int64[1]:5", "to=6", "int32[2]:5,5"),
    ])
  func filledConversions(_ shape: String, _ value: String, _ to: String, _ expected: String) {
    #expect(
      GraphText.constant("a = ConstantOfShape(\(shape)) \(value)\ny = Cast(a) \(to)") == expected)
  }

  @Test(
    "that repeat",
    arguments: [
      ("Expand(float[2,1]:1,2, int64[2]:1,3)", "float[2,3]:1,1,1,2,2,2"),
      ("Expand(float[2]:1,2, int64[2]:2,1)", "float[2,2]:1,2,1,2"),
      ("Expand(int64[2]:1,2, int64[2]:2,1)", "int64[2,2]:1,2,1,2"),
      ("Expand(int64[1]:5, int64[2]:2,1)", "int64[2,1]:5,5"),
      ("Expand(float[1]:5, int64[2]:2,1)", "float[2,1]:*5"),
      ("Expand(float[1,1,1]:5, int64[1]:2)", "float[1,1,2]:*5"),
      ("Expand(float[]:5, int64[1]:2)", "float[2]:*5"),
      ("Expand(float[2]:1,2, int64[1]:-1)", "expands to the shape [-1]"),
      ("Expand(float[2]:1,2, int64[1]:3)", "cannot broadcast the shapes [2] and [3]"),
      ("Expand(float[1]:1, int64[8]:1,1,1,1,1,1,1,2)", "float[1,1,1,1,1,1,1,2]:*1"),
      (
        "Expand(float[1]:1, int64[9]:1,1,1,1,1,1,1,1,1)",
        "expands to the shape [1, 1, 1, 1, 1, 1, 1, 1, 1]"
      ),
    ])
  func expansions(_ call: String, _ expected: String) { check(call, expected) }

  private func check(_ call: String, _ expected: String) {
    let text = "y = \(call)"
    let name = GraphText(text).operatorName
    let found = GraphText.constant(text)
    #expect(found == expected || found == "\(name) \"node-\(name)\": \(expected)", "\(found)")
  }
}
