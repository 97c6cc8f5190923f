// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import RecurONNX

/// Computations with the sizes of x, which is T x B x 4.
@Suite("ONNX operators that compute shapes")
struct ONNXShapeTests {
  @Test(
    "the shape, and ranges of it",
    arguments: [
      ("", "int64[3]:T,B,4"), ("start=1", "int64[2]:B,4"), ("start=-1", "int64[1]:4"),
      ("end=1", "int64[1]:T"), ("end=-1", "int64[2]:T,B"), ("end=-3", "int64[0]:"),
      ("start=1 end=2", "int64[1]:B"), ("start=-2 end=3", "int64[2]:B,4"),
      ("start=-3 end=1", "int64[1]:T"), ("start=-4", "int64[3]:T,B,4"),
      ("start=2 end=2", "int64[0]:"), ("start=2 end=1", "int64[0]:"),
      ("start=3", "int64[0]:"), ("start=9", "int64[0]:"), ("end=9", "int64[3]:T,B,4"),
      ("start=0 end=0", "int64[0]:"), ("end=-4", "int64[0]:"),
    ])
  func ranges(_ attributes: String, _ expected: String) {
    #expect(GraphText.constant("y = Shape(x) \(attributes)") == expected)
  }

  @Test(
    "with named sizes",
    arguments: [
      ("y = Size(x)", "int64[]:4*B*T"),
      ("y = Size(float[2,3]:*0)", "int64[]:6"),
      ("y = Shape(float[2,3]:*0)", "int64[2]:2,3"),
      ("y = Add(s, s)", "int64[3]:2*T,2*B,8"),
      ("y = Add(s, int64[3]:0,1,2)", "int64[3]:T,(B+1),6"),
      ("y = Add(int64[3]:0,1,2, s)", "int64[3]:T,(1+B),6"),
      ("y = Sub(s, int64[3]:0,1,6)", "int64[3]:T,(B-1),-2"),
      ("y = Sub(s, s)", "int64[3]:0,0,0"),
      ("d = Add(s, s)\ny = Sub(d, s)", "int64[3]:T,B,4"),
      ("y = Mul(s, int64[3]:0,1,3)", "int64[3]:0,B,12"),
      ("r = Gather(s, int64[3]:1,0,2)\ny = Mul(s, r)", "int64[3]:B*T,B*T,16"),
      ("y = Div(s, int64[3]:1,2,3)", "int64[3]:T,(B/2),1"),
      ("d = Mul(s, int64[3]:6,6,6)\ny = Div(d, int64[3]:3,4,4)", "int64[3]:2*T,(6*B/4),6"),
      ("y = Div(s, s)", "int64[3]:1,1,1"),
      ("y = Div(s, int64[3]:0,-1,-1)", "int64[3]:(T/0),(B/-1),(4/-1)"),
      ("y = ReduceProd(s)", "int64[1]:4*B*T"),
      ("y = ReduceSum(s) keepdims=0", "int64[]:((T+B)+4)"),
      ("y = Neg(s)", "int64[3]:(0-T),(0-B),-4"),
      ("y = Slice(s, int64[1]:0, int64[1]:2)", "int64[2]:T,B"),
      ("y = Gather(s, int64[]:-1)", "int64[]:4"),
      ("y = Cast(s) to=6", "int32[3]:T,B,4"),
      ("y = Equal(s, s)", "bool[3]:1,1,1"),
      ("y = Where(bool[3]:1,0,1, s, int64[]:7)", "int64[3]:T,7,4"),
      ("y = ConstantOfShape(s)", "float[T,B,4]:*0"),
      ("y = ConstantOfShape(s) value=int64[1]:2", "int64[T,B,4]:*2"),
      ("y = Expand(float[]:3, s)", "float[T,B,4]:*3"),
      (
        "y = Shape(k)\nk = Tanh(x)",
        "Shape \"node-Shape\" reads \"k\", which no earlier node computes"
      ),
      ("k = Tanh(x)\ny = Shape(k)", "int64[3]:T,B,4"),
      ("k = Abs(x)\ny = Shape(k)", "int64[3]:T,B,4"),
      ("k = Greater(x, float[]:0)\ny = Shape(k)", "int64[3]:T,B,4"),
      ("k = Mul(x, x)\nl = Add(k, k)\ny = Shape(l)", "int64[3]:T,B,4"),
      ("k = Abs(x)\nl = Add(k, float[]:1)\ny = Shape(l)", "int64[3]:T,B,4"),
      ("a = Transpose(x)\ny = Shape(a)", "int64[3]:4,B,T"),
    ])
  func sizes(_ text: String, _ expected: String) {
    #expect(GraphText.constant("s = Shape(x)\n" + text) == expected)
  }

