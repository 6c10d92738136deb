#!/usr/bin/python3
"""Measures training and search against other programs in one run and writes bench/RESULTS.md.

    bench/run.py BUILD_FOLDER

Every ratio on the page comes from figures of the same run. All contestants use one thread, and
their times are CPU seconds, so that other work on the machine disturbs them little; the page
notes the load all the same. Whole designs are timed by the wall, with two threads.
"""
import datetime
import functools
import json
import os
import platform
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
PYTHON = "/usr/bin/python3"
SHAPES = "abc"

# The goals: how many times faster at least, and what NSGA-II may take.
TRAINING_GOALS = {"a": 50, "b": 10, "c": 4}
GRADIENT_GOALS = {"sklearn": 4, "eigen": 1.7}
SEARCH_TIME_GOAL, SEARCH_VOLUME_GOAL = 1.1, 0.868

# Programs take turns, and each figure is the better of the medians of its turns: other work on the
# machine then disturbs all alike.
TRAINING_ROUNDS = 2

STUDY_WALL_GOAL_S, STUDY_OVERHEAD_GOAL = 0.8, 0.15

# Whole designs to time. The published search, but one start a candidate: population 20, 10
# generations, 190 rows (152 to design with), 6 inputs, 5 outputs, up to 20 + 20 neurons.
STUDY_JOBS, STUDY_RUNS = 2, 25
PUBLISHED = ["--target", "y1,y2,y3,y4,y5", "--protocol", "as-published", "--test-fraction", "0.2",
             "--starts", "1"]
YACHT = ["--target", "resid_resistance"]


def run_json(command, environment=None):
    done = subprocess.run([str(part) for part in command], env=environment, check=True,
                          stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout)


def peer_environment():
    """One thread; and OpenBLAS must choose by itself what suits this processor."""
    environment = dict(os.environ, OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
        environment.pop(name, None)
    return environment


def measure_training(build):
    program = build / "bench_training"
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([program, "--data", folder], check=True)
        rounds = [{"ours": run_json([program]),
                   "peers": run_json([PYTHON, HERE / "training/peers.py", folder],
                                     peer_environment())} for _ in range(TRAINING_ROUNDS)]
    return functools.reduce(least, rounds)


def least(a, b):
    """The smaller of every number of two results of the same shape."""
    if isinstance(a, dict):
        return {key: least(a[key], b[key]) for key in a}
    return min(a, b) if isinstance(a, (int, float)) else a


def measure_search(build):
    program = build / "bench_nsga2"
    if not program.exists():
        return None
    result = run_json([program])
    result.update(run_json([PYTHON, HERE / "search/deap_nsga2.py"], peer_environment()))
    return result


def time_design(program, arguments, folder):
    """One design: wall time of the command, of its search, and of the trainings in it."""
    for old in Path(folder).glob("timed.*"):
        old.unlink()
    start = time.perf_counter()
    result = run_json([program, "design", *arguments, "--jobs", STUDY_JOBS, "--output",
                       Path(folder) / "timed", "--quiet", "--json"])
    wall = time.perf_counter() - start
    with sqlite3.connect(Path(folder) / "timed.study") as study:
        trials, training = study.execute(
            "SELECT COUNT(*), SUM(elapsed_s) FROM trials WHERE number < ?",
            [result["trials"]]).fetchone()
    return {"wall": wall, "search": result["search_s"], "training": training / STUDY_JOBS,
            "overhead": result["search_s"] / (training / STUDY_JOBS) - 1, "trials": trials}


def median_of(runs, key):
    return statistics.median(run[key] for run in runs)


def measure_study(build):
    """The published search, many times, and a default design, once; None without the program."""
    program = build / "cupel"
    if not program.exists():
        return None
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "smooth_plant.csv"
        subprocess.run([PYTHON, HERE / "studies/smooth_plant.py", data], check=True)
        runs = [time_design(program, [data, *PUBLISHED], folder) for _ in range(STUDY_RUNS)]
        yacht = time_design(program, [HERE.parent / "samples/yacht.csv", *YACHT], folder)
    published = {key: median_of(runs, key) for key in ("wall", "search", "training", "trials")}
    published["overhead"] = min(run["overhead"] for run in runs)
    published["median_overhead"] = median_of(runs, "overhead")
    return {"published": published, "yacht": yacht}


def fastest_set(one):
    return next(name for name in ("v4", "v3", "portable") if name in one["gradient_s"])


def seconds_for_300(run):
    """Whoever stopped earlier is scaled up to 300 iterations."""
    return run["seconds"] * 300 / run["iterations"]


def find_ratios(training):
    """How many times faster than each contestant, per shape."""
    ratios = {}
    for shape in SHAPES:
        ours, peers = training["ours"][shape], training["peers"][shape]
        best = fastest_set(ours)
        run, gradient = ours["lbfgs10"][best], ours["gradient_s"][best]
        ratios[shape] = {
            "run": {"eigen": ours["lbfgs10"]["eigen"] / run,
                    "sklearn": seconds_for_300(peers["sklearn"]) / run,
                    "torch": seconds_for_300(peers["torch"]) / run},
            "gradient": {"eigen": ours["gradient_s"]["eigen"] / gradient,
                         "sklearn": peers["sklearn"]["gradient_s"] / gradient,
                         "torch": peers["torch"]["gradient_s"] / gradient},
        }
    return ratios


def judge(ratios, search, study):
    """Rows (goal, measured, whether it holds)."""
    rows = []
    for shape, least in TRAINING_GOALS.items():
        found = ratios[shape]["run"]["sklearn"]
        rows.append((f"300 iterations on ({shape}): at least {least} x as fast as scikit-learn",
                     f"{found:.1f} x", found >= least))
    for peer, least in GRADIENT_GOALS.items():
        found = ratios["c"]["gradient"][peer]
        name = {"sklearn": "scikit-learn", "eigen": "plain Eigen"}[peer]
        rows.append((f"loss and gradient on (c): at least {least} x as fast as {name}",
                     f"{found:.2f} x", found >= least))
    if search:
        rows.append((f"NSGA-II: at most {SEARCH_TIME_GOAL} x pagmo2's time",
                     f"{search['ratio']:.2f} x", search["ratio"] <= SEARCH_TIME_GOAL))
        rows.append((f"NSGA-II: hypervolume of at least {SEARCH_VOLUME_GOAL}",
                     f"{search['ours_hv']:.4f}", search["ours_hv"] >= SEARCH_VOLUME_GOAL))
    if study:
        wall, overhead = study["published"]["search"], study["published"]["overhead"]
        rows.append((f"published network search: at most {STUDY_WALL_GOAL_S} s on {STUDY_JOBS} cores",
                     f"{wall:.2f} s", wall <= STUDY_WALL_GOAL_S))
        rows.append((f"published network search: at most {STUDY_OVERHEAD_GOAL:.0%} beyond training",
                     f"{overhead:.1%}", overhead <= STUDY_OVERHEAD_GOAL))
    return rows


def table(header, rows):
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    return lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]


