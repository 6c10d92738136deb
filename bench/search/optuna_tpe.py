#!/usr/bin/python3
"""Bayesian optimization against Optuna's TPE in one run: the median, over 15 seeds, of the best
value after each number of evaluations, and how many evaluations each needs for equal values.

    bench/search/optuna_tpe.py BUILD_FOLDER
"""
import json
import math
import statistics
import subprocess
import sys
from pathlib import Path

import optuna

SEEDS, EVALUATIONS = 15, 100
ALPHA = [1, 1.2, 3, 3.2]
A = [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8],
     [17, 8, 0.05, 10, 0.1, 14]]
P = [[0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
     [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
     [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650],
     [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381]]


def branin(trial):
    x, y = trial.suggest_float("x0", -5, 10), trial.suggest_float("x1", 0, 15)
    hill = y - 5.1 / (4 * math.pi ** 2) * x * x + 5 / math.pi * x - 6
    return hill ** 2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10


def hartmann6(trial):
    x = [trial.suggest_float(f"x{j}", 0, 1) for j in range(6)]
    return -sum(ALPHA[i] * math.exp(-sum(A[i][j] * (x[j] - P[i][j]) ** 2 for j in range(6)))
                for i in range(4))


def mixed(trial):
    x, y = trial.suggest_float("x0", -1, 1), trial.suggest_float("x1", -1, 1)
    m, n = trial.suggest_int("x2", 0, 20), trial.suggest_int("x3", 0, 40)
    kind = trial.suggest_categorical("x4", ["a", "b", "c"])
    offset = {"a": 0, "b": 0.5, "c": 1}[kind]
    place = {"a": 0.7, "b": -0.3, "c": 0.1}[kind]
    return (offset + (x - place) ** 2 + (y + place) ** 2 + 0.05 * (m - 7) ** 2
            + 0.02 * (n - 3 * m + 9) ** 2)


def best_so_far(problem, seed):
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed))
    study.optimize(problem, n_trials=EVALUATIONS)
    best, values = math.inf, []
    for trial in study.trials:
        best = min(best, trial.value)
        values.append(best)
    return values


def medians(runs):
    return [statistics.median(column) for column in zip(*runs)]


def main():
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    ours = json.loads(subprocess.run([Path(sys.argv[1]) / "bench_bayesian"], check=True,
                                     stdout=subprocess.PIPE, text=True).stdout)
    for problem in (branin, hartmann6, mixed):
        name = problem.__name__
        mine = medians(ours[name])
        theirs = medians([best_so_far(problem, seed) for seed in range(1, SEEDS + 1)])
        print(name, "| evaluations: median of bayesian, of TPE; evaluations of bayesian for TPE's")
        for count in (20, 30, 50, 75, 100):
            needed = next((k + 1 for k, value in enumerate(mine) if value <= theirs[count - 1]),
                          None)
            print(f"  {count:4d}: {mine[count - 1]:.5f}  {theirs[count - 1]:.5f}  {needed}")


main()
