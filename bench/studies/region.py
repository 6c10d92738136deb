#!/usr/bin/python3
"""Which rows a model flags as outside its data, on real data sets.

usage: region.py CUPEL DATA_FOLDER [options of 'cupel design' ...]
Designs on random 70 % of the rows of each data set, and predicts with 'cupel predict'
  held out   the other 30 %: should pass,
  shifted    the same with one used input moved up by 3 of its ranges (each input in turn),
  swapped    the same with the values of two used inputs exchanged (each pair in turn),
  corner     the same with two used inputs moved into a corner of their box, 15 % of the range a
             side, where the corner of 30 % holds no row of the whole file (each such corner).
Prints the shares of rows flagged as a Markdown table; for pairs also how many of them have more
than 95 % of their rows flagged.
"""
import csv
import itertools
import json
import os
import random
import subprocess
import sys
import tempfile

from intervals import DATASETS, read_rows, write_lines

MOST_ROWS = 400  # of one case


def flagged(program, model, header, rows, scratch):
    path = os.path.join(scratch, "rows.csv")
    write_lines(path, [",".join(header)] + [",".join(row) for row in rows])
    out = subprocess.run([program, "predict", model, path], check=True, capture_output=True,
                         text=True).stdout
    return sum(row["valid"] == "0" for row in csv.DictReader(out.splitlines())) / len(rows)


def used_inputs(model):
    with open(model) as file:
        content = json.load(file)
    features = {f for member in content["members"] for f in member["features"]}
    columns = {content["encoder"]["features"][f]["column"] for f in features}
    return [content["encoder"]["columns"][c]["name"] for c in sorted(columns)]


def changed(rows, changes):
    copies = []
    for row in rows:
        copy = list(row)
        changes(copy)
        copies.append(copy)
    return copies


def empty_corners(values, span, a, b):
    """Corners (up in a?, up in b?) whose 30 % square holds no row."""
    def end(row, k):
        low, up = span[k]
        share = (row[k] - low) / (up - low)
        return True if share > 0.7 else False if share < 0.3 else None
    taken = {(end(row, a), end(row, b)) for row in values}
    return [corner for corner in itertools.product((False, True), repeat=2)
            if corner not in taken]


def shares(cases):
    if not cases:
        return "–"
    return (f"{sum(cases) / len(cases):.3f} ({sum(c > 0.95 for c in cases)} of {len(cases)} "
            "above 0.95)")


def study(program, folder, name, options, scratch):
    targets, more, _ = DATASETS[name]
    path = os.path.join(folder, name + ".csv")
    header, rows = read_rows(path)
    order = list(range(len(rows)))
    random.Random(1000).shuffle(order)
    cut = round(0.7 * len(rows))
    train, test = sorted(order[:cut]), sorted(order[cut:])
    stem = os.path.join(scratch, name)
    write_lines(stem + ".train", train)
    write_lines(stem + ".test", test)
    subprocess.run([program, "design", path, "--target", ",".join(targets), *more, "--train-rows",
                    stem + ".train", "--test-rows", stem + ".test", "--quiet", "--output", stem,
                    *options], check=True, stdout=subprocess.DEVNULL)
    model = stem + ".model"
    used = [header.index(column) for column in used_inputs(model)]
    values = [[float(cell) for cell in row] for row in rows]
    ask = lambda cases: flagged(program, model, header, cases, scratch)
    held_out = ask([rows[k] for k in test])
    some = [rows[k] for k in test[::max(1, len(test) // MOST_ROWS)]]
    rng = random.Random(1)
    span = {k: (min(v[k] for v in values), max(v[k] for v in values)) for k in used}

    def shift(k):
        def change(row):
            row[k] = repr(float(row[k]) + 3 * (span[k][1] - span[k][0]))
        return change

    def swap(a, b):
        def change(row):
            row[a], row[b] = row[b], row[a]
        return change

    def corner(a, b, up):
        def change(row):
            for k, high in zip((a, b), up):
                low, top = span[k]
                share = rng.uniform(0.85, 1) if high else rng.uniform(0, 0.15)
                row[k] = repr(low + share * (top - low))
        return change

    pairs = list(itertools.combinations(used, 2))
    shifted = [ask(changed(some, shift(k))) for k in used]
    swapped = [ask(changed(some, swap(a, b))) for a, b in pairs]
    corners = [ask(changed(some, corner(a, b, up)))
               for a, b in pairs for up in empty_corners(values, span, a, b)]
    print(f"| {name} | {len(used)} | {held_out:.3f} | {shares(shifted)} | {shares(swapped)} "
          f"| {shares(corners)} |", flush=True)


def main():
    program, folder, options = sys.argv[1], sys.argv[2], sys.argv[3:]
    print("| data | inputs used | held out | shifted | swapped | empty corner |")
    print("|---|---|---|---|---|---|")
    for name in DATASETS:
        with tempfile.TemporaryDirectory() as scratch:
            study(program, folder, name, options, scratch)


if __name__ == "__main__":
    main()