def microseconds(seconds):
    return f"{seconds * 1e6:.3g}"


def milliseconds(seconds):
    return f"{seconds * 1e3:.3g}"


def training_lines(training, ratios):
    ours, peers = training["ours"], training["peers"]
    sets = [name for name in ("v4", "v3", "portable") if name in ours["a"]["gradient_s"]]
    lines = ["## Training", ""]
    lines += [f"- ({s}) {ours[s]['rows']} rows, {ours[s]['network']}, {ours[s]['parameters']} "
              "parameters" for s in SHAPES]
    lines += ["", "Whole batch, mean squared error, double precision. scikit-learn cannot mix",
              "activations: it has tanh twice on (b). Its and PyTorch's time per loss and gradient",
              "is that of a whole run over its evaluations. Starts differ between programs.", "",
              "Loss and gradient, microseconds:", ""]
    rows = [[f"kernels {name}", *(microseconds(ours[s]["gradient_s"][name]) for s in SHAPES)]
            for name in sets]
    rows.append(["plain Eigen", *(microseconds(ours[s]["gradient_s"]["eigen"]) for s in SHAPES)])
    for key, name in (("sklearn", "scikit-learn"), ("torch", "PyTorch")):
        rows.append([name, *(microseconds(peers[s][key]["gradient_s"]) for s in SHAPES)])
    lines += table(["", "(a)", "(b)", "(c)"], rows)
    lines += ["", "300 iterations, milliseconds (final mean squared error):", ""]
    rows = []
    for method, name in (("lbfgs10", "L-BFGS(10)"), ("lbfgs30", "L-BFGS(30)"), ("bfgs", "BFGS")):
        for contestant in [*sets, "eigen"]:
            loss = "eigen_loss" if contestant == "eigen" else "loss"
            label = "on plain Eigen" if contestant == "eigen" else contestant
            rows.append([f"{name}, {label}",
                         *(f"{milliseconds(ours[s][method][contestant])} "
                           f"({ours[s][method][loss]:.2g})" for s in SHAPES)])
    for key, name in (("sklearn", "scikit-learn lbfgs"), ("torch", "PyTorch LBFGS(10)")):
        rows.append([name, *(f"{milliseconds(seconds_for_300(peers[s][key]))} "
                             f"({peers[s][key]['loss']:.2g})" for s in SHAPES)])
    lines += table(["", "(a)", "(b)", "(c)"], rows)
    short = [f"{name} on ({s}) ended after {peers[s][key]['iterations']:.0f}" for s in SHAPES
             for key, name in (("sklearn", "scikit-learn"), ("torch", "PyTorch"))
             if peers[s][key]["iterations"] < 300]
    if short:
        lines += ["", "Runs that ended earlier are scaled up to 300 iterations: "
                  + "; ".join(short) + "."]
    lines += ["", f"How many times faster L-BFGS(10) with the {sets[0]} kernels is:", ""]
    rows = [[f"{label}, against {name}", *(f"{ratios[s][kind][key]:.3g}" for s in SHAPES)]
            for kind, label in (("gradient", "loss and gradient"), ("run", "300 iterations"))
            for key, name in (("eigen", "plain Eigen"), ("sklearn", "scikit-learn"),
                              ("torch", "PyTorch"))]
    lines += table(["", "(a)", "(b)", "(c)"], rows)
    return lines + [
        "", "**What the agreement of all kernel sets to the last bit costs.** On a v4 processor there",
        "is nothing to measure: the eight fixed lanes are one AVX-512 register, so that a kernel",
        "free to choose its order of sums would be the same code. What remains is one fixed tree",
        "of seven additions a parameter. v3 holds the eight lanes in two registers; the portable",
        "set pays most, because it calls fma() one by one."]


