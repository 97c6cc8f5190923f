"""The command recur: tiny inputs, runs with failures, and what their results must be."""
import dataclasses
import hashlib
import json
import os
import pathlib
import random
import shlex
import shutil
import signal
import struct
import subprocess
import tempfile
import wave

HERE = pathlib.Path(__file__).resolve().parent
# The folder in which a failed run is repeated.
AGAIN = pathlib.Path(tempfile.gettempdir()) / "recur-torture-again"
TEXT = ("--hidden-size 4 --embedding-size 4 --epochs 2 --sequence-length 10 --batch-size 8 "
        "--checkpoint-every 5")
SERIES = "--horizon 3 --period 4 --window 8 --seasons 1 --epochs 1 --hidden-size 3 --members 2"
PANEL = "--id shop --horizon 3 --steps 2"
AMP = ("--hidden-size 3 --epochs 1 --batch-size 2 --sequence-length 50 --warm-up 20 "
       "--checkpoint-every 2")


@dataclasses.dataclass(frozen=True)
class Case:
    """The arguments of a run, and whether it writes to the folder out."""
    line: str
    writes: bool = False


# The inputs are files of new_inputs(); the folder out has files of an earlier run, which each case
# replaces or leaves as they are; demo creates its folder. ReaderChild is a program of the tests
# that reads files of other programs, and fails like the command.
CASES = {
    "info": Case("info model.safetensors"),
    "info-json": Case("info checkpoint.safetensors --json"),
    "generate": Case("generate model.safetensors --length 30"),
    "train-text": Case(f"train text text.txt {TEXT} --threads 2 --output out", writes=True),
    "resume-text": Case("train text text.txt --resume checkpoint.safetensors --epochs 3 "
                        "--output out", writes=True),
    "train-series": Case(f"train series series.csv {SERIES} --output out", writes=True),
    "resume-series": Case("train series series.csv --resume forecaster-checkpoint.safetensors "
                          "--output out", writes=True),
    "forecast": Case(f"forecast series.csv {SERIES} --output out --terminal", writes=True),
    "forecast-model": Case("forecast series.csv --model forecaster.safetensors --output out --json",
                           writes=True),
    "train-panel": Case(f"train panel panel.csv {PANEL} --output out", writes=True),
    "forecast-panel": Case(f"forecast panel.csv {PANEL} --output out", writes=True),
    "forecast-panel-model": Case("forecast panel.csv --model panel.safetensors --output out",
                                 writes=True),
    "train-amp": Case(f"train amp dry.wav wet.wav {AMP} --output out", writes=True),
    "run": Case("run amp.safetensors --input dry.wav --output out/wet.wav", writes=True),
    "run-table": Case("run rtneural.json --input rows.csv --output out/rows.npy", writes=True),
    "convert": Case("convert external.onnx out/model.safetensors", writes=True),
    "convert-onnx": Case("convert amp.safetensors out/amp.onnx", writes=True),
    "demo": Case(f"demo --data series.csv {SERIES} --output out/new", writes=True),
    "gradients": Case("gradients --sequence-length 5 --hidden-size 3 --plot out/gradients.svg",
                      writes=True),
    "gradients-model": Case("gradients --model model.safetensors --text text.txt --terminal"),
    "textbook": Case("textbook"),
    "read-onnx": Case("ReaderChild onnx model.onnx"),
    "read-rtneural": Case("ReaderChild import rtneural.json"),
    "read-guitar": Case("ReaderChild import guitar.json"),
    "read-nam": Case("ReaderChild import model.nam"),
    "read-tensors": Case("ReaderChild tensors tensors.json"),
    "read-graph": Case("ReaderChild graph graph.json"),
}


@dataclasses.dataclass
class Result:
    """The end of a process; a negative status is a signal, and None a timeout."""
    status: int | None
    output: bytes
    errors: str


