"""tract's worker: inference in single precision by one thread, with the models of ONNX Runtime.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import tempfile

from protocol import Absent, serve
import tract
from onnx_graph import build
from peer import Peer


class Tract(Peer):
    name, version = "tract", tract.version()

    def prepare(self, row):
        if row.pass_ == "training":
            raise Absent("no gradients")
        if row.scalar == "double":
            raise Absent("RNN, GRU and LSTM only in single precision")
        if self.threads > 1:
            raise Absent("one thread")
        if row.lengths:
            raise Absent("no lengths of sequences")
        arrays = self.load(row)
        with tempfile.NamedTemporaryFile(suffix=".onnx") as file:
            file.write(build(row, self.parameter_arrays(arrays.pop("theta"))))
            file.flush()
            model = tract.onnx().load(file.name)
        names = ["y", "hT", "cT"]  # tract names outputs after their nodes
        inputs = [tract.Tensor.from_numpy(arrays[model.input_name(k)].copy())
                  for k in range(model.input_count())]
        self.named = lambda outputs: {name: output.to_numpy()
                                      for name, output in zip(names, outputs)}
        self.bind(row, model.into_model().into_runnable(), inputs)

    def bind(self, row, runnable, inputs):
        """In a stream, the final states are the next initial ones."""
        def call():
            outputs = runnable.run(inputs)
            if row.pass_ == "stream":
                inputs[1:] = outputs[1:]
            return outputs

        self.call = call


if __name__ == "__main__":
    serve(Tract)
