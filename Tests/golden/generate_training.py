"""Writes training.json: results of torch.optim, its schedules, gradient clipping, losses and whole
training runs in float64. README.md describes how to run it and the contents of the file.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import numpy as np
import torch
from torch.nn import functional
from torch.nn.utils import clip_grad_norm_, clip_grad_value_
from torch.nn.utils import parameters_to_vector, vector_to_parameters
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence
from torch.optim import lr_scheduler

from values import SplitMix64, flat, write

torch.set_default_dtype(torch.float64)


# Descriptions are encoded like RecurTraining's Swift types

def sgd(momentum=0.0, dampening=0.0, nesterov=False, weightDecay=0.0):
    return {"sgd": locals()}


def rms_prop(alpha=0.99, epsilon=1e-8, momentum=0.0, centered=False, weightDecay=0.0):
    return {"rmsProp": locals()}


def adam(beta1=0.9, beta2=0.999, epsilon=1e-8, weightDecay=0.0):
    return {"adam": locals()}


def adam_w(beta1=0.9, beta2=0.999, epsilon=1e-8, weightDecay=0.01):
    return {"adamW": locals()}


def optimizer_of(description, parameters, rate):
    (kind, options), = description.items()
    options = dict(options, lr=rate, weight_decay=options["weightDecay"])
    del options["weightDecay"]
    if "epsilon" in options:
        options["eps"] = options.pop("epsilon")
    if "beta1" in options:
        options["betas"] = (options.pop("beta1"), options.pop("beta2"))
    classes = {"sgd": torch.optim.SGD, "rmsProp": torch.optim.RMSprop, "adam": torch.optim.Adam,
               "adamW": torch.optim.AdamW}
    return classes[kind](parameters, foreach=False, **options)


CONSTANT = {"constant": {}}


def step(every, factor):
    return {"step": locals()}


def cosine(steps, minimumFactor=0.0):
    return {"cosine": locals()}


def warm_up(steps, then=CONSTANT):
    return {"warmUp": locals()}


def on_plateau(factor=0.1, patience=10, threshold=1e-4, minimumFactor=0.0):
    return {"onPlateau": locals()}


def scheduler_of(description, optimizer, rate):
    (kind, options), = description.items()
    if kind == "constant":
        return lr_scheduler.LambdaLR(optimizer, lambda step: 1.0)
    if kind == "step":
        return lr_scheduler.StepLR(optimizer, options["every"], options["factor"])
    if kind == "cosine":
        minimum = options["minimumFactor"] * rate
        return lr_scheduler.CosineAnnealingLR(optimizer, options["steps"], minimum)
    if kind == "warmUp":
        steps = options["steps"]
        warm = lr_scheduler.LinearLR(optimizer, 1 / steps, total_iters=steps - 1)
        then = scheduler_of(options["then"], optimizer, rate)
        return lr_scheduler.SequentialLR(optimizer, [warm, then], [steps])
    assert kind == "onPlateau", kind
    return lr_scheduler.ReduceLROnPlateau(
        optimizer, factor=options["factor"], patience=options["patience"],
        threshold=options["threshold"], min_lr=options["minimumFactor"] * rate)


def clip(parameters, description):
    """Clips the gradients and returns their norm before clipping."""
    (kind, options), = description.items()
    norm = clip_grad_norm_(parameters, options["_0"] if kind == "norm" else float("inf"))
    if kind == "value":
        clip_grad_value_(parameters, options["_0"])
    return norm.item()


def clip_norm(limit):
    return {"norm": {"_0": limit}}


def clip_value(limit):
    return {"value": {"_0": limit}}


# Optimizers, on parameters whose gradients have very different magnitudes

OPTIMIZERS = {
    "SGD": (sgd(), 0.05),
    "SGD with weight decay": (sgd(weightDecay=0.1), 0.05),
    "SGD with momentum": (sgd(momentum=0.9), 0.02),
    "SGD with dampening and weight decay": (sgd(0.8, dampening=0.3, weightDecay=0.02), 0.05),
    "SGD with Nesterov momentum": (sgd(momentum=0.9, nesterov=True, weightDecay=0.01), 0.02),
    "RMSprop": (rms_prop(), 0.01),
    "RMSprop with weight decay": (rms_prop(alpha=0.9, epsilon=1e-3, weightDecay=0.1), 0.01),
    "RMSprop with momentum": (rms_prop(momentum=0.9), 0.002),
    "RMSprop, centered": (rms_prop(centered=True), 0.01),
    "RMSprop, all": (rms_prop(0.95, 1e-6, 0.7, True, 0.05), 0.005),
    "Adam": (adam(), 0.01),
    "Adam with weight decay": (adam(0.8, 0.99, 1e-4, weightDecay=0.1), 0.01),
    "AdamW": (adam_w(), 0.01),
    "AdamW with more": (adam_w(0.95, 0.9, 1e-6, weightDecay=0.3), 0.02),
}
KEPT_STEPS = [1, 2, 3, 10, 50, 100, 200]
COUNT = 6


def optimizer_case(index, name, description, rate):
    generator = SplitMix64(1000 + index)
    parameter = torch.tensor(generator.values(COUNT)).requires_grad_()
    optimizer = optimizer_of(description, [parameter], rate)
    scale = torch.tensor([2.0 ** (-3 * k) for k in range(COUNT)])
    kept = []
    for k in range(KEPT_STEPS[-1]):
        parameter.grad = torch.tensor(generator.values(COUNT)) * scale
        optimizer.step()
        if k + 1 in KEPT_STEPS:
            kept += flat(parameter.detach().numpy())
    return {"name": name, "optimizer": description, "learningRate": rate, "seed": 1000 + index,
            "count": COUNT, "steps": KEPT_STEPS, "parameters": kept}


# Schedules

SCHEDULES = {
    "constant": CONSTANT,
    "step": step(7, 0.3),
    "cosine": cosine(39),
    "cosine, not to 0": cosine(39, minimumFactor=0.1),
    "warm-up": warm_up(6),
    "warm-up, then step": warm_up(6, step(5, 0.5)),
    "warm-up, then cosine": warm_up(10, cosine(29, minimumFactor=0.01)),
    "plateau": on_plateau(0.5, 2, 0.01),
    "plateau with a minimum": on_plateau(0.1, 0, 1e-4, minimumFactor=0.004),
    "plateau, patient": on_plateau(0.2, 4, 0.05, minimumFactor=0.01),
}
SCHEDULE_STEPS = 40


def schedule_case(index, name, description, rate=0.3):
    """The learning rate of every step, or, for a plateau, of every epoch before its loss."""
    parameter = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([parameter], lr=rate)
    scheduler = scheduler_of(description, optimizer, rate)
    plateau = "onPlateau" in description
    random = SplitMix64(2000 + index).values(SCHEDULE_STEPS)
    losses = [float(2 + value - 0.03 * k) for k, value in enumerate(random)] if plateau else None
    rates = []
    for k in range(SCHEDULE_STEPS):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step(*([losses[k]] if plateau else []))
    return {"name": name, "schedule": description, "learningRate": rate, "losses": losses,
            "rates": rates}


# Clipping

def clipping_case(index, description):
    parameter = torch.zeros(20, requires_grad=True)
    parameter.grad = torch.tensor(SplitMix64(3000 + index).values(20))
    norm = clip([parameter], description)
    return {"name": str(description), "clipping": description, "seed": 3000 + index, "count": 20,
            "norm": norm, "gradients": flat(parameter.grad.numpy())}


# Models and losses

class Residual(torch.nn.Module):
    """h_t = h_{t-1} + tanh(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh), sequences of one length."""

    def __init__(self, I, H):
        super().__init__()
        self.weight_ih_l0 = torch.nn.Parameter(torch.empty(H, I))
        self.weight_hh_l0 = torch.nn.Parameter(torch.empty(H, H))
        self.bias_ih_l0 = torch.nn.Parameter(torch.empty(H))
        self.bias_hh_l0 = torch.nn.Parameter(torch.empty(H))

    def forward(self, x, h=None):
        if h is None:
            h = x.new_zeros(x.shape[1], len(self.bias_hh_l0))
        outputs = []
        for x_t in x:
            z = functional.linear(x_t, self.weight_ih_l0, self.bias_ih_l0)
            h = h + torch.tanh(z + functional.linear(h, self.weight_hh_l0, self.bias_hh_l0))
            outputs.append(h)
        return torch.stack(outputs), h[None]


class Model(torch.nn.Module):
    def __init__(self, shape):
        super().__init__()
        I, H, layers = shape["I"], shape["H"], shape["layers"]
        options = dict(num_layers=layers, bidirectional=shape["bidirectional"])
        if shape["vocabulary"]:
            self.embedding = torch.nn.Embedding(shape["vocabulary"], I)
        self.network = (
            Residual(I, H) if shape["cell"] == "residual" else
            {"rnn": torch.nn.RNN, "gru": torch.nn.GRU, "lstm": torch.nn.LSTM}[shape["cell"]](
                I, H, **options))
        self.head = torch.nn.Linear(H * (1 + shape["bidirectional"]), shape["O"])
        self.shape = shape
        theta = SplitMix64(shape["seed"]).values(parameters_to_vector(self.parameters()).numel())
        vector_to_parameters(torch.tensor(theta) / 2, self.parameters())

    def forward(self, x, lengths=None, state=None):
        """Returns the rows of the outputs and the final state."""
        if self.shape["vocabulary"]:
            x = self.embedding(x)
        if lengths is None or self.shape["cell"] == "residual":
            y, state = self.network(x, state)
        else:
            y, state = self.network(pack_padded_sequence(x, lengths, enforce_sorted=False), state)
            y, _ = pad_packed_sequence(y, total_length=len(x))
        if self.shape["reading"] == "everyStep":
            features = y.flatten(0, 1)
        else:
            h = state[0] if isinstance(state, tuple) else state
            features = torch.cat(list(h[-1 - self.shape["bidirectional"]:]), dim=-1)
        return self.head(features), state


def shape_of(cell, reading, I, H, O, seed, layers=1, bidirectional=False, vocabulary=0):
    return locals()


def loss_of(description, outputs, targets):
    (kind, options), = description.items()
    if kind == "meanSquaredError":
        return torch.nn.MSELoss()(outputs, targets)
    if kind == "meanAbsoluteError":
        return torch.nn.L1Loss()(outputs, targets)
    if kind == "huber":
        return torch.nn.HuberLoss(delta=options["delta"])(outputs, targets)
    if kind == "crossEntropy":
        ignored = options.get("ignoring")
        return torch.nn.CrossEntropyLoss(ignore_index=-100 if ignored is None else ignored)(
            outputs, targets)
    assert kind == "quantiles", kind
    levels = torch.tensor(options["_0"])
    error = targets[:, :, None] - outputs.reshape(*targets.shape, len(levels))
    return torch.maximum(levels * error, (levels - 1) * error).mean()


def error_to_signal(preEmphasis, outputs, targets, counts):
    """The loss of Wright et al. (2020) of values by step and sequence; counts are 0 or 1."""
    errors, targets = counts * (outputs - targets), counts * targets

    def filtered(values):
        previous = torch.cat([torch.zeros_like(values[:1]), values[:-1]])
        return counts * (values - preEmphasis * previous)

    lengths, least = counts.sum(0), 1e-5 * counts.sum() * targets.shape[2]
    means = errors.sum(0) / lengths
    ratio = filtered(errors).square().sum() / (filtered(targets).square().sum() + least)
    return ratio + (lengths * means.square()).sum() / (targets.square().sum() + least)


MSE, MAE = {"meanSquaredError": {}}, {"meanAbsoluteError": {}}
IGNORING = {"crossEntropy": {"ignoring": 1}}


def huber(delta):
    return {"huber": {"delta": delta}}


def quantiles(*levels):
    return {"quantiles": {"_0": levels}}


LOSSES = {
    "mean squared error": MSE, "mean absolute error": MAE, "Huber": huber(0.4),
    "quantiles": quantiles(0.1, 0.5, 0.8), "cross-entropy": {"crossEntropy": {}},
    "cross-entropy with an ignored label": IGNORING,
    "error-to-signal ratio": {"errorToSignal": {"preEmphasis": 0.85}},
}


def loss_case(index, name, description):
    """The loss of a model with a mask, and the gradients of its parameters."""
    T, B, lengths = 4, 3, [4, 2, 3]
    classes = 4
    labels = "crossEntropy" in description
    O = classes if labels else 2 * (3 if "quantiles" in description else 1)
    model = Model(shape_of("rnn", "everyStep", 2, 3, O, 4000 + index))
    generator = SplitMix64(4100 + index)
    x = torch.tensor(generator.values(T, B, 2))
    targets = torch.tensor(generator.integers(T * B, classes) if labels
                           else generator.values(T * B, 2) * 2)
    mask = [bool(value) for value in generator.integers(T * B, 3)]
    rows = [row for row in range(T * B) if row // B < lengths[row % B] and mask[row]]
    outputs, _ = model(x, lengths)
    if "errorToSignal" in description:
        counts = torch.zeros(T * B, 1).index_fill(0, torch.tensor(rows), 1)
        sequences = [values.reshape(T, B, -1) for values in (outputs, targets, counts)]
        loss = error_to_signal(**description["errorToSignal"], outputs=sequences[0],
                               targets=sequences[1], counts=sequences[2])
    else:
        loss = loss_of(description, outputs[rows], targets[rows])
    loss.backward()
    gradients = parameters_to_vector(parameter.grad for parameter in model.parameters())
    return {"name": name, "loss": description, "model": model.shape, "seed": 4100 + index,
            "T": T, "B": B, "lengths": lengths, "classes": classes if labels else None,
            "value": loss.item(), "gradients": flat(gradients.numpy())}


# Whole runs

RUNS = [
    dict(name="simple, last step, SGD with Nesterov momentum",
         model=shape_of("rnn", "lastStep", 2, 5, 2, 5000), loss=MSE, learningRate=0.05,
         optimizer=sgd(0.9, nesterov=True), clipping=clip_norm(0.5),
         data={"windows": {"rows": 43, "length": 6}}, size=8, epochs=40),
    dict(name="residual, last step, AdamW, cosine",
         model=shape_of("residual", "lastStep", 1, 4, 1, 5001), loss=huber(0.5), learningRate=0.02,
         optimizer=adam_w(), clipping=clip_norm(0.3), schedule=cosine(199, minimumFactor=0.05),
         data={"windows": {"rows": 45, "length": 6}}, size=8, epochs=40),
    dict(name="GRU, every step, RMSprop",
         model=shape_of("gru", "everyStep", 2, 4, 2, 5002), loss=MSE, learningRate=0.005,
         optimizer=rms_prop(0.95, momentum=0.5, centered=True), clipping=clip_norm(0.4),
         data={"sequences": {"lengths": [3, 7, 1, 5, 6, 2, 4, 7, 5, 3, 6]}}, size=3, epochs=50),
    dict(name="LSTM, every step, Adam, warm-up and steps",
         model=shape_of("lstm", "everyStep", 3, 4, 4, 5003), loss=IGNORING, learningRate=0.02,
         optimizer=adam(), clipping=clip_norm(0.5), schedule=warm_up(20, step(60, 0.5)),
         data={"sequences": {"lengths": [6, 2, 5, 3, 4, 6, 3, 5, 1, 4]}}, size=2, epochs=40),
    dict(name="LSTM, two layers, both directions, last step, Adam",
         model=shape_of("lstm", "lastStep", 2, 3, 1, 5004, layers=2, bidirectional=True), loss=MAE,
         learningRate=0.01, optimizer=adam(weightDecay=0.01), clipping=clip_value(0.02),
         data={"sequences": {"lengths": [4, 6, 2, 5, 3, 1, 6, 4]}}, size=2, epochs=50),
    dict(name="GRU, tokens, continued, SGD with momentum",
         model=shape_of("gru", "everyStep", 3, 5, 6, 5005, vocabulary=6),
         loss={"crossEntropy": {}}, learningRate=0.1, optimizer=sgd(0.9), clipping=clip_norm(0.25),
         data={"tokens": {"count": 130, "streams": 3, "steps": 5}}, size=None, epochs=25),
    dict(name="residual, every step, RMSprop, plateau",
         model=shape_of("residual", "everyStep", 2, 4, 3, 5006), loss=quantiles(0.1, 0.5, 0.9),
         learningRate=0.02, optimizer=rms_prop(), clipping=clip_norm(0.2),
         schedule=on_plateau(0.5, 1, 0.02, minimumFactor=0.01),
         data={"sequences": {"lengths": [6] * 20}}, size=4, epochs=40),
]


def batches_of(run, data):
    """Yields x, lengths, targets and the valid rows of the targets for each batch."""
    shape, size = run["model"], run["size"]
    generator = SplitMix64(run["seed"])
    labels = "crossEntropy" in run["loss"]
    columns = 1 if "quantiles" in run["loss"] else shape["O"]
    if "windows" in data:
        N, T = data["windows"]["rows"], data["windows"]["length"]
        inputs, targets = generator.values(N, shape["I"]), generator.values(N, columns)
        for first in range(T - 1, N, size):
            ends = range(first, min(first + size, N))
            x = np.stack([inputs[end - T + 1:end + 1] for end in ends], axis=1)
            yield torch.tensor(x), None, torch.tensor(targets[list(ends)]), slice(None)
    elif "sequences" in data:
        lengths, every = data["sequences"]["lengths"], shape["reading"] == "everyStep"
        inputs = [generator.values(T, shape["I"]) for T in lengths]
        rows = [T if every else 1 for T in lengths]
        targets = [np.array(generator.integers(count, shape["O"])) if labels
                   else generator.values(count, columns) for count in rows]
        for first in range(0, len(lengths), size):
            chosen = range(first, min(first + size, len(lengths)))
            T, B = max(lengths[n] for n in chosen), len(chosen)
            x = np.zeros((T, B, shape["I"]))
            t = np.zeros((T if every else 1, B, *targets[0].shape[1:]), targets[0].dtype)
            counts = np.zeros(t.shape[:2], bool)
            for b, n in enumerate(chosen):
                x[:lengths[n], b] = inputs[n]
                t[:rows[n], b] = targets[n]
                counts[:rows[n], b] = True
            yield (torch.tensor(x), [lengths[n] for n in chosen], torch.tensor(t).flatten(0, 1),
                   torch.tensor(counts.ravel()))
    else:
        count, streams, steps = (data["tokens"][key] for key in ("count", "streams", "steps"))
        tokens = torch.tensor(generator.integers(count, shape["vocabulary"]))
        length = (count - 1) // streams
        x, t = (tokens[shift:shift + streams * length].reshape(streams, length).T
                for shift in (0, 1))
        for first in range(0, length - steps + 1, steps):
            chunk = slice(first, first + steps)
            yield x[chunk], None, t[chunk].flatten(), slice(None)


def detached(state):
    return tuple(part.detach() for part in state) if isinstance(state, tuple) else state.detach()


def run_case(index, run):
    run = dict(schedule=CONSTANT) | run | dict(seed=5100 + index)
    model = Model(run["model"])
    parameters = list(model.parameters())
    optimizer = optimizer_of(run["optimizer"], parameters, run["learningRate"])
    scheduler = scheduler_of(run["schedule"], optimizer, run["learningRate"])
    plateau = "onPlateau" in run["schedule"]
    batches = list(batches_of(run, run["data"]))
    losses, norms, rates, validation = [], [], [], []
    for _ in range(run["epochs"]):
        state = None
        for x, lengths, targets, rows in batches:
            optimizer.zero_grad()
            outputs, final = model(x, lengths, state)
            loss = loss_of(run["loss"], outputs[rows], targets[rows])
            loss.backward()
            losses.append(loss.item())
            norms.append(clip(parameters, run["clipping"]))
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            if not plateau:
                scheduler.step()
            if "tokens" in run["data"]:
                state = detached(final)
        if plateau:
            with torch.no_grad():
                values = [loss_of(run["loss"], model(x, lengths)[0][rows], targets[rows])
                          * len(targets[rows]) for x, lengths, targets, rows in batches]
            validation.append((sum(values) / sum(len(t[rows]) for _, _, t, rows in batches)).item())
            scheduler.step(validation[-1])
    clipped = sum(norm > run["clipping"].get("norm", {"_0": 0})["_0"] for norm in norms)
    print(f"{run['name']}: {len(losses)} steps, {clipped} clipped, rates {sorted(set(rates))[:3]}, "
          f"loss {losses[0]:.4f} to {losses[-1]:.4f}")
    return run | {"losses": losses, "norms": norms, "rates": rates,
                  "validation": validation if plateau else None,
                  "theta": flat(parameters_to_vector(parameters).detach().numpy())}


write("training.json", f"PyTorch {torch.__version__.partition('+')[0]}, float64",
      optimizers=[optimizer_case(index, name, *OPTIMIZERS[name])
                  for index, name in enumerate(OPTIMIZERS)],
      schedules=[schedule_case(index, name, SCHEDULES[name])
                 for index, name in enumerate(SCHEDULES)],
      clippings=[clipping_case(index, description) for index, description in enumerate(
          [clip_norm(1.5), clip_norm(100.0), clip_value(0.3), clip_value(2.0)])],
      losses=[loss_case(index, name, LOSSES[name]) for index, name in enumerate(LOSSES)],
      runs=[run_case(index, run) for index, run in enumerate(RUNS)])
