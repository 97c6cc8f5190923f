#!/usr/bin/env python3
"""Writes seeds and dictionaries of the Swift targets: generate_seeds.py RECUR

RECUR is the path of the command, which trains tiny models for the seeds. Other seeds in
fuzz/corpora/, such as those of fixed faults, are kept.
"""

import io
import json
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib

FUZZ = pathlib.Path(__file__).resolve().parent.parent
TEXT = "".join(f"{line}\n" for line in [
    "to be, or not to be, that is the question:", "whether 'tis nobler in the mind to suffer",
    "the slings and arrows of outrageous fortune,", "or to take arms against a sea of troubles"])
SERIES = "month,sales\n" + "".join(
    f"{2000 + month // 12}-{month % 12 + 1:02},{10 + month % 4 * 1.5 + month / 10:.1f}\n"
    for month in range(24))
TEXT_OPTIONS = "--hidden-size 2 --layers 1 --batch-size 2 --sequence-length 5".split()
SERIES_OPTIONS = "--period 4 --horizon 2 --window 3 --seasons 1 --hidden-size 2".split()
TEXT_RUNS = {
    "adam": "--epochs 2",
    "sgd": "--epochs 1 --optimizer sgd --momentum 0.9 --schedule plateau --cell gru",
    "rmsprop": "--epochs 1 --optimizer rmsprop --momentum 0.5 --schedule cosine --warm-up-steps 2 "
               "--cell simple --patience 0",
    "layers": "--epochs 1 --optimizer adamw --layers 2 --dropout 0.5 --overfit-batch",
}
SERIES_RUNS = {
    "one": "--members 1 --epochs 1",
    "two": "--members 2 --epochs 1 --cell gru --validation-fraction 0.2",
    "narrow": "--members 1 --epochs 1 --cell simple --coverage 0.5 --period 1 --column sales",
}


def write(target, name, content):
    folder = FUZZ / "corpora" / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def contents(path):
    """The header of a file and the bytes of its tensors."""
    file = path.read_bytes()
    (length,) = struct.unpack("<Q", file[:8])
    return json.loads(file[8:8 + length]), file[8 + length:]


def recipe(path, text="", keeps_elements=False):
    """The input of a target that makes a file: see Recipe.swift."""
    header, elements = contents(path)
    metadata = header.pop("__metadata__")
    lines = []
    for key, value in metadata.items():
        if key == "recur.info":
            crc = str(zlib.crc32(text.encode()))
            lines += [f"info.{k}={v}".replace(f":{crc}", ":CRC").replace("\n", "")
                      for k, v in json.loads(value).items()]
        elif key != "recur.checksum":
            mark = "~" if keeps_elements and value.startswith("{") else ""
            lines.append(f"{mark}{key}={value}")
    for name, tensor in header.items():
        lines.append(" ".join([f"@{name}", tensor["dtype"], *map(str, tensor["shape"])]))
    lines += [f">{line}" for line in text.splitlines()]
    result = "".join(f"{line}\n" for line in lines).encode()
    return result + b"\0" + elements if keeps_elements else result


def run(recur, folder, *arguments):
    call = [recur, *map(str, arguments), "--output", str(folder)]
    subprocess.run(call, check=True, capture_output=True)


def unfinished(seed):
    """The run with more epochs to come."""
    return re.sub(rb'"epochs":\d+', b'"epochs":5', seed)


def within_epoch(seed, examples):
    """The run one step into its next epoch, with the state of two sequences."""
    seed = re.sub(rb'"stepOfEpoch":0', b'"stepOfEpoch":1', unfinished(seed))
    seed = re.sub(rb'"examples":\d+', b'"examples":%d' % examples, seed)
    seed = re.sub(rb'"lossCount":0,"lossSum":0', b'"lossCount":10,"lossSum":30.5', seed)
    seed = re.sub(rb'"step":(\d+)', lambda match: b'"step":%d' % (int(match[1]) + 1), seed)
    rows = 2 * len(re.findall(rb"@network.weight_hh_l", seed))
    names = [b"hidden", b"cell"] if b'"cell":"lstm"' in seed else [b"hidden"]
    return seed + b"".join(b"@state.%s F32 %d 2\n" % (name, rows) for name in names)


