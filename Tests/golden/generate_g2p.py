"""Writes g2p.json, which the Swift tests read: the phonemes that the package g2p-en predicts for
some words. README.md describes how to run it."""

import json
import pathlib
import unittest.mock

import nltk

# The package looks for data of NLTK, which the prediction does not need.
with unittest.mock.patch.object(nltk.data, "find"):
    import g2p_en.g2p

WORDS = [
    "recurrent", "network", "swift", "phoneme", "xylophone", "a", "zzz",
    "antidisestablishmentarianism",
]

# Its constructor would load the dictionary of NLTK.
model = g2p_en.g2p.G2p.__new__(g2p_en.g2p.G2p)
model.graphemes = ["<pad>", "<unk>", "</s>"] + list("abcdefghijklmnopqrstuvwxyz")
model.g2idx = {grapheme: index for index, grapheme in enumerate(model.graphemes)}
model.idx2p = {index: index for index in range(74)}
model.load_variables()
phonemes = {word: [int(index) for index in model.predict(word)] for word in WORDS}
lines = ",\n".join(f" {json.dumps(word)}: {json.dumps(p)}" for word, p in phonemes.items())
pathlib.Path(__file__).with_name("g2p.json").write_text("{\n" + lines + "\n}\n")
