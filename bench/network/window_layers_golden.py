#!/usr/bin/python3
"""Writes tests/golden/window_layers.json: outputs and gradients by PyTorch, in double precision,
of the networks that read windows, for weights and windows made here. With --check, computes them
again and compares with the stored ones.

    bench/network/window_layers_golden.py [--check]
"""
import json
import sys
from pathlib import Path

import numpy
import torch

GOLDEN = Path(__file__).resolve().parents[2] / "tests/golden/window_layers.json"
STEPS, FEATURES, UNITS, ROWS = 4, 3, 3, 9
FAMILIES = ("lstm", "gru", "bi-lstm", "am-lstm", "am-gru", "cnn")


class Network(torch.nn.Module):
    """One family, then a linear layer."""

    def __init__(self, family):
        super().__init__()
        self.family = family
        if family == "cnn":
            self.layer = torch.nn.Conv1d(FEATURES, UNITS, min(3, STEPS))
        elif family == "bi-lstm":
            self.layer = torch.nn.LSTM(FEATURES, UNITS, 2, batch_first=True, bidirectional=True)
        else:
            cell = torch.nn.LSTM if family.endswith("lstm") else torch.nn.GRU
            self.layer = cell(FEATURES, UNITS, batch_first=True)
        if family.startswith("am-"):
            self.inner = torch.nn.Linear(UNITS, UNITS, bias=False)
            self.score = torch.nn.Linear(UNITS, 1, bias=False)
        self.last = torch.nn.Linear(2 * UNITS if family == "bi-lstm" else UNITS, 1)

    def forward(self, x):
        if self.family == "cnn":
            return self.last(torch.tanh(self.layer(x.transpose(1, 2))).mean(dim=2))
        states, _ = self.layer(x)
        if self.family == "bi-lstm":
            return self.last(torch.cat((states[:, -1, :UNITS], states[:, 0, UNITS:]), dim=1))
        if not self.family.startswith("am-"):
            return self.last(states[:, -1])
        weights = torch.softmax(self.score(torch.tanh(self.inner(states))), dim=1)
        return self.last((weights * states).sum(dim=1))


def lstm_blocks(layer, name, values):
    """[W_x W_h] row by row, then the biases; PyTorch's two biases are one here."""
    wx, wh = values(layer, "weight_ih" + name), values(layer, "weight_hh" + name)
    return [numpy.concatenate((wx, wh), axis=1), values(layer, "bias_ih" + name)]


def gru_blocks(layer, values):
    wx, wh = values(layer, "weight_ih_l0"), values(layer, "weight_hh_l0")
    bx, bh = values(layer, "bias_ih_l0"), values(layer, "bias_hh_l0")
    two = 2 * UNITS
    return [numpy.concatenate((wx[:two], wh[:two]), axis=1), bx[:two],
            wx[two:], bx[two:], wh[two:], bh[two:]]


def flat(network, values):
    """Weights or gradients in the order of parameter_blocks (cupel/network/topology.hpp)."""
    layer, family = network.layer, network.family
    if family == "cnn":  # PyTorch: [unit, feature, step]; here [unit, step, feature]
        blocks = [values(layer, "weight").transpose(0, 2, 1), values(layer, "bias")]
    elif family == "bi-lstm":
        blocks = []
        for name in ("_l0", "_l0_reverse", "_l1", "_l1_reverse"):
            blocks += lstm_blocks(layer, name, values)
    elif family.endswith("lstm"):
        blocks = lstm_blocks(layer, "_l0", values)
    else:
        blocks = gru_blocks(layer, values)
    if family.startswith("am-"):
        blocks += [values(network.inner, "weight"), values(network.score, "weight")]
    blocks += [values(network.last, "weight"), values(network.last, "bias")]
    return numpy.concatenate([block.ravel() for block in blocks]).tolist()


def case(family, seed):
    random = numpy.random.RandomState(seed)

    def draw(*shape):
        return numpy.round(random.uniform(-0.8, 0.8, shape), 4)

    network = Network(family).double()
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            parameter.copy_(torch.tensor(draw(*parameter.shape)))
            # One of PyTorch's two biases must be 0 where there is one here.
            lone = "bias_hh" in name
            if lone and family.endswith("lstm"):
                parameter.zero_()
            if lone and family.endswith("gru"):
                parameter[:2 * UNITS] = 0
    inputs, targets = draw(ROWS, STEPS, FEATURES), draw(ROWS, 1)
    outputs = network(torch.tensor(inputs))
    loss = ((outputs - torch.tensor(targets)) ** 2).mean()
    loss.backward()
    return {"family": family, "steps": STEPS, "features": FEATURES, "units": UNITS,
            "parameters": flat(network, lambda m, n: getattr(m, n).detach().numpy()),
            "inputs": inputs.reshape(ROWS, -1).tolist(), "targets": targets.ravel().tolist(),
            "outputs": outputs.detach().numpy().ravel().tolist(), "loss": loss.item(),
            "gradient": flat(network, lambda m, n: getattr(m, n).grad.numpy())}


def main():
    torch.set_num_threads(1)
    made = {"made_by": "PyTorch " + torch.__version__,
            "cases": [case(family, 40 + k) for k, family in enumerate(FAMILIES)]}
    if "--check" not in sys.argv[1:]:
        lines = ",\n".join(json.dumps(one) for one in made["cases"])
        GOLDEN.write_text('{"made_by": "%s", "cases": [\n%s\n]}\n' % (made["made_by"], lines))
        return
    for stored, fresh in zip(json.loads(GOLDEN.read_text())["cases"], made["cases"]):
        for name in ("parameters", "outputs", "gradient"):
            numpy.testing.assert_allclose(stored[name], fresh[name], atol=1e-12)


if __name__ == "__main__":
    main()
