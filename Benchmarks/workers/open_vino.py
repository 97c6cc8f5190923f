"""OpenVINO's worker: inference in single precision, with the same models as ONNX Runtime.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import re

from protocol import Absent, serve
import numpy
import openvino
from onnx_graph import build
from peer import Peer

EXCHANGED = {"h0": "hT", "hT": "h0", "c0": "cT", "cT": "c0"}


class OpenVINO(Peer):
    name, version = "OpenVINO", re.match(r"[\d.]+", openvino.__version__)[0]

    def prepare(self, row):
        if row.pass_ == "training":
            raise Absent("no gradients")
        if row.scalar == "double":
            raise Absent("only single precision")
        arrays = self.load(row)
        core = openvino.Core()
        model = core.read_model(build(row, self.parameter_arrays(arrays.pop("theta"))), b"")
        compiled = core.compile_model(model, "CPU", {
            "INFERENCE_NUM_THREADS": self.threads, "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_PRECISION_HINT": "f32"})
        self.outputs = {output.any_name: numpy.zeros(output.shape, numpy.float32)
                        for output in compiled.outputs}
        self.arrays = {name: array.copy() for name, array in arrays.items() if name != "dy"}
        self.arrays |= self.outputs
        self.bind(row, compiled)

    def bind(self, row, compiled):
        """As in onnx_runtime.py, a second request for streams has the states exchanged."""
        to_final, to_initial = (self.request(compiled, exchange) for exchange in ({}, EXCHANGED))
        requests = [to_final, to_initial if row.pass_ == "stream" else to_final]

        def call():
            requests[0].infer(share_outputs=True)
            requests.reverse()

        self.call = call
        self.named = lambda _: self.outputs

    def request(self, compiled, exchange):
        request = compiled.create_infer_request()
        for port in [*compiled.inputs, *compiled.outputs]:
            array = self.arrays[exchange.get(port.any_name, port.any_name)]
            request.set_tensor(port, openvino.Tensor(array, shared_memory=True))
        return request


if __name__ == "__main__":
    serve(OpenVINO)
