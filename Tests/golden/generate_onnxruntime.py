"""Writes onnxruntime.json: results of ONNX Runtime's LSTM, GRU and RNN on the CPU, in float32, for
the options that PyTorch does not have. README.md describes how to run it and the contents of the
file.

Every case is compared with the equations of recur/lstm.h, recur/gru.h and recur/rnn.h, computed in
float64.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import numpy as np
import onnxruntime
from onnx import TensorProto, helper

from values import flat, random_lengths, random_values, write

SEED = 20260102
OPSET = 14
SIZES = [(4, 3, 2, 3), (5, 2, 3, 4), (3, 3, 4, 2), (5, 3, 3, 2)]  # T B I H
FLOAT_EPSILON = 2.0**-23

# ONNX's name, the number of constants (alpha, beta), and the formula.
ACTIVATIONS = {
    "tanh": ("Tanh", 0, lambda z, a, b: np.tanh(z)),
    "sigmoid": ("Sigmoid", 0, lambda z, a, b: 1 / (1 + np.exp(-z))),
    "relu": ("Relu", 0, lambda z, a, b: np.maximum(0, z)),
    "affine": ("Affine", 2, lambda z, a, b: a * z + b),
    "leaky_relu": ("LeakyRelu", 1, lambda z, a, b: np.where(z >= 0, z, a * z)),
    "thresholded_relu": ("ThresholdedRelu", 1, lambda z, a, b: np.where(z > a, z, 0)),
    "scaled_tanh": ("ScaledTanh", 2, lambda z, a, b: a * np.tanh(b * z)),
    "hard_sigmoid": ("HardSigmoid", 2, lambda z, a, b: np.clip(a * z + b, 0, 1)),
    "elu": ("Elu", 1, lambda z, a, b: np.where(z >= 0, z, a * np.expm1(z))),
    "softsign": ("Softsign", 0, lambda z, a, b: z / (1 + np.abs(z))),
    "softplus": ("Softplus", 0, lambda z, a, b: np.log1p(np.exp(z))),
}

# Activations (f g h) and options.
CASES = {
    "lstm": [
        ("sigmoid tanh tanh", "bias peepholes"),
        ("sigmoid tanh tanh", "bias peepholes lengths initial bidirectional"),
        ("sigmoid tanh tanh", "bias coupled initial"),
        ("sigmoid tanh tanh", "bias coupled peepholes lengths initial bidirectional"),
        ("sigmoid tanh tanh", "bias peepholes clip initial"),
        ("sigmoid tanh tanh", "coupled peepholes clip lengths initial bidirectional"),
        ("hard_sigmoid softsign scaled_tanh", "bias peepholes initial"),
        ("softsign thresholded_relu elu", "bias initial bidirectional"),
        ("scaled_tanh leaky_relu softplus", "bias coupled lengths initial"),
        ("affine softplus relu", "peepholes clip initial"),
        ("leaky_relu affine sigmoid", "bias coupled clip lengths bidirectional"),
    ],
    "gru": [
        ("sigmoid tanh", "bias before lengths initial bidirectional"),
        ("sigmoid tanh", "bias after lengths initial bidirectional"),
        ("sigmoid tanh", "bias before clip initial"),
        ("sigmoid tanh", "bias after clip lengths initial bidirectional"),
        ("hard_sigmoid softsign", "bias before initial"),
        ("softplus relu", "bias after lengths initial"),
        ("scaled_tanh elu", "before lengths initial bidirectional"),
        ("affine leaky_relu", "bias after clip initial"),
        ("thresholded_relu softplus", "before initial"),
    ],
    "rnn": [
        ("tanh", "bias clip lengths initial bidirectional"),
        ("sigmoid", "initial"),
        ("relu", "bias clip"),
        ("affine", "bias lengths initial bidirectional"),
        ("leaky_relu", "bias initial"),
        ("thresholded_relu", "initial bidirectional"),
        ("scaled_tanh", "bias lengths"),
        ("hard_sigmoid", "bias initial bidirectional"),
        ("elu", "bias clip lengths initial"),
        ("softsign", "initial bidirectional"),
        ("softplus", "bias lengths initial"),
    ],
}
GATES = {"lstm": 4, "gru": 3, "rnn": 1}


def activation_of(random, name):
    """An activation with random values for the constants of its function."""
    alpha, beta = (random.integers(1024, 3072, 2) / 4096).tolist()
    count = ACTIVATIONS[name][1]
    return {"name": name, "alpha": alpha if count > 0 else 0.0, "beta": beta if count > 1 else 0.0}


def make_case(random, cell, functions, options):
    """The description of a case, and its tensors by ONNX's names."""
    T, B, I, H = random.choice(SIZES).tolist()
    D, G = 1 + ("bidirectional" in options), GATES[cell]
    clip = random.integers(1638, 4096) / 4096  # 0.4 to 1: clamps many values, but not all
    case = {
        "name": f"{cell}, {functions}, {', '.join(options)}", "cell": cell,
        "T": T, "B": B, "I": I, "H": H, "bidirectional": D == 2,
        "bias": "bias" in options, "peepholes": "peepholes" in options,
        "coupled": "coupled" in options, "clip": clip if "clip" in options else 0.0,
        "reset": "before" if "before" in options else "after",
        "activations": {gate: activation_of(random, name)
                        for gate, name in zip("fgh", functions.split())},
        "lengths": random_lengths(random, T, B) if "lengths" in options else None,
    }
    shapes = {"X": (T, B, I), "W": (D, G * H, I), "R": (D, G * H, H)}
    if case["bias"]:
        shapes["B"] = (D, 2 * G * H)
    if case["peepholes"]:
        shapes["P"] = (D, 3 * H)
    if "initial" in options:
        shapes["initial_h"] = (D, B, H)
        if cell == "lstm":
            shapes["initial_c"] = (D, B, H)
    return case, {name: random_values(random, *shape) for name, shape in shapes.items()}


