"""NSGA-II of DEAP on a network model in NumPy, beside `cupel optimize` on a model of the same size:
population 500, 50 generations, 4 inputs, 11 logistic neurons, two goals and a limit.

usage: deap_network.py CUPEL MODEL -- OPTIMIZE OPTIONS
e.g. deap_network.py build/release/cupel cracker.model -- --maximize yield_C2H4 --minimize SEC \\
       --limit 'conversion<=0.72'
The NumPy network evaluates a whole generation at once; its weights are drawn at random, which does
not matter to the time. Prints one JSON object with CPU seconds of both.
"""
import json
import random
import resource
import subprocess
import sys
import time

import numpy as np
from deap import base, creator, tools

INPUTS, NEURONS, OUTPUTS, POPULATION, GENERATIONS = 4, 11, 4, 500, 50

creator.create("Fitness", base.Fitness, weights=(-1.0, -1.0))
creator.create("Individual", list, fitness=creator.Fitness)
draw = np.random.default_rng(1)
W1, B1 = draw.normal(size=(INPUTS, NEURONS)), draw.normal(size=NEURONS)
W2, B2 = draw.normal(size=(NEURONS, OUTPUTS)), draw.normal(size=OUTPUTS)


def evaluate(individuals):
    new = [one for one in individuals if not one.fitness.valid]
    if not new:
        return
    outputs = 1 / (1 + np.exp(-(np.array(new) @ W1 + B1))) @ W2 + B2
    penalty = 10 * np.maximum(0, outputs[:, 2])
    for one, row, extra in zip(new, outputs, penalty):
        one.fitness.values = (row[0] + extra, row[1] + extra)


def deap_seconds():
    random.seed(1)
    start = time.process_time()
    population = [creator.Individual(random.random() for _ in range(INPUTS))
                  for _ in range(POPULATION)]
    evaluate(population)
    population = tools.selNSGA2(population, POPULATION)
    for _ in range(GENERATIONS):
        children = [creator.Individual(one) for one in tools.selTournamentDCD(population, POPULATION)]
        for a, b in zip(children[::2], children[1::2]):
            if random.random() <= 0.9:
                tools.cxSimulatedBinaryBounded(a, b, eta=20.0, low=0.0, up=1.0)
            for one in (a, b):
                tools.mutPolynomialBounded(one, eta=20.0, low=0.0, up=1.0, indpb=1 / INPUTS)
                del one.fitness.values
        evaluate(children)
        population = tools.selNSGA2(population + children, POPULATION)
    return time.process_time() - start


def cupel_seconds(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    subprocess.run(command, check=True, capture_output=True)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def main():
    cupel, model = sys.argv[1:3]
    options = sys.argv[sys.argv.index("--") + 1:]
    command = [cupel, "optimize", model, *options, "--confidence", "0", "--no-polish", "--json",
               "--population", str(POPULATION), "--generations", str(GENERATIONS)]
    ours = sorted(cupel_seconds(command) for _ in range(5))[2]
    theirs = deap_seconds()
    print(json.dumps({"cupel_cpu_s": round(ours, 3), "deap_cpu_s": round(theirs, 2),
                      "ratio": round(theirs / ours, 1)}))


if __name__ == "__main__":
    main()
