// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import RecurONNX
import Testing

@Suite("ONNX operators in forms that have no layer are refused with the reason")
struct ONNXRefusedLayerTests {
  /// The reason why the last node is refused. x is T x B x 4, and k has T x B tokens.
  private func check(_ text: String, _ reason: String, opset: UInt64 = 17) {
    let text = (text.hasPrefix("x:") ? "" : "x: float[T,B,4]\nk: int64[T,B]\n") + text
    let name = GraphText(text).operatorName
    let found = GraphText.message(text, opset: opset)
    #expect(found == reason || found == "\(name) \"node-\(name)\": \(reason)", "\(found)")
  }

  @Test(
    "arithmetic",
    arguments: [
      ("y = Add(k, int64[2]:1,2)", "adds numbers to tokens"),
      ("y = Add(k, x)", "reads tokens, which only Gather can"),
      (
        "a = Reshape(x, int64[2]:-1,4)\ny = Add(a, x)",
        "combines values of the shapes [1, B*T, 4] and [T, B, 4]"
      ),
      (
        "a = ReduceMax(x) axes=[0]\ny = Mul(a, x)",
        "combines values of the shapes [1, B, 4] and [T, B, 4]"
      ),
      (
        "a = ReduceMax(x) axes=[0]\nb = Mul(a, a)\nc = Mul(x, x)\nd = Add(b, c)\ny = Sqrt(d)",
        "combines values of the shapes [1, B, 4] and [T, B, 4]"
      ),
      (
        "a = Slice(x, int64[1]:0, int64[1]:2, int64[1]:2)\ny = Sub(x, a)",
        "combines values of the shapes [T, B, 4] and [T, B, 2]"
      ),
      (
        "a = Tanh(x)\ny = Div(x, a)",
        "divides by a value, which is supported only for constants and normalizations"
      ),
      (
        "y = Div(float[]:1, x)",
        "divides by a value, which is supported only for constants and normalizations"
      ),
      (
        "a = Abs(x)\nb = Add(a, float[]:1)\nc = Tanh(x)\ny = Div(c, b)",
        "divides by a value, which is supported only for constants and normalizations"
      ),
      (
        "a = Abs(x)\nb = Add(a, float[]:2)\ny = Div(x, b)",
        "Add \"node-Add\": reads an absolute value, which Recur computes only as a part of a layer"
      ),
      (
        "y = Reciprocal(x)",
        "divides by a value, which is supported only for constants and normalizations"
      ),
      ("y = Pow(x, float[1]:2.5)", "has the exponent [2.5], expected 2 or 3"),
      ("y = Pow(x, x)", "has an input 2 that depends on the model's inputs, expected a constant"),
      (
        "y = Min(x, x)",
        "depends on the model's inputs, and is supported only for constants; the argument constants "
          + "gives values of inputs that stay the same"
      ),
      (
        "a = Softplus(x)\nb = Greater(x, float[]:17.5)\ny = Where(b, x, a)",
        "chooses between values, which is supported only for Softplus"
      ),
      (
        "a = Softplus(x)\nb = Greater(x, float[]:20)\ny = Where(b, a, x)",
        "chooses between values, which is supported only for Softplus"
      ),
      (
        "a = Tanh(x)\nb = Greater(x, float[]:20)\ny = Where(b, x, a)",
        "chooses between values, which is supported only for Softplus"
      ),
      (
        "c = Tanh(x)\na = Softplus(c)\nb = Greater(x, float[]:20)\ny = Where(b, x, a)",
        "chooses between values, which is supported only for Softplus"
      ),
      (
        "c = Tanh(x)\na = Softplus(x)\nb = Greater(c, float[]:20)\ny = Where(b, x, a)",
        "chooses between values, which is supported only for Softplus"
      ),
      ("y = Greater(x, float[2]:1,2)", "has a constant of the shape [2], expected one value"),
      ("y = Less(x, float[]:1)", "compares values"), ("y = Not(x)", "negates values"),
      ("y = Not(k)", "negates values"),
    ])
  func arithmetic(_ text: String, _ reason: String) { check(text, reason) }

