#!/usr/bin/python3
"""The trainings of training_bench.cpp by scikit-learn and PyTorch, on one thread.

    peers.py FOLDER    the folder that `bench_training --data FOLDER` filled

Prints one JSON object: CPU seconds (medians of REPEATS) of 300 iterations and, divided by the
evaluations of each run, of one loss and gradient. scikit-learn knows one activation for all
hidden layers: shape b has tanh twice there. Its starting weights are its own.
"""
import json
import multiprocessing
import statistics
import sys
import time
import warnings
from pathlib import Path

import numpy
import sklearn
import torch
from sklearn.neural_network import MLPRegressor

ITERATIONS, REPEATS = 300, 7
HIDDEN = {"a": [(5, "tanh")], "b": [(12, "tanh"), (17, "logistic")], "c": [(15, "tanh")]}


def blas_in_use():
    """The library that multiplies matrices for numpy: it decides much of scikit-learn's speed."""
    numpy.ones((2, 2)) @ numpy.ones((2, 2))
    mapped = {Path(line.split()[-1]).resolve() for line in open("/proc/self/maps") if "blas" in line}
    names = sorted("netlib BLAS (slow)" if file.parent.name == "blas" else file.parent.name
                   for file in mapped if file.name.startswith("libblas"))
    return ", ".join(names) or "unknown"


def read(folder, shape):
    read_csv = lambda part: numpy.loadtxt(Path(folder) / f"{shape}_{part}.csv", delimiter=",", ndmin=2)
    return read_csv("inputs"), read_csv("targets")


def median_of(run):
    run()
    runs = [run() for _ in range(REPEATS)]
    return {key: statistics.median(one[key] for one in runs) for key in runs[0]}


def run_sklearn(shape, inputs, targets):
    network = MLPRegressor([units for units, _ in HIDDEN[shape]], activation="tanh", solver="lbfgs",
                           alpha=0, max_iter=ITERATIONS, max_fun=10 * ITERATIONS, tol=0,
                           random_state=1)
    evaluations = 0
    original = network._loss_grad_lbfgs

    def counted(*arguments):
        nonlocal evaluations
        evaluations += 1
        return original(*arguments)

    network._loss_grad_lbfgs = counted
    start = time.process_time()
    network.fit(inputs, targets if targets.shape[1] > 1 else targets[:, 0])
    seconds = time.process_time() - start
    # scikit-learn's loss is half the squared error
    return {"seconds": seconds, "iterations": network.n_iter_, "evaluations": evaluations,
            "gradient_s": seconds / evaluations, "loss": 2 * network.loss_}


def torch_network(shape, inputs, outputs):
    layers, units_before = [], inputs
    for units, activation in HIDDEN[shape]:
        layers += [torch.nn.Linear(units_before, units),
                   torch.nn.Tanh() if activation == "tanh" else torch.nn.Sigmoid()]
        units_before = units
    return torch.nn.Sequential(*layers, torch.nn.Linear(units_before, outputs)).double()


def run_torch(shape, inputs, targets):
    torch.manual_seed(1)
    x, y = torch.from_numpy(inputs), torch.from_numpy(targets)
    network = torch_network(shape, x.shape[1], y.shape[1])
    optimizer = torch.optim.LBFGS(network.parameters(), max_iter=ITERATIONS,
                                  max_eval=10 * ITERATIONS, history_size=10, tolerance_grad=0,
                                  tolerance_change=0, line_search_fn="strong_wolfe")
    evaluations = 0

    def closure():
        nonlocal evaluations
        evaluations += 1
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(network(x), y)
        loss.backward()
        return loss

    start = time.process_time()
    optimizer.step(closure)
    seconds = time.process_time() - start
    with torch.no_grad():
        loss = torch.nn.functional.mse_loss(network(x), y).item()
    iterations = optimizer.state[optimizer._params[0]]["n_iter"]
    return {"seconds": seconds, "iterations": iterations, "evaluations": evaluations,
            "gradient_s": seconds / evaluations, "loss": loss}


RUNS = {"sklearn": run_sklearn, "torch": run_torch}


def measure(peer, shape, folder):
    warnings.filterwarnings("ignore")
    torch.set_num_threads(1)
    inputs, targets = read(folder, shape)
    return median_of(lambda: RUNS[peer](shape, inputs, targets))


def main():
    result = {"versions": {"scikit-learn": sklearn.__version__, "numpy": numpy.__version__,
                           "its BLAS:": blas_in_use(), "PyTorch": torch.__version__}}
    # A process each: what one leaves behind in the heap would slow the next one's large arrays.
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        for shape in HIDDEN:
            result[shape] = {peer: pool.apply(measure, (peer, shape, sys.argv[1])) for peer in RUNS}
    print(json.dumps(result))


if __name__ == "__main__":
    main()