class Recur:
    """The command, in temporary folders."""

    def __init__(self, executable, library, seed):
        self.executable = pathlib.Path(executable).resolve()
        self.library = pathlib.Path(library).resolve()
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="recur-torture-"))
        self.root.chmod(0o755)
        self.inputs = self.root / "inputs"
        self.seed = seed
        self.expected = {}
        self.new_inputs(random.Random(seed))

    def arguments(self, text):
        words = shlex.split(text)
        if words[0] == "ReaderChild":
            return [str(self.executable.parent / words[0])] + words[1:]
        return [str(self.executable)] + words

    def environment(self, changes=()):
        """Without a variable that changes results; with the stand-in for gnuplot first."""
        path = f"{HERE / 'stand-in'}:{os.environ['PATH']}"
        return {"PATH": path, "HOME": str(self.root), "LC_ALL": "C.UTF-8",
                "SWIFT_BACKTRACE": "enable=no", **dict(changes)}

    def run(self, arguments, folder, changes=(), timeout=20, **options):
        """Runs a command line in a folder; options are those of Popen."""
        options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE,
                   "stderr": subprocess.PIPE, **options}
        process = subprocess.Popen(
            arguments, cwd=folder, env=self.environment(changes), start_new_session=True, **options)
        try:
            output, errors = process.communicate(timeout=timeout)
            status = process.returncode
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            output, errors = process.communicate()
            status = None
        return Result(status, output or b"", (errors or b"").decode(errors="replace"))

    def new_inputs(self, generator):
        scratch, out = self.root / "scratch", self.inputs / "out"
        scratch.mkdir()
        out.mkdir(parents=True)
        text = "".join(generator.choice("abcdef \n") for _ in range(700))
        (self.inputs / "text.txt").write_text(text)
        rows = [f"{2000 + k // 12}-{k % 12 + 1:02},{10 + k % 4 + generator.random():.4f}"
                for k in range(60)]
        (self.inputs / "series.csv").write_text("\n".join(["date,value"] + rows) + "\n")
        panel = [f"{shop},{row}" for shop in "ab" for row in rows[:36]]
        (self.inputs / "panel.csv").write_text("\n".join(["shop,date,value"] + panel) + "\n")
        pairs = [f"{generator.uniform(-1, 1)},{generator.uniform(-1, 1)}" for _ in range(20)]
        (self.inputs / "rows.csv").write_text("\n".join(["a,b"] + pairs) + "\n")
        for name in ("dry", "wet"):
            samples = [generator.randrange(-8000, 8000) for _ in range(800)]
            write_recording(self.inputs / f"{name}.wav", samples)
        for line, names in [
            (f"train text text.txt {TEXT} --output ../scratch", ("model", "checkpoint")),
            (f"train series series.csv {SERIES} --output ../scratch",
             ("forecaster", "forecaster-checkpoint")),
            (f"train panel panel.csv {PANEL} --output ../scratch", ("panel", "panel-checkpoint")),
            (f"train amp dry.wav wet.wav {AMP} --output ../scratch", ("amp", "amp-checkpoint")),
            (f"train text text.txt {TEXT} --seed 9 --output out", None),
            (f"forecast series.csv {SERIES} --hidden-size 2 --output out", None),
        ]:
            result = self.run(self.arguments(line), self.inputs)
            assert result.status == 0, f"{line}: {result.errors}"
            for old, new in zip(("model", "checkpoint"), names or ()):
                (scratch / f"{old}.safetensors").rename(self.inputs / f"{new}.safetensors")
        self.new_models(generator)

    def new_models(self, generator):
        """Models of other programs, with random weights."""

        def numbers(*shape):
            if not shape:
                return generator.uniform(-1, 1)
            return [numbers(*shape[1:]) for _ in range(shape[0])]

        golden = HERE.parent / "golden/onnx"
        shutil.copy(golden / "lstm_states_legacy.onnx", self.inputs / "model.onnx")
        for name in ("external.onnx", "external.onnx.data"):
            shutil.copy(golden / name, self.inputs)
        weights = {"rec.weight_ih_l0": numbers(16, 1), "rec.weight_hh_l0": numbers(16, 4),
                   "rec.bias_ih_l0": numbers(16), "rec.bias_hh_l0": numbers(16),
                   "lin.weight": numbers(1, 4), "lin.bias": numbers(1)}
        data = {"model": "SimpleRNN", "input_size": 1, "skip": 1, "output_size": 1,
                "unit_type": "LSTM", "num_layers": 1, "hidden_size": 4, "bias_fl": True}
        layers = [{"type": "gru", "activation": "tanh", "shape": [None, None, 3],
                   "weights": [numbers(2, 9), numbers(3, 9), numbers(2, 9)]},
                  {"type": "dense", "activation": "relu", "shape": [None, None, 1],
                   "weights": [numbers(3, 1), numbers(1)]}]
        nodes = [{"name": "x", "kind": "features", "size": 2},
                 {"name": "y", "from": ["x"], "kind": "dense", "size": 3, "output": True}]
        for name, content in {
            "guitar.json": {"model_data": data, "state_dict": weights},
            "tensors.json": weights,
            "rtneural.json": {"in_shape": [None, None, 2], "layers": layers},
            "model.nam": {"version": "0.5.4", "architecture": "LSTM", "weights": numbers(70),
                          "config": {"input_size": 1, "hidden_size": 3, "num_layers": 1}},
            "graph.json": {"nodes": nodes},
        }.items():
            (self.inputs / name).write_text(json.dumps(content))

    def folder(self):
        """A new folder with the inputs."""
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.root)) / "run"
        shutil.copytree(self.inputs, folder)
        return folder

    def ended(self, folder, problems):
        """Removes the folder of a run, or keeps it if there are problems, which then name it."""
        if not problems:
            shutil.rmtree(folder.parent)
        return [f"{problem}\n    {folder} remains" for problem in problems]

    def described(self, arguments, problems, changes=(), prepare=None):
        """Problems with a line of shell that repeats the run, after a preparation of its folder."""
        variables = [f"{name}={value}" for name, value in self.environment(changes).items()]
        command = shlex.join(["env", "-i", *variables, *arguments])
        steps = [f"rm -rf {AGAIN}", f"cp -r {self.inputs} {AGAIN}", f"cd {AGAIN}", prepare, command]
        line = " && ".join(step for step in steps if step)
        return [f"{problem}\n    {line}" for problem in problems]

    def without_failure(self, case):
        """The result of a case and the files after it."""
        if case not in self.expected:
            folder = self.folder()
            result = self.run(self.arguments(CASES[case].line), folder)
            assert result.status == 0, f"{case}: {result.errors}"
            self.expected[case] = result.output, files(folder)
            shutil.rmtree(folder.parent)
        return self.expected[case]

    def problems(self, case, result, folder, may_remain=False, lines=1):
        """What is wrong with a run of a case in which something failed.

        It must print the right output, or end with one message (lines=0: without any); and each
        file must be complete: the old one, or the new one. may_remain allows temporary files that
        could not be removed.
        """
        output, new = self.without_failure(case)
        old, found = files(self.inputs), files(folder)
        problems = messages(result, lines)
        for name, content in found.items():
            if name not in old and name not in new:
                if not may_remain:
                    problems.append(f"left {name} behind")
            elif content not in (old.get(name), new.get(name)) and not self.verifies(folder / name):
                problems.append(f"{name} is neither the old nor the new file")
        # A run without failures may remove a file of an earlier run.
        problems += [f"removed {name}" for name in old if name in new and name not in found]
        if result.status == 0:
            drawn = "no plot drawn" not in result.errors
            if result.output != output and drawn:
                problems.append("status 0, but other output")
            problems += [f"status 0, but {name} is not the new file" for name in new
                         if found.get(name) != new[name] and (drawn or not is_plot(name))]
        return problems

    def verifies(self, file):
        """Whether a file is a complete checkpoint of a step in between."""
        if file.name != "checkpoint.safetensors":
            return False
        result = self.run(self.arguments("info checkpoint.safetensors"), file.parent)
        return result.status == 0 and b"checksum verified" in result.output


def is_plot(name):
    return name.endswith((".png", ".svg"))


def write_recording(path, samples):
    """Writes a WAV file of one channel."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(struct.pack(f"<{len(samples)}h", *samples))


def files(folder):
    """The names and checksums of all files in a folder."""
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in folder.rglob("*") if path.is_file()}


def messages(result, lines=1):
    """What is wrong with a status and the messages: a failure has as many as lines."""
    if result.status is None:
        return ["did not end"]
    if result.status < 0:
        name = signal.Signals(-result.status).name
        return [f"ended by {name}: {result.errors[-300:]}"]
    if result.status == 0:
        return []
    if result.status not in (1, 2):
        return [f"status {result.status}: {result.errors[-300:]}"]
    printed = [line for line in result.errors.splitlines() if line.startswith("recur: ")]
    if len(printed) != lines or any("Error Domain" in line for line in printed):
        return [f"status {result.status}, expected {lines} clear messages: {result.errors[-300:]}"]
    return []