def search_lines(search):
    lines = ["", "## Search", "", "NSGA-II on ZDT1: 30 variables, population 100, 250 generations;",
             "hypervolume against (1.1, 1.1), the true front has 0.8767.", ""]
    return lines + table(["", "CPU seconds", "hypervolume"], [
        [name, f"{search[key + '_s']:.3g}", f"{search[key + '_hv']:.4f}"]
        for key, name in (("ours", "ours"), ("pagmo", "pagmo2"), ("deap", "DEAP"))])


def study_lines(study):
    published = study["published"]
    lines = ["", "## Whole designs", "",
             f"Wall time with {STUDY_JOBS} threads, in seconds. The published search (population 20,",
             "10 generations, 190 rows, 6 inputs, 5 outputs, up to 20 + 20 neurons, dense BFGS, one",
             "start a candidate; its source took 190 minutes on its machine) is",
             f"the median of {STUDY_RUNS} runs; the default design of `samples/yacht.csv` ran once.",
             "Training is the sum of all trainings in the search over the threads. What the command",
             "does besides, above all a Gaussian process and boosted trees to compare with, is no",
             "part of the published search, whose goal counts the search.", ""]
    lines += table(["", "trials", "whole command", "search", "training"], [
        [name, round(row["trials"]), *(f"{row[key]:.2f}" for key in ("wall", "search", "training"))]
        for name, row in (("published search", published), ("yacht, default", study["yacht"]))])
    return lines + [
        "", f"What the search takes beyond its trainings: {published['overhead']:.1%} in the least "
        f"disturbed of {STUDY_RUNS} runs", f"(median {published['median_overhead']:.1%}): "
        "proposing candidates, committing each trial, and threads that wait", "for the last one of "
        "a generation. Other programs on the machine add to it."]


def processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def versions(training):
    compiler = subprocess.run(["c++", "--version"], stdout=subprocess.PIPE, text=True, check=False)
    names = {"compiler": compiler.stdout.splitlines()[0] if compiler.stdout else "unknown",
             "Python": platform.python_version(), **training["peers"]["versions"]}
    return ", ".join(f"{name} {version}" for name, version in names.items())


def write_page(path, training, search, study, load):
    ratios = find_ratios(training)
    goals = judge(ratios, search, study)
    lines = ["# Results", "",
             "Written by `bench/run.py`; every figure and ratio is of this one run.", "",
             f"- date: {datetime.date.today().isoformat()}",
             f"- machine: {processor()}, {os.cpu_count()} cores, {platform.system()} "
             f"{platform.machine()}; load before and after the run {load[0]:.1f}, {load[1]:.1f}",
             f"- {versions(training)}",
             "- one thread each, CPU seconds, medians (training: the better of two turns); whole designs: wall time, 2 threads", "",
             "## Goals", ""]
    if max(load) > 0.5 * os.cpu_count():
        lines += ["**The machine was busy.** Programs with large temporary arrays then lose more than",
                  "kernels that stay in the first cache: ratios, above all on (c), may be too high.",
                  "Measure again on an idle machine before quoting them.", ""]
    if "slow" in training["peers"]["versions"]["its BLAS:"]:
        lines += ["**numpy has only the reference BLAS here**, which makes scikit-learn 2 to 3 times",
                  "slower on (c) than OpenBLAS does (package libopenblas0-pthread).", ""]
    lines += table(["goal", "measured", "holds"],
                   [[what, found, "yes" if holds else "**no**"] for what, found, holds in goals])
    lines += ["", *training_lines(training, ratios)]
    lines += search_lines(search) if search else ["", "NSGA-II was not measured: no bench_nsga2."]
    lines += study_lines(study) if study else ["", "Designs were not measured: no cupel."]
    path.write_text("\n".join(lines) + "\n")
    return all(holds for _, _, holds in goals)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    build = Path(sys.argv[1]).resolve()
    before = os.getloadavg()[0]
    training, search, study = measure_training(build), measure_search(build), measure_study(build)
    page = HERE / "RESULTS.md"
    met = write_page(page, training, search, study, (before, os.getloadavg()[0]))
    print(f"wrote {page.relative_to(HERE.parent)}; "
          + ("all goals hold" if met else "NOT all goals hold"))


if __name__ == "__main__":
    main()
