"""ddp.py HIDDEN EMBEDDING LAYERS BATCH STEPS CHARACTERS: the mean time of a training step.

The same text model in PyTorch as that of recur train text: embedding, LSTM, dense layer,
cross-entropy, Adam and a limit of the gradient's norm, with stateful batches. torchrun starts one
process, or several which divide each batch; they exchange gradients through
DistributedDataParallel with gloo. Each process has one thread. The first process prints
milliseconds.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import statistics
import sys
import time

import torch
from torch import distributed
from torch.nn.parallel import DistributedDataParallel

VOCABULARY = 64


class TextModel(torch.nn.Module):
    def __init__(self, hidden, embedding, layers):
        super().__init__()
        self.embedding = torch.nn.Embedding(VOCABULARY, embedding)
        self.lstm = torch.nn.LSTM(embedding, hidden, layers, batch_first=True)
        self.dense = torch.nn.Linear(hidden, VOCABULARY)

    def forward(self, tokens, state):
        output, state = self.lstm(self.embedding(tokens), state)
        return self.dense(output), state


def main():
    hidden, embedding, layers, batch, steps, characters = map(int, sys.argv[1:])
    torch.set_num_threads(1)
    torch.manual_seed(1)
    distributed.init_process_group("gloo")
    model = DistributedDataParallel(TextModel(hidden, embedding, layers))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.002)
    rows = batch // distributed.get_world_size()
    tokens = torch.randint(VOCABULARY, (rows, characters // batch))
    state, times = None, []
    for start in range(0, tokens.shape[1] - steps, steps):
        began = time.perf_counter()
        inputs, targets = tokens[:, start:start + steps], tokens[:, start + 1:start + steps + 1]
        optimizer.zero_grad()
        output, state = model(inputs, state)
        state = tuple(part.detach() for part in state)
        loss = torch.nn.functional.cross_entropy(output.flatten(0, 1), targets.flatten())
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1)
        optimizer.step()
        times.append(1000 * (time.perf_counter() - began))
    if distributed.get_rank() == 0:
        print(statistics.mean(times[1:]), flush=True)
    distributed.barrier()
    # The end of gloo's threads ends some processes with an error.
    os._exit(0)


if __name__ == "__main__":
    os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
    main()
