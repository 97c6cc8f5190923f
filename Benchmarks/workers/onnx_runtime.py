"""ONNX Runtime's worker: inference in single precision.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import pathlib
import tempfile

import onnx
import onnxruntime
from onnxruntime.quantization import QuantType, quantize_dynamic

from protocol import Absent, serve
from onnx_graph import build
from peer import Peer


def quantized(model):
    """The model with 8-bit weights and a scale for each column of a gate: DynamicQuantizeLSTM."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder)
        (path / "full.onnx").write_bytes(model)
        quantize_dynamic(path / "full.onnx", path / "int8.onnx", per_channel=True,
                         weight_type=QuantType.QInt8)
        found = onnx.load(path / "int8.onnx")
    if "DynamicQuantizeLSTM" not in {node.op_type for node in found.graph.node}:
        raise RuntimeError("the LSTM was not quantized")
    return found.SerializeToString()


class ONNXRuntime(Peer):
    name, version = "ONNX Runtime", onnxruntime.__version__

    def prepare(self, row):
        if row.pass_ == "training":
            raise Absent("no gradients")
        if row.scalar == "double":
            raise Absent("RNN, GRU and LSTM only in single precision")
        # Dynamic quantization has 8-bit integers, for LSTM alone.
        arrays = self.load(row, ("full", "int8") if row.cell == "lstm" else ("full",))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self.threads
        options.inter_op_num_threads = 1
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
        model = build(row, self.parameter_arrays(arrays.pop("theta")))
        if row.storage == "int8":
            model = quantized(model)
        self.session = onnxruntime.InferenceSession(model, options, ["CPUExecutionProvider"])
        self.values = {name: onnxruntime.OrtValue.ortvalue_from_numpy(array.copy())
                       for name, array in arrays.items() if name != "dy"}
        self.bind(row)

    def bind(self, row):
        """Binds results to preallocated values. In a stream, a second binding with exchanged states
        writes the final states over the initial ones."""
        for output in self.session.get_outputs():
            self.values[output.name] = onnxruntime.OrtValue.ortvalue_from_shape_and_type(
                output.shape, "float32")
        to_final, to_initial = (self.binding(exchange) for exchange in (False, True))
        run = self.session.run_with_iobinding
        bindings = [to_final, to_initial if row.pass_ == "stream" else to_final]

        def call():
            run(bindings[0])
            bindings.reverse()

        self.call = call
        self.named = lambda _: {output.name: self.values[output.name].numpy()
                                for output in self.session.get_outputs()}

    def binding(self, exchange):
        other = {"h0": "hT", "hT": "h0", "c0": "cT", "cT": "c0"} if exchange else {}
        binding = self.session.io_binding()
        for value in self.session.get_inputs():
            binding.bind_ortvalue_input(value.name, self.values[other.get(value.name, value.name)])
        for value in self.session.get_outputs():
            binding.bind_ortvalue_output(value.name, self.values[other.get(value.name, value.name)])
        return binding


if __name__ == "__main__":
    serve(ONNXRuntime)
