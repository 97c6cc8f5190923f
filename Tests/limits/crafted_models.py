"""Crafted models of other programs: ONNX, and JSON of models and of state dicts."""

import json
import struct

from crafted_files import file, size

# Numbers of fields in onnx.proto
GRAPH, OPSET = 7, 8
NODE, INITIALIZER, INPUT, OUTPUT = 1, 5, 11, 12
INPUTS, OUTPUTS, NAME, OPERATOR, ATTRIBUTE = 1, 2, 3, 4, 5
DIMS, TYPE, TENSOR_NAME, RAW = 1, 2, 8, 9
FLOAT, INT64 = 1, 7


def varint(value):
    value %= 1 << 64
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes(out + bytes([value]))


def number(field, value):
    return varint(field << 3) + varint(value)


def block(field, payload):
    payload = payload.encode() if isinstance(payload, str) else payload
    return varint(field << 3 | 2) + varint(len(payload)) + payload


def node(operator, inputs, outputs, *attributes):
    return block(NODE, b"".join([
        *(block(INPUTS, name) for name in inputs), *(block(OUTPUTS, name) for name in outputs),
        block(OPERATOR, operator), *(block(ATTRIBUTE, value) for value in attributes)]))


def attribute(name, *fields):
    return block(1, name) + b"".join(fields)


def tensor(name, kind, dims, raw):
    return b"".join(number(DIMS, d) for d in dims) + number(TYPE, kind) + block(
        TENSOR_NAME, name) + block(RAW, raw)


def integers(name, *values):
    return block(INITIALIZER, tensor(name, INT64, [len(values)], struct.pack(
        f"<{len(values)}q", *values)))


def value(name, *dims, kind=FLOAT):
    """The type of an input or output, whose sizes are numbers or names."""
    shape = b"".join(
        block(1, number(1, d) if isinstance(d, int) else block(2, d)) for d in dims)
    return block(1, name) + block(2, block(1, number(1, kind) + block(2, shape)))


X = block(INPUT, value("x", "T", "B", 4))
Y = block(OUTPUT, value("y", "T", "B", 4))
TANH = node("Tanh", ["x"], ["y"])


def model(graph):
    return number(1, 8) + block(OPSET, block(1, "") + number(2, 17)) + block(GRAPH, graph)


# The files that other files are compared with. That of a configuration has a wrong value, so that
# the command parses its options, as it does for larger files.
TRIVIAL = {
    "config": b'{"seed":"x"}',
    "onnx": model(X + Y + TANH),
    "import": b'{"in_shape":[1],"layers":[{"type":"activation","activation":"tanh","shape":[1],'
              b'"weights":[]}]}',
    "tensors": b'{"a":[1]}',
    "graph": b'{"nodes":[{"name":"x","kind":"features","size":1,"output":true}]}',
}


def repeated(make):
    """As many parts as the size permits; `make` gets the number of a part."""
    parts, length = [], 0
    while length < size():
        parts.append(make(len(parts)))
        length += len(parts[-1])
    return b"".join(parts)


# Messages