def text_runs(recur, work):
    # The vocabulary in a seed has no line breaks, so neither has the text.
    text = TEXT.replace("\n", " ").rstrip() + "\n"
    (work / "text.txt").write_text(text)
    for name, options in TEXT_RUNS.items():
        folder = work / name
        run(recur, folder, "train", "text", work / "text.txt", *TEXT_OPTIONS, *options.split())
        model, checkpoint = folder / "model.safetensors", folder / "checkpoint.safetensors"
        newline = b"info.vocabulary="
        for keeps in [False, True]:
            suffix = "-elements" if keeps else ""
            write("model", name + suffix, recipe(model, keeps_elements=keeps))
            prompted = recipe(model, "to be", keeps)
            write("generate", name + suffix, prompted.replace(newline, newline + b"\\n"))
            resumed = recipe(checkpoint, text, keeps).replace(newline, newline + b"\\n")
            write("resume", name + suffix, resumed)
            write("checkpoint", name + suffix, recipe(checkpoint, keeps_elements=keeps))
        resumed, checkpointed = resumed.split(b"\0")[0], recipe(checkpoint)
        write("resume", name + "-unfinished", unfinished(resumed))
        write("resume", name + "-within-epoch", within_epoch(resumed, 15))
        # The target's own text has 4 examples.
        write("checkpoint", name + "-unfinished", unfinished(checkpointed))
        write("checkpoint", name + "-within-epoch", within_epoch(checkpointed, 4))
        write("info", name, recipe(model))
        write("info", name + "-checkpoint", recipe(checkpoint))
        double = recipe(model).replace(b" F32 ", b" F64 ")
        write("model", name + "-double", double)
        write("checkpoint", name + "-double", recipe(checkpoint).replace(b" F32 ", b" F64 "))
    write("safetensors", "model", (work / "adam/model.safetensors").read_bytes())


def series_runs(recur, work):
    (work / "series.csv").write_text(SERIES)
    for name, options in SERIES_RUNS.items():
        folder = work / ("series-" + name)
        run(recur, folder, "train", "series", work / "series.csv", *SERIES_OPTIONS,
            *options.split())
        model, checkpoint = folder / "model.safetensors", folder / "checkpoint.safetensors"
        for keeps in [False, True]:
            suffix = "-elements" if keeps else ""
            continued = SERIES + "2002-01,3\n2002-02,5\n"
            write("forecaster", name + suffix, recipe(model, continued, keeps))
            write("resume_series", name + suffix, recipe(checkpoint, SERIES, keeps))
        write("info", "series-" + name, recipe(model))
        write("info", "series-checkpoint-" + name, recipe(checkpoint))
        without = re.sub(rb'"calibration":{[^}]*},', b"", recipe(model, SERIES))
        write("forecaster", name + "-uncalibrated", without)


def header_seeds():
    entry = '"a":{"dtype":"%s","shape":[%s],"data_offsets":[0,%d]}'
    for kind, shape, size in [("F32", "2", 8), ("F64", "1,1", 8), ("BF16", "3", 6), ("F16", "", 2),
                              ("I64", "0,5", 0), ("BOOL", "4", 4)]:
        write("safetensors", kind, "h{" + entry % (kind, shape, size) + "}\0" + "?" * size)
    checksum = '"recur.checksum":"00000000"'
    write("safetensors", "metadata", 'h{"__metadata__":{' + checksum + ',"é":"x"},'
          '"b":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"c":{"dtype":"I8","shape":[],'
          '"data_offsets":[2,3]}}   \0abc')
    write("safetensors", "info", 'h{"__metadata__":{"recur.kind":"model",'
          '"recur.info":"{\\"a\\":\\"b\\"}",' + checksum + '}}')
    write("info", "foreign", "a=b\n@t I8 2\n@u BF16 2 1\n!omit\n")


def array(text, elements, version=1):
    """An array of NumPy."""
    length = struct.pack("<H" if version == 1 else "<I", len(text))
    return b"\x93NUMPY" + bytes([version, 0]) + length + text.encode() + elements


