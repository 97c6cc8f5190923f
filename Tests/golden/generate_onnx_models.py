"""Writes the models in onnx/ and onnx/models.json: ONNX models of PyTorch's two exporters and of
onnx.helper, with inputs and the outputs of ONNX Runtime on the CPU, in float32. README.md describes
how to run it.

The outputs of a model with the attribute layout = 1, which ONNX Runtime does not support, are those
of the ReferenceEvaluator of the onnx package.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import json
import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator
from torch import nn

from values import flat

FOLDER = Path(__file__).parent / "onnx"
SEED = 20261129


class Network(nn.Module):
    """A recurrent network and a head, which reads one of its results."""

    def __init__(self, cell, result="output", **options):
        super().__init__()
        self.network = cell(**options)
        self.result = result
        self.head = nn.Linear(options["hidden_size"], 2)

    def forward(self, x):
        output, state = self.network(x)
        h = state[0] if isinstance(state, tuple) else state
        if self.result == "output":
            return output
        if self.result == "last state":
            return self.head(h[-1])
        if self.result == "last step":
            return self.head(output[:, -1])
        return torch.softmax(self.head(output.mean(1)), -1)


class Classifier(nn.Module):
    """Reads the final states of both directions."""

    def __init__(self):
        super().__init__()
        self.network = nn.LSTM(3, 4, bidirectional=True, batch_first=True)
        self.head = nn.Linear(8, 2)

    def forward(self, x):
        _, (h, _) = self.network(x)
        return self.head(torch.cat([h[-2], h[-1]], 1)), h


class Stateful(nn.Module):
    """A network with its states as inputs and outputs."""

    def __init__(self, cell, **options):
        super().__init__()
        self.network = cell(**options)

    def forward(self, x, *state):
        y, new = self.network(x, state if len(state) > 1 else state[0])
        return (y, *new) if isinstance(new, tuple) else (y, new)


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(11, 5)
        self.network = nn.GRU(5, 4, batch_first=True, bidirectional=True)
        self.head = nn.Linear(8, 3)

    def forward(self, tokens):
        return torch.softmax(self.head(self.network(self.embedding(tokens))[0]), -1)


class Causal(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Conv1d(3, 6, 3, dilation=2)
        self.second = nn.Conv1d(6, 4, 2, groups=2)

    def forward(self, x):
        y = torch.tanh(self.first(nn.functional.pad(x, (4, 0))))
        return self.second(nn.functional.pad(y, (1, 0)))


class ConvolutionsAndLSTM(nn.Module):
    """Convolutions over the channels-first layout, then an LSTM over steps."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv1d(3, 6, 3, padding=1, padding_mode="reflect")
        self.norm = nn.BatchNorm1d(6)
        self.second = nn.Conv1d(6, 4, 3, stride=2, padding=1)
        self.network = nn.LSTM(4, 5, batch_first=True)

    def forward(self, x):
        y = torch.relu(self.norm(self.first(x)))
        return self.network(self.second(y).transpose(1, 2))[0]


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.network = nn.LSTM(4, 4)
        self.gate = nn.Linear(4, 4)

    def forward(self, x):
        y = self.network(x)[0]
        y = y * torch.sigmoid(self.gate(y)) + x
        return torch.cat([2 * y - 1, x / 3], -1)


def activations():
    layers = [nn.Linear(4, 6), nn.LayerNorm(6), nn.Tanh(), nn.Linear(6, 6, bias=False), nn.ELU(0.5),
              nn.SiLU(), nn.PReLU(6), nn.Hardtanh(-0.7, 0.9), nn.LeakyReLU(0.2), nn.Softplus(),
              nn.Softsign(), nn.Hardsigmoid(), nn.PReLU(), nn.ReLU6(), nn.Dropout(0.3),
              nn.Identity(), nn.Linear(6, 3), nn.Softmax(-1)]
    return nn.Sequential(*layers)


def features(rng, *shape):
    return np.round(rng.standard_normal(shape), 2).astype(np.float32)


