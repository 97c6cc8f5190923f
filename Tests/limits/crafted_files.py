"""Crafted files that a reader must refuse, or read, within limits of memory and time."""

import datetime
import json
import struct
import zlib

# The size of a file in bytes, which the caller may change.
SIZE = 10_000_000

FILES = {}


def size():
    return SIZE


def file(command, name):
    """Registers a function that returns the contents of a file for a command."""

    def register(make):
        FILES[f"{command} {name}"] = (command, make)
        return make

    return register


def safetensors(header, data=b""):
    if not isinstance(header, bytes):
        header = json.dumps(header, separators=(",", ":")).encode()
    return struct.pack("<Q", len(header)) + header + data


def recur_file(kind, values, tensors="", data=b""):
    """A file of Recur with a matching checksum. values are canonical JSON texts."""
    metadata = {"recur.kind": kind, "recur.version": "2"} | values
    text = json.dumps(metadata, separators=(",", ":"))
    header = (
        '{"__metadata__":' + text[:-1] + ',"recur.checksum":"00000000"}' + tensors + "}"
    ).encode()
    start = safetensors(header)
    place = start.index(b'"recur.checksum":"') + len('"recur.checksum":"')
    digits = b"%08x" % zlib.crc32(start + data)
    return start[:place] + digits + start[place + 8:] + data


def canonical(value):
    return json.dumps(value, separators=(",", ":"), sort_keys=True)


def model(layers=1):
    network = {"cell": "lstm", "inputSize": 1, "hiddenSize": 1, "layers": layers}
    head = {"kind": "dense", "from": ["network"], "size": 1, "bias": True, "output": True}
    return {
        "nodes": [
            {"name": "x", "kind": "features", "size": 1},
            {"name": "network", "kind": "network", "from": ["x"], "network": network},
            {"name": "head"} | head,
        ]
    }


# safetensors files of any program


@file("info", "one-element tensors")
def tiny_tensors():
    entry = '"t%07d":{"dtype":"F32","shape":[1],"data_offsets":[%d,%d]}'
    count = SIZE // 75
    header = "{" + ",".join(entry % (k, 4 * k, 4 * k + 4) for k in range(count)) + "}"
    return safetensors(header.encode(), bytes(4 * count))