def by_onnxruntime(case, tensors):
    D = 1 + case["bidirectional"]
    chosen = list(case["activations"].values()) * D
    alphas, betas = ([one[key] for one in chosen if ACTIVATIONS[one["name"]][1] >= count]
                     for key, count in (("alpha", 1), ("beta", 2)))  # if they have it
    options = {
        "hidden_size": case["H"], "direction": "bidirectional" if D == 2 else "forward",
        "activations": [ACTIVATIONS[one["name"]][0] for one in chosen],
        "activation_alpha": alphas or None, "activation_beta": betas or None,
        "clip": case["clip"] or None, "input_forget": int(case["coupled"]) or None,
        "linear_before_reset": int(case["reset"] == "after") if case["cell"] == "gru" else None,
    }
    feeds = {name: tensor.astype(np.float32) for name, tensor in tensors.items()}
    if case["lengths"]:
        feeds["sequence_lens"] = np.array(case["lengths"], np.int32)
    inputs = ["X", "W", "R", "B", "sequence_lens", "initial_h", "initial_c", "P"]
    inputs = inputs if case["cell"] == "lstm" else inputs[:6]
    outputs = ["Y", "Y_h", "Y_c"] if case["cell"] == "lstm" else ["Y", "Y_h"]
    names = [name if name in feeds else "" for name in inputs]
    node = helper.make_node(case["cell"].upper(), names, outputs, **options)
    types = {name: TensorProto.INT32 if name == "sequence_lens" else TensorProto.FLOAT
             for name in [*feeds, *outputs]}
    infos = [[helper.make_tensor_value_info(name, types[name], None) for name in names]
             for names in (feeds, outputs)]
    model = helper.make_model(helper.make_graph([node], case["cell"], *infos), ir_version=10,
                              opset_imports=[helper.make_opsetid("", OPSET)])
    session = onnxruntime.InferenceSession(model.SerializeToString(),
                                           providers=["CPUExecutionProvider"])
    y, *finals = session.run(outputs, feeds)
    return [y.transpose(0, 2, 1, 3), *finals]  # T D B H to T B D H