# The module, its inputs, and the dynamic axes: T and B of each input and output.
def torch_cases(rng):
    first, last = {0: "B", 1: "T"}, {0: "T", 1: "B"}
    state = {1: "B"}
    options = {"input_size": 3, "hidden_size": 4}
    x, batch_first = features(rng, 6, 2, 3), features(rng, 2, 6, 3)
    return {
        "rnn": (Network(nn.RNN, num_layers=2, **options), [x], [last], [last]),
        "rnn_relu": (Network(nn.RNN, nonlinearity="relu", batch_first=True, bias=False, **options),
                     [batch_first], [first], [first]),
        "gru": (Network(nn.GRU, "last state", num_layers=2, batch_first=True, **options),
                [batch_first], [first], [{0: "B"}]),
        "gru_bidirectional": (Network(nn.GRU, bidirectional=True, num_layers=2, **options),
                              [x], [last], [last]),
        "lstm": (Network(nn.LSTM, "last step", batch_first=True, **options),
                 [batch_first], [first], [{0: "B"}]),
        "lstm_mean": (Network(nn.LSTM, "mean", batch_first=True, bias=False, **options),
                      [batch_first], [first], [{0: "B"}]),
        "lstm_bidirectional": (
            Network(nn.LSTM, bidirectional=True, num_layers=2, batch_first=True, **options),
            [batch_first], [first], [first]),
        "classifier": (Classifier(), [batch_first], [first], [{0: "B"}, {1: "B"}]),
        "lstm_fixed": (Network(nn.LSTM, num_layers=2, **options), [x], None, None),
        "lstm_states": (
            Stateful(nn.LSTM, num_layers=2, **options),
            [x, features(rng, 2, 2, 4), features(rng, 2, 2, 4)], [last, state, state],
            [last, state, state]),
        "gru_states": (Stateful(nn.GRU, batch_first=True, **options),
                       [batch_first, features(rng, 1, 2, 4)], [first, state], [first, state]),
        "gru_directions_states": (
            Stateful(nn.GRU, bidirectional=True, **options), [x, features(rng, 2, 2, 4)],
            [last, state], [last, state]),
        "tagger": (Tagger(), [rng.integers(0, 11, (2, 6))], [first], [first]),
        "causal": (Causal(), [features(rng, 2, 3, 7)], [{0: "B", 2: "T"}], [{0: "B", 2: "T"}]),
        "convolutions": (ConvolutionsAndLSTM(), [features(rng, 2, 3, 8)], [{0: "B", 2: "T"}],
                         [{0: "B", 1: "S"}]),
        "convolutions_fixed": (ConvolutionsAndLSTM(), [features(rng, 2, 3, 8)], None, None),
        "residual": (Residual(), [features(rng, 5, 2, 4)], [last], [last]),
        "activations": (activations(), [features(rng, 7, 4)], [{0: "B"}], [{0: "B"}]),
    }


def export(module, inputs, input_axes, output_axes, path, dynamo):
    names = [f"x{k}" for k in range(len(inputs))]
    outputs = [f"y{k}" for k in range(len(output_axes or [0]))]
    arguments = tuple(torch.from_numpy(v) for v in inputs)
    axes = {"opset_version": 18} if dynamo else {"opset_version": 17}
    if input_axes and dynamo:
        dims = {name: torch.export.Dim(name, min=1, max=64) for name in "TB"}
        shapes = [{axis: torch.export.Dim.AUTO if name == "S" else dims[name]
                   for axis, name in axes.items()} for axes in input_axes]
        # The names of forward's parameters are unknown to export(): one tuple for *state.
        parts = (shapes[0], tuple(shapes[1:])) if isinstance(module, Stateful) else tuple(shapes)
        axes["dynamic_shapes"] = parts
    elif input_axes:
        axes["dynamic_axes"] = dict(zip(names + outputs, input_axes + output_axes))
    torch.onnx.export(module, arguments, path, input_names=names, output_names=outputs,
                      dynamo=dynamo, **({"external_data": False} if dynamo else {}), **axes)


def strip(path):
    """Removes the descriptions of nodes, which are most of a small file."""
    model = onnx.load(path)
    for node in model.graph.node:
        node.doc_string = ""
        del node.metadata_props[:]
    for value in model.graph.value_info:
        del value.metadata_props[:]
    del model.graph.value_info[:]
    del model.graph.metadata_props[:]
    del model.metadata_props[:]
    onnx.save(model, path)


