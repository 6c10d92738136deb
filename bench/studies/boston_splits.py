#!/usr/bin/python3
"""Default design on 20 fixed half-and-half splits of the Boston housing data.

usage: boston_splits.py CUPEL DATA_FOLDER [options of 'cupel design' ...]
DATA_FOLDER holds boston_housing.csv and splits/boston_50_seedNN.{train,test}.txt.
Prints the test RMSE (kUSD), weights and seconds of each split, and the means, as JSON lines.
"""
import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor


def one_split(program, folder, seed, options, scratch):
    split = os.path.join(folder, "splits", f"boston_50_seed{seed:02d}")
    command = [program, "design", os.path.join(folder, "boston_housing.csv"),
               "--target", "MEDV_kUSD", "--train-rows", split + ".train.txt",
               "--test-rows", split + ".test.txt", "--jobs", "1", "--quiet", "--json",
               "--output", os.path.join(scratch, f"s{seed:02d}"), *options]
    result = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    pick = result["pick"]
    simple = {b["name"]: b["test"]["rmse"]["MEDV_kUSD"] for b in result["baselines"]}
    row = {"split": seed, "rmse": pick["test"]["rmse"]["MEDV_kUSD"],
            "validation": pick["validation"]["rmse"]["MEDV_kUSD"],
            "weights": pick["parameters"], **simple,
            "best_on_front": min(f["test"]["rmse"]["MEDV_kUSD"] for f in result["front"]),
            "largest": result["front"][-1]["test"]["rmse"]["MEDV_kUSD"],
            "elapsed_s": result["elapsed_s"]}
    if "single" in result:  # the pick is an average: the best network alone
        row["single"] = result["single"]["test"]["rmse"]["MEDV_kUSD"]
    return row


def main():
    program, folder, options = sys.argv[1], sys.argv[2], sys.argv[3:]
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(os.cpu_count()) as pool:
        rows = list(pool.map(
            lambda seed: one_split(program, folder, seed, options, scratch), range(20)))
    for row in rows:
        print(json.dumps(row))
    mean = {key: sum(row[key] for row in rows) / len(rows) for key in rows[0] if key != "split"}
    print(json.dumps({"mean": mean}))


if __name__ == "__main__":
    main()
