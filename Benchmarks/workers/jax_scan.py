"""JAX's worker: the cells under jit and lax.scan.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import sys

if sys.argv[1] == "1":
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
os.environ["JAX_PLATFORMS"] = "cpu"

from protocol import serve  # noqa: E402
import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
from jax.nn import sigmoid  # noqa: E402
from peer import Peer  # noqa: E402

jax.config.update("jax_enable_x64", True)
jax.config.update("jax_cpu_enable_async_dispatch", False)  # no other thread


# One step: the next state from the state, the input's product, and U = h W_hh + b_hh.

def simple(state, product, U):
    return (jnp.tanh(product + U),)


def gru(state, product, U):
    (h,) = state
    (r, z, n), (Ur, Uz, Un) = jnp.split(product, 3, -1), jnp.split(U, 3, -1)
    r, z = sigmoid(r + Ur), sigmoid(z + Uz)
    return ((1 - z) * jnp.tanh(n + r * Un) + z * h,)


def lstm(state, product, U):
    i, f, g, o = jnp.split(product + U, 4, -1)
    c = sigmoid(f) * state[1] + sigmoid(i) * jnp.tanh(g)
    return sigmoid(o) * jnp.tanh(c), c


CELLS = {"simple": simple, "gru": gru, "lstm": lstm}


def one_direction(cell, part, x, state, runs, reverse):
    """part: W_ih^T, W_hh^T, b_ih, b_hh. runs (T x B): whether a sequence has the step; or None."""
    W, U, b_ih, b_hh = part

    def step(state, inputs):
        product, runs = inputs
        after = CELLS[cell](state, product, state[0] @ U + b_hh)
        if runs is None:
            return after, after[0]
        after = tuple(jnp.where(runs[:, None], new, old) for new, old in zip(after, state))
        return after, jnp.where(runs[:, None], after[0], 0)

    return jax.lax.scan(step, state, (x @ W + b_ih, runs), reverse=reverse)


def network(row, parts, x, states):
    """The outputs and final states. states: h, and c for an LSTM, of all layers and directions."""
    runs = None
    if row.lengths:
        runs = jnp.arange(row.T)[:, None] < jnp.array(row.lengths)[None, :]
    finals = []
    for layer in range(row.layers):
        outputs = []
        for direction in range(row.directions):
            k = layer * row.directions + direction
            final, y = one_direction(row.cell, parts[k], x, tuple(s[k] for s in states), runs,
                                     direction == 1)
            finals.append(final)
            outputs.append(y)
        x = jnp.concatenate(outputs, -1) if len(outputs) > 1 else outputs[0]
    return x, tuple(map(jnp.stack, zip(*finals)))


class JAX(Peer):
    name, version = "JAX", jax.__version__

    def prepare(self, row):
        arrays = {name: jnp.asarray(array) for name, array in self.load(row).items()}
        flat = list(self.parameter_arrays(arrays.pop("theta")))
        self.parts = [[jnp.array(flat[k].T), jnp.array(flat[k + 1].T), flat[k + 2], flat[k + 3]]
                      for k in range(0, len(flat), 4)]
        self.states = tuple(arrays[name] for name in ("h0", "c0") if name in arrays)
        self.x, self.dy = arrays["x"], arrays["dy"]
        getattr(self, f"prepare_{row.pass_}")()
        jax.block_until_ready(self.call())

    def names(self, y, finals):
        return {"y": y} | dict(zip(("hT", "cT"), finals))

    def prepare_forward(self):
        row = self.row
        run = jax.jit(lambda parts, x, states: network(row, parts, x, states))
        self.call = lambda: jax.block_until_ready(run(self.parts, self.x, self.states))
        self.named = lambda result: self.names(*result)

    def prepare_stream(self):
        self.prepare_forward()
        run = self.call

        def call():
            result = run()
            self.states = result[1]
            return result

        first = self.states

        def named(_):
            self.states = first
            return self.names(*call())

        self.call, self.named = call, named

    def prepare_training(self):
        row = self.row

        @jax.jit
        def run(parts, x, states, dy):
            y, back, finals = jax.vjp(lambda *given: network(row, *given), parts, x, states,
                                      has_aux=True)
            return y, finals, back(dy)

        def named(result):
            y, finals, (parts, dx, states) = result
            flat = [array.T.ravel() for part in parts for array in part]
            return self.names(y, finals) | dict(zip(("dh0", "dc0"), states)) | {
                "dx": dx, "dtheta": jnp.concatenate(flat)}

        self.call = lambda: jax.block_until_ready(run(self.parts, self.x, self.states, self.dy))
        self.named = named


if __name__ == "__main__":
    serve(JAX)