def weights(rng, **shapes):
    return [numpy_helper.from_array(0.5 * features(rng, *shape), name)
            for name, shape in shapes.items()]


def constant(name, values, kind=np.int64):
    return numpy_helper.from_array(np.array(values, kind), name)


def built(nodes, inputs, outputs, initializers, opset=17):
    graph = helper.make_graph(
        nodes, "graph",
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in inputs.items()],
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in outputs.items()],
        initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    model.ir_version = 8
    onnx.checker.check_model(model)
    return model


# Recurrent operators with options that PyTorch does not have.
def operator_cases(rng):
    x = {"x": ("T", "B", 3)}

    def recurrent(operator, gates, directions=1, peepholes=False, **attributes):
        shapes = {"W": (directions, gates * 4, 3), "R": (directions, gates * 4, 4),
                  "b": (directions, 2 * gates * 4)}
        names = ["x", "W", "R", "b"]
        if peepholes:
            shapes["P"] = (directions, 3 * 4)
            names += ["", "", "", "P"]
        node = helper.make_node(operator, names, ["y"], hidden_size=4, **attributes)
        if attributes.get("layout"):
            return built([node], {"x": ("B", "T", 3)}, {"y": ("B", "T", directions, 4)},
                         weights(rng, **shapes))
        return built([node], x, {"y": ("T", directions, "B", 4)}, weights(rng, **shapes))

    transposed = built(
        [helper.make_node("Transpose", ["h"], ["h0"], perm=[1, 0, 2]),
         helper.make_node("Transpose", ["c"], ["c0"], perm=[2, 1, 0]),
         helper.make_node("LSTM", ["x", "W", "R", "", "", "h0", "c0"], ["", "hT", "cT"],
                          hidden_size=4),
         helper.make_node("Transpose", ["hT"], ["u"], perm=[1, 2, 0]),
         helper.make_node("Transpose", ["cT"], ["v"], perm=[1, 2, 0])],
        {**x, "h": ("B", 1, 4), "c": (4, "B", 1)}, {"u": ("B", 4, 1), "v": ("B", 4, 1)},
        weights(rng, W=(1, 16, 3), R=(1, 16, 4)))
    return {
        "op_states": transposed,
        "op_rnn": recurrent("RNN", 1, activations=["LeakyRelu"], activation_alpha=[0.3], clip=0.9),
        "op_gru": recurrent("GRU", 3, linear_before_reset=0),
        "op_gru_after": recurrent("GRU", 3, 2, linear_before_reset=1, direction="bidirectional",
                                  activations=["HardSigmoid", "Tanh"] * 2,
                                  activation_alpha=[0.25, 0.25], activation_beta=[0.4, 0.4]),
        "op_lstm": recurrent("LSTM", 4, peepholes=True, clip=0.8),
        "op_lstm_coupled": recurrent("LSTM", 4, 2, peepholes=True, input_forget=1,
                                     direction="bidirectional"),
        "op_lstm_layout": recurrent("LSTM", 4, layout=1),
        "op_gru_layout": recurrent("GRU", 3, 2, layout=1, direction="bidirectional"),
    }


def node(operator, inputs, outputs, **attributes):
    return helper.make_node(operator, inputs.split(), outputs.split(), **attributes)


