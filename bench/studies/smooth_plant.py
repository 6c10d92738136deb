#!/usr/bin/python3
"""Data of the size of a published network design: 190 rows, 6 inputs, 5 outputs.

usage: smooth_plant.py FILE.csv [ROWS]
Smooth nonlinear functions of x1 ... x6 in [0, 1] with noise of 3 % of their spread; the same
file each time.
"""
import math
import random
import sys

INPUTS = [f"x{k}" for k in range(1, 7)]
OUTPUTS = [f"y{k}" for k in range(1, 6)]
NOISE = 0.03


def outputs(x):
    return [math.sin(3 * x[0]) + x[1] * x[2],
            math.exp(-x[3]) * (1 + x[0] ** 2) + 0.3 * x[4],
            1 / (1 + math.exp(-6 * (x[1] - 0.5))) + 0.5 * math.cos(4 * x[5]),
            x[0] * x[1] + x[2] * x[3] + x[4] * x[5],
            math.tanh(2 * x[0] - x[5]) + 0.4 * x[2] ** 2]


def rows_of(count):
    draw = random.Random(20111121)
    inputs = [[draw.random() for _ in INPUTS] for _ in range(count)]
    exact = [outputs(x) for x in inputs]
    spreads = []
    for column in zip(*exact):
        mean = sum(column) / count
        spreads.append(math.sqrt(sum((y - mean) ** 2 for y in column) / count))
    for x, y in zip(inputs, exact):
        yield x + [value + NOISE * spread * draw.gauss(0, 1) for value, spread in zip(y, spreads)]


def main():
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 190
    with open(sys.argv[1], "w", encoding="ascii") as file:
        file.write(",".join(INPUTS + OUTPUTS) + "\n")
        for row in rows_of(count):
            file.write(",".join(f"{value:.6f}" for value in row) + "\n")


if __name__ == "__main__":
    main()
