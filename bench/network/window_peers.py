#!/usr/bin/python3
"""The trainings of window_bench.cpp by PyTorch.

    window_peers.py [THREADS]

Prints one JSON object: CPU and wall seconds of one training each, after a short one to warm up.
"""
import json
import sys
import time

import torch

ROWS, STEPS, FEATURES, UNITS, BATCH, EPOCHS = 230, 10, 7, 16, 16, 300


class Network(torch.nn.Module):
    def __init__(self, cell, attention):
        super().__init__()
        self.cell = cell(FEATURES, UNITS, batch_first=True)
        self.inner = torch.nn.Linear(UNITS, UNITS, bias=False) if attention else None
        self.score = torch.nn.Linear(UNITS, 1, bias=False) if attention else None
        self.last = torch.nn.Linear(UNITS, 1)

    def forward(self, x):
        states, _ = self.cell(x)
        if self.inner is None:
            return self.last(states[:, -1])
        weights = torch.softmax(self.score(torch.tanh(self.inner(states))), dim=1)
        return self.last((weights * states).sum(dim=1))


def train(network, inputs, targets, epochs):
    adam = torch.optim.Adam(network.parameters(), lr=0.0005)
    for _ in range(epochs):
        order = torch.randperm(ROWS)
        for first in range(0, ROWS, BATCH):
            rows = order[first:first + BATCH]
            adam.zero_grad(set_to_none=True)
            loss = ((network(inputs[rows]) - targets[rows]) ** 2).mean()
            loss.backward()
            adam.step()


def main():
    torch.set_num_threads(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
    torch.manual_seed(1)
    inputs, targets = torch.rand(ROWS, STEPS, FEATURES) * 2 - 1, torch.rand(ROWS, 1) * 2 - 1
    result = {"torch": torch.__version__, "threads": torch.get_num_threads(),
              "dtype": str(torch.get_default_dtype())}
    for name, cell, attention in (("lstm", torch.nn.LSTM, False), ("am-gru", torch.nn.GRU, True)):
        train(Network(cell, attention), inputs, targets, 5)
        wall, cpu = time.perf_counter(), time.process_time()
        train(Network(cell, attention), inputs, targets, EPOCHS)
        result[name] = {"cpu_s": round(time.process_time() - cpu, 3),
                        "wall_s": round(time.perf_counter() - wall, 3)}
    print(json.dumps(result))


if __name__ == "__main__":
    main()