# Operators other than recurrent ones: nodes, inputs, outputs, weights, integers, version of the
# operators.
def graph_cases(rng):
    steps, batch, first = ("T", "B", 6), ("B", "T", 4), ("B", 4, "T")
    cases = {
        "normalization": (
            [node("ReduceMean", "x", "mean", axes=[-1]), node("Sub", "x mean", "d"),
             node("Pow", "d two", "square"), node("ReduceMean", "square", "variance", axes=[-1]),
             node("Add", "variance epsilon", "v"), node("Sqrt", "v", "s"),
             node("Div", "d s", "n"),
             node("Mul", "n w", "m"), node("Add", "m b", "y")],
            batch, batch, {"w": (4,), "b": (4,)}, {"two": 2.0, "epsilon": 1e-4}, 17),
        "inverse_deviation": (
            [node("ReduceMean", "x", "mean", axes=[2]), node("Sub", "x mean", "d"),
             node("Mul", "d d", "square"), node("ReduceMean", "square", "variance", axes=[2]),
             node("Add", "epsilon variance", "v"), node("Sqrt", "v", "s"),
             node("Reciprocal", "s", "r"), node("Mul", "r d", "y")],
            batch, batch, {}, {"epsilon": 1e-3}, 13),
        "split": (
            [node("Split", "x sizes", "a b", axis=2), node("Mul", "a a", "aa"),
             node("Mul", "b b", "bb"), node("Add", "aa bb", "sum"),
             node("Sqrt", "sum", "magnitude"),
             node("Slice", "x one three two", "c"), node("Concat", "magnitude c", "d", axis=-1),
             node("Reshape", "d rows", "flat"),
             node("Gemm", "flat W bias", "e", alpha=0.5, beta=2.0, transB=1),
             node("Shape", "x", "shape"), node("Slice", "shape zero one", "T"),
             node("Slice", "shape one two", "B"), node("Concat", "T B size", "back", axis=0),
             node("Reshape", "e back", "y")],
            steps, ("T", "B", 5), {"W": (5, 5), "bias": (5,)},
            {"sizes": [3, 3], "zero": [0], "one": [1], "two": [2], "three": [3], "rows": [-1, 5],
             "size": [5]}, 17),
        "positions": (
            [node("Conv", "x W bias", "a", pads=[1, 2], strides=[2]), node("Relu", "a", "b"),
             node("Flatten", "b", "c"), node("MatMul", "c V", "d"), node("Add", "d v", "y")],
            ("B", 2, 9), ("B", 3), {"W": (4, 2, 3), "bias": (4,), "V": (20, 3), "v": (3,)}, {}, 17),
        # Frames of 12 samples, padded, and an RNN over channels-first columns of positions.
        "frames": (
            [node("Pad", "x pads", "p", mode="edge"), node("Unsqueeze", "p one", "u"),
             node("Conv", "u W bias", "a", strides=[2], group=1), node("PRelu", "a slope", "b"),
             node("Slice", "b one end two", "c"), node("Reshape", "c shape", "d"),
             node("RNN", "d Wx R", "e", hidden_size=3), node("Squeeze", "e one", "y")],
            ("T", 12), ("T", 1, 3),
            {"W": (4, 1, 3), "bias": (4,), "slope": (4, 1), "Wx": (1, 3, 20), "R": (1, 3, 3)},
            {"pads": [0, 2, 0, 1], "one": [1], "two": [2], "end": [6], "shape": [-1, 1, 20]}, 17),
        "groups": (
            [node("Conv", "x W bias", "a", pads=[2, 2], dilations=[2], group=2),
             node("BatchNormalization", "a g b m v", "c"), node("GlobalAveragePool", "c", "d"),
             node("GlobalMaxPool", "c", "e"), node("Concat", "d e", "f", axis=1),
             node("Squeeze", "f two", "y")],
            first, ("B", 12),
            {"W": (6, 2, 3), "bias": (6,), "g": (6,), "b": (6,), "m": (6,), "v": (6,)},
            {"two": [2]}, 15),
        "same": (
            [node("Conv", "x W", "a", auto_pad="SAME_LOWER", strides=[2]),
             node("HardSwish", "a", "y")],
            (2, 4, 7), (2, 3, 4), {"W": (3, 4, 4)}, {}, 17),
        "two_dimensional": (
            [node("Unsqueeze", "x two", "u"), node("Conv", "u W b", "c", auto_pad="SAME_UPPER"),
             node("Squeeze", "c two", "y")],
            first, ("B", 3, "T"), {"W": (3, 4, 1, 3), "b": (3,)}, {"two": [2]}, 17),
        "directions": (
            [node("GRU", "x W R", "a", direction="bidirectional", hidden_size=3),
             node("Split", "a", "f r", axis=1), node("Squeeze", "f one", "ff"),
             node("Squeeze", "r one", "rr"), node("Mul", "ff rr", "b"),
             node("Concat", "f r", "g", axis=1), node("Transpose", "g", "h", perm=[0, 2, 1, 3]),
             node("Reshape", "h merged", "i"), node("Concat", "b i", "y", axis=2)],
            steps, ("T", "B", 9), {"W": (2, 9, 6), "R": (2, 9, 3)},
            {"one": [1], "merged": [0, 0, -1]}, 13),
        "each_position": (
            [node("Reshape", "x shape", "a"), node("MatMul", "a W", "b"), node("Softmax", "b", "c"),
             node("Add", "c bias", "d"), node("Gather", "d three", "e", axis=2),
             node("Neg", "e", "y")],
            ("B", "T", 12), ("B", "T", 2), {"W": (3, 2), "bias": (4, 2)},
            {"shape": [0, 0, 4, 3], "three": 3}, 17),
        "stacked": (
            [node("Unsqueeze", "x two", "a"), node("Tanh", "a", "b"),
             node("Concat", "a b", "c", axis=2), node("Transpose", "c", "t", perm=[0, 1, 3, 2]),
             node("Reshape", "t rows", "d"), node("Conv", "d W", "e"),
             node("Reshape", "e back", "f"),
             node("ReduceMax", "f", "y", axes=[1], keepdims=0)],
            ("B", 6, 4), ("B", 3), {"W": (3, 4, 2)},
            {"two": [2], "rows": [-1, 4, 2], "back": [-1, 6, 3]}, 17),
        "scaled": (
            [node("MatMul", "x W", "a"), node("Mul", "a w", "b"), node("Add", "b v", "c"),
             node("Mul", "c u", "d"), node("Add", "d v", "e"), node("Mul", "e w", "y")],
            batch, ("B", "T", 3), {"W": (4, 3), "w": (3,), "v": (3,), "u": (1, 3)}, {}, 17),
        # As tf2onnx writes Keras's layer normalization and embedding.
        "keras_normalization": (
            [node("GlobalAveragePool", "x", "mean"), node("Neg", "mean", "negative"),
             node("Sub", "x mean", "d"), node("Mul", "d d", "square"),
             node("GlobalAveragePool", "square", "variance"), node("Add", "variance epsilon", "v"),
             node("Sqrt", "v", "s"), node("Reciprocal", "s", "r"), node("Mul", "r w", "rw"),
             node("Mul", "x rw", "a"), node("Mul", "negative rw", "b"), node("Add", "b bias", "c"),
             node("Add", "a c", "z"), node("Concat", "zeros zeros", "h", axis=0),
             node("Transpose", "z", "t", perm=[1, 0, 2]),
             helper.make_node("GRU", ["t", "W", "R", "", "", "h"], ["g"], hidden_size=3,
                              direction="bidirectional"),
             node("Slice", "g one two one", "reverse"), node("Squeeze", "reverse one", "y")],
            batch, ("T", "B", 3),
            {"w": (4,), "bias": (4,), "W": (2, 9, 4), "R": (2, 9, 3)},
            {"epsilon": 1e-3, "one": [1], "two": [2], "zeros": [[[0.0] * 3] * 2]}, 15),
        # Attributes that are inputs in later versions.
        "opset_9": (
            [node("Slice", "x", "a", axes=[0, 2], starts=[0, 1], ends=[9223372036854775807, 5]),
             node("Clip", "a", "b", min=-0.5, max=0.75),
             node("Pad", "b", "c", pads=[2, 0, 0, 0, 0, 0], mode="constant"),
             node("Transpose", "c", "d", perm=[1, 2, 0]), node("Conv", "d W", "e"),
             node("Transpose", "e", "f", perm=[2, 0, 1]), node("Softmax", "f", "g", axis=2),
             node("Split", "g", "h i", axis=2, split=[1, 3]), node("Dropout", "i", "j", ratio=0.5),
             node("Sub", "k h", "l"), node("Sub", "j m", "n"),
             node("Unsqueeze", "n", "o", axes=[0]),
             node("Squeeze", "o", "p", axes=[0]), node("Concat", "l p", "y", axis=-1)],
            steps, ("T", "B", 4), {"W": (4, 4, 3)}, {"k": 1.5, "m": [0.1, 0.2, 0.3]}, 9),
    }
    cases["last"] = (
        [node("LSTM", "x W R", "a b c", hidden_size=6), node("Squeeze", "b zero", "d"),
         node("Slice", "x minus far zero", "e"), node("Squeeze", "e zero", "f"),
         node("Gather", "a last", "g", axis=0), node("Squeeze", "g zero", "h"),
         node("Add", "d f", "i"), node("Mul", "i h", "y")],
        steps, ("B", 6), {"W": (1, 24, 6), "R": (1, 24, 6)},
        {"zero": [0], "minus": [-1], "far": [2**63 - 1], "last": -1}, 17)
    return {name: graph_case(rng, *case) for name, case in cases.items()}