  @Test(
    "activations and normalizations",
    arguments: [
      ("y = Clip(x, float[]:1)", "clips from 1.0 to ∞, expected two limits"),
      ("y = Clip(x, , float[]:1)", "clips from -∞ to 1.0, expected two limits"),
      ("y = Clip(x, float[]:1, float[]:1)", "clips from 1.0 to 1.0, expected two limits"),
      ("y = Clip(x, float[]:0, double[]:inf)", "clips from 0.0 to inf, expected two limits"),
      ("y = Clip(x, double[]:-inf, float[]:0)", "clips from -inf to 0.0, expected two limits"),
      (
        "a = Reshape(x, int64[4]:0,0,2,2)\ny = PRelu(a, float[2,2]:1,2,3,4)",
        "has other slopes at other positions"
      ),
      (
        "a = Reshape(x, int64[4]:0,0,2,2)\ny = LayerNormalization(a, float[2,2]:1,2,3,4)",
        "has other constants at other positions"
      ),
      (
        "y = LayerNormalization(x, float[4]:1,2,3,4) stash_type=0",
        "has another stash_type than 1"
      ),
      (
        "y = LayerNormalization(x, float[4]:1,2,3,4) epsilon=1",
        "has the attribute epsilon of another type, expected a finite number"
      ),
      (
        "x: float[B,4,T]\ny = BatchNormalization(x, float[4]:1,2,3,4, float[4]:1,2,3,4, "
          + "float[4]:1,2,3,4, float[4]:1,2,3,4) training_mode=1",
        "is in training mode or not over channels"
      ),
      (
        "x: float[B,4,T]\ny = BatchNormalization(x, float[4]:1,2,3,4, float[4]:1,2,3,4, "
          + "float[4]:1,2,3,4, float[4]:1,2,3,4) spatial=0",
        "is in training mode or not over channels"
      ),
      (
        "x: float[B,4,T]\ny = BatchNormalization(x, float[4]:1,2,3,4, float[4]:1,2,3,4, "
          + "float[3]:1,2,3, float[4]:1,2,3,4)",
        "has constants of another number of channels than 4"
      ),
      (
        "x: float[B]\ny = BatchNormalization(x, float[1]:1, float[1]:1, float[1]:1, float[1]:1)",
        "reads a state, which only a recurrent network can"
      ),
      (
        "a = Reshape(x, int64[4]:0,0,2,2)\ny = Softmax(a) axis=2",
        "has the axis 2 of positions, expected channels"
      ),
      ("y = Softmax(x) axis=1", "has the axis 1 of sequences, expected channels"),
      (
        "y = Elu(x) alpha=[1.0]",
        "has the attribute alpha of another type, expected a finite number"
      ),
      (
        "y = Elu(x) alpha=inf",
        "has the attribute alpha of another type, expected a finite number"
      ),
      ("y = Softmax(x) axis=1.5", "has the attribute axis of another type, expected an integer"),
      (
        "y = Gelu(x) approximate=1",
        "has the attribute approximate of another type, expected a string"
      ),
      (
        "y = Transpose(x) perm=1",
        "has the attribute perm of another type, expected a list of integers"
      ),
      (
        "y = Transpose(x) perm=1.5",
        "has the attribute perm of another type, expected a list of integers"
      ),
    ])
  func activations(_ text: String, _ reason: String) { check(text, reason) }

  @Test("a softmax of earlier versions is over all later axes")
  func softmaxOverSeveralAxes() {
    check("y = Softmax(x)", "is over several axes", opset: 12)
    check("y = Softmax(x) axis=2", "no error", opset: 12)
    check("y = Softmax(x)", "no error", opset: 13)
  }

  @Test(
    "reductions",
    arguments: [
      ("y = ReduceMean(x)", "reduces sequences, expected steps"),
      ("y = ReduceMax(x) axes=[1]", "no error"),
      ("y = ReduceMax(x) axes=[0,0]", "has an axis twice: [0, 0]"),
      ("y = ReduceMean(x) axes=[3]", "has the axis 3 of 3"),
      ("y = ReduceMean(x) axes=[-4]", "has the axis -4 of 3"),
      ("x: float[B,4]\ny = GlobalAveragePool(x)", "has 2 axes, expected at least 3"),
      ("y = ReduceMean(x) axes=[2] keepdims=0", "reduces channels, expected steps"),
      (
        "y = ReduceSum(x)",
        "depends on the model's inputs, and is supported only for constants; the argument constants "
          + "gives values of inputs that stay the same"
      ),
    ])
  func reductions(_ text: String, _ reason: String) { check(text, reason) }

