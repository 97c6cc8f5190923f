"""Writes python.safetensors, which the C tests read, with the package safetensors: tensors of
several types, and metadata. README.md describes how to run it."""

import pathlib

import numpy
from safetensors.numpy import save_file

TENSORS = {
    "mask": numpy.array([True, False, True]),
    "half": numpy.array([1, -2, 65504, 2 ** -24], numpy.float16),
    "weight": numpy.array([[0.1, -0.2, 0.3], [1e-45, 1e38, -0.0]], numpy.float32),
    "double": numpy.array([0.1, 5e-324], numpy.float64),
    "count": numpy.array(7, numpy.int64),
    "empty": numpy.zeros((0, 4), numpy.float32),
}

METADATA = {"format": "np", "note": 'ü "quoted"'}

save_file(TENSORS, pathlib.Path(__file__).with_name("python.safetensors"), metadata=METADATA)
