"""Compares the simple recurrent network of librecur.so with torch.nn.RNN in float64: random shapes,
forward and all gradients. Not part of `make test`, because PyTorch is large:

    python3 -m venv .venv && .venv/bin/pip install torch numpy
    make lib && .venv/bin/python Tests/peers/compare_pytorch.py build/librecur.so

Prints, for each array, the largest difference over the largest value, and fails above 1e-12.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import ctypes
import random
import sys
from ctypes import byref, c_int, c_size_t, c_void_p

import numpy as np
import torch

SEED, PROBLEMS, TOLERANCE = 7, 150, 1e-12
TRAINING = 1


class Matrix(ctypes.Structure):
    _fields_ = [("size1", c_size_t), ("size2", c_size_t), ("tda", c_size_t), ("data", c_void_p),
                ("block", c_void_p), ("owner", c_int)]


class Vector(ctypes.Structure):
    _fields_ = [("size", c_size_t), ("stride", c_size_t), ("data", c_void_p),
                ("block", c_void_p), ("owner", c_int)]


class Parameters(ctypes.Structure):
    _fields_ = [("weight_ih", Matrix), ("weight_hh", Matrix), ("bias_ih", Vector),
                ("bias_hh", Vector)]


def matrix(array):
    """A header over an array of (..., columns), which has to stay alive."""
    columns = array.shape[-1]
    return Matrix(array.size // columns, columns, columns, array.ctypes.data, None, 0)


def parameters(arrays):
    weights = [matrix(array) for array in arrays[:2]]
    biases = [Vector(array.size, 1, array.ctypes.data, None, 0) for array in arrays[2:]]
    return Parameters(*weights, *biases)


def check(status):
    if status != 0:
        raise RuntimeError(f"status {status}")


def by_recur(library, phi, weights, x, h0, dh, d_final):
    (T, B, I), H = x.shape, h0.shape[-1]
    h, final, dx, dh0 = (np.full(shape, np.nan) for shape in
                         ((T, B, H), (B, H), (T, B, I), (B, H)))
    gradients = [np.zeros_like(array) for array in weights]
    p, dp = parameters(weights), parameters(gradients)
    mx, mh0, mh, mfinal, mdh, md_final, mdx, mdh0 = (
        byref(matrix(array)) for array in (x, h0, h, final, dh, d_final, dx, dh0))
    workspace = c_void_p(library.recur_rnn_alloc(T, B, I, H, phi, TRAINING))
    check(library.recur_rnn_forward(byref(p), mx, mh0, mh, mfinal, workspace))
    check(library.recur_rnn_backward(byref(p), mx, mh0, mh, mdh, md_final, mdx, mdh0, byref(dp),
                                     None, workspace))
    library.recur_rnn_free(workspace)
    return [h, final, dx, dh0, *gradients]


def by_torch(network, x, h0, dh, d_final):
    x, h0 = (torch.tensor(array, requires_grad=True) for array in (x, h0[None]))
    h, final = network(x, h0)
    ((h * torch.tensor(dh)).sum() + (final[0] * torch.tensor(d_final)).sum()).backward()
    gradients = [parameter.grad for parameter in network.parameters()]
    return [array.detach().numpy() for array in (h, final[0], x.grad, h0.grad[0], *gradients)]


def main():
    library = ctypes.CDLL(sys.argv[1])
    library.recur_rnn_alloc.restype = c_void_p
    library.recur_rnn_alloc.argtypes = [c_size_t] * 4 + [c_int] * 2
    names = ["h", "h_T", "dx", "dh_0", "dweight_ih", "dweight_hh", "dbias_ih", "dbias_hh"]
    worst = dict.fromkeys(names, 0.0)
    random.seed(SEED)
    torch.manual_seed(SEED)
    numbers = np.random.default_rng(SEED)
    for _ in range(PROBLEMS):
        T, B, I, H = (random.randint(1, most) for most in (30, 12, 40, 60))
        phi = random.randrange(2)
        network = torch.nn.RNN(I, H, nonlinearity=["tanh", "relu"][phi]).double()
        weights = [parameter.detach().numpy().copy() for parameter in network.parameters()]
        values = [numbers.standard_normal(shape) for shape in
                  ((T, B, I), (B, H), (T, B, H), (B, H))]
        results = by_recur(library, phi, weights, *values), by_torch(network, *values)
        for name, ours, theirs in zip(names, *results):
            largest = np.abs(theirs).max() or 1  # a dead relu has gradients of 0
            difference = np.abs(ours - theirs).max() / largest
            worst[name] = max(worst[name], np.inf if np.isnan(difference) else difference)
    print(f"seed {SEED}, {PROBLEMS} problems, PyTorch {torch.__version__}")
    for name, difference in worst.items():
        print(f"  {name:11} {difference:.1e}")
    sys.exit(not all(difference <= TOLERANCE for difference in worst.values()))


main()