def activate(case, key, z):
    one = case["activations"][key]
    return ACTIVATIONS[one["name"]][2](z, one["alpha"], one["beta"])


def step(case, W, R, bW, bR, P, x, h, c):
    """One step of one sequence: the equations of the headers, with gates in ONNX's order."""
    limit = case["clip"] or np.inf

    def gate(key, a):
        return activate(case, key, np.clip(a, -limit, limit))

    Wx, Uh = W @ x + bW, R @ h + bR  # each gate's rows
    if case["cell"] == "rnn":
        return gate("f", (Wx + Uh)[0]), c
    if case["cell"] == "gru":
        z, r = gate("f", (Wx + Uh)[:2])
        n = gate("g", Wx[2] + (r * Uh[2] if case["reset"] == "after" else R[2] @ (r * h) + bR[2]))
        return (1 - z) * n + z * h, c
    a_i, a_o, a_f, a_g = Wx + Uh
    i = gate("f", a_i + P[0] * c)
    f = 1 - i if case["coupled"] else gate("f", a_f + P[2] * c)
    c = f * c + i * gate("g", a_g)
    o = gate("f", a_o + P[1] * c)
    return o * activate(case, "h", c), c


def by_equations(case, tensors):
    T, B, H, D, G = (*(case[key] for key in "TBH"), 1 + case["bidirectional"],
                     GATES[case["cell"]])
    zero_state = np.zeros((D, B, H))
    h0, c0 = (tensors.get(name, zero_state) for name in ("initial_h", "initial_c"))
    W, R = (tensors[name].reshape(D, G, H, -1) for name in "WR")
    biases = tensors.get("B", np.zeros((D, 2 * G * H))).reshape(D, 2, G, H)
    P = tensors.get("P", np.zeros((D, 3 * H))).reshape(D, 3, H)
    y, hT, cT = np.zeros((T, B, D, H)), h0.copy(), c0.copy()
    for d in range(D):
        for b in range(B):
            steps = range(case["lengths"][b] if case["lengths"] else T)
            h, c = h0[d, b], c0[d, b]
            for t in steps[::-1] if d else steps:
                h, c = step(case, W[d], R[d], *biases[d], P[d], tensors["X"][t, b], h, c)
                y[t, b, d] = h
            hT[d, b], cT[d, b] = h, c
    return [y, hT, cT][:3 if case["cell"] == "lstm" else 2]


def worst_difference(case, got, want):
    """The maximum difference in units of the bound, for the operations of one element."""
    T, I, H = (case[key] for key in "TIH")
    bound = 2 * T * (I + 2 * H + 20) * FLOAT_EPSILON * max(1, *(np.abs(w).max() for w in want))
    return max(np.abs(g - w).max() for g, w in zip(got, want)) / bound


def complete_case(index, cell, functions, options):
    random = np.random.default_rng([SEED, index])
    case, tensors = make_case(random, cell, functions, options.split())
    results = by_onnxruntime(case, tensors)
    difference = worst_difference(case, results, by_equations(case, tensors))
    assert difference <= 1, (case["name"], difference)
    y, hT, cT = [*results, None][:3]
    return case | {
        "foreign": np.concatenate([tensors[name].ravel() for name in "WRBP" if name in tensors]),
        "x": tensors["X"], "h0": tensors.get("initial_h"), "c0": tensors.get("initial_c"),
        "y": y, "hT": hT, "cT": cT,
    }


def rounded(case):
    return {key: flat(value) if isinstance(value, np.ndarray) else value
            for key, value in case.items()}


rows = [(cell, *row) for cell, table in CASES.items() for row in table]
write("onnxruntime.json",
      f"ONNX Runtime {onnxruntime.__version__}, opset {OPSET}, float32, seed {SEED}",
      cases=[rounded(complete_case(index, *row)) for index, row in enumerate(rows)])