  @Test(
    "of convolutions of T steps",
    arguments: [
      ("float[3,4,1]:*1)", "T"), ("float[3,4,3]:*1) pads=[1,1]", "T"),
      ("float[3,4,3]:*1) pads=[4,0] dilations=[2]", "T"), ("float[3,4,3]:*1)", "((T+-3)+1)"),
      ("float[3,4,3]:*1) pads=[2,1]", "(T+1)"), ("float[3,4,3]:*1) strides=[2]", "(((T+-3)/2)+1)"),
      ("float[3,4,2]:*1) strides=[3] dilations=[2] pads=[1,1]", "(((T+-1)/3)+1)"),
      ("float[3,4,2]:*1) auto_pad=SAME_UPPER", "T"),
      ("float[3,4,2]:*1) auto_pad=VALID", "((T+-2)+1)"),
    ])
  func convolutions(_ call: String, _ size: String) {
    #expect(
      GraphText.constant("t = Transpose(x) perm=[1,2,0]\nc = Conv(t, \(call)\ny = Shape(c)")
        == "int64[3]:B,3,\(size)")
  }

  @Test(
    "that need a size without a number are refused",
    arguments: [
      ("y = Less(s, s)", "depends on the size T, which is not known"),
      ("y = Min(s, s)", "compares the sizes T and T, which are not known"),
      (
        "u = Concat(int64[1]:1, int64[2]:2,3) axis=0\ny = Max(u, s)",
        "compares the sizes 1 and T, which are not known"
      ),
      ("y = Equal(s, int64[3]:1,2,4)", "compares the sizes T and 1, which are not known"),
      ("y = Equal(int64[3]:1,2,4, s)", "compares the sizes 1 and T, which are not known"),
      ("y = Cast(s) to=9", "depends on the size T, which is not known"),
      ("y = Cast(s) to=1", "depends on the size T, which is not known"),
      ("y = Range(int64[]:0, s, int64[]:1)", "depends on the size T, which is not known"),
    ])
  func open(_ text: String, _ reason: String) {
    let name = GraphText(text).operatorName
    #expect(
      GraphText.constant("s = Shape(x)\n" + text)
        == "\(name) \"node-\(name)\": \(reason); give the size of T: sizes: [\"T\": N], "
        + "or --size T=N of the command")
  }

  @Test(
    "of shapes that cannot be",
    arguments: [
      (
        "z = ConstantOfShape(s)\ny = Neg(z)",
        "has a constant of the shape [T, B, 4], whose sizes are not known"
      ),
      ("y = Expand(int64[]:3, s)", "repeats a constant T times"),
      ("y = Expand(float[2]:3,4, s)", "repeats a constant T times"),
      ("n = Mul(s, int64[1]:-1)\ny = ConstantOfShape(n)", "has the shape [-1*T, -1*B, -4]"),
      ("m = ReduceMean(x) axes=[2]\ny = Shape(m)", "reads a tensor of unknown shape"),
      ("m = ReduceMean(x) axes=[2]\ny = Size(m)", "reads a tensor of unknown shape"),
      ("m = ReduceMean(x) axes=[2]\ny = Gather(m, int64[]:0)", "reads a tensor of unknown shape"),
      ("m = ReduceMean(x) axes=[2]\ny = Transpose(m)", "reads a part of a layer normalization"),
    ])
  func impossible(_ text: String, _ reason: String) {
    let name = GraphText(text).operatorName
    let found = GraphText.constant("s = Shape(x)\n" + text)
    #expect(found.hasPrefix("\(name) \"node-\(name)\": \(reason)"), "\(found)")
  }
}