@file("onnx", "random bytes")
def random_bytes():
    return b"\x3f\xff\x80\x07" * (size() // 4)


@file("onnx", "length beyond the end")
def beyond():
    return number(1, 8) + varint(GRAPH << 3 | 2) + varint(1 << 62) + bytes(size())


@file("onnx", "long number")
def long_number():
    return varint(1 << 3) + b"\x80" * size()


@file("onnx", "empty nodes")
def empty_nodes():
    return model(block(NODE, b"") * (size() // 2))


@file("onnx", "many operators")
def many_operators():
    return model(X + Y + repeated(lambda k: node("Tanh", ["x"], [f"t{k}"])) + TANH)


@file("onnx", "chain of operators")
def chain():
    count = min(size() // 25, 60_000)
    names = ["x"] + [f"t{k}" for k in range(count)] + ["y"]
    return model(X + Y + b"".join(
        node("Tanh", [a], [b]) for a, b in zip(names, names[1:])))


@file("onnx", "chain of composed operators")
def composed():
    count = min(size() // 25, 60_000)
    names = ["x"] + [f"t{k}" for k in range(count)] + ["y"]
    return model(X + Y + b"".join(
        node(("Gelu", "LogSoftmax")[k % 2], [a], [b])
        for k, (a, b) in enumerate(zip(names, names[1:]))))


@file("onnx", "many inputs of a node")
def node_inputs():
    return model(X + Y + node("Tanh", ["x"] * (size() // 3), ["y"]))


@file("onnx", "empty inputs of a node")
def empty_node_inputs():
    return model(X + Y + node("Tanh", [""] * (size() // 2), ["y"]))


@file("onnx", "many outputs of a node")
def node_outputs():
    names = repeated(lambda k: block(OUTPUTS, f"{k:x}"))
    return model(X + Y + block(NODE, block(INPUTS, "x") + block(OPERATOR, "Tanh") + names) + TANH)


@file("onnx", "many inputs")
def inputs():
    return model(X + Y + repeated(lambda k: block(INPUT, value(f"{k:x}", 1))) + TANH)


@file("onnx", "empty inputs")
def empty_inputs():
    return model(X + Y + block(INPUT, b"") * (size() // 2) + TANH)


@file("onnx", "many outputs")
def outputs():
    return model(X + TANH + repeated(lambda k: block(OUTPUT, block(1, f"{k:x}"))))


@file("onnx", "many attributes")
def attributes():
    many = repeated(lambda k: block(ATTRIBUTE, attribute(f"{k:x}")))
    return model(X + Y + block(NODE, block(INPUTS, "x") + block(OUTPUTS, "y") + block(
        OPERATOR, "Tanh") + many))


@file("onnx", "list of integers")
def list_of_integers():
    return model(X + Y + node("Tanh", ["x"], ["y"], attribute("ints", block(8, bytes(size())))))


@file("onnx", "list of numbers")
def list_of_numbers():
    return model(X + Y + node("Tanh", ["x"], ["y"], attribute("floats", block(7, bytes(size())))))


@file("onnx", "list of strings")
def list_of_strings():
    strings = block(9, b"") * (size() // 2)
    return model(X + Y + node("Tanh", ["x"], ["y"], attribute("strings", strings)))


@file("onnx", "graphs within graphs")
def nested():
    graph = b""
    while len(graph) < size() // 2:
        # Each level adds a few bytes, so the levels are added to ever longer graphs.
        graph = node("If", ["c"], ["y"], attribute("then_branch", block(6, graph)))
        if len(graph) > 40_000:
            graph += block(2, b"n" * (size() // 2))
    return model(X + Y + graph)


@file("onnx", "two graphs in each graph")
def branches():
    graph = TANH + Y
    while True:
        both = [attribute(name, block(6, graph)) for name in ("then_branch", "else_branch")]
        larger = node("If", ["c"], ["y"], *both) + Y
        if len(larger) > size():
            break
        graph = larger
    constant = node("Constant", [], ["c"], attribute("value", block(5, tensor(
        "c", 9, [], b"\x01"))))
    return model(X + constant + graph)


@file("onnx", "long name")
def long_name():
    return model(X + Y + node("Tanh", ["n" * size()], ["y"]))


@file("onnx", "long name of escapes")
def long_escapes():
    return model(X + Y + node("\u202e" * (size() // 3), ["x"], ["y"]))


@file("onnx", "long name of a size")
def long_size():
    return model(block(INPUT, value("x", "T", "n" * size(), 4)) + Y + TANH)


# Tensors


@file("onnx", "tensors without elements")
def empty_tensors():
    def empty(k):
        return block(INITIALIZER, number(DIMS, 0) + number(TYPE, FLOAT) + block(
            TENSOR_NAME, f"{k:x}"))
    return model(X + Y + repeated(empty) + TANH)


@file("onnx", "one-element tensors")
def one_element_tensors():
    return model(X + Y + repeated(lambda k: block(INITIALIZER, tensor(
        f"{k:x}", FLOAT, [], bytes(4)))) + TANH)


@file("onnx", "dimensions")
def dimensions():
    dims = number(DIMS, 1) * (size() // 2)
    return model(X + Y + block(INITIALIZER, dims + number(TYPE, FLOAT) + block(
        RAW, bytes(4))) + TANH)


@file("onnx", "packed dimensions")
def packed_dimensions():
    return model(X + Y + block(INITIALIZER, block(DIMS, b"\x01" * size()) + number(
        TYPE, FLOAT) + block(RAW, bytes(4))) + TANH)


@file("onnx", "fewer elements than declared")
def fewer_elements():
    return model(X + Y + block(INITIALIZER, tensor(
        "w", FLOAT, [4, size() // 4], bytes(size()))) + TANH)


@file("onnx", "shape of 2^62 elements")
def huge_shape():
    return model(X + Y + block(INITIALIZER, tensor(
        "w", FLOAT, [1 << 31, 1 << 31], bytes(size()))) + TANH)


@file("onnx", "integers of one byte")
def integer_tensor():
    return model(X + Y + block(INITIALIZER, number(DIMS, size()) + number(TYPE, 3) + block(
        TENSOR_NAME, "w") + block(5, bytes(size()))) + node("MatMul", ["x", "w"], ["y"]))


@file("onnx", "weights of one byte")
def byte_weights():
    return model(X + Y + block(INITIALIZER, tensor(
        "w", 3, [4, size() // 4], bytes(size() // 4 * 4))) + node("MatMul", ["x", "w"], ["y"]))


@file("onnx", "weights that are read twice")
def large_weights():
    columns = size() // 16
    return model(block(INPUT, value("x", "T", "B", 4)) + Y + block(INITIALIZER, tensor(
        "w", FLOAT, [4, columns], bytes(16 * columns))) + node(
            "MatMul", ["x", "w"], ["a"]) + node("MatMul", ["a", "w"], ["y"]))


# Constants


def with_weights(graph):
    """A graph in a file of the size: a tensor that nothing reads."""
    return model(X + Y + graph + block(INITIALIZER, tensor(
        "unused", FLOAT, [size() // 4], bytes(size() // 4 * 4))))


def constants(*nodes):
    return b"".join(nodes) + node("Add", ["x", "c"], ["y"])


@file("onnx", "small: a constant of 2^24 elements")
def large_constant():
    return model(X + Y + integers("shape", 1 << 12, 1 << 12) + constants(
        node("ConstantOfShape", ["shape"], ["a"]), node("Neg", ["a"], ["c"])))


@file("onnx", "small: a range of 2^24 elements")
def large_range():
    return model(X + Y + b"".join(
        block(INITIALIZER, tensor(name, INT64, [], struct.pack("<q", n)))
        for name, n in [("a", 0), ("b", (1 << 24) - 1), ("d", 1)])
        + constants(node("Range", ["a", "b", "d"], ["c"])))


@file("onnx", "small: a constant that doubles")
def doubling():
    chain_of = [node("Concat", [f"c{k}"] * 2, [f"c{k + 1}"], attribute("axis", number(3, 0)))
                for k in range(40)]
    return model(X + Y + integers("c0", 1) + constants(
        *chain_of, node("Cast", ["c40"], ["c"], attribute("to", number(3, 1)))))


@file("onnx", "small: constants that expand")
def expanding():
    many = [node("Expand", ["one", "shape"], [f"e{k}"]) for k in range(200)]
    sums = [node("Add", ["e0" if k == 0 else f"s{k}", f"e{k}"], [f"s{k + 1}"]) for k in range(200)]
    return model(X + Y + integers("shape", 1 << 20) + block(INITIALIZER, tensor(
        "one", FLOAT, [1], bytes(4))) + constants(
            *many, *sums, node("Identity", ["s200"], ["c"])))


@file("onnx", "small: a size that doubles")
def doubling_sizes():
    shape = node("Shape", ["x"], ["c0"])
    chain_of = [node("Mul", [f"c{k}"] * 2, [f"c{k + 1}"]) for k in range(3000)]
    return model(X + Y + shape + b"".join(chain_of) + node("Expand", ["x", "c3000"], ["y"]))


@file("onnx", "small: sums of sizes")
def sums_of_sizes():
    shape = node("Shape", ["x"], ["c0"])
    chain_of = [node("Add" if k % 2 else "Mul", [f"c{k}", f"c{max(k - 1, 0)}"], [f"c{k + 1}"])
                for k in range(3000)]
    return model(X + Y + shape + b"".join(chain_of) + node("Expand", ["x", "c3000"], ["y"]))


@file("onnx", "small: a state of 2^20 elements")
def large_state():
    states = b"".join(block(INPUT, value(f"h{k}", 1, 1, 1 << 20)) for k in range(8))
    joins = b"".join(node("Concat", [f"h{k}", "x"], [f"y{k}"], attribute("axis", number(3, 2)))
                     for k in range(8))
    return model(X + Y + states + joins + node("Sum", [f"y{k}" for k in range(8)], ["y"]))


@file("onnx", "small: many interpretations")
def interpretations():
    many = b"".join(block(INPUT, value(f"x{k}", "a", "b", "c")) for k in range(3))
    sums = b"".join(node("Add", [f"x{k}", f"x{k + 1}"], [f"s{k}"]) for k in range(2))
    names = ["s0"] + [f"t{k}" for k in range(2000)]
    tanhs = b"".join(node("Tanh", [a], [b]) for a, b in zip(names, names[1:]))
    return model(Y + many + sums + tanhs + node("Softmax", [names[-1]], ["q"], attribute(
        "axis", number(3, 0))) + node("Add", ["q", "s1"], ["y"]))


@file("onnx", "many interpretations")
def long_interpretations():
    many = b"".join(block(INPUT, value(f"x{k}", "a", "b", "c")) for k in range(3))
    sums = b"".join(node("Add", [f"x{k}", f"x{k + 1}"], [f"s{k}"]) for k in range(2))
    names = ["s0"] + [f"t{k}" for k in range(min(size() // 30, 60_000))]
    tanhs = b"".join(node("Tanh", [a], [b]) for a, b in zip(names, names[1:]))
    return model(Y + many + sums + tanhs + node("Add", [names[-1], "nothing"], ["y"]))


@file("onnx", "small: two numbers for 2^20 columns")
def many_columns():
    x = block(INPUT, value("x", "T", "B", 2, 1 << 19))
    two = block(INITIALIZER, tensor("c", FLOAT, [2, 1], struct.pack("<2f", 0.5, 2)))
    return model(x + Y + two + node("Add", ["x", "c"], ["y"]))


@file("onnx", "constants of the whole file, transposed")
def transposed():
    rows = size() // 4096
    w = block(INITIALIZER, tensor("w", FLOAT, [rows, 1024], bytes(rows * 4096)))
    swaps = [node("Transpose", ["w" if k == 0 else f"w{k}"], [f"w{k + 1}"]) for k in range(30)]
    return model(X + Y + w + b"".join(swaps) + node("MatMul", ["x", "w30"], ["y"]))


@file("onnx", "4,000 layers")
def layers():
    names = ["x"] + [f"t{k}" for k in range(3998)] + ["y"]
    chain_of = [node("Mul", [a, "c"], [b]) if k % 2 else node("Tanh", [a], [b])
                for k, (a, b) in enumerate(zip(names, names[1:]))]
    scale = block(INITIALIZER, tensor("c", FLOAT, [4], bytes(16)))
    return with_weights(scale + b"".join(chain_of))


@file("onnx", "as many operators as the size permits")
def dense_chain():
    names = ["x"] + [f"value-{k}" for k in range(min(size() // 40, 8000))] + ["y"]
    return model(X + Y + b"".join(
        node("Tanh", [a], [b]) for a, b in zip(names, names[1:])))


@file("onnx", "as many tensors as the size permits")
def dense_tensors():
    tensors = repeated(lambda k: block(INITIALIZER, tensor(
        f"tensor-{k:06x}-", FLOAT, [1], bytes(4))))
    return model(X + Y + tensors + TANH)


# JSON of models


def guitar(**changes):
    data = {"model": "SimpleRNN", "input_size": 1, "skip": 0, "output_size": 1,
            "unit_type": "LSTM", "num_layers": 1, "hidden_size": 1, "bias_fl": True} | changes
    return {"model_data": data, "state_dict": {}}


def compact(text):
    return json.dumps(text, separators=(",", ":")).encode()


@file("import", "small: many layers of GuitarML")
def guitar_layers():
    return compact(guitar(num_layers=1 << 20))


@file("import", "small: large sizes of GuitarML")
def guitar_sizes():
    return compact(guitar(num_layers=1 << 20, hidden_size=1 << 20, input_size=1 << 20))


@file("import", "small: large sizes of NAM")
def nam_sizes():
    return compact({
        "architecture": "LSTM", "weights": [0.5],
        "config": {"input_size": 1 << 20, "hidden_size": 1 << 20, "num_layers": 1 << 20}})


@file("import", "weights of NAM")
def nam_weights():
    weights = ",".join(["0.12345"] * (size() // 8))
    start = '{"architecture":"LSTM","config":{"input_size":1,"hidden_size":1,"num_layers":1}'
    return (start + ',"weights":[' + weights + "]}").encode()


@file("import", "layers of NAM")
def nam_layers():
    layers = size() // 8 // 22 - 1
    first = 4 * 2 + 4 + 2
    count = first + (layers - 1) * (4 * 2 + 4 + 2) + 2
    return ('{"architecture":"LSTM","config":{"input_size":1,"hidden_size":1,"num_layers":%d}'
            % layers + ',"weights":[' + ",".join(["0.12345"] * count) + "]}").encode()


def rtneural(layers):
    return b'{"in_shape":[null,1],"layers":[' + layers + b"]}"


@file("import", "layers of RTNeural")
def rtneural_layers():
    layer = {"type": "activation", "activation": "tanh", "shape": [None, 1], "weights": []}
    text = compact(layer) + b" " * 40
    return rtneural(b",".join([text] * (size() // (len(text) + 1))))


@file("import", "large weights of RTNeural")
def rtneural_weights():
    rows = ",".join(["0.12345"] * (size() // 8))
    layer = '{"type":"dense","activation":"","shape":[null,%d],"weights":[[[%s]]]}' % (
        size() // 8, rows)
    return rtneural(layer.encode())


@file("import", "nested arrays")
def nested_weights():
    return rtneural(b'{"weights":' + b"[" * (size() // 2) + b"]" * (size() // 2) + b"}")


@file("import", "long type")
def long_type():
    return rtneural(b'{"type":"' + b"x" * size() + b'"}')


@file("import", "unknown keys")
def unknown_keys():
    keys = ",".join(f'"key{k:09x}":0' for k in range(size() // 18))
    return ('{"layers":[],' + keys + "}").encode()


@file("import", "digits of a number")
def digits():
    return b'{"layers":' + b"1" * size() + b"}"


@file("tensors", "one-element tensors")
def state_dict():
    return ("{" + ",".join(f'"t{k:07x}":[0.5]' for k in range(size() // 20)) + "}").encode()


@file("tensors", "one tensor")
def one_tensor():
    return ('{"a":[' + ",".join(["0.12345"] * (size() // 8)) + "]}").encode()


@file("tensors", "rows of one element")
def rows():
    return ('{"a":[' + ",".join(["[0.123456789012]"] * (size() // 17)) + "]}").encode()


@file("tensors", "empty rows")
def empty_rows():
    return ('{"a":[' + ",".join(["[]     "] * (size() // 8)) + "]}").encode()


# Graphs


@file("graph", "nodes")
def graph_nodes():
    nodes = (f'{{"name":"n{k}","kind":"features","size":1,"output":true}}'
             for k in range(size() // 55))
    return ('{"nodes":[' + ",".join(nodes) + "]}").encode()


@file("graph", "small: layers")
def graph_layers():
    return compact({"nodes": [
        {"name": "x", "kind": "features", "size": 1},
        {"name": "y", "from": ["x"], "kind": "network", "output": True,
         "network": {"cell": "lstm", "inputSize": 1, "hiddenSize": 1, "layers": 2147483647}}]})


@file("graph", "nested arrays")
def graph_nested():
    return b'{"nodes":' + b"[" * (size() // 2) + b"]" * (size() // 2) + b"}"


@file("graph", "long name")
def graph_name():
    return b'{"nodes":[{"name":"' + b"n" * size() + b'","kind":"features","size":1}]}'


@file("graph", "spaces")
def graph_spaces():
    return b'{"nodes":[]}' + b" " * size()
