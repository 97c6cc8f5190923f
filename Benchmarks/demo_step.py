"""demo_step.py PROGRAM: times a training step of the demo's model, alternating between Recur and
PyTorch on one core.

The model is an LSTM of 16 units over 104 steps of one feature, with a linear layer for three
quantiles of 104 values. Training uses batches of 64 windows, pinball loss, clipping by gradient
norm, and Adam. PyTorch's batches are in memory before the step; Recur assembles each batch as it
does in training.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import statistics
import subprocess
import sys
import time

import torch

T, B, H, HORIZON = 104, 64, 16, 104
ROUNDS = 5


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = torch.nn.LSTM(1, H)
        self.head = torch.nn.Linear(H, 3 * HORIZON)

    def forward(self, x):
        return self.head(self.lstm(x)[1][0][-1])


def pinball(outputs, targets, levels):
    error = targets[:, :, None] - outputs.reshape(B, HORIZON, 3)
    return torch.maximum(levels * error, (levels - 1) * error).mean()


def main():
    torch.set_num_threads(1)
    torch.manual_seed(1)
    recur = subprocess.Popen(
        [sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    model, levels = Model(), torch.tensor([0.1, 0.5, 0.9])
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-4)
    batches = [(torch.randn(T, B, 1), torch.randn(B, HORIZON)) for _ in range(32)]

    def step(k):
        x, y = batches[k % len(batches)]
        optimizer.zero_grad()
        pinball(model(x), y, levels).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()

    ours, theirs = [], []
    for _ in range(ROUNDS):
        recur.stdin.write("\n")
        recur.stdin.flush()
        ours.append(float(recur.stdout.readline()))
        times, end = [], time.perf_counter() + 1
        while time.perf_counter() < end:
            begin = time.perf_counter()
            step(len(times))
            times.append(time.perf_counter() - begin)
        theirs.append(statistics.median(times))
    recur.stdin.close()
    recur.wait()
    a, b = statistics.median(ours), statistics.median(theirs)
    print(f"a training step of the demo's model: Recur {a * 1e3:.3f} ms, "
          f"PyTorch {torch.__version__} {b * 1e3:.3f} ms, ratio {b / a:.2f}")


main()
