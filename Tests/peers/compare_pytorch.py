#!/usr/bin/env python3
"""Compare librecur.so with PyTorch on random networks, forward and backward, in float64.

`make test` does not run this program. In a virtual environment with torch, run:

    make lib
    python3 Tests/peers/compare_pytorch.py [build/librecur.so] [number of networks] [seed]

It prints the maximum difference of every result, relative to the maximum magnitude in its array.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import ctypes
import random
import sys
from ctypes import (POINTER, Structure, byref, c_bool, c_double, c_int, c_size_t, c_uint64,
                    c_void_p, pointer)

import torch

LIMIT = 1e-12


class Matrix(Structure):
    _fields_ = [("rows", c_size_t), ("columns", c_size_t), ("tda", c_size_t),
                ("data", c_void_p), ("block", c_void_p), ("owner", c_int)]


class Vector(Structure):
    _fields_ = [("size", c_size_t), ("stride", c_size_t),
                ("data", c_void_p), ("block", c_void_p), ("owner", c_int)]


class Activation(Structure):
    _fields_ = [("kind", c_int), ("alpha", c_double), ("beta", c_double)]


class Cell(Structure):
    _fields_ = [("kind", c_int), ("bias", c_bool), ("f", Activation), ("g", Activation),
                ("h", Activation), ("gate_clamp", c_double), ("reset", c_int),
                ("layer_normalization", c_bool), ("peepholes", c_bool), ("coupled_gates", c_bool),
                ("projection_size", c_size_t), ("cell_clamp", c_double)]


class Network(Structure):
    _fields_ = [("cell", Cell), ("input_size", c_size_t), ("hidden_size", c_size_t),
                ("layers", c_size_t), ("directions", c_size_t), ("dropout", c_double),
                ("recurrent_dropout", c_double), ("zoneout", c_double),
                ("cell_zoneout", c_double)]


class Batch(Structure):
    _fields_ = [("lengths", POINTER(c_size_t)), ("seed", c_uint64), ("first_step", c_uint64),
                ("first_sequence", c_uint64)]


class Pass(Structure):
    _fields_ = [("x", POINTER(Matrix)), ("batch", POINTER(Batch)),
                *((name, POINTER(Matrix)) for name in ("h0", "c0", "y", "hT", "cT"))]


class Gradients(Structure):
    _fields_ = [*((name, POINTER(Matrix)) for name in ("dy", "dhT", "dcT", "dx", "dh0", "dc0")),
                ("dtheta", POINTER(Vector)), ("dh_norms", POINTER(Matrix))]


INFERENCE, TRAINING, RELU = 0, 1, 2


def matrix(tensor):
    """A matrix view of a contiguous tensor with the last dimension as columns; NULL for None."""
    if tensor is None:
        return None
    rows = tensor.numel() // tensor.shape[-1] if tensor.numel() else 0
    return pointer(Matrix(rows, tensor.shape[-1], tensor.shape[-1], tensor.data_ptr(), None, 0))


def vector(tensor):
    return pointer(Vector(tensor.numel(), 1, tensor.data_ptr(), None, 0))


def load(path):
    lib = ctypes.CDLL(path)
    for name in ("rnn", "gru", "lstm"):
        function = getattr(lib, f"recur_{name}")
        function.argtypes, function.restype = [c_size_t] * 2, Network
    lib.recur_network_workspace_alloc.restype = c_void_p
    lib.recur_network_workspace_alloc.argtypes = [
        POINTER(Network), c_size_t, c_size_t, c_int, c_size_t]
    lib.recur_network_workspace_free.argtypes = [c_void_p]
    return lib


class Problem:
    """A random network in both libraries, and inputs and gradients for it."""

    def __init__(self, rng):
        self.kind = rng.choice(["rnn", "gru", "lstm"])
        self.relu = self.kind == "rnn" and rng.random() < 0.5
        self.T, self.B = rng.randint(1, 30), rng.randint(1, 12)
        self.I, self.H = rng.randint(1, 40), rng.randint(2, 60)
        self.L, self.D = rng.randint(1, 3), rng.randint(1, 2)
        self.P = rng.randint(1, self.H - 1) if self.kind == "lstm" and rng.random() < 0.4 else 0
        self.bias, self.initial = rng.random() < 0.7, rng.random() < 0.5
        self.lengths = None
        if rng.random() < 0.5:
            self.lengths = [rng.randint(1, self.T) for _ in range(self.B)]
        self.segment = rng.randint(1, self.T) if self.D == 1 and rng.random() < 0.3 else 0
        size, states = self.P or self.H, self.L * self.D
        self.x = torch.randn(self.T, self.B, self.I)
        self.h0 = torch.randn(states, self.B, size)
        self.c0 = torch.randn(states, self.B, self.H) if self.kind == "lstm" else None
        self.dy = torch.randn(self.T, self.B, self.D * size)
        self.dhT, self.dcT = torch.randn_like(self.h0), torch.randn(states, self.B, self.H)
        options = {"nonlinearity": "relu" if self.relu else "tanh"} if self.kind == "rnn" else {}
        if self.P:
            options["proj_size"] = self.P
        self.module = {"rnn": torch.nn.RNN, "gru": torch.nn.GRU, "lstm": torch.nn.LSTM}[self.kind](
            self.I, self.H, num_layers=self.L, bidirectional=self.D == 2, bias=self.bias, **options)
        if self.lengths:
            for b, length in enumerate(self.lengths):
                self.x[length:, b] = 0

    def __str__(self):
        return " ".join(f"{k}={v}" for k, v in vars(self).items()
                        if not torch.is_tensor(v) and k != "module")

    def by_torch(self):
        x = self.x.clone().requires_grad_()
        h0 = (self.h0 if self.initial else torch.zeros_like(self.h0)).clone().requires_grad_()
        state, c0 = h0, None
        if self.kind == "lstm":
            c0 = (self.c0 if self.initial else torch.zeros_like(self.c0)).clone().requires_grad_()
            state = (h0, c0)
        if self.lengths:
            packed = torch.nn.utils.rnn.pack_padded_sequence(x, self.lengths, enforce_sorted=False)
            y, final = self.module(packed, state)
            y, _ = torch.nn.utils.rnn.pad_packed_sequence(y, total_length=self.T)
        else:
            y, final = self.module(x, state)
        hT, cT = final if self.kind == "lstm" else (final, None)
        loss = (self.dy * y).sum() + (self.dhT * hT).sum()
        if cT is not None:
            loss = loss + (self.dcT * cT).sum()
        loss.backward()
        results = {"y": y, "hT": hT, "dx": x.grad, "dh0": h0.grad,
                   "dtheta": torch.cat([p.grad.flatten() for p in self.module.parameters()])}
        if cT is not None:
            results |= {"cT": cT, "dc0": c0.grad}
        return {name: value.detach() for name, value in results.items()}

    def by_recur(self, lib):
        network = getattr(lib, f"recur_{self.kind}")(self.I, self.H)
        network.layers, network.directions = self.L, self.D
        network.cell.bias, network.cell.projection_size = self.bias, self.P
        if self.relu:
            network.cell.f.kind = RELU
        theta = torch.cat([p.detach().flatten() for p in self.module.parameters()])
        r = {name: torch.full_like(like, torch.nan) for name, like in
             {"y": self.dy, "hT": self.h0, "dx": self.x, "dh0": self.h0}.items()}
        r["dtheta"] = torch.zeros_like(theta)
        if self.kind == "lstm":
            r |= {"cT": torch.empty_like(self.c0), "dc0": torch.empty_like(self.c0)}
        lengths = (c_size_t * self.B)(*self.lengths) if self.lengths else None
        lstm, initial = self.kind == "lstm", self.initial
        w = c_void_p(lib.recur_network_workspace_alloc(
            byref(network), self.T, self.B, TRAINING, self.segment))
        given = Pass(
            matrix(self.x), pointer(Batch(lengths, 0, 0, 0)),
            matrix(self.h0 if initial else None), matrix(self.c0 if initial else None),
            matrix(r["y"]), matrix(r["hT"]), matrix(r.get("cT")))
        gradients = Gradients(
            matrix(self.dy), matrix(self.dhT), matrix(self.dcT if lstm else None),
            matrix(r["dx"]), matrix(r["dh0"]), matrix(r.get("dc0")), vector(r["dtheta"]))
        status = lib.recur_network_forward(vector(theta), byref(given), w)
        status |= lib.recur_network_backward(vector(theta), byref(given), byref(gradients), w)
        lib.recur_network_workspace_free(w)
        if status != 0:
            raise RuntimeError(f"{self}: status {status}")
        return r


def main():
    path = sys.argv[1] if len(sys.argv) > 1 else "build/librecur.so"
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(seed)
    rng = random.Random(seed)
    lib = load(path)
    worst = {}
    for _ in range(count):
        problem = Problem(rng)
        want, got = problem.by_torch(), problem.by_recur(lib)
        for name, value in want.items():
            scale = max(value.abs().max().item(), 1e-300)
            difference = (got[name] - value).abs().max().item() / scale
            if not difference <= LIMIT:
                print(f"{name} differs by {difference:.1e}: {problem}")
            worst[name] = max(worst.get(name, 0), difference)
    print(f"{count} networks, seed {seed}, torch {torch.__version__}: maximum differences")
    for name, difference in worst.items():
        print(f"  {name:8} {difference:.1e}")
    sys.exit(any(not d <= LIMIT for d in worst.values()))


if __name__ == "__main__":
    main()