@file("info", "empty tensors")
def empty_tensors():
    entry = '"%x":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}'
    header = "{" + ",".join(entry % k for k in range(SIZE // 54)) + "}"
    return safetensors(header.encode())


@file("info", "most one-element tensors")
def most_tiny_tensors():
    entry = '"tensor.number.0000%07d":{"dtype":"F32","shape":[1],"data_offsets":[%d,%d]}'
    count = SIZE // 93
    header = "{" + ",".join(entry % (k, 4 * k, 4 * k + 4) for k in range(count)) + "}"
    return safetensors(header.encode(), bytes(4 * count))


@file("info", "most empty objects")
def most_empty_objects():
    return safetensors(b'{"a":[' + b"{},             " * (SIZE // 16) + b"0]}")


@file("info", "most strings")
def most_strings():
    strings = ",".join(f'"string{k:06x}":""' for k in range(SIZE // 18))
    return safetensors(('{"__metadata__":{' + strings + "}}").encode())


@file("info", "dimensions")
def dimensions():
    shape = b"1," * (SIZE // 2) + b"1"
    return safetensors(
        b'{"a":{"dtype":"F32","shape":[' + shape + b'],"data_offsets":[0,4]}}', bytes(4)
    )


@file("info", "empty arrays")
def empty_arrays():
    return safetensors(b'{"a":[' + b"[]," * (SIZE // 3) + b"0]}")


@file("info", "empty objects")
def empty_objects():
    return safetensors(b'{"a":[' + b"{}," * (SIZE // 3) + b"0]}")


@file("info", "nested arrays")
def nested():
    return safetensors(b'{"a":' + b"[" * (SIZE // 2) + b"]" * (SIZE // 2) + b"}")


@file("info", "long name")
def long_name():
    return safetensors(
        b'{"' + b"n" * SIZE + b'":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', bytes(4)
    )


@file("info", "long name of escapes")
def long_escapes():
    name = b"\\u202e" * (SIZE // 6)
    return safetensors(
        b'{"' + name + b'":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', bytes(4)
    )


@file("info", "long type")
def long_type():
    return safetensors(
        b'{"a":{"dtype":"' + b"F" * SIZE + b'","shape":[1],"data_offsets":[0,4]}}', bytes(4)
    )


@file("info", "many strings")
def many_strings():
    return safetensors({"__metadata__": {f"{k:x}": "" for k in range(SIZE // 11)}})


@file("info", "one long string")
def long_string():
    return safetensors({"__metadata__": {"a": "x" * SIZE}})


@file("info", "same name twice")
def twice():
    return safetensors(b"{" + b'"a":{},' * (SIZE // 7) + b'"a":{}}')


@file("info", "long number")
def long_number():
    return safetensors(b'{"a":' + b"1" * SIZE + b"}")


@file("info", "unclosed string")
def unclosed():
    return safetensors(b'{"a":"' + b"x" * SIZE + b"}")


@file("info", "header of spaces")
def spaces():
    return safetensors(b"{}" + b" " * SIZE)


@file("info", "one large tensor")
def large_tensor():
    return safetensors(
        {"a": {"dtype": "F32", "shape": [SIZE // 4], "data_offsets": [0, SIZE]}}, bytes(SIZE)
    )


@file("info", "half precision")
def half_tensor():
    return safetensors(
        {"a": {"dtype": "F16", "shape": [SIZE // 2], "data_offsets": [0, SIZE]}}, bytes(SIZE)
    )


@file("info", "wrong length of header")
def wrong_length():
    return struct.pack("<Q", 100_000_000) + b"{" * SIZE


# Files of Recur with a matching checksum


def layered(layers, size):
    tensors = ',"a":{"data_offsets":[0,%d],"dtype":"F64","shape":[%d]}' % (size, size // 8)
    values = {"recur.info": "{}", "recur.model": canonical(model(layers))}
    return recur_file("model", values, tensors, bytes(size))


@file("info", "layers")
def layers():
    return layered(10**7, 10 * SIZE)


@file("info", "layers in a small file")
def layers_of_small():
    return layered(10**5, SIZE // 10)


@file("generate", "layers")
def layers_to_generate():
    return layered(10**7, 10 * SIZE)


@file("info", "unused tensors of a model")
def model_with_tensors():
    entry = ',"t%07d":{"data_offsets":[%d,%d],"dtype":"F32","shape":[1]}'
    count = SIZE // 75
    tensors = "".join(entry % (k, 4 * k, 4 * k + 4) for k in range(count))
    return recur_file(
        "model", {"recur.info": "{}", "recur.model": canonical(model())}, tensors, bytes(4 * count)
    )


@file("info", "strings of a model")
def model_with_info():
    info = canonical({f"{k:x}": "" for k in range(SIZE // 15)})
    return recur_file("model", {"recur.info": info, "recur.model": canonical(model())})


@file("info", "numbers in a model")
def model_of_numbers():
    numbers = "[" + "0," * (SIZE // 2) + "0]"
    return recur_file("model", {"recur.info": "{}", "recur.model": '{"nodes":' + numbers + "}"})


@file("info", "most strings of a model")
def most_model_strings():
    info = canonical({f"{k:09x}": "" for k in range(SIZE // 21)})
    values = {"recur.info": info, "recur.model": canonical(model())}
    return recur_file("model", values)


@file("info", "nested model")
def nested_model():
    return recur_file(
        "model", {"recur.info": "{}", "recur.model": "[" * (SIZE // 2) + "]" * (SIZE // 2)}
    )


@file("info", "history")
def history():
    epochs = [{"epoch": k, "loss": 0.5} for k in range(SIZE // 26)]
    rate = {
        "epochsWithoutMinimum": 0,
        "initial": 0.002,
        "plateauFactor": 1,
        "schedule": {"constant": {}},
    }
    options = {
        "batching": {"stateful": {}},
        "clipping": {"norm": {"_0": 1}},
        "epochs": len(epochs),
        "learningRate": 0.002,
        "loss": {"crossEntropy": {}},
        "optimizer": {"sgd": {"dampening": 0, "momentum": 0, "nesterov": False, "weightDecay": 0}},
        "schedule": {"constant": {}},
        "seed": 1,
    }
    position = {
        "epoch": len(epochs),
        "epochsWithoutLeast": 0,
        "examples": 1,
        "generator": 1,
        "learningRate": rate,
        "leastValidationLoss": "inf",
        "lossCount": 0,
        "lossSum": 0,
        "step": len(epochs),
        "stepOfEpoch": 0,
    }
    training = canonical({"history": epochs, "options": options, "position": position})
    values = {"recur.info": "{}", "recur.model": canonical(model()), "recur.training": training}
    return recur_file("checkpoint", values)


@file("info", "levels of a forecaster")
def levels():
    forecaster = '{"options":{"levels":[' + "0," * (SIZE // 2) + "0]}}"
    return recur_file("forecaster", {"recur.info": "{}", "recur.forecaster": forecaster})


# Series


@file("panel", "series of one value")
def panel_of_values():
    return b"id,month,v\nx,2000-01,1\nx,2000-02,2\n" + b"".join(
        b"%d,2000-01,1\n" % k for k in range(SIZE // 18)
    )


@file("panel", "one long series")
def panel_of_one():
    return b"id,n,v\n" + b"".join(b"a,x,%d\n" % (k % 7) for k in range(SIZE // 6))


@file("panel", "names without an end")
def panel_quote():
    return b'id,month,v\na,2000-01,1\na,2000-02,2\n"' + b"x" * SIZE


@file("panel", "long names")
def panel_names():
    name = b"n" * 900_000
    return b"id,month,v\n" + b"".join(
        name + b"%d,2000-0%d,1\n" % (k, 1 + k % 2) for k in range(SIZE // 900_020 + 1)
    )


@file("panel", "carriage returns only")
def panel_returns():
    return b"id,month,v\ra,2000-01,1\ra,2000-02,2\r" + b"\r" * SIZE


@file("panel", "series in turn")
def panel_in_turn():
    return b"id,month,v\na,2000-01,1\na,2000-02,2\n" + b"b,2000-01,1\nc,2000-01,1\n" * (
        SIZE // 26
    )


@file("panel", "numbers in the header")
def panel_numbers():
    row = b",".join(b"%d" % (k % 7) for k in range(9_900))
    return (
        b"id," + b",".join(b"d_%d" % k for k in range(9_900)) + b"\n"
        + b"".join(b"%d,%s\n" % (k, row) for k in range(SIZE // len(row)))
        + b"last," + b"x," * 9_899 + b"x\n"
    )


@file("columns", "columns of few values")
def columns_of_few():
    names = b",".join(b"s%d" % k for k in range(9_900))
    row = b"," + b",".join(b"%d" % (k % 10) for k in range(9_900)) + b"\n"
    return b"year," + names + b"\n" + b"".join(
        b"%d" % (1 + k) + row for k in range(max(1, SIZE // len(row)))
    ) + row.replace(b",9\n", b",x\n")


@file("columns", "one column")
def columns_of_one():
    return b"n,v\n" + b"".join(b"%d,%d\n" % (k, k % 7) for k in range(SIZE // 9))


@file("columns", "texts in most columns")
def columns_of_texts():
    row = b",1" + b",x" * 9_900 + b"\n"
    return b"year,v" + b"".join(b",t%d" % k for k in range(9_900)) + b"\n" + b"".join(
        b"%d" % (1001 + k) + row for k in range(SIZE // len(row))
    )


@file("forecast", "commas")
def commas():
    return b"date,value\n" + b"," * SIZE


@file("forecast", "header of commas")
def header_commas():
    return b"date," + b"v," * (SIZE // 2 - 3)


@file("forecast", "commas after a quote")
def quoted_commas():
    return b'date,value\n""' + b"," * (SIZE - 13)


@file("forecast", "commas on many lines")
def comma_lines():
    return b"," * 999 + b"a\n" + (b"," * 999 + b"\n") * (SIZE // 1000)


@file("forecast", "columns")
def columns():
    return b"date," + b"a," * 490_000 + b"b\n" + b"2000-01-01,1\n" * (SIZE // 13)


@file("forecast", "empty lines")
def empty_lines():
    return b"date,value\n" + b"\n" * SIZE


@file("forecast", "only empty lines")
def only_empty_lines():
    return b"\n" * SIZE


@file("forecast", "only carriage returns")
def carriage_returns():
    return b"\r" * SIZE


@file("forecast", "long field")
def long_field():
    return b'date,value\n2000-01-01,"' + b"x" * SIZE + b'"\n'


@file("forecast", "many quotes")
def quotes():
    return b"date,value\n" + b'"2000-01-01",""""""""""""""""""""""""""""""""""\n' * (SIZE // 50)


@file("forecast", "long line of quotes")
def long_quotes():
    return b"date,value\n" + b'""' * 499_000 + b"\n"


@file("forecast", "ascending days")
def days():
    start = datetime.date(1, 1, 1)
    lines = (f"{start + datetime.timedelta(k)},1" for k in range(SIZE // 13))
    return ("date,value\n" + "\n".join(lines) + "\nx,1\n").encode()


@file("forecast", "year 1 to 9999")
def gap():
    return b"date,value\n0001-01-01,1\n0001-01-02,2\n9999-12-31,3\n"


@file("forecast", "not UTF-8")
def not_utf8():
    return b"date,value\n" + b"x" * SIZE + b"\xff"


@file("forecast", "combining characters")
def combining():
    return b"date,value\n2000-01-01," + b"e" + b"\xcc\x81" * 450_000 + b"\n"


@file("forecast", "many missing lines")
def missing():
    start, count = datetime.date(1, 1, 1), 300_000
    days = [start, start + datetime.timedelta(1)]
    days += [start + datetime.timedelta(12 * k) for k in range(1, count)]
    return ("date,value\n" + "".join(f"{day},1\n" for day in days)).encode()


@file("forecast", "duplicate dates in many columns")
def duplicates():
    row = b"2000-01-01" + b",1" * 9_900 + b"\n"
    return b"date" + b",v" * 9_900 + b"\n" + row.replace(b",1", b",2", 1) + row * (SIZE // len(row))


@file("forecast", "years in headers")
def header_years():
    row = b",".join(b"%d" % (1000 + k) for k in range(8_900)) + b"\n"
    return row * (SIZE // len(row))


@file("forecast", "lines before a header")
def preamble():
    return b"words, and more\n" * (SIZE // 16) + b"date,value\n2000-01-01,1\n"


@file("forecast", "values without dates")
def values():
    return b"1\n" * (SIZE // 2) + b"x\n"


@file("forecast", "quotes over lines")
def quoted_lines():
    return b'date,value\n2000,"' + b'\n""' * (SIZE // 3)


# Configurations


@file("config", "unknown keys")
def config_keys():
    return ("{" + ",".join(f'"{letters(k)}":1' for k in range(SIZE // 10)) + "}").encode()


@file("config", "long key")
def config_long_key():
    return b'{"' + b"k" * SIZE + b'":1}'


@file("config", "long value")
def config_long_value():
    return b'{"seed":"' + b"1" * SIZE + b'"}'


@file("config", "long number")
def config_number():
    return b'{"seed":' + b"1" * SIZE + b"}"


@file("config", "numbers")
def config_numbers():
    return b'{"seed":[' + b"1," * (SIZE // 2) + b"1]}"


@file("config", "nested arrays")
def config_nested():
    return b"[" * SIZE


@file("config", "quotes")
def config_quotes():
    return b'"' * SIZE


def letters(number):
    text = ""
    while number or not text:
        number, digit = divmod(number, 26)
        text += chr(ord("a") + digit)
    return text


# Texts


@file("text", "not UTF-8")
def text_not_utf8():
    return b"x" * SIZE + b"\xff"


@file("text", "one character")
def text_of_one():
    return b"x" * SIZE


@file("text", "many characters")
def text_of_many():
    wanted = SIZE // 4
    scalars = (chr(0x10000 + k % 0xE0000) for k in range(wanted))
    return "".join(scalars).encode("utf-8", "replace")