def numpy_seeds():
    text = "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }\n"
    floats = array(text % ("<f4", False, "(3,)"), struct.pack("<3f", 1, -2, 0.5))
    columns = array(text % (">i2", True, "(2, 3)"), bytes(range(12)), 2)
    write("numpy", "floats", floats)
    write("numpy", "columns", columns)
    for code, size in [("<f2", 2), ("<f8", 8), ("|b1", 1), ("|u1", 1), (">u8", 8), ("<i4", 4)]:
        write("numpy", code[1:], array(text % (code, False, "()"), b"?" * size, 3))
    for name, method in [("stored", zipfile.ZIP_STORED), ("deflated", zipfile.ZIP_DEFLATED)]:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", method) as archive:
            archive.writestr(zipfile.ZipInfo("a.npy"), floats, method)
            with archive.open(zipfile.ZipInfo("\u00e9.npy"), "w", force_zip64=True) as member:
                member.write(columns)
        write("numpy", name, file.getvalue())


def json_seeds(work):
    for name in ["adam", "sgd", "series-one", "series-two"]:
        for file in ["model", "checkpoint"]:
            header, _ = contents(work / name / f"{file}.safetensors")
            for key, value in header["__metadata__"].items():
                if value.startswith("{"):
                    write("json", f"{name}-{file}-{key.removeprefix('recur.')}", value)
    write("json", "nested", '{"a":[1,-2,3.5e-3,true,null,"\\u00e9\\ud83d\\ude00"],"b":{"":[[]]}}')
    write("json", "long", '[9223372036854775807,18446744073709551615,1e400,"xxxxxxxxxxxxxxxxx"]')


def panel_seeds():
    months = [f"2001-{month:02}" for month in range(1, 13)]
    long = "".join(f"{shop},{month},{len(shop) * 10},1,north\n"
                   for shop in ("a", "bb") for month in months)
    write("panel", "long", "id,month,sales,price,region\n" + long)
    write("panel", "wide", "id," + ",".join(months) + "\n" + "".join(
        f"{shop}," + ",".join(map(str, range(12))) + "\n" for shop in "xyz"))
    write("panel", "days", "id;day;v\n" + "".join(
        f"s;{day}.02.2001;{day},5\n" for day in range(1, 29)) + '"t; ""u""";5.3.2001;1\n')
    write("panel", "again", "id,t,v\na,2001,1\na,2002,2\nb,2001,1\na,2003,3\n")
    write("panel", "zones", "id,t,v\n" + "".join(
        f"a,2001-03-01T{hour}:00+01:00,{hour}\n" for hour in range(10, 20)))
    calendar = {"interval": {"months": {"_0": 1}}, "origin": 0, "rules": [{"day": {"_0": 1}}],
                "timeOfDay": 0}
    form = {"separator": 44, "names": ["id", "t", "v"], "hasHeader": True, "id": 0, "date": 1,
            "value": 2, "pattern": "YYYY-MM", "layout": "long", "others": [], "decimal": "point",
            "missing": [], "conditions": [], "known": [], "past": [], "features": [],
            "calendar": calendar}
    write("panel", "form", "#" + json.dumps(form) + "\nid,t,v\na,2001-01,1\na,2001-02,2\n")
    write("panel", "numbers", "id,V2,V3,V4,V5\n" + "".join(
        f"{shop},1,2,3,{last}\n" for shop, last in ("x4", "y ", "z5")))
    columns = "t,a,b,c\n" + "".join(f"{month},1,{month[-1]},\n" for month in months)
    write("panel", "columns", "@" + columns)
    del form["id"]
    form |= {"layout": "columns", "names": ["t", "a", "d"], "date": 0, "value": 1, "others": ["d"]}
    write("panel", "columns-form", "#" + json.dumps(form) + "\n" + columns)


