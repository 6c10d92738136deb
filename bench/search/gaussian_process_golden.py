#!/usr/bin/python3
"""Writes tests/golden/gaussian_process.json: log marginal likelihoods, their gradients and
predictions by scikit-learn, for rows and values made here. With --check, computes them again and
compares with the stored ones (the nightly run does).

    bench/search/gaussian_process_golden.py [--check]
"""
import json
import sys
from pathlib import Path

import numpy
import sklearn
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, Matern, WhiteKernel

GOLDEN = Path(__file__).resolve().parents[2] / "tests/golden/gaussian_process.json"


def cases():
    # Rounded, so that the text holds the very numbers.
    rng = numpy.random.RandomState(11)
    for rows, inputs in ((12, 1), (30, 3), (60, 6)):
        x = numpy.round(rng.uniform(-1, 1, (rows, inputs)), 6)
        y = numpy.round(numpy.sin(3 * x).sum(axis=1) + 0.1 * rng.normal(size=rows), 6)
        for name in ("matern52", "squared_exponential"):
            for signal, length, noise in ((1.0, 0.5, 1e-2), (2.5, 1.7, 1e-4), (0.3, 0.2, 0.3)):
                scales = [round(length * (1 + 0.3 * d), 6) for d in range(inputs)]
                yield name, x, y, signal, scales, noise


def measure(name, x, y, signal, scales, noise):
    shape = Matern(scales, nu=2.5) if name == "matern52" else RBF(scales)
    kernel = ConstantKernel(signal) * shape + WhiteKernel(noise)
    model = GaussianProcessRegressor(kernel, alpha=0, optimizer=None).fit(x, y)
    value, gradient = model.log_marginal_likelihood(model.kernel_.theta, eval_gradient=True)
    at = numpy.round(numpy.linspace(-0.9, 0.9, 3)[:, None] * numpy.ones(x.shape[1]), 6)
    mean, deviation = model.predict(at, return_std=True)
    return {"covariance": name, "inputs": x.tolist(), "targets": y.tolist(), "signal": signal,
            "length_scales": scales, "noise": noise, "value": value,
            "gradient": gradient.tolist(), "at": at.tolist(), "mean": mean.tolist(),
            "variance": (deviation ** 2 - noise).tolist()}


def largest_difference(a, b):
    return float(numpy.max(numpy.abs(numpy.asarray(a, float) - numpy.asarray(b, float))))


def main():
    results = [measure(*case) for case in cases()]
    if "--check" not in sys.argv:
        GOLDEN.write_text(json.dumps(
            {"source": f"scikit-learn {sklearn.__version__}, numpy {numpy.__version__}, "
                       "bench/search/gaussian_process_golden.py", "cases": results}, indent=0))
        return
    stored = json.loads(GOLDEN.read_text())["cases"]
    worst = max(largest_difference(old[key], new[key]) for old, new in zip(stored, results)
                for key in ("value", "gradient", "mean", "variance"))
    print(f"largest difference: {worst:.2g}")
    sys.exit(worst > 1e-6 or len(stored) != len(results))


main()
