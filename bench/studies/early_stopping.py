#!/usr/bin/python3
"""What early stopping of candidates saves and what it costs.

usage: early_stopping.py CUPEL DATA_FOLDER [--only NAME,..] [options of 'cupel design' ...]
Ten studies (five data sets, two seeds), each with and without --stop-early. Prints, as JSON lines,
the share of the search's training iterations that is left, the two fronts' hypervolumes (error of
held-out rows as a share of the worse front's largest, logarithm of the weights) and their ratio,
the test errors of the picks; then the medians.
"""
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile

DATASETS = [
    ("boston_housing.csv", ["--target", "MEDV_kUSD"]),
    ("yacht.csv", ["--target", "resid_resistance"]),
    ("energy_efficiency.csv", ["--target", "heating_load_kWh_m2"]),
    ("debutanizer.csv", ["--target", "y_butane_bottom", "--split", "ordered"]),
    ("proben1_building1.csv", ["--target", "WBE", "--ignore", "WBCW,WBHW", "--split", "ordered"]),
]


def design(program, path, options, seed, stop):
    with tempfile.TemporaryDirectory() as scratch:
        run = subprocess.run([program, "design", path, *options, "--seed", str(seed), "--stop-early",
                              stop, "--quiet", "--json", "--output", os.path.join(scratch, "s")],
                             check=True, capture_output=True)
    return json.loads(run.stdout)


def points(result):
    return [(next(iter(f["validation"]["rmse"].values())), math.log10(f["parameters"]))
            for f in result["front"]]


def hypervolume(front, reference):
    volume, size = 0.0, reference[1]
    for error, weights in sorted(front):
        if error < reference[0] and weights < size:
            volume += (reference[0] - error) * (size - weights)
            size = weights
    return volume


def main():
    program, folder, options = sys.argv[1], sys.argv[2], sys.argv[3:]
    only = None
    if options[:1] == ["--only"]:
        only, options = options[1].split(","), options[2:]
    rows = []
    for name, own in DATASETS:
        if only and not any(name.startswith(one) for one in only):
            continue
        path = os.path.join(folder, name)
        if not os.path.exists(path):
            print(f"left out: {name} is not in {folder}", file=sys.stderr)
            continue
        for seed in (1, 2):
            full, short = (design(program, path, own + options, seed, s) for s in ("false", "true"))
            both = points(full) + points(short)
            reference = (1.1 * max(p[0] for p in both), 1.1 * max(p[1] for p in both))
            figures = short["early_stopping"]
            row = {"data": name, "seed": seed, "stopped": figures["stopped"],
                   "trials": figures["trials"],
                   "iterations": figures["iterations"] / full["early_stopping"]["iterations"],
                   "audited": figures["audited"], "wrong": figures["wrong"],
                   "hypervolume": hypervolume(points(short), reference) /
                   hypervolume(points(full), reference),
                   "rmse": next(iter(short["pick"]["test"]["rmse"].values())),
                   "rmse_full": next(iter(full["pick"]["test"]["rmse"].values())),
                   "seconds": short["elapsed_s"] / full["elapsed_s"]}
            rows.append(row)
            print(json.dumps(row), flush=True)
    print(json.dumps({"median": {key: statistics.median(r[key] for r in rows)
                                 for key in ("iterations", "hypervolume", "seconds")},
                      "audited": sum(r["audited"] for r in rows),
                      "wrong": sum(r["wrong"] for r in rows)}))


if __name__ == "__main__":
    main()
