"""Writes keras.npz, which the Swift tests read: the weights of two Keras models by their paths,
inputs, and the outputs that Keras computes. README.md describes how to run it."""

import os
import pathlib

os.environ["KERAS_BACKEND"] = "tensorflow"

import keras  # noqa: E402
import numpy  # noqa: E402
from keras import layers  # noqa: E402


def draw(model, seed):
    """Multiples of 1/64, because Keras's initial biases are 0."""
    generator = numpy.random.default_rng(seed)
    for weight in model.weights:
        numbers = generator.integers(-40, 41, weight.shape) / 64
        weight.assign(numpy.abs(numbers) + 0.5 if weight.path.endswith("variance") else numbers)


features = keras.Sequential([
    keras.Input((7, 3)),
    layers.Conv1D(4, 2, dilation_rate=2, padding="causal", groups=1, activation="tanh"),
    layers.BatchNormalization(),
    layers.PReLU(shared_axes=[1]),
    layers.Bidirectional(layers.LSTM(3, return_sequences=True)),
    layers.LayerNormalization(epsilon=1e-3),
    layers.GRU(5, return_sequences=True),
    layers.GRU(4, return_sequences=True, reset_after=False),
    layers.SimpleRNN(3, return_sequences=True),
    layers.Dense(2),
], name="features")

tokens = keras.Sequential([
    keras.Input((6,), dtype="int32"),
    layers.Embedding(5, 3, name="words"),
    layers.LSTM(4, return_sequences=True, name="first"),
    layers.LSTM(4, name="second"),
    layers.Dense(2, use_bias=False, name="out"),
], name="tokens")

arrays = {}
generator = numpy.random.default_rng(3)
for seed, (model, x) in enumerate([
        (features, generator.integers(-64, 65, (1, 7, 3)).astype(numpy.float32) / 64),
        (tokens, generator.integers(0, 5, (1, 6)))]):
    draw(model, seed)
    arrays |= {weight.path: weight.numpy() for weight in model.weights}
    arrays |= {f"x/{model.name}": x, f"y/{model.name}": model(x).numpy()}
numpy.savez_compressed(pathlib.Path(__file__).with_name("keras.npz"), **arrays)
