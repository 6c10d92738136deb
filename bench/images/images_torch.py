#!/usr/bin/env python3
"""The peer of images_bench.cpp: the same network and training in PyTorch, on one thread.

    python3 images_torch.py STEPS [channels_last]

For channels_last without the cost of giving memory back to the system, run it with
MALLOC_MMAP_THRESHOLD_=1073741824 MALLOC_TRIM_THRESHOLD_=2000000000.
"""

import json
import resource
import sys
import time

import torch
from torch import nn

BATCH = 64


def block(inputs, width, stride):
    return [nn.Conv2d(inputs, inputs, 3, stride, 1, groups=inputs, bias=False),
            nn.BatchNorm2d(inputs), nn.ReLU(inplace=True),
            nn.Conv2d(inputs, width, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU(inplace=True)]


def network():
    layers = [nn.Conv2d(1, 32, 3, 1, 1, bias=False), nn.BatchNorm2d(32), nn.ReLU(inplace=True)]
    inputs = 32
    for width, stride in [(64, 1), (64, 1), (64, 1), (128, 2), (128, 1), (128, 1), (128, 1),
                          (256, 2)]:
        layers += block(inputs, width, stride)
        inputs = width
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(256, 2))


def main():
    steps, last = int(sys.argv[1]), sys.argv[2:] == ["channels_last"]
    torch.set_num_threads(1)
    torch.manual_seed(1)
    model, images = network(), torch.randn(BATCH, 1, 32, 32)
    labels = torch.randint(0, 2, (BATCH,))
    if last:
        model = model.to(memory_format=torch.channels_last)
        images = images.to(memory_format=torch.channels_last)
    optimizer = torch.optim.SGD(model.parameters(), 0.001, momentum=0.9)

    def step():
        optimizer.zero_grad(set_to_none=True)
        nn.functional.cross_entropy(model(images), labels).backward()
        optimizer.step()

    for _ in range(3):  # until its memory no longer grows
        step()
    faults = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    start, busy = time.perf_counter(), time.process_time()
    for _ in range(steps):
        step()
    wall, busy = time.perf_counter() - start, time.process_time() - busy
    print(json.dumps({"torch": torch.__version__, "channels_last": last,
                      "images_per_s": steps * BATCH / wall,
                      "images_per_cpu_s": steps * BATCH / busy,
                      "page_faults_a_step":
                          (resource.getrusage(resource.RUSAGE_SELF).ru_minflt - faults) / steps}))


main()
