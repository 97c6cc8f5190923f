"""Writes the arrays of numpy/, which the Swift tests read: archives with every type and order, and
an array in each version of the format. README.md describes how to run it."""

import io
import pathlib
import zipfile

import numpy

FOLDER = pathlib.Path(__file__).with_name("numpy")
TYPES = ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "?"]


def array(code, byte_order, order):
    """Element k is k - 5, or k for unsigned types, or whether k is odd."""
    numbers = numpy.arange(24) - (0 if code[0] == "u" else 5)
    if code == "?":
        numbers = numpy.arange(24) % 2
    return numpy.array(numbers.reshape(2, 3, 4), dtype=byte_order + code, order=order)


def arrays():
    found = {f"{code.replace('?', 'b1')}_{name}_{order}": array(code, mark, order)
             for code in TYPES for name, mark in (("little", "<"), ("big", ">")) for order in "CF"}
    found["folder/scalar"] = numpy.array(7.5)
    found["empty"] = numpy.zeros((0, 3), numpy.float32)
    found["vector"] = numpy.arange(3, dtype=numpy.int64)
    found["größe"] = numpy.ones((1, 1), numpy.float32)
    return found


def unseekable_archive(names):
    """An archive whose sizes follow the data, as one that was written to a pipe."""
    class Pipe(io.RawIOBase):
        data = b""

        def writable(self):
            return True

        def write(self, data):
            self.data += bytes(data)
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, value in names.items():
            file = io.BytesIO()
            numpy.lib.format.write_array(file, value)
            with archive.open(name + ".npy", "w", force_zip64=name == "long") as member:
                member.write(file.getvalue())
    return pipe.data


FOLDER.mkdir(exist_ok=True)
numpy.savez(FOLDER / "stored.npz", **arrays())
numpy.savez_compressed(FOLDER / "compressed.npz", **arrays())
(FOLDER / "piped.npz").write_bytes(unseekable_archive(
    {"short": numpy.arange(40, dtype=numpy.float32), "long": numpy.zeros((3, 2))}))
for version in 1, 2, 3:
    with open(FOLDER / f"version_{version}.npy", "wb") as file:
        six = numpy.arange(6, dtype=numpy.float32).reshape(2, 3)
        numpy.lib.format.write_array(file, six, (version, 0))