# Activations that Recur composes. The values reach from -8 to 8, where erf and tanh are nearly 1.
def composed_cases(rng):
    wide = [node("Mul", "x three", "w")]
    batch, x = ("B", "T", 13), {"three": 3.0}
    cases = {
        "erf": (wide + [node("Erf", "w", "y")], batch, batch, {}, x, 13),
        "gelu": (wide + [node("Gelu", "w", "y")], batch, batch, {}, x, 20),
        "gelu_tanh": (
            wide + [node("Gelu", "w", "y", approximate="tanh")], batch, batch, {}, x, 20),
        "log_softmax": (wide + [node("LogSoftmax", "w", "y", axis=-1)], batch, batch, {}, x, 17),
        "log_softmax_classes": (
            [node("Transpose", "x", "t", perm=[2, 0, 1]),
             node("LSTM", "t W R", "h", hidden_size=33), node("Squeeze", "h one", "s"),
             node("LogSoftmax", "s", "y", axis=2)],
            ("B", 4, "T"), ("T", "B", 33), {"W": (1, 132, 4), "R": (1, 132, 33)}, {"one": [1]}, 17),
    }
    return {name: graph_case(rng, *case) for name, case in cases.items()}


def composed_modules(rng):
    first = {0: "B", 1: "T"}
    x = 3 * features(rng, 2, 6, 3)
    modules = {"module_gelu": nn.GELU(), "module_gelu_tanh": nn.GELU("tanh"),
               "module_log_softmax": nn.LogSoftmax(-1)}
    return {name: (nn.Sequential(nn.Linear(3, 5), module), [x], [first], [first])
            for name, module in modules.items()}