def series_seeds():
    write("series", "months", SERIES)
    write("series", "years", "year,a,b\n1999,1,\n2000,2,5\n2002,,6\n2003,-1e3,7\n")
    write("series", "days", "#b\nday,a,b\r\n2024-02-28,1,1\r\n2024-02-29,1,2\r\n2024-03-02,1,4\r\n")
    write("series", "month-ends",
          "d,v\n2023-01-31,1\n2023-02-28,2\n2023-03-31,3\n2023-06-30,4\n2023-07-31,5\n")
    write("series", "quotes", 'd,"a ""b"", c"\n"0001",1\n"0002","2"\n9999,3\n')
    weeks = "".join(f"2024-01-{day:02},{day}\n" for day in range(1, 30, 7))
    write("series", "weeks", "d,v\n" + weeks)
    write("series", "mixed-forms", "d,v\n2021,1\n2023-02-28,2\n2023-03-31,3\n")
    write("series", "returns", "d,v\r1\r2000,1\r2001,2")
    days = [f"{day:02}" for day in range(1, 25)]
    write("series", "semicolons",
          "Title\n\nDatum;Umsatz\n" + "".join(f"{d}.01.2024;1.0{d},5\n" for d in days))
    write("series", "slashes", "d\tv\n" + "".join(f"1/{d}/24\t{d}\n" for d in days))
    hours = [f"05/03/2024;{hour}.00.00;-200\n" for hour in days[:20]]
    write("series", "hours", "Date;Time;v\n" + "".join(hours))
    clock = [f"2024-10-27T{hour}:00+0{1 + (hour < '03')}:00,1\n" for hour in days[:20]]
    write("series", "clock", "t,v\n" + "".join(clock))
    write("series", "unix", "ts,v\n" + "".join(f"17000{d}000,{d}\n" for d in days))
    write("series", "quarters", "Year,Q1,Q2,Q3,Q4\n2001,1,2,3,4\n2002,5,NA,7,\n")
    write("series", "dates-in-header", "#Chile\nCountry,1990,1991,1992\nChile,1,,3\nPeru,4,5,6\n")
    write("series", "parts", "year,month,day,hour,v\n2001,2,28,23,1\n2001,3,1,0,2\n2001,3,1,1,3\n")
    write("series", "several", '#{"conditions":["s=A"],"aggregate":"mean","missing":["-1"]}\n'
          "s,date,v\nA,2001-01,1\nA,2001-02,-1\nA,2001-02,4\nB,2001-01,9\nA,2001-03,3\n")
    write("series", "decimal-years", ",time,v\n1,1949.0,1\n2,1949.0833,2\n3,1949.1667,3\n")
    write("series", "numbered", "v\n1\n\n3\n")
    write("csv", "header", "left,right\n0.5,-1e-3\n1,2\n")
    write("csv", "numbers", "1\r\n2\r\n-3.25\r\n")
    write("csv", "quotes", '"a, b","c"\n1,"2"\n')


MODEL, GRAPH, OPSET, NODE, TENSOR, VALUE, ATTRIBUTE, TYPE, TENSOR_TYPE, SHAPE, SIZE = range(11)
MESSAGES = {
    MODEL: {7: GRAPH, 8: OPSET}, GRAPH: {1: NODE, 5: TENSOR, 11: VALUE, 12: VALUE},
    NODE: {5: ATTRIBUTE}, ATTRIBUTE: {5: TENSOR, 6: GRAPH}, VALUE: {2: TYPE},
    TYPE: {1: TENSOR_TYPE}, TENSOR_TYPE: {2: SHAPE}, SHAPE: {1: SIZE}}


def fields(message):
    """The numbers and values of the fields of a protobuf message."""
    place = 0

    def varint():
        nonlocal place
        value = shift = 0
        while True:
            byte = message[place]
            place, value, shift = place + 1, value | (byte & 127) << shift, shift + 7
            if byte < 128:
                return value

    while place < len(message):
        key = varint()
        if key & 7 == 0:
            yield key >> 3, varint()
        else:
            count = varint() if key & 7 == 2 else 4
            payload = message[place:place + count]
            place += count
            yield key >> 3, payload if key & 7 == 2 else struct.unpack("<f", payload)[0]


