"""PyTorch's worker: torch.nn.RNN, GRU and LSTM. Streams use RNNCell, GRUCell and LSTMCell, which
are faster for single steps.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

from protocol import serve
import torch
from peer import Peer
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

MODULES = {"simple": torch.nn.RNN, "gru": torch.nn.GRU, "lstm": torch.nn.LSTM}
STEPS = {"simple": torch.nn.RNNCell, "gru": torch.nn.GRUCell, "lstm": torch.nn.LSTMCell}


class PyTorch(Peer):
    name, version = "PyTorch", torch.__version__

    def __init__(self, threads):
        super().__init__(threads)
        torch.set_num_threads(threads)

    def prepare(self, row):
        arrays = self.load(row)
        dtype = torch.float32 if row.scalar == "float" else torch.float64
        if row.pass_ == "stream":
            self.module = STEPS[row.cell](row.I, row.H, dtype=dtype)
        else:
            self.module = MODULES[row.cell](row.I, row.H, num_layers=row.layers,
                                            bidirectional=row.directions == 2, dtype=dtype)
        with torch.no_grad():
            for part, array in zip(self.module.parameters(),
                                   self.parameter_arrays(arrays.pop("theta"))):
                part.copy_(torch.from_numpy(array.copy()))
        self.inputs = {name: torch.from_numpy(array.copy()) for name, array in arrays.items()}
        self.lengths = torch.tensor(row.lengths) if row.lengths else None
        getattr(self, f"prepare_{row.pass_}")()

    def forward(self):
        x, h0, c0 = (self.inputs.get(name) for name in ("x", "h0", "c0"))
        state = h0 if c0 is None else (h0, c0)
        if self.lengths is None:
            return self.module(x, state)
        packed = pack_padded_sequence(x, self.lengths, enforce_sorted=False)
        y, final = self.module(packed, state)
        return pad_packed_sequence(y, total_length=self.row.T)[0], final

    def names(self, y, final):
        finals = final if isinstance(final, tuple) else (final,)
        return dict(zip(("y", "hT", "cT"), (y.detach(), *(state.detach() for state in finals))))

    def prepare_forward(self):
        self.call = torch.inference_mode()(self.forward)
        self.named = lambda result: self.names(*result)

    def prepare_training(self):
        leaves = {f"d{name}": self.inputs[name].requires_grad_()
                  for name in ("x", "h0", "c0") if name in self.inputs}
        sources = [*leaves.values(), *self.module.parameters()]

        def call():
            y, final = self.forward()
            return y, final, torch.autograd.grad(y, sources, self.inputs["dy"])

        def named(result):
            y, final, gradients = result
            parameters = torch.cat([part.flatten() for part in gradients[len(leaves):]])
            return self.names(y, final) | dict(zip(leaves, gradients)) | {"dtheta": parameters}

        self.call, self.named = call, named

    def prepare_stream(self):
        x, h0, c0 = (self.inputs[name][0] if name in self.inputs else None
                     for name in ("x", "h0", "c0"))
        self.state = h0 if c0 is None else (h0, c0)

        @torch.inference_mode()
        def call():
            self.state = self.module(x, self.state)
            return self.state

        def named(state):
            h = state[0] if isinstance(state, tuple) else state
            return self.names(h, state)

        self.call, self.named = call, named


if __name__ == "__main__":
    serve(PyTorch)
