"""Writes pytorch.json: results and gradients of torch.nn.RNN, GRU and LSTM in float64. README.md
describes how to run it and the contents of the file.

The cases cover the factors pairwise: any two values of two factors occur together in some case.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

from itertools import combinations, product

import numpy as np
import torch
from torch.nn.utils import parameters_to_vector, vector_to_parameters
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from values import flat, random_lengths, random_values, write

SEED = 20260101

FACTORS = {
    "cell": ["rnn tanh", "rnn relu", "gru", "lstm", "lstm projected"],
    "bias": [True, False],
    "layers": [1, 2, 3],
    "bidirectional": [True, False],
    "lengths": [True, False],
    "initial": [True, False],
    "sizes": [(5, 2, 3, 4, 1), (4, 2, 3, 2, 1), (3, 3, 2, 4, 3), (5, 3, 2, 3, 2)],  # T B I H P
}


def parts(row, size):
    """The combinations of `size` factors that a case covers."""
    return set(combinations(enumerate(row), size))


def covering():
    """Greedily chooses cases that cover the most new pairs, and then the most new triples."""
    rows = list(product(*FACTORS.values()))
    order = np.random.default_rng(SEED).permutation(len(rows))
    rows = [rows[index] for index in order]
    pairs = set().union(*(parts(row, 2) for row in rows))
    triples = set().union(*(parts(row, 3) for row in rows))
    while pairs:
        best = max(rows, key=lambda row: (len(pairs & parts(row, 2)), len(triples & parts(row, 3))))
        pairs -= parts(best, 2)
        triples -= parts(best, 3)
        yield dict(zip(FACTORS, best))


def parameter_names(layers, directions, bias, projection):
    """The names in the order of Recur's own layout."""
    kinds = ["weight_ih", "weight_hh"] + ["bias_ih", "bias_hh"] * bias + ["weight_hr"] * projection
    return [f"{kind}_l{layer}{suffix}" for layer in range(layers)
            for suffix in ["", "_reverse"][:directions] for kind in kinds]


def network_of(cell, activation, layers, bias, bidirectional, projection, I, H):
    options = dict(num_layers=layers, bias=bias, bidirectional=bidirectional, dtype=torch.float64)
    if cell == "rnn":
        network = torch.nn.RNN(I, H, nonlinearity=activation, **options)
    elif cell == "gru":
        network = torch.nn.GRU(I, H, **options)
    else:
        network = torch.nn.LSTM(I, H, proj_size=projection, **options)
    names = [name for name, _ in network.named_parameters()]
    assert names == parameter_names(layers, 1 + bidirectional, bias, projection > 0)
    return network


def run(network, x, states, lengths):
    """Returns y and a list of the final states."""
    state = states[0] if len(states) == 1 else tuple(states)
    if lengths is None:
        y, final = network(x, state)
    else:
        y, final = network(pack_padded_sequence(x, lengths, enforce_sorted=False), state)
        y, _ = pad_packed_sequence(y, total_length=len(x))
    return y, [final] if len(states) == 1 else list(final)


def case_of(index, factors):
    random = np.random.default_rng([SEED, index])
    cell, _, variant = factors["cell"].partition(" ")
    bias, layers, bidirectional, initial = (
        factors[key] for key in ("bias", "layers", "bidirectional", "initial"))
    T, B, I, H, P = factors["sizes"]
    projection = P if variant == "projected" else 0
    activation = variant if cell == "rnn" else None
    lengths = random_lengths(random, T, B) if factors["lengths"] else None

    def values(*shape):
        return torch.tensor(random_values(random, *shape))

    network = network_of(cell, activation, layers, bias, bidirectional, projection, I, H)
    theta = values(parameters_to_vector(network.parameters()).numel())
    vector_to_parameters(theta, network.parameters())
    directions = 1 + bidirectional
    widths = [projection or H, H][:1 + (cell == "lstm")]  # of h, and c
    x = values(T, B, I).requires_grad_()
    states = [values(layers * directions, B, width) * initial for width in widths]
    for state in states:
        state.requires_grad_()
    gradients = [values(T, B, directions * widths[0])] + [values(*state.shape) for state in states]

    y, finals = run(network, x, states, lengths)
    sum((d * result).sum() for d, result in zip(gradients, [y, *finals])).backward()
    dtheta = parameters_to_vector(parameter.grad for parameter in network.parameters())

    def of(tensors):
        """The values for h, and for c if it exists."""
        values = [flat(tensor.detach().numpy()) for tensor in tensors]
        return values + [None] * (2 - len(values))

    h0, c0 = of(states) if initial else (None, None)
    dhT, dcT = of(gradients[1:])
    hT, cT = of(finals)
    dh0, dc0 = of(state.grad for state in states)
    words = [factors["cell"], f"layers {layers}", "bidirectional" * bidirectional,
             "bias" * bias, "lengths" * (lengths is not None), "initial" * initial]
    return {
        "name": ", ".join(filter(None, words)), "cell": cell, "activation": activation,
        "bias": bias, "layers": layers, "bidirectional": bidirectional, "projection": projection,
        "T": T, "B": B, "I": I, "H": H, "lengths": lengths, "initial": initial,
        "theta": flat(theta.numpy()), "x": flat(x.detach().numpy()), "h0": h0, "c0": c0,
        "dy": flat(gradients[0].numpy()), "dhT": dhT, "dcT": dcT,
        "y": flat(y.detach().numpy()), "hT": hT, "cT": cT,
        "dx": flat(x.grad.numpy()), "dh0": dh0, "dc0": dc0, "dtheta": flat(dtheta.numpy()),
    }


write("pytorch.json", f"PyTorch {torch.__version__.partition('+')[0]}, float64, seed {SEED}",
      cases=[case_of(index, factors) for index, factors in enumerate(covering())])
