#!/usr/bin/python3
"""The loss αMixLoss against the squared error, each with its own search, as Markdown tables.

usage: alpha_mix.py CUPEL DATA_FOLDER [--outliers] [--seeds N] [--trials N] [--families a,b]
Without --outliers: five recurrent families, a table of test RMSE (mean, deviation over seeds).
With --outliers: 5 % of the training targets are moved by 5 to 10 deviations, the test stays clean;
one line a series says in how many seeds αMixLoss had the lower error.
"""
import argparse
import csv
import json
import os
import random
import statistics
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor

SERIES = [
    # file, target, ignored, first row, rows: short pieces, as the source's series are short
    ("debutanizer.csv", "y_butane_bottom", [], 0, 600),
    ("building_raw.csv", "WBCW_Mbtu_h", ["WBE_kWh_h", "WBHW_Mbtu_h", "year"], 0, 600),
    ("steel_energy.csv", "usage_kWh", ["CO2_tCO2"], 0, 600),
]
TEST_SHARE = 0.25


def write_series(folder, series, path, seed):
    """The piece of the series; with a seed, outliers in the rows before the test."""
    name, target, ignored, first, count = series
    with open(os.path.join(folder, name)) as file:
        rows = list(csv.DictReader(file))[first:first + count]
    if seed is not None:
        generator = random.Random(seed)
        design = int(len(rows) * (1 - TEST_SHARE)) - 10
        values = [float(row[target]) for row in rows[:design]]
        deviation = statistics.pstdev(values)
        for k in generator.sample(range(design), design // 20):
            move = generator.uniform(5, 10) * deviation * generator.choice((-1, 1))
            rows[k][target] = repr(values[k] + move)
    columns = [column for column in rows[0] if column not in ignored]
    with open(path, "w") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


def test_rmse(options, series, family, loss, seed):
    with tempfile.TemporaryDirectory() as scratch:
        path = os.path.join(scratch, "series.csv")
        write_series(options.folder, series, path, seed if options.outliers else None)
        run = subprocess.run(
            [options.program, "design", path, "--target", series[1], "--recipe", "namdm",
             "--window", "8", "--families", family, "--split", "ordered", "--test-fraction",
             str(TEST_SHARE), "--folds", "2", "--confirm", "0", "--jobs", "1", "--loss", loss,
             "--trials", str(options.trials), "--seed", str(seed), "--json", "--quiet",
             "--output", os.path.join(scratch, "s")], check=True, capture_output=True)
    pick = json.loads(run.stdout)["pick"]
    return pick["test"]["rmse"][series[1]]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("folder")
    parser.add_argument("--outliers", action="store_true")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--trials", type=int, default=16)
    parser.add_argument("--families", default="lstm,gru,bi-lstm,am-lstm,am-gru")
    options = parser.parse_args()
    print("| series | family | αMixLoss | squared error | αMixLoss lower |\n|---|---|---|---|---|")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for series in SERIES:
            for family in options.families.split(","):
                tasks = [(loss, seed) for seed in range(1, options.seeds + 1)
                         for loss in ("auto", "mse")]
                errors = list(pool.map(
                    lambda task: test_rmse(options, series, family, *task), tasks))
                mixed, squared = errors[0::2], errors[1::2]
                lower = sum(a < b for a, b in zip(mixed, squared))
                text = [f"{statistics.mean(e):.4g} ± {statistics.stdev(e):.2g}"
                        for e in (mixed, squared)]
                print(f"| {series[0]} | {family} | {text[0]} | {text[1]} "
                      f"| {lower} of {options.seeds} |", flush=True)


if __name__ == "__main__":
    main()
