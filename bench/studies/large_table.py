#!/usr/bin/python3
"""A large table: how long, with how much memory, how promptly it is stopped.

usage: large_table.py CUPEL FOLDER [--rows 1000000] [--inputs 10] [--limit 300] [--moments 12]
Draws the table (the same each time), and runs
  check              once,
  design             with --time-limit LIMIT seconds,
  Ctrl-C             SIGINT at so many moments, evenly spread over the time that 'design' took, and
                     over check, predict, compare, analyze and export: seconds until each has ended.
Prints Markdown tables; ends with 1 when a bound is passed: 10 s for check, 110 % of the limit and
2 GiB for design, 2 s for an interrupt. Figures hold for a machine that does nothing else.
"""
import argparse
import math
import os
import random
import signal
import subprocess
import sys
import time

MOST_CHECK_S, MOST_SHARE, MOST_KB, MOST_STOP_S = 10, 1.1, 2 * 1024 * 1024, 2.0
broken = []


def draw_table(path, rows, inputs):
    if os.path.exists(path):
        return
    rng = random.Random(1)
    with open(path, "w") as file:
        names = [f"x{k} [degC]" for k in range(inputs)]
        file.write(",".join(names + ["y [kg]"]) + "\n")
        for _ in range(rows):
            x = [100 * rng.random() for _ in range(inputs)]
            y = (10 + 3 * math.sin(x[0] / 15) + 0.002 * x[1] * x[2] + 0.05 * x[3]
                 + math.exp(-x[4] / 40) + rng.gauss(0, 0.3))
            file.write(",".join(f"{v:.4g}" for v in x) + f",{y:.4g}\n")


def clean(folder, stem):
    for name in os.listdir(folder):
        if name.startswith(stem):
            os.remove(os.path.join(folder, name))


def measured(command, folder):
    """Seconds, peak memory in kB, exit code."""
    begin = time.monotonic()
    pid = os.fork()
    if pid == 0:
        os.chdir(folder)
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 1)
        os.dup2(null, 2)
        os.execv(command[0], command)
    _, status, usage = os.wait4(pid, 0)
    return time.monotonic() - begin, usage.ru_maxrss, os.waitstatus_to_exitcode(status)


def bound(what, value, most, unit):
    if value > most:
        broken.append(f"{what}: {value:.1f} {unit}, at most {most:g}")


def stopped(command, folder, after):
    """Seconds from SIGINT to the end, and the exit code; None when it had ended before."""
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    try:
        process.wait(timeout=after)
        return None
    except subprocess.TimeoutExpired:
        pass
    begin = time.monotonic()
    process.send_signal(signal.SIGINT)
    code = process.wait()
    return time.monotonic() - begin, code


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("cupel")
    parser.add_argument("folder")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--inputs", type=int, default=10)
    parser.add_argument("--limit", type=float, default=300)
    parser.add_argument("--moments", type=int, default=12)
    given = parser.parse_args()
    cupel, folder = os.path.abspath(given.cupel), os.path.abspath(given.folder)
    os.makedirs(folder, exist_ok=True)
    draw_table(os.path.join(folder, "large.csv"), given.rows, given.inputs)
    print(f"{given.rows:,} rows, {given.inputs} inputs\n")
    print("| command | seconds | MiB | exit |\n|---|---|---|---|")

    check_s, peak, code = measured([cupel, "check", "large.csv", "--target", "y"], folder)
    print(f"| check | {check_s:.1f} | {peak / 1024:.0f} | {code} |", flush=True)
    bound("check", check_s, MOST_CHECK_S, "s")

    clean(folder, "kept.")
    design = [cupel, "design", "large.csv", "--target", "y", "--time-limit", f"{given.limit}s"]
    design_s, peak, code = measured(design + ["--output", "kept"], folder)
    print(f"| design --time-limit {given.limit:g}s | {design_s:.1f} | {peak / 1024:.0f} | {code} |",
          flush=True)
    bound("design", design_s, MOST_SHARE * given.limit, "s")
    bound("design", peak, MOST_KB, "kB")
    predict_s, peak, code = measured([cupel, "predict", "kept.model", "large.csv"], folder)
    print(f"| predict | {predict_s:.1f} | {peak / 1024:.0f} | {code} |", flush=True)

    print("\n| interrupted | after [s] | ended within [s] | exit |\n|---|---|---|---|")
    others = [["check", "large.csv", "--target", "y"], ["predict", "kept.model", "large.csv"],
              ["compare", "large.csv", "--target", "y"], ["analyze", "kept.model", "large.csv"],
              ["export", "kept.model", "--to", "c"]]
    moments = [(design + ["--output", "cut"], (k + 0.5) / given.moments * design_s)
               for k in range(given.moments)]
    moments += [([cupel] + other, share * check_s) for other in others for share in (0.02, 0.4, 0.9)]
    for command, after in moments:
        clean(folder, "cut.")
        clean(folder, "large.compare")
        ended = stopped(command, folder, after)
        if ended is None:
            continue
        print(f"| {command[1]} | {after:.1f} | {ended[0]:.2f} | {ended[1]} |", flush=True)
        bound(f"{command[1]} interrupted after {after:.1f} s", ended[0], MOST_STOP_S, "s")
    for one in broken:
        print(one, file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