# One step of an LSTM as products, Split and activations, with h and c in one state: what converters
# of TensorFlow models write.
def written_out_cases(rng):
    nodes = [
        node("Slice", "state zero one three", "sh"), node("Squeeze", "sh", "h", axes=[1, 3]),
        node("Slice", "state one two three", "sc"), node("Squeeze", "sc", "c", axes=[1, 3]),
        node("MatMul", "h R", "Rh"), node("Transpose", "x", "t", perm=[1, 0, 2]),
        node("Split", "t", "s", axis=0), node("Squeeze", "s", "u", axes=[0]),
        node("MatMul", "u W", "Wx"), node("Add", "Wx Rh", "a"), node("Add", "a b", "gates"),
        node("Split", "gates", "ai af ag ao", axis=1),
        node("Sigmoid", "ao", "o"), node("Sigmoid", "af", "f"), node("Sigmoid", "ai", "i"),
        node("Tanh", "ag", "g"), node("Mul", "f c", "fc"), node("Mul", "i g", "ig"),
        node("Add", "fc ig", "c1"), node("Tanh", "c1", "tc"), node("Mul", "o tc", "h1"),
        node("Unsqueeze", "h1", "h2", axes=[1]), node("Unsqueeze", "c1", "c2", axes=[1]),
        node("Unsqueeze", "h2", "h3", axes=[-1]), node("Unsqueeze", "c2", "c3", axes=[-1]),
        node("Concat", "h3 c3", "new", axis=-1), node("MatMul", "h2 V", "y")]
    values = weights(rng, W=(3, 16), R=(4, 16), b=(16,), V=(4, 2))
    values += [constant(name, [k]) for k, name in enumerate(["zero", "one", "two", "three"])]
    return {"written_out_lstm": built(
        nodes, {"x": (1, 1, 3), "state": (1, 1, 4, 2)}, {"y": (1, 1, 2), "new": (1, 1, 4, 2)},
        values, 11)}


