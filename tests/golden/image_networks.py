#!/usr/bin/env python3
"""Computes the golden values of image networks with PyTorch: outputs of every layer for the
first image, loss and gradient, of networks with every kind of layer, on numbers that a formula gives.

    /usr/bin/python3 tests/golden/image_networks.py

Reads the topologies of image_networks.json and writes the values back into it. Needs
python3-torch; the tests need only the file.
"""

import base64
import json
from pathlib import Path

import numpy
import torch
from torch import nn

FILE = Path(__file__).with_suffix(".json")
DISTURBANCE = 1e-5  # the tests' tolerance of a gradient
BATCH = 3


def numbers(count, seed):
    """The same in cnn/image_engine_test.cpp: whole thousandths within -1 ... 1."""
    k = numpy.arange(count, dtype=numpy.int64)
    return (((k * 7919 + seed * 104729 + k * k * 31) % 2001) - 1000).astype("<f4") / 1000


def packed(values):
    return base64.b64encode(numpy.ascontiguousarray(values, dtype="<f4").tobytes()).decode()


class Network(nn.Module):
    def __init__(self, topology):
        super().__init__()
        self.layers, widths = topology["layers"], []
        modules = []
        for layer in self.layers:
            i = layer["input"]
            inputs = topology["channels"] if i < 0 else widths[i]
            kind, out = layer["kind"], layer["outputs"]
            if kind == "convolution":
                modules.append(nn.Conv2d(inputs, out, layer["kernel"], layer["stride"],
                                         layer["kernel"] // 2, groups=layer["groups"],
                                         bias=layer["bias"]))
            elif kind == "batch_norm":
                modules.append(nn.BatchNorm2d(out))
            elif kind == "max_pool":
                modules.append(nn.MaxPool2d(2, 2, ceil_mode=True))
            elif kind == "full":
                modules.append(nn.Linear(inputs, out, bias=layer["bias"]))
            else:
                modules.append(nn.Identity())
            widths.append(out)
        self.steps = nn.ModuleList(modules)

    def forward(self, image):
        outputs = []
        for layer, module in zip(self.layers, self.steps):
            x = image if layer["input"] < 0 else outputs[layer["input"]]
            if layer["kind"] == "add":
                x = x + outputs[layer["other"]]
            elif layer["kind"] == "concatenate":
                x = torch.cat([x, outputs[layer["other"]]], 1)
            elif layer["kind"] == "average_pool":
                x = x.mean((2, 3))
            else:
                x = module(x)
            outputs.append(torch.relu(x) if layer["relu"] else x)
        return outputs


def filled(topology):
    """A network with the formula's numbers."""
    network = Network(topology).train()
    count = sum(p.numel() for p in network.parameters())
    values, at = torch.from_numpy(numbers(count, 1)), 0
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.copy_(values[at:at + parameter.numel()].view_as(parameter))
            at += parameter.numel()
    return network


def training_curve(topology, images, labels, rate, disturbance=0.0):
    """Losses of 20 steps of gradient descent with momentum, always on the same images. Every step's
    gradient is off, at random, by a share `disturbance` of its largest part."""
    network, losses = filled(topology), []
    optimizer = torch.optim.SGD(network.parameters(), rate, momentum=0.9)
    for _ in range(20):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(network(images)[-1], labels)
        loss.backward()
        losses.append(loss.item())
        largest = max(p.grad.abs().max() for p in network.parameters())
        for parameter in network.parameters():
            parameter.grad += disturbance * largest * torch.randn_like(parameter)
        optimizer.step()
    return losses


def training_noise(topology, images, labels, rate):
    """How far a curve may be off when its gradients are as near to these as the tests ask of one
    step: the largest difference, up to each step, of 20 disturbed curves."""
    torch.manual_seed(1)
    curve = numpy.array(training_curve(topology, images, labels, rate))
    others = [training_curve(topology, images, labels, rate, DISTURBANCE) for _ in range(20)]
    differences = numpy.abs(numpy.array(others) - curve).max(0)
    return numpy.maximum.accumulate(differences).tolist()


def golden(topology):
    network = filled(topology)
    # The fourth is chaotic with longer steps: rounding errors grow tenfold a step.
    rate = 0.0005 if topology["channels"] == 2 and topology["classes"] == 4 else 0.02
    shape = (BATCH, topology["channels"], topology["size"], topology["size"])
    image = torch.from_numpy(numbers(int(numpy.prod(shape)), 2)).view(shape)
    labels = torch.arange(BATCH) % topology["classes"]
    outputs = network(image)
    loss = nn.functional.cross_entropy(outputs[-1], labels)
    loss.backward()
    gradient = torch.cat([p.grad.flatten() for p in network.parameters()])
    statistics = [torch.cat([m.running_mean, m.running_var]) for m in network.steps
                  if isinstance(m, nn.BatchNorm2d)]
    network.eval()
    with torch.no_grad():
        predicted = network(image)[-1]
    return {"topology": topology, "loss": loss.item(),
            "outputs": [packed(o[0].detach().numpy()) for o in outputs],
            "gradient": packed(gradient.numpy()),
            "statistics": packed(torch.cat(statistics).numpy()),
            "predicted": packed(predicted.numpy()),
            "training": training_curve(topology, image, labels, rate),
            "noise": training_noise(topology, image, labels, rate),
            "rate": rate}


if __name__ == "__main__":
    torch.set_num_threads(1)
    cases = [golden(case.get("topology", case)) for case in json.loads(FILE.read_text())]
    FILE.write_text(json.dumps(cases, indent=0) + "\n")
