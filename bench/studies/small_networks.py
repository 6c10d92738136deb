#!/usr/bin/python3
"""Recipe oa-ann with its defaults beside a linear model and a fully connected network.

usage: small_networks.py CUPEL DATA_FOLDER [splits]
Random 70/30 splits of yacht and energy_efficiency (heating load): mean test RMSE and parameters.
The fully connected network has 10 tanh units, scikit-learn's L-BFGS, and a ridge chosen by 5-fold
cross-validation. Needs python3-sklearn. A data set that is not in the folder is left out, and said.
"""
import csv
import json
import os
import subprocess
import sys
import tempfile
import warnings

import numpy as np
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import GridSearchCV
from sklearn.neural_network import MLPRegressor
from sklearn.preprocessing import MinMaxScaler, StandardScaler

warnings.filterwarnings("ignore")
RIDGES = [0.001, 0.01, 0.1, 1, 10]
DATASETS = [("yacht.csv", "resid_resistance", []),
            ("energy_efficiency.csv", "heating_load_kWh_m2", ["cooling_load_kWh_m2"])]


def read(path, target, ignored):
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    inputs = [name for name in rows[0] if name != target and name not in ignored]
    return (np.array([[float(row[name]) for name in inputs] for row in rows]),
            np.array([float(row[target]) for row in rows]))


def rmse(predicted, measured):
    return float(np.sqrt(np.mean((predicted - measured) ** 2)))


def peers(x, y, train, test):
    """RMSE of the linear model, RMSE and parameters of the fully connected network."""
    linear = LinearRegression().fit(x[train], y[train])
    scale_x, scale_y = MinMaxScaler((-1, 1)).fit(x[train]), StandardScaler().fit(y[train, None])
    inputs, targets = scale_x.transform(x[train]), scale_y.transform(y[train, None])[:, 0]
    network = GridSearchCV(
        MLPRegressor((10,), activation="tanh", solver="lbfgs", max_iter=1000, random_state=0),
        {"alpha": RIDGES}, cv=5, scoring="neg_mean_squared_error").fit(inputs, targets)
    predicted = scale_y.inverse_transform(network.predict(scale_x.transform(x[test]))[:, None])
    return (rmse(linear.predict(x[test]), y[test]), rmse(predicted[:, 0], y[test]),
            10 * (x.shape[1] + 2) + 1)


def designed(program, path, target, ignored, train, test, scratch):
    for name, rows in (("train", train), ("test", test)):
        np.savetxt(os.path.join(scratch, name), rows, fmt="%d")
    command = [program, "design", path, "--target", target, "--recipe", "oa-ann", "--quiet",
               "--json", "--train-rows", os.path.join(scratch, "train"), "--test-rows",
               os.path.join(scratch, "test"), "--output", os.path.join(scratch, "s")]
    if ignored:
        command += ["--ignore", ",".join(ignored)]
    pick = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["pick"]
    return pick["test"]["rmse"][target], pick["parameters"]


def main():
    program, folder = sys.argv[1:3]
    splits = int(sys.argv[3]) if len(sys.argv) > 3 else 10
    for name, target, ignored in DATASETS:
        path = os.path.join(folder, name)
        if not os.path.exists(path):
            print(f"left out: {path} is not there", file=sys.stderr)
            continue
        x, y = read(path, target, ignored)
        results = []
        for seed in range(splits):
            order = np.random.default_rng(seed).permutation(len(y))
            train, test = np.sort(order[:round(0.7 * len(y))]), np.sort(order[round(0.7 * len(y)):])
            with tempfile.TemporaryDirectory() as scratch:
                ours = designed(program, path, target, ignored, train, test, scratch)
            results.append((*ours, *peers(x, y, train, test)))
        mean = np.mean(results, axis=0)
        print(json.dumps({"data": name, "splits": splits, "oa-ann": round(mean[0], 4),
                          "connections": round(mean[1], 1), "linear": round(mean[2], 4),
                          "fully connected": round(mean[3], 4), "parameters": int(mean[4])}),
              flush=True)


if __name__ == "__main__":
    main()
