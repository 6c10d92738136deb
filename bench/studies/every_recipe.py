#!/usr/bin/python3
"""Every recipe for tables on every data set, and all of them through 'cupel compare'.

usage: every_recipe.py CUPEL SAMPLES_FOLDER DATA_FOLDER [--only NAME,..]
Runs 'cupel design FILE --target T --recipe R' with no other option, and 'cupel compare FILE
--target T --budget quick --repeats 2', and prints a Markdown table: test error (root of 1 - R2,
mean over targets, in % of the spread) and seconds; 'refused' with the message where a recipe cannot
take a data set.
"""
import json
import os
import subprocess
import sys
import tempfile
import time

from datasets import DATASETS


def run(command):
    return subprocess.run(command, capture_output=True, text=True, check=False)


def share(figures):
    errors = [max(0.0, 1 - r2) ** 0.5 for r2 in figures["r2"].values()]
    return 100 * sum(errors) / len(errors)


def main():
    arguments = sys.argv[1:]
    only = None
    if "--only" in arguments:
        place = arguments.index("--only")
        only = arguments[place + 1].split(",")
        del arguments[place:place + 2]
    program, samples, folder = arguments[:3]
    recipes = [recipe["name"] for recipe in json.loads(run([program, "recipes", "--json"]).stdout)
               if not recipe["name"] in ("tcnas", "image-evolution")]
    print("| data | " + " | ".join(recipes) + " | compare |")
    print("|---" * (len(recipes) + 2) + "|", flush=True)
    for name, own in DATASETS:
        if only and not any(name.startswith(one) for one in only):
            continue
        path = next((os.path.join(place, name) for place in (samples, folder)
                     if os.path.exists(os.path.join(place, name))), None)
        if path is None:
            print(f"left out: {name}", file=sys.stderr)
            continue
        cells = []
        with tempfile.TemporaryDirectory() as scratch:
            for recipe in recipes:
                done = run([program, "design", path, *own, "--recipe", recipe, "--quiet", "--json",
                            "--output", os.path.join(scratch, recipe)])
                if done.returncode == 0:
                    result = json.loads(done.stdout)
                    cells.append(f"{share(result['pick']['test']):.1f} %, "
                                 f"{result['elapsed_s']:.0f} s")
                else:
                    cells.append("refused: " + done.stderr.strip().splitlines()[0])
            start = time.monotonic()
            done = run([program, "compare", path, *own, "--quiet", "--json", "--budget", "quick",
                        "--repeats", "2", "--output", os.path.join(scratch, "compare")])
            cells.append(f"{time.monotonic() - start:.0f} s" if done.returncode == 0
                         else "failed: " + done.stderr.strip().splitlines()[-1])
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
