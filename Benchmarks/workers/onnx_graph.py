"""A row as an ONNX model, for ONNX Runtime and OpenVINO.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import numpy
import onnx
from onnx import TensorProto, helper

OPERATORS = {"simple": "RNN", "gru": "GRU", "lstm": "LSTM"}
# ONNX's order of gates from Recur's: i f g o becomes i o f c, and r z n becomes z r h.
ORDER = {"simple": [0], "gru": [1, 0, 2], "lstm": [0, 3, 1, 2]}


def reorder(cell, array):
    return numpy.concatenate([numpy.split(array, len(ORDER[cell]))[gate] for gate in ORDER[cell]])


def weights_of(row, parts):
    """W, R and B of each layer, with all directions. parts: repeated W_ih, W_hh, b_ih, b_hh."""
    parts = [reorder(row.cell, part) for part in parts]
    for layer in range(row.layers):
        own = parts[4 * layer * row.directions:][:4 * row.directions]
        biases = [numpy.concatenate(pair) for pair in zip(own[2::4], own[3::4])]
        yield numpy.stack(own[0::4]), numpy.stack(own[1::4]), numpy.stack(biases)


def layer_nodes(row, layer, x):
    """One layer from x (T x B x I) to y<layer> (T x B x D*H)."""
    states = ["h0", "c0"] if row.cell == "lstm" else ["h0"]
    finals = ["hT", "cT"] if row.cell == "lstm" else ["hT"]
    suffix = "" if row.layers == 1 else str(layer)
    attributes = {"linear_before_reset": 1} if row.cell == "gru" else {}
    yield helper.make_node(
        OPERATORS[row.cell],
        [x, f"W{layer}", f"R{layer}", f"B{layer}", "lengths" if row.lengths else "",
         *(state + suffix for state in states)],
        [f"directions{layer}", *(final + suffix for final in finals)],
        hidden_size=row.H, direction="bidirectional" if row.directions == 2 else "forward",
        **attributes)
    # T x D x B x H to T x B x D*H
    yield helper.make_node("Transpose", [f"directions{layer}"], [f"turned{layer}"],
                           perm=[0, 2, 1, 3])
    yield helper.make_node("Reshape", [f"turned{layer}", "shape"], [f"y{layer}"])


def build(row, parts):
    """A model with inputs x h0 c0, outputs y hT cT, and the weights. parts: as in weights_of."""
    T, B, I, H, D = row.T, row.B, row.I, row.H, row.directions
    initializers = [onnx.numpy_helper.from_array(numpy.array([T, B, D * H]), "shape")]
    if row.lengths:
        initializers.append(
            onnx.numpy_helper.from_array(numpy.array(row.lengths, numpy.int32), "lengths"))
    for layer, arrays in enumerate(weights_of(row, parts)):
        for name, array in zip("WRB", arrays):
            initializers.append(onnx.numpy_helper.from_array(array, f"{name}{layer}"))
    nodes, x = [], "x"
    for layer in range(row.layers):
        nodes += layer_nodes(row, layer, x)
        x = f"y{layer}"
    nodes.append(helper.make_node("Identity", [x], ["y"]))
    states = ["h", "c"] if row.cell == "lstm" else ["h"]
    if row.layers > 1:
        for state in states:
            layers = range(row.layers)
            nodes.insert(0, helper.make_node(
                "Split", [f"{state}0"], [f"{state}0{layer}" for layer in layers], axis=0,
                num_outputs=row.layers))
            nodes.append(helper.make_node(
                "Concat", [f"{state}T{layer}" for layer in layers], [f"{state}T"], axis=0))

    def value(name, shape):
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)

    state_shape = [row.layers * D, B, H]
    graph = helper.make_graph(
        nodes, row.id,
        [value("x", [T, B, I]), *(value(f"{state}0", state_shape) for state in states)],
        [value("y", [T, B, D * H]), *(value(f"{state}T", state_shape) for state in states)],
        initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.checker.check_model(model)
    return model.SerializeToString()
