#!/usr/bin/python3
"""How often prediction intervals hold the measured value, on rows that the design never saw.

usage: intervals.py CUPEL DATA_FOLDER [--only NAME,..] [--splits N] [--kinds K,..]
                    [-- options of 'cupel design' ...]
Runs 'cupel design' and 'cupel predict' on the 20 fixed splits of boston_housing.csv
(DATA_FOLDER/splits) and on random 70/30 splits of yacht (10), energy_efficiency (10) and
gas_turbine_emission (3), and prints a Markdown table: coverage and mean width of the 90 %
intervals, and the share of test rows that the model flags as outside its data. One row a target
and kind of interval; 'all' is written as JSON lines to stderr.
"""
import csv
import json
import os
import random
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

DATASETS = {
    "boston_housing": (["MEDV_kUSD"], [], 20),
    "yacht": (["resid_resistance"], [], 10),
    "energy_efficiency": (["heating_load_kWh_m2", "cooling_load_kWh_m2"], [], 10),
    "gas_turbine_emission": (["CO_mg_m3", "NOX_mg_m3"], ["--ignore", "year"], 3),
}


def read_rows(path):
    with open(path, newline="") as file:
        rows = list(csv.reader(file))
    return rows[0], rows[1:]


def numbers(path):
    with open(path) as file:
        return [int(line) for line in file if line.strip()]


def test_rows_of(name, folder, split, count):
    if name == "boston_housing":
        stem = os.path.join(folder, "splits", f"boston_50_seed{split:02d}")
        return numbers(stem + ".train.txt"), numbers(stem + ".test.txt")
    order = list(range(count))
    random.Random(1000 + split).shuffle(order)
    cut = round(0.7 * count)
    return sorted(order[:cut]), sorted(order[cut:])


def write_lines(path, lines):
    with open(path, "w") as file:
        file.writelines(f"{line}\n" for line in lines)


def one_split(program, folder, name, split, kind, options, scratch):
    targets, more, _ = DATASETS[name]
    path = os.path.join(folder, name + ".csv")
    header, rows = read_rows(path)
    train, test = test_rows_of(name, folder, split, len(rows))
    stem = os.path.join(scratch, f"{name}-{split}-{kind}")
    write_lines(stem + ".train", train)
    write_lines(stem + ".test", test)
    write_lines(stem + ".csv", [",".join(header)] + [",".join(rows[k]) for k in test])
    subprocess.run([program, "design", path, "--target", ",".join(targets), *more, "--train-rows",
                    stem + ".train", "--test-rows", stem + ".test", "--jobs", "1", "--quiet",
                    "--intervals", kind, "--output", stem, *options],
                   check=True, stdout=subprocess.DEVNULL)
    out = subprocess.run([program, "predict", stem + ".model", stem + ".csv"], check=True,
                         capture_output=True, text=True).stdout
    found = list(csv.DictReader(out.splitlines()))
    results = []
    for target in targets:
        place = header.index(target)
        ends = [(float(f[target + "_lower"] or "-inf"), float(f[target + "_upper"] or "inf"))
                for f in found]
        results.append({
            "data": name, "split": split, "target": target, "kind": kind,
            "coverage": sum(low <= float(rows[k][place]) <= up
                            for k, (low, up) in zip(test, ends)) / len(test),
            "width": sum(up - low for low, up in ends) / len(test),
            "outside": sum(f["valid"] == "0" for f in found) / len(test),
            "model_bytes": os.path.getsize(stem + ".model")})
    return results


def main():
    arguments = sys.argv[1:]
    options = []
    if "--" in arguments:
        place = arguments.index("--")
        arguments, options = arguments[:place], arguments[place + 1:]
    named = {"--only": ",".join(DATASETS), "--splits": "1000", "--kinds": "normalized"}
    while len(arguments) > 2:
        named[arguments[-2]] = arguments[-1]
        arguments = arguments[:-2]
    program, folder = arguments
    print("| data | target | splits | intervals | coverage: mean | lowest | highest | mean width "
          "| outside |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name in named["--only"].split(","):
        targets, _, splits = DATASETS[name]
        splits = min(splits, int(named["--splits"]))
        for kind in named["--kinds"].split(","):
            with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(
                    os.cpu_count()) as pool:
                runs = list(pool.map(lambda split: one_split(
                    program, folder, name, split, kind, options, scratch), range(splits)))
            for place, target in enumerate(targets):
                own = [run[place] for run in runs]
                for row in own:
                    print(json.dumps(row), file=sys.stderr)
                mean = {key: sum(row[key] for row in own) / len(own)
                        for key in ("coverage", "width", "outside")}
                print(f"| {name} | {target} | {splits} | {kind} | {mean['coverage']:.3f} "
                      f"| {min(row['coverage'] for row in own):.3f} "
                      f"| {max(row['coverage'] for row in own):.3f} | {mean['width']:.4g} "
                      f"| {mean['outside']:.3f} |", flush=True)


if __name__ == "__main__":
    main()
