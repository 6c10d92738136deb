#!/usr/bin/python3
"""Stacks of networks beside single networks of as many neurons, two outputs, over seeds.

usage: stacks.py CUPEL DATA_FOLDER [--seeds N] [options of 'cupel design' for both ...]
For every seed (it also draws the test rows) the best stack of two networks or more, on held-out
rows, of the front of recipe qnsnn, and the best of recipe qnn with one hidden layer of at most as
many neurons. A front without a stack counts for the single network. Prints a line a seed: neurons,
held-out and test error (root of 1 - R2, mean over targets), and at the end the means, standard
deviations and in how many seeds the stack is better.
"""
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

FILE, TARGETS = "energy_efficiency.csv", "heating_load_kWh_m2,cooling_load_kWh_m2"


def design(program, path, options):
    with tempfile.TemporaryDirectory() as scratch:
        run = subprocess.run([program, "design", path, "--target", TARGETS, "--jobs", "1",
                              "--quiet", "--json", "--output", os.path.join(scratch, "s"),
                              *options], check=True, capture_output=True)
    return json.loads(run.stdout)


def error(figures):
    shares = [max(0.0, 1 - r2) ** 0.5 for r2 in figures["r2"].values()]
    return sum(shares) / len(shares)


def best(result, only=""):
    front = [member for member in result["front"] if member["structure"].startswith(only)]
    return min(front or result["front"], key=lambda member: error(member["validation"]))


def neurons(structure):
    """Of "stack of 2: 9 + 5 tanh" and of "8 inputs, 12 tanh"."""
    return sum(int(number) for number in re.findall(r"\d+", re.split("[:,]", structure, 1)[1]))


def main():
    arguments = sys.argv[1:]
    seeds = 10
    if "--seeds" in arguments:
        place = arguments.index("--seeds")
        seeds = int(arguments[place + 1])
        del arguments[place:place + 2]
    program, folder, options = arguments[0], arguments[1], arguments[2:]
    path = os.path.join(folder, FILE)

    def one(seed):
        both = ["--seed", str(seed), *options]
        stack = best(design(program, path, ["--recipe", "qnsnn", *both]), "stack")
        size = neurons(stack["structure"])
        single = best(design(program, path, ["--recipe", "qnn", "--hidden-layers", "1",
                                             "--max-neurons", str(size), *both]))
        found = stack["structure"].startswith("stack")
        return {"seed": seed, "found": found, "stack": stack["structure"], "single": single["structure"],
                "held_out": [error(stack["validation"]), error(single["validation"])],
                "test": [error(stack["test"]), error(single["test"])]}

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        rows = []
        for row in pool.map(one, range(1, seeds + 1)):
            rows.append(row)
            print(json.dumps(row), flush=True)
    for part in ("held_out", "test"):
        stacks, singles = zip(*(row[part] for row in rows))
        better = sum(row["found"] and row[part][0] < row[part][1] for row in rows)
        print(f"{part}: stacks {statistics.mean(stacks):.4f} ± {statistics.stdev(stacks):.4f}, "
              f"single networks {statistics.mean(singles):.4f} ± {statistics.stdev(singles):.4f}, "
              f"stack better in {better} of {seeds}")


if __name__ == "__main__":
    main()