  @Test(
    "products",
    arguments: [
      ("y = MatMul(x, int64[4,2]:*1)", "has a constant of the shape [4, 2], expected a matrix"),
      ("y = MatMul(x, float[4]:*1)", "has a constant of the shape [4], expected a matrix"),
      (
        "y = MatMul(x, float[2,4,2]:*1)", "has a constant of the shape [2, 4, 2], expected a matrix"
      ),
      ("y = MatMul(x, float[4,0]:*1)", "multiplies [T, B, 4] by a matrix of 4 x 0"),
      ("y = MatMul(x, float[5,4]:*1)", "multiplies [T, B, 4] by a matrix of 5 x 4"),
      ("x: float[5,2,4]\na = Transpose(x) perm=[1,2,0]\ny = MatMul(a, float[5,2]:*1)", "no error"),
      (
        "a = Reshape(x, int64[4]:0,0,2,2)\nb = Transpose(a) perm=[0,1,3,2]\n"
          + "y = MatMul(b, float[2,2]:*1)", "sums over positions, but there are other columns"
      ),
      ("x: float[B,4]\ny = Gemm(x, float[4,2]:*1) transA=1", "has a transposed first input"),
      (
        "x: float[B,4]\ny = Gemm(x, int64[4,2]:*1)",
        "has inputs of ranks 2 and 2, expected 2"
      ),
      (
        "x: float[B,4]\ny = Gemm(x, float[1,4,2]:*1)",
        "has inputs of ranks 2 and 3, expected 2"
      ),
      ("x: float[B,4]\ny = Gemm(x, float[2,4]:*1)", "multiplies [B, 4] by a matrix of 2 x 4"),
      (
        "x: float[B,4]\ny = Gemm(x, float[4,2]:*1) transB=1",
        "multiplies [B, 4] by a matrix of 2 x 4"
      ),
      (
        "x: float[B,4]\ny = Gemm(x, float[4,2]:*1, float[3]:*1)",
        "combines [B, 2] with a constant of the shape [3]"
      ),
    ])
  func products(_ text: String, _ reason: String) { check(text, reason) }

  private static let signal = "x: float[B,4,T]\n"

  @Test(
    "convolutions and padding",
    arguments: [
      ("y = Pad(x)", "has no pads"),
      ("y = Pad(x, int64[2]:1,1, , int64[2]:0,1)", "has 2 pads of 2 axes"),
      ("y = Pad(x, int64[2]:1,1, , int64[1]:3)", "has the axis 3 of 3"),
      ("y = Pad(x, int64[6]:1,0,0,0,0,16777216)", "has the pads [1, 0, 0, 0, 0, 16777216]"),
      (
        "y = Pad(x, int64[6]:1,0,1,0,0,0)",
        "pads [\"steps\", \"channels\"], expected steps or "
          + "positions"
      ),
      (
        "p = Pad(x, int64[6]:1,0,0,0,0,0)\ny = Pad(p, int64[6]:1,0,0,0,0,0)",
        "pads [\"steps\"], expected steps or positions"
      ),
      ("y = Pad(x, int64[6]:1,0,0,0,0,0, float[]:1)", "pads with 1.0, expected 0"),
      ("y = Pad(x, int64[6]:1,0,0,0,0,0) value=0.5", "pads with 0.5, expected 0"),
      (
        "p = Pad(x, int64[6]:1,0,0,0,0,0)\ny = Tanh(p)",
        "reads the result of Pad, which only Conv can"
      ),
      (
        "y = Pad(x, int64[6]:1,0,0,0,0,0)",
        "output \"y\" is padded, or is an input of tokens"
      ),
      (
        "p = Pad(x, int64[6]:1,0,0,0,0,0)\ny = Concat(p, p) axis=2", "joins values of several kinds"
      ),
      (
        "p = Pad(x, int64[6]:1,0,0,0,0,0)\ny = Slice(p, int64[1]:0, int64[1]:2, int64[1]:2)",
        "selects elements of tokens or of padded values"
      ),
      (
        signal
          + "p = Pad(x, int64[6]:0,0,1,0,0,0)\ny = Slice(p, int64[1]:0, int64[1]:1, int64[1]:2)",
        "selects one element of an axis of unknown size that is not steps"
      ),
      (
        signal + "p = Pad(x, int64[6]:0,0,1,0,0,1) mode=edge\n"
          + "y = Conv(p, float[3,4,3]:*1) pads=[1,0]",
        "pads a value that is already padded by other values"
      ),
      (
        signal + "p = Pad(x, int64[6]:1,0,0,0,0,0)\ny = Conv(p, float[3,4,3]:*1)",
        "reads a value that is padded along another axis"
      ),
      (
        signal + "y = Conv(x, float[3,4,3]:*1) strides=[0]",
        "has attributes that do not fit its weight of the shape [3, 4, 3]"
      ),
      (
        signal + "y = Conv(x, float[3,4,3]:*1) dilations=[0]",
        "has attributes that do not fit its weight of the shape [3, 4, 3]"
      ),
      (
        signal + "y = Conv(x, float[3,4,3]:*1) strides=[16777216]",
        "has attributes that do not fit its weight of the shape [3, 4, 3]"
      ),
      (
        signal + "y = Conv(x, float[3,4,3]:*1) strides=[1,1]",
        "has attributes that do not fit its weight of the shape [3, 4, 3]"
      ),
      (
        signal + "y = Conv(x, float[3,4,3]:*1) dilations=[1,1]",
        "has attributes that do not fit its weight of the shape [3, 4, 3]"
      ),
      (
        signal + "y = Conv(x, float[3,4,3]:*1) kernel_shape=[4]",
        "has attributes that do not fit its weight of the shape [3, 4, 3]"
      ),
      (
        signal + "y = Conv(x, float[3,4,3]:*1) pads=[1]",
        "has attributes that do not fit its weight of the shape [3, 4, 3]"
      ),
      (
        signal + "y = Conv(x, float[3,4,3]:*1) pads=[-1,1]",
        "has attributes that do not fit its weight of the shape [3, 4, 3]"
      ),
      (
        signal + "y = Conv(x, float[3,4,3]:*1) pads=[1,16777216]",
        "has attributes that do not fit its weight of the shape [3, 4, 3]"
      ),
      (signal + "y = Conv(x, float[3,4,3]:*1) kernel_shape=[3] pads=[1,1] strides=[1]", "no error"),
      (signal + "y = Conv(x, float[3,4,3]:*1) group=0", "has 0 groups"),
      (signal + "y = Conv(x, float[3,4,3]:*1) group=4", "has 4 groups"),
      (
        signal + "y = Conv(x, float[3,2,3]:*1)",
        "has a weight for another number of channels than 4"
      ),
      (signal + "y = Conv(x, float[3,4,3]:*1, float[2]:*1)", "has a bias of 2 elements"),
      (signal + "y = Conv(x, float[3,4,0]:*1)", "has inputs of ranks 3 and 3"),
      ("x: float[B,4]\ny = Conv(x, float[3,4]:*1)", "has inputs of ranks 2 and 2"),
      ("x: float[B,4,1,T]\ny = Conv(x, float[3,4,2,3]:*1) pads=[1,0,0,0]", "is over several axes"),
      ("x: float[B,4,1,T]\ny = Conv(x, float[3,4,1,3]:*1) pads=[1,0,0,0]", "is over several axes"),
      (
        "x: float[T,1,8]\ny = Conv(x, float[3,1,9]:*1)",
        "has a kernel that is larger than its input"
      ),
      ("x: float[T,1,8]\ny = Conv(x, float[3,1,8]:*1)", "no error"),
      (
        "x: float[T,1,8]\ny = Conv(x, float[3,1,3]:*1) dilations=[4]",
        "has a kernel that is larger than its input"
      ),
    ])
  func convolutions(_ text: String, _ reason: String) { check(text, reason) }