def protobuf_text(message, kind=MODEL):
    """A message as the text that ProtobufText.swift reads."""
    parts = []
    found = list(fields(message))
    is_float = (2, 1) in found
    for number, value in found:
        inner = MESSAGES.get(kind, {}).get(number)
        if isinstance(value, int):
            signed = value - (1 << 64) if value >> 63 else value
            parts.append(f"{number}={signed}")
        elif isinstance(value, float):
            parts.append(f"{number}~{value}")
        elif inner is not None:
            parts.append(f"{number}{{{protobuf_text(value, inner)}}}")
        elif kind == TENSOR and number == 9 and is_float and len(value) > 16:
            parts.append(f"9*{len(value) // 4}")
        else:
            parts.append(f'{number}"{escaped(value)}"')
    return " ".join(parts)


def escaped(value):
    return "".join(
        f"\\{chr(b)}" if chr(b) in '"\\' else chr(b) if 32 <= b < 127 else f"\\x{b:02x}"
        for b in value)


def onnx_seeds():
    for path in sorted((FUZZ.parent / "Tests/golden/onnx").glob("*.onnx")):
        model = path.read_bytes()
        text = "#" + protobuf_text(model)
        if len(text) <= 4000:
            write("onnx", path.stem, text)
        if len(model) <= 700:
            write("onnx", f"{path.stem}-file", model)


def layer(kind, channels, *weights, activation="", **more):
    return {"type": kind, "activation": activation, "shape": [None, channels],
            "weights": list(weights)} | more


def import_seeds():
    def guitar(name, gates, skip=0, inputs=1):
        weights = {"rec.weight_ih_l0": [gates, inputs], "rec.weight_hh_l0": [gates, 2],
                   "rec.bias_ih_l0": [gates], "rec.bias_hh_l0": [gates],
                   "lin.weight": [1, 2], "lin.bias": [1]}
        write("imports", f"guitar-{name}", arrays({
            "model_data": {"model": "SimpleRNN", "input_size": inputs, "skip": skip,
                           "output_size": 1, "unit_type": name.upper().split("-")[0],
                           "num_layers": 1, "hidden_size": 2, "bias_fl": True},
            "state_dict": weights}))
    guitar("lstm", 8, skip=1)
    guitar("gru", 6)
    guitar("rnn-inputs", 2, skip=1, inputs=3)
    for layers in [1, 2]:
        count = sum(8 * (2 + (1 if k == 0 else 2)) + 8 + 4 for k in range(layers)) + 3
        write("imports", f"nam-{layers}", arrays({
            "version": "0.5.4", "architecture": "LSTM", "sample_rate": 48000, "metadata": None,
            "config": {"input_size": 1, "hidden_size": 2, "num_layers": layers},
            "weights": [count]}))
    for name, layers in {
        "dense": [layer("dense", 3, [2, 3], [3], activation="tanh"),
                  layer("time-distributed-dense", 1, [3, 1], activation="softmax")],
        "gru": [layer("gru", 2, [2, 6], [2, 6], [2, 6], activation="tanh")],
        "lstm": [layer("lstm", 2, [2, 8], [2, 8], [8], activation="tanh")],
        "conv1d": [layer("conv1d", 2, [2, 1, 2], [2], activation="relu", kernel_size=[2, 0],
                         dilation=[2, 0], groups=2),
                   layer("batchnorm", 2, [2], [2], [2], [2], epsilon=0.5),
                   layer("prelu", 2, [1, 2]), layer("activation", 2, activation="elu")],
    }.items():
        text = arrays({"in_shape": [None, None, 2], "layers": layers})
        # Sizes are no shapes of arrays.
        write("imports", f"rtneural-{name}", text.replace("@2x0", "[2]"))
    write("imports", "aidax", arrays({
        "in_shape": [None, None, 2], "in_skip": 1, "in_gain": 6, "out_gain": -6.5,
        "samplerate": 48000, "metadata": {"samplerate": "48000"},
        "layers": [layer("dense", 1, [2, 1], [1])]}))
    sizes = [(2, 1, 0, 1), (1, 2, 2, 3), (5, 1, 1, 3), (5, 2, 0, 3), (2, 2, 1, 1), (2, 1, 1, 1)]
    lines = ["rnnoise-nu model file version 1"]
    for inputs, units, activation, gates in sizes:
        count = (inputs + (units if gates == 3 else 0) + 1) * gates * units
        lines += [f"{inputs} {units} {activation}", " ".join(str(k % 7 - 3) for k in range(count))]
    write("imports", "rnnoise", "\n".join(lines) + "\n")