# Inputs that are present without an effect, or seldom present.
def seldom_cases(rng):
    cases = {
        "bias_times_zero": (
            [node("Gemm", "x W bias", "y", beta=0.0, transB=1)], ("B", 4), ("B", 3),
            {"W": (3, 4), "bias": (3,)}, {}, 13),
        "pad_axes": (
            [node("Pad", "x pads zero axes", "p"), node("Conv", "p W", "y")],
            ("B", 4, "T"), ("B", 5, "T"), {"W": (5, 4, 3)},
            {"pads": [2, 0], "zero": 0.0, "axes": [2]}, 18),
    }
    return {name: graph_case(rng, *case) for name, case in cases.items()}


def graph_case(rng, nodes, x, y, shapes, constants, opset):
    values = weights(rng, **shapes)
    for value in values:
        if value.name == "v" and len(shapes) > 4:  # a variance
            value.CopyFrom(numpy_helper.from_array(np.abs(numpy_helper.to_array(value)) + 0.1, "v"))
    for name, value in constants.items():
        kind = np.float32 if np.array(value).dtype == float else np.int64
        values.append(constant(name, value, kind))
    return built(nodes, {"x": x}, {"y": y}, values, opset)


def run(model, inputs):
    if any(a.name == "layout" and a.i for node in model.graph.node for a in node.attribute):
        outputs = ReferenceEvaluator(model).run(None, inputs)
    else:
        session = onnxruntime.InferenceSession(model.SerializeToString())
        outputs = session.run(None, inputs)
    return {value.name: result for value, result in zip(model.graph.output, outputs)}


def tensor(value):
    return {"shape": list(value.shape), "values": flat(value)}


def sizes(value):
    dims = value.type.tensor_type.shape.dim
    return [d.dim_value or {"T": 6, "B": 2}[d.dim_param] for d in dims]


def main():
    warnings.filterwarnings("ignore")
    torch.manual_seed(SEED)
    rng = np.random.default_rng(SEED)
    FOLDER.mkdir(exist_ok=True)
    cases, failed = {}, []
    # A generator of its own: the earlier cases keep their values.
    composed = np.random.default_rng(SEED + 1)
    modules = torch_cases(rng) | composed_modules(composed)
    for name, (module, inputs, input_axes, output_axes) in modules.items():
        module.eval()
        for exporter in "legacy", "dynamo":
            path = FOLDER / f"{name}_{exporter}.onnx"
            try:
                export(module, inputs, input_axes, output_axes, path, exporter == "dynamo")
            except Exception as error:
                failed.append(f"{path.stem}: {type(error).__name__} {str(error)[:300]}")
                continue
            strip(path)
            model = onnx.load(path)
            cases[path.stem] = {value.name: v for value, v in zip(model.graph.input, inputs)}
    for name, model in (operator_cases(rng) | graph_cases(rng)).items():
        onnx.save(model, FOLDER / f"{name}.onnx")
        cases[name] = {value.name: features(rng, *sizes(value)) for value in model.graph.input}
    for name, model in (composed_cases(composed) | written_out_cases(composed)
                        | seldom_cases(composed)).items():
        onnx.save(model, FOLDER / f"{name}.onnx")
        cases[name] = {value.name: features(composed, *sizes(value)) for value in model.graph.input}
    # Its tensors are in a file of their own.
    model = onnx.load(FOLDER / "lstm_legacy.onnx")
    (FOLDER / "external.onnx.data").unlink(missing_ok=True)
    onnx.save_model(model, FOLDER / "external.onnx", save_as_external_data=True,
                    location="external.onnx.data", size_threshold=0, convert_attribute=True)
    cases["external"] = cases["lstm_legacy"]
    results = {}
    for name, inputs in cases.items():
        outputs = run(onnx.load(FOLDER / f"{name}.onnx"), inputs)
        results[name] = {"inputs": {k: tensor(v) for k, v in inputs.items()},
                         "outputs": {k: tensor(v) for k, v in outputs.items()}}
    about = {"torch": torch.__version__, "onnx": onnx.__version__,
             "onnxruntime": onnxruntime.__version__, "seed": SEED}
    text = json.dumps({"about": about, "models": results}, separators=(",", ":"))
    (FOLDER / "models.json").write_text(text.replace('},"', '},\n"') + "\n")
    print(len(results), "models;", "not exported:", failed)


main()