  @Test("paddings, strides and dilations end before 16777216")
  func largestNumbers() {
    check(
      Self.signal + "p = Pad(x, int64[6]:0,0,16777215,0,0,0)\ny = Conv(p, float[3,4,3]:*1)",
      "no error")
    for attribute in ["strides=[16777215]", "dilations=[16777215]", "pads=[0,16777215]"] {
      check(Self.signal + "y = Conv(x, float[3,4,1]:*1) \(attribute)", "no error")
    }
  }

  @Test(
    "rearrangements",
    arguments: [
      ("y = Squeeze(x)", "removes the axes of size 1 from [T, B, 4], expected axes"),
      ("y, b = Split(x) axis=0", "splits an axis of unknown size"),
      ("y = Gather(x, int64[0]:) axis=2", "selects no elements"),
      ("y = Gather(x, int64[1]:1)", "selects element 1 of an axis of size T"),
      ("y = Gather(x, int64[2]:0,1)", "selects element 0 of an axis of size T"),
      ("y = Gather(x, int64[3]:0,1,3) axis=2", "selects elements in an irregular order"),
      ("y = Gather(x, int64[2]:1,1) axis=2", "selects elements in an irregular order"),
      ("y = Gather(x, int64[2]:0,2) axis=2", "selects 2 elements with step 2, expected step 1"),
      ("y = Gather(x, int64[2]:1,0) axis=2", "selects 2 elements with step -1, expected step 1"),
      ("y = Gather(x, int64[1]:-5) axis=2", "selects an element out of range"),
      (
        "y = Slice(x, int64[1]:3, int64[1]:2, int64[1]:2)",
        "selects 0 elements with step 1, expected step 1"
      ),
      ("y = Gather(float[3,2]:*1, x)", "selects elements by features, expected tokens"),
      (
        "y = Gather(int64[3,2]:*1, k)",
        "selects from a table of the shape [3, 2], expected rows of "
          + "a matrix"
      ),
      (
        "y = Gather(float[3]:*1, k)",
        "selects from a table of the shape [3], expected rows of a "
          + "matrix"
      ),
      (
        "y = Gather(float[3,2]:*1, k) axis=1",
        "selects from a table of the shape [3, 2], expected "
          + "rows of a matrix"
      ),
      (
        "y = Gather(float[0,2]:*1, k)",
        "selects from a table of the shape [0, 2], expected rows of "
          + "a matrix"
      ),
      (
        "y = Gather(float[3,0]:*1, k)",
        "selects from a table of the shape [3, 0], expected rows of "
          + "a matrix"
      ),
      ("y = Gather(float[3,2]:*1, k) axis=-2", "no error"),
      (
        "a = Gather(float[3,2]:*1, k)\nb = Gather(float[4,2]:*1, k)\ny = Add(a, b)",
        "Gather \"node-Gather\": reads the same tokens as an embedding with another number of rows"
      ),
      ("a = Gather(float[3,2]:*1, k)\nb = Gather(float[3,2]:*2, k)\ny = Add(a, b)", "no error"),
      ("y = Reshape(x, int64[1]:-1)", "no error"),
      ("y = Reshape(x, int64[5]:0,0,2,2,2)", "reshapes [T, B, 4] to [T, B, 2, 2, 2]"),
      (
        "x: float[T,B,8]\ny = Reshape(x, int64[5]:0,0,2,2,2)",
        "reshapes [T, B, 8] to [T, B, 2, 2, 2]"
      ),
      ("y = Reshape(x, int64[2]:0,0)", "reshapes [T, B, 4] to [T, B]"),
      (
        "y = Concat(x, x) axis=1",
        "joins sequences, which is supported only for channels and "
          + "positions"
      ),
      (
        "a = Tanh(x)\ny = Concat(x, a) axis=0",
        "joins steps, which is supported only for channels "
          + "and positions"
      ),
      ("a = Unsqueeze(x, int64[1]:0)\ny = Concat(x, a) axis=2", "joins values of several kinds"),
      (
        "a = ReduceMax(x) axes=[0]\ny = Concat(x, a) axis=2",
        "joins values with different axes or numbers of steps"
      ),
      ("y = Concat(k, k) axis=0", "joins values of several kinds"),
      (
        "a = Reshape(x, int64[4]:0,0,2,2)\nb = Slice(a, int64[1]:0, int64[1]:1, int64[1]:2)\n"
          + "c = Reshape(x, int64[4]:0,0,1,4)\ny = Concat(b, c) axis=2",
        "joins an axis of size 1, which is supported only for channels and positions"
      ),
      ("y = Expand(x, int64[1]:5)", "repeats values, which is supported only for constants"),
      ("y = Expand(x, int64[3]:1,1,2)", "repeats values, which is supported only for constants"),
      ("y = Cast(x) to=7", "converts values to int64, which is not supported"),
      ("y = Cast(x) to=10", "converts values to float16, which is not supported"),
      ("y = Cast(k) to=3", "converts values to int8, which is not supported"),
      ("y = Cast(k) to=11", "converts values to double, which is not supported"),
      ("y = Dropout(x, float[]:0.5, bool[]:1)", "is in training mode"),
    ])
  func rearrangements(_ text: String, _ reason: String) { check(text, reason) }

  @Test(
    "tokens are converted only to integers that have them all",
    arguments: [("6", "no error"), ("7", "no error"), ("12", "no error"), ("13", "no error")])
  func tokenTypes(_ type: String, _ reason: String) {
    check("a = Cast(k) to=\(type)\ny = Gather(float[3,2]:*1, a)", reason)
  }

  /// Values that only a layer as a whole can have.
  @Test(
    "parts of layers are named",
    arguments: [
      ("y = Abs(x)", "an absolute value"),
      ("a = Abs(x)\ny = Add(a, float[]:1)", "an absolute value"),
      ("y = Greater(x, float[]:1)", "a comparison"),
      ("a = Mul(x, x)\nb = Mul(x, x)\ny = Add(a, b)", "a sum of squares"),
      ("y = ReduceMean(x) axes=[2]", "a part of a layer normalization"),
      ("y = Cast(k) to=1", "a part of an index"),
    ])
  func parts(_ text: String, _ words: String) {
    check(text, "output \"y\" is \(words), which Recur computes only as a part of a layer")
    check(
      text.replacing("y = ", with: "v = ") + "\ny = Tanh(v)",
      "reads \(words), which Recur computes only as a part of a layer")
  }
}
