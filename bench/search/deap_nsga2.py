"""NSGA-II of DEAP on ZDT1 as in nsga2_bench.cpp: 30 variables, population 100, 250 generations
after the opening one. Prints one JSON object: CPU seconds and hypervolume, medians over seeds.

Usage: python3 deap_nsga2.py [seeds]
"""
import json
import random
import statistics
import sys
import time

from deap import algorithms, base, benchmarks, creator, tools

VARIABLES, POPULATION, GENERATIONS = 30, 100, 250

creator.create("Fitness", base.Fitness, weights=(-1.0, -1.0))
creator.create("Individual", list, fitness=creator.Fitness)


def make_toolbox():
    box = base.Toolbox()
    box.register("individual", tools.initRepeat, creator.Individual, random.random, VARIABLES)
    box.register("population", tools.initRepeat, list, box.individual)
    box.register("evaluate", benchmarks.zdt1)
    box.register("mate", tools.cxSimulatedBinaryBounded, low=0.0, up=1.0, eta=20.0)
    box.register("mutate", tools.mutPolynomialBounded, low=0.0, up=1.0, eta=20.0,
                 indpb=1.0 / VARIABLES)
    box.register("select", tools.selNSGA2)
    return box


def evaluate(box, individuals):
    for one in individuals:
        if not one.fitness.valid:
            one.fitness.values = box.evaluate(one)


def evolve(seed):
    random.seed(seed)
    box = make_toolbox()
    population = box.population(n=POPULATION)
    evaluate(box, population)
    population = box.select(population, POPULATION)
    for _ in range(GENERATIONS):
        children = tools.selTournamentDCD(population, POPULATION)
        children = algorithms.varAnd(children, box, cxpb=0.9, mutpb=1.0)
        evaluate(box, children)
        population = box.select(population + children, POPULATION)
    return [one.fitness.values for one in population]


def hypervolume(points, reference=(1.1, 1.1)):
    volume, floor = 0.0, reference[1]
    for first, second in sorted(points):
        if first < reference[0] and second < floor:
            volume += (reference[0] - first) * (floor - second)
            floor = second
    return volume


def main():
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    seconds, volumes = [], []
    for seed in range(1, seeds + 1):
        start = time.process_time()
        front = evolve(seed)
        seconds.append(time.process_time() - start)
        volumes.append(hypervolume(front))
    print(json.dumps({"deap_s": round(statistics.median(seconds), 4),
                      "deap_hv": round(statistics.median(volumes), 5), "seeds": seeds}))


if __name__ == "__main__":
    main()