def arrays(value):
    """JSON, in which a list of integers is a short form for arrays of that shape."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(k)}:{arrays(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list) and value and all(type(v) is int for v in value):
        return "@" + "x".join(map(str, value))
    if isinstance(value, list):
        return "[" + ",".join(map(arrays, value)) + "]"
    return json.dumps(value)


def graph_seeds():
    for seed in sorted((FUZZ / "corpora/modelfile").iterdir()):
        text = seed.read_bytes()
        begin = text.find(b'{"nodes"')
        if begin >= 0:
            write("graph", seed.name, text[begin:].rstrip(b"\0"))


def option_seeds():
    for target, name, file in [
        ("configuration", "options", '{"hidden-size": 8, "cell": "gru", "overfit-batch": true}'),
        ("configuration", "numbers", '{"seed": 18446744073709551615, "epochs": -1, "x": 1e-3}'),
        ("configuration", "wrong", '{"": 1, "-x": [], "help": true, "A": null, "a\\"1": "\\\\"}'),
        ("command_line", "file", '{"hidden-size": 8, "patience": 3, "seed": 9223372036854775808}'),
    ]:
        write(target, name, file)
    for name, line in {
        "text": "train text a.txt --output b --resume c --epochs 3 --threads 2 --json",
        "series": "train series a.csv --horizon 3 --period 12 --column x --coverage 0.9",
        "forecast": "forecast a.csv --model m --unit kg --terminal --backtest 2 --refit",
        "generate": "generate m --prompt x --length 3 --temperature -1 --seed 7",
        "run": "run a.onnx --input x=b.csv --output c.npy --stream --block 2 --compare d.npz:y",
        "convert": "convert a.onnx b.safetensors --graph c.json --names d.=e. --format pytorch",
        "gradients": "gradients --cell lstm --sequence-length 10 --activation tanh",
        "others": "textbook --exampel 1", "unknown": "trian text", "info": "info a --jsno -- --x",
        "help": "help train", "demo": "demo --data a --help-hidden",
    }.items():
        write("command_line", name, "#" + line.replace(" ", "\n"))


def plain_seeds():
    division = struct.pack(">BBfB", 3, 2, 0.25, 0)
    text = TEXT.replace("\n", " ").encode()
    write("vocabulary", "text", b" ,:abefhiknoqrstuw\0" + division + text)
    write("vocabulary", "scalars", "\u0301aeé日😀\0".encode() + division + "日é e\u0301 😀 aa".encode())
    write("vocabulary", "overfits", b"ab\0" + struct.pack(">BBfB", 2, 2, 0, 255) + b"abababab")
    for case in range(6):
        write("sequences", f"case-{case}", bytes([case, 2, 2, 2, 1, *range(1, 60)]))
        write("sequences", f"case-{case}-zeros", bytes([case]))
        large = bytes([case, 3, 2, 255, 254, 253, 252, 3, 1, 1, 0, 2, 2])
        write("sequences", f"case-{case}-large", large)
    write("text", "dates", b"2000-01-31\0" b"2000-02-29\0\5????????\3")
    write("text", "days", b"1999-12-30\0" b"2000-03-01\0\xff????????\xff")
    write("text", "years", b"1600\0" b"9990\0\xff\x7f\x80\0\0\xff\x80\0\0\1")
    write("text", "names", "hiden-size\0hidden-sizes\0\x20".encode())
    write("text", "terminal", "a\u001b[31m\u202e\u2028 é 'x'\0b\0\x0a".encode())


NUMBERS = ["-1", "0", "1e308", "-1e-320", "0.5", '"inf"', '"nan"', "9223372036854775807",
           "-9223372036854775808", "4611686018427387904", "4294967296", "16777217",
           "18446744073709551615", "null", "true", "[]", "{}"]
WORDS = {
    "series": r'''\x0d\x0a , \" \"\" 0001-01-01 9999-12-31 2024-02-29 -02-30 1e309 1e-320 nan
        \xef\xbb\xbf \xd9\xa2 # ; \x09 NA 1.234,5 2020W53 2001Q3 Jan-95 T24:00 +14:00
        -12:00 1577836800 24.00.00
        YEAR,JAN,FEB,MAR,APR,MAY,JUN,JUL,AUG,SEP,OCT,NOV,DEC #{\"column\":\"2\"}''',
    "text": r"2024-02-29 9999-12-31 0001 -12- \x1b[2J \xe2\x80\xae epochs \xcc\x81",
    "vocabulary": r"\xcc\x81 \xf0\x9f\x98\x80 \x00 \xff",
    "numpy": r"PK\x01\x02 PK\x03\x04 PK\x05\x06 PK\x06\x06 PK\x06\x07 PK\x07\x08 \x93NUMPY .npy "
             r"descr fortran_order shape True False <f4 >i8 |b1",
    "command_line": r"--config= -- \x0a-- = --help --version --generate-completion-script",
}


def dictionaries():
    """The words of each dictionary: the parts of the seeds, and values at the limits."""
    (FUZZ / "dictionaries").mkdir(exist_ok=True)
    for folder in sorted((FUZZ / "corpora").iterdir()):
        if not (FUZZ / "swift/Targets" / folder.name).is_dir() or folder.name == "sequences":
            continue
        words = set()
        for seed in folder.iterdir():
            text = seed.read_bytes().split(b"\0")[0].decode(errors="replace")
            words |= set(re.findall(r'"[A-Za-z0-9_.-]+":?', text))
            for part in [r"^[~@]?[a-z_.A-Z0-9]+[= ]", r" [FIUB][A-Z0-9]+ ", r"^--[a-z-]+"]:
                words |= set(re.findall("(?m)" + part, text))
        words = {word.replace("\\", "\\\\").replace('"', '\\"') for word in words}
        numbers = {number.replace('"', '\\"') for number in NUMBERS}
        words |= set(WORDS[folder.name].split()) if folder.name in WORDS else numbers
        lines = "".join(f'"{word}"\n' for word in sorted(words) if word.isascii())
        (FUZZ / "dictionaries" / f"{folder.name}.dict").write_text(lines)


def recording_seeds():
    """Files of two frames: name, code of the encoding, bits and bytes."""
    for name, code, bits, channels, samples in [
            ("u8", 1, 8, 1, b"\x00\xff"), ("pcm16", 1, 16, 1, struct.pack("<2h", -32768, 99)),
            ("pcm24", 1, 24, 1, b"\x01\x02\x03\xff\xfe\x80"),
            ("pcm32", 1, 32, 1, struct.pack("<2i", 1 << 30, -5)),
            ("float", 3, 32, 1, struct.pack("<2f", 0.5, -1.5)),
            ("double", 3, 64, 1, struct.pack("<2d", 0.1, 1e300)),
            ("alaw", 6, 8, 1, b"\x55\x2a"), ("ulaw", 7, 8, 1, b"\x00\xff"),
            ("stereo", 1, 16, 2, struct.pack("<4h", 1, 2, 3, 4)), ("adpcm", 2, 4, 1, b"\x01\x23")]:
        width = channels * bits // 8
        header = struct.pack("<HHIIHH", code, channels, 8000, 8000 * width, width, bits)
        chunks = b"fmt " + struct.pack("<I", 16) + header
        chunks += b"data" + struct.pack("<I", len(samples)) + samples
        write("recording", name, b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks)


def main():
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        text_runs(sys.argv[1], work)
        series_runs(sys.argv[1], work)
        json_seeds(work)
    header_seeds()
    numpy_seeds()
    panel_seeds()
    series_seeds()
    onnx_seeds()
    import_seeds()
    graph_seeds()
    option_seeds()
    plain_seeds()
    recording_seeds()
    dictionaries()


main()
