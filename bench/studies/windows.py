#!/usr/bin/python3
"""Designs on windows in time beside the best static model, as a Markdown table.

usage: windows.py CUPEL DATA_FOLDER [--quick]
DATA_FOLDER holds the files below; one that is missing is left out, and said.
"""
import csv
import datetime
import json
import os
import subprocess
import sys
import tempfile

WINDOWS = [
    # file, options of both, options of the design on windows
    ("debutanizer.csv", ["--target", "y_butane_bottom", "--split", "ordered",
                         "--test-fraction", "0.3"],
     ["--window", "36"]),
    ("tep.csv", ["--target", "xmeas_40_G_molpct", "--ignore", "xmeas_41_H_molpct",
                 "--group", "run", "--time", "sample"],
     ["--window", "6", "--families", "linear,gru"]),
    ("building_raw.csv", ["--target", "WBCW_Mbtu_h", "--ignore", "WBE_kWh_h,WBHW_Mbtu_h",
                          "--time", "time", "--calendar", "yes", "--split", "ordered"],
     ["--window", "6", "--families", "linear,gru"]),
]


def with_time(path, scratch):
    """The file with one time column in place of month, day, year and hour (100 to 2400)."""
    with open(path) as file:
        rows = list(csv.DictReader(file))
    if "hour_hhmm" not in rows[0]:
        return path
    stamped = []
    for row in rows:
        month, day, year, hour = (int(row.pop(name)) for name in
                                  ("month", "day", "year", "hour_hhmm"))
        time = datetime.datetime(1900 + year, month, day) + datetime.timedelta(hours=hour // 100)
        stamped.append({"time": time.strftime("%Y-%m-%d %H:%M"), **row})
    made = os.path.join(scratch, os.path.basename(path))
    with open(made, "w") as file:
        writer = csv.DictWriter(file, stamped[0].keys())
        writer.writeheader()
        writer.writerows(stamped)
    return made


def design(program, path, options):
    with tempfile.TemporaryDirectory() as scratch:
        path = with_time(path, scratch)
        run = subprocess.run([program, "design", path, *options, "--quiet", "--json", "--output",
                              os.path.join(scratch, "s")], check=True, capture_output=True)
    return json.loads(run.stdout)


def main():
    program, folder = sys.argv[1], sys.argv[2]
    few = ["--trials", "24", "--confirm", "1"] if "--quick" in sys.argv else []
    print("| data | method | network | test RMSE |\n|---|---|---|---|")
    for name, both, windows in WINDOWS:
        path = os.path.join(folder, name)
        if not os.path.exists(path):
            print(f"left out: {name} is not in {folder}", file=sys.stderr)
            continue
        target = both[1]
        for what, options in (("rows", ["--recipe", "qnn"]),
                              ("windows", ["--recipe", "namdm", *windows])):
            result = design(program, path, [*both, *options, *few])
            pick = result["pick"]
            structure = next((f["structure"] for f in result["front"]
                              if f.get("trial") == pick["trial"] and "structure" in f), "")
            print(f"| {name} | {what} | {structure} ({pick['parameters']} weights) "
                  f"| {pick['test']['rmse'][target]:.4g} |")
            for baseline in result["baselines"]:
                print(f"| {name} | {what}: {baseline['name']} | "
                      f"| {baseline['test']['rmse'][target]:.4g} |", flush=True)


if __name__ == "__main__":
    main()
