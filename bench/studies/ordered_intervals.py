#!/usr/bin/python3
"""How often 90 % intervals hold the measured value on rows that come after those of the design.

usage: ordered_intervals.py CUPEL FOLDER [FOLDER ...] [--only NAME,..] [-- options of 'cupel design' ...]
Designs on the first 70 % and on the first half of data sets in time order, with a small budget, and
prints a Markdown table: coverage on the rest, the half width of a typical row, and what the
program says of drift. A data set that is in none of the folders is left out, and said.
"""
import json
import os
import subprocess
import sys
import tempfile

from datasets import find

BUDGET = ["--trials", "24", "--confirm", "1", "--iterations", "100", "--seed", "1"]
DATASETS = [
    ("debutanizer.csv", ["--target", "y_butane_bottom"]),
    ("debutanizer.csv", ["--target", "y_butane_bottom", "--recipe", "namdm", "--families", "linear",
                         "--window", "12"]),
    ("proben1_building1.csv", ["--target", "WBE", "--ignore", "WBCW,WBHW"]),
    ("building_raw.csv", ["--target", "WBE_kWh_h", "--ignore", "WBCW_Mbtu_h,WBHW_Mbtu_h"]),
    ("steel_energy.csv", ["--target", "usage_kWh", "--ignore", "CO2_tCO2"]),
    ("steel_energy.csv", ["--target", "usage_kWh", "--ignore", "CO2_tCO2,month"]),
    ("gas_turbine_emission.csv", ["--target", "NOX_mg_m3,CO_mg_m3", "--ignore", "year"]),
]


def main():
    arguments, given = sys.argv[1:], []
    if "--" in arguments:
        place = arguments.index("--")
        arguments, given = arguments[:place], arguments[place + 1:]
    only = None
    if "--only" in arguments:
        place = arguments.index("--only")
        only = arguments[place + 1].split(",")
        del arguments[place:place + 2]
    program, *folders = arguments
    print("| data | target | design rows | coverage | half width | warnings of drift |")
    print("|---" * 6 + "|", flush=True)
    for name, options in DATASETS:
        if only and not any(name.startswith(one) for one in only):
            continue
        path = find(name, folders)
        if not path:
            print(f"left out: {name} is in none of the folders", file=sys.stderr)
            continue
        for fraction in ("0.3", "0.5"):
            with tempfile.TemporaryDirectory() as scratch:
                run = subprocess.run(
                    [program, "design", path, *options, "--split", "ordered", "--test-fraction",
                     fraction, *BUDGET, *given, "--quiet", "--json", "--output",
                     os.path.join(scratch, "s")], check=True, capture_output=True)
            trust = json.loads(run.stdout)["trust"]
            for target, found in trust["intervals"].items():
                print(f"| {name} {' '.join(options[2:])} | {target} "
                      f"| first {100 * (1 - float(fraction)):.0f} % | {found['test_coverage']:.3f} "
                      f"| {found['half_width']:.4g} | {len(trust['drift'])} |", flush=True)


if __name__ == "__main__":
    main()
