"""Crafted archives of NumPy, recordings, and texts of RNNoise."""

import copy
import random
import struct
import zlib

from crafted_files import file, size


# Archives of NumPy

STORED, DEFLATED = 0, 8


def array(shape, data, kind="<f4", order="False"):
    header = f"{{'descr': '{kind}', 'fortran_order': {order}, 'shape': {shape}, }}"
    header += " " * (-(10 + len(header) + 1) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + data


def deflated(data):
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    return compressor.compress(data) + compressor.flush()


class Member:
    def __init__(self, name, data, method=STORED):
        self.name = name.encode()
        self.packed = deflated(data) if method == DEFLATED else data
        self.fields = (0, method, 0, 0x21, zlib.crc32(data), len(self.packed), len(data),
                       len(self.name), 0)

    def renamed(self, name):
        """The same member with another name of as many characters."""
        other = copy.copy(self)
        other.name = name.encode()
        return other

    def local(self):
        return b"PK\3\4" + struct.pack("<H4H3I2H", 20, *self.fields) + self.name + self.packed

    def entry(self, offset):
        return b"PK\1\2" + struct.pack("<2H4H3I2H", 20, 20, *self.fields) + struct.pack(
            "<3H2I", 0, 0, 0, 0, offset) + self.name


def archive(members, entries=None):
    """An archive; `entries` are pairs of a member and its offset."""
    body, own = bytearray(), []
    for member in members:
        own.append((member, len(body)))
        body += member.local()
    entries = own if entries is None else entries(own)
    directory = b"".join(member.entry(offset) for member, offset in entries)
    count = min(len(entries), 65_535)
    return bytes(body) + directory + b"PK\5\6" + struct.pack(
        "<4H2IH", 0, 0, count, count, len(directory), len(body), 0)


def one(name, data, method=STORED):
    return archive([Member(name, data, method)])


@file("npz", "one-element arrays")
def one_element_arrays():
    data = array("(1,)", b"\0\0\0\0")
    return archive(Member(f"a{k:05x}.npy", data) for k in range(min(size() // 244, 65_535)))


@file("npz", "empty arrays")
def empty_arrays():
    data = array("(0,)", b"")
    return archive(Member(f"a{k:05x}.npy", data) for k in range(min(size() // 240, 65_535)))


@file("npz", "one array")
def one_array():
    return one("a.npy", array(f"({size() // 4},)", bytes(size() // 4 * 4)))


@file("npz", "one array in the order of Fortran")
def fortran():
    columns = size() // 400
    return one("a.npy", array(f"(100, {columns})", bytes(400 * columns), order="True"))


@file("npz", "bytes")
def integers():
    return one("a.npy", array(f"({size()},)", bytes(size()), kind="|i1"))


@file("npz", "numbers of 64 bits, the other byte order")
def big_endian():
    return one("a.npy", array(f"({size() // 8},)", bytes(size() // 8 * 8), kind=">f8"))


@file("npz", "deflated zeros")
def zeros():
    return one("a.npy", array(f"({size() * 5},)", bytes(size() * 20)), DEFLATED)


@file("npz", "deflated to a tenth")
def tenth():
    noise = random.Random(2026)
    data = b"".join(noise.randbytes(85) + bytes(915) for _ in range(size() // 100))
    return one("a.npy", array(f"({len(data)},)", data, kind="|i1"), DEFLATED)


@file("npz", "entries of the same array")
def overlapping():
    data = array(f"({size() // 8},)", bytes(size() // 8 * 4))

    def entries(own):
        member, offset = own[0]
        return [(member.renamed(f"a{k:05x}.npy"), offset) for k in range(min(size() // 114, 2000))]

    return archive([Member("a00000.npy", data)], entries)


@file("npz", "dimensions")
def dimensions():
    return one("a.npy", array("(" + "1, " * 21_000 + ")", bytes(4)) + bytes(size()))


@file("npz", "long name")
def long_name():
    return archive(Member(f"{k:05x}" + "n" * 65_000 + ".npy", array("(1,)", bytes(4)))
                   for k in range(max(size() // 130_100, 1)))


@file("npz", "no directory")
def no_directory():
    return b"PK\3\4" + bytes(size())


@file("npz", "marks of the directory's end")
def ends():
    return b"PK\3\4" + b"PK\5\6" * (size() // 4)


@file("npz", "long header of an array")
def long_header():
    header = b"{'descr': '<f4', 'fortran_order': False, 'shape': (" + b" " * size() + b"1,), }\n"
    data = b"\x93NUMPY\x02\x00" + struct.pack("<I", len(header)) + header + bytes(4)
    return one("a.npy", data)


# Recordings


def chunk(name, data):
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def wave(*chunks):
    body = b"WAVE" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", min(len(body), 2**32 - 1)) + body


def form(channels=1, bits=16, kind=1):
    frame = channels * bits // 8
    return chunk(b"fmt ", struct.pack(
        "<2H2I2H", kind, channels, 48_000, 48_000 * frame, frame, bits))


@file("recording", "samples of 16 bits")
def samples():
    return wave(form(), chunk(b"data", bytes(size() // 2 * 2)))


@file("recording", "bytes")
def byte_samples():
    return wave(form(bits=8), chunk(b"data", bytes(size())))


@file("recording", "1024 channels")
def channels():
    return wave(form(channels=1024), chunk(b"data", bytes(size() // 2048 * 2048)))


@file("recording", "more samples than the file has")
def promised():
    return wave(form(), b"data" + struct.pack("<I", 2**32 - 2) + bytes(size()))


@file("recording", "empty chunks")
def empty_chunks():
    return wave(form(), chunk(b"junk", b"") * (size() // 8), chunk(b"data", bytes(2)))


@file("recording", "long chunk")
def long_chunk():
    return wave(form(), chunk(b"junk", bytes(size())), chunk(b"data", bytes(2)))


@file("recording", "texts about the recording")
def texts():
    return wave(form(), chunk(b"LIST", b"INFO" + chunk(b"INAM", b"name") * (size() // 12)),
                chunk(b"data", bytes(2)))


@file("recording", "compressed samples")
def compressed():
    return wave(form(kind=0x11, bits=4), chunk(b"data", bytes(size())))


# Texts of RNNoise

RNNOISE = b"rnnoise-nu model file version 1\n"


@file("import", "rnnoise: numbers")
def rnnoise_numbers():
    return RNNOISE + b"1 " * (size() // 2)


@file("import", "rnnoise: digits")
def rnnoise_digits():
    return RNNOISE + b"1" * size()


@file("import", "rnnoise: spaces")
def rnnoise_spaces():
    return RNNOISE + b" \n" * (size() // 2) + b"42 24 0\n"


@file("import", "small: rnnoise: sizes")
def rnnoise_sizes():
    return RNNOISE + b"2000000000 2000000000 0\n1 2 3\n"


TRIVIAL = {
    "npz": one("a.npy", array("(1,)", bytes(4))),
    "recording": wave(form(), chunk(b"data", bytes(2))),
}
