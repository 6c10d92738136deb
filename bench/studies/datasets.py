#!/usr/bin/python3
"""Default designs on real data sets, beside a linear model, as a Markdown table.

usage: datasets.py CUPEL FOLDER [FOLDER ...] [--peers] [-- options of 'cupel design' ...]
Each folder is searched for the files below; a data set that is in none is left out, and said. With
--peers the Gaussian process and gradient boosting on the same rows stand beside it, and the pick's
error over that of the better one.
"""
import json
import os
import subprocess
import sys
import tempfile

DATASETS = [
    ("boston_housing.csv", ["--target", "MEDV_kUSD"]),
    ("yacht.csv", ["--target", "resid_resistance"]),
    ("energy_efficiency.csv", ["--target", "heating_load_kWh_m2,cooling_load_kWh_m2"]),
    ("debutanizer.csv", ["--target", "y_butane_bottom", "--split", "ordered"]),
    ("proben1_building1.csv", ["--target", "WBE", "--ignore", "WBCW,WBHW", "--split", "ordered"]),
    ("steel_energy.csv", ["--target", "usage_kWh", "--ignore", "CO2_tCO2"]),
    ("gas_turbine_emission.csv", ["--target", "NOX_mg_m3", "--ignore", "CO_mg_m3,year"]),
]


def find(name, folders):
    return next((os.path.join(f, name) for f in folders if os.path.exists(os.path.join(f, name))),
                None)


def peer_cells(simple, target, rmse):
    process, boosting = (simple[name][target] for name in ("Gaussian process", "gradient boosting"))
    return f" {process:.4g} | {boosting:.4g} | {100 * rmse / min(process, boosting):.0f} % |"


def main():
    arguments, given = sys.argv[1:], []
    if "--" in arguments:
        place = arguments.index("--")
        arguments, given = arguments[:place], arguments[place + 1:]
    peers = "--peers" in arguments
    program, *folders = [word for word in arguments if word != "--peers"]
    print("| data | rows | target | pick: weights | test RMSE | linear | below linear | seconds |"
          + (" Gaussian process | gradient boosting | of the better |" if peers else ""))
    print("|---" * (11 if peers else 8) + "|")
    for name, options in DATASETS:
        path = find(name, folders)
        if not path:
            print(f"left out: {name} is in none of the folders", file=sys.stderr)
            continue
        with tempfile.TemporaryDirectory() as scratch:
            run = subprocess.run(
                [program, "design", path, *options, *given, "--quiet", "--json", "--output",
                 os.path.join(scratch, "s")], check=True, capture_output=True)
        result = json.loads(run.stdout)
        simple = {b["name"]: b["test"]["rmse"] for b in result["baselines"]}
        linear = simple["linear"]
        for target, rmse in result["pick"]["test"]["rmse"].items():
            below = 100 * (1 - rmse / linear[target])
            print(f"| {name} | {result['rows']} | {target} | {result['pick']['parameters']} "
                  f"| {rmse:.4g} | {linear[target]:.4g} | {below:.0f} % "
                  f"| {result['elapsed_s']:.0f} |"
                  + peer_cells(simple, target, rmse) * peers, flush=True)


if __name__ == "__main__":
    main()
