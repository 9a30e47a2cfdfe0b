"""The model of examples/bench_forecast.rs in numpy, with Sobol's indices by SALib. Says what it took, as JSON.

    python peer.py DRAWS BASE

Plain random draws and margins that numpy has quick formulas for: nothing here is slower than a careful user would write it.
"""

import json
import resource
import sys
import time

import numpy as np
from SALib.analyze import sobol as analyse
from SALib.sample import sobol as sample
from scipy.special import ndtr, ndtri

DRAWS, BASE = int(sys.argv[1]), int(sys.argv[2])
LEVELS = [0.01, 0.025, 0.05, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9, 0.95, 0.975, 0.99]
YEARS = 10
Z = 1.6448536269514727
# Low and high of a 90 % interval (lognormal), or ends (uniform).
KINDS = [("l", 8, 12), ("l", 0.1, 0.4), ("l", 0.05, 0.3), ("u", 0.5, 0.9), ("u", 0.01, 0.05), ("l", 0.25, 0.5)]
INPUTS = KINDS * 5


def values(z):
    """Normals to inputs, a column each."""
    out = np.empty_like(z)
    for column, (kind, low, high) in enumerate(INPUTS):
        if kind == "l":
            mu, sigma = (np.log(low) + np.log(high)) / 2, (np.log(high) - np.log(low)) / (2 * Z)
            out[:, column] = np.exp(mu + sigma * z[:, column])
        else:
            out[:, column] = low + (high - low) * ndtr(z[:, column])
    return out


def effect(x, year):
    """The figure in a year, counted from 0."""
    total = np.zeros(len(x))
    for sector in range(5):
        va, exposed, saving, ceiling, p, q = (x[:, 6 * sector + k] for k in range(6))
        gone = np.exp(-(p + q) * (year + 1))
        total += va * exposed * saving * ceiling * (1 - gone) / (1 + q / p * gone)
    return total


def main():
    rng = np.random.default_rng(1)
    matrix = np.eye(30)
    for i in range(29):
        matrix[i, i + 1] = matrix[i + 1, i] = 2 * np.sin(np.pi * 0.3 / 6)
    lower = np.linalg.cholesky(matrix)
    fan = np.empty((DRAWS, YEARS))
    for start in range(0, DRAWS, 50_000):
        x = values(rng.standard_normal((min(50_000, DRAWS - start), 30)) @ lower.T)
        for year in range(YEARS):
            fan[start : start + len(x), year] = effect(x, year)
    levels = np.quantile(fan, LEVELS, axis=0)
    problem = {"num_vars": 30, "names": [str(i) for i in range(30)], "bounds": [[0, 1]] * 30}
    unit = sample.sample(problem, BASE, calc_second_order=False, seed=1)
    answers = effect(values(ndtri(np.clip(unit, 1e-12, 1 - 1e-12))), YEARS - 1)
    found = analyse.analyze(problem, answers, calc_second_order=False, num_resamples=400, conf_level=0.9, seed=1)
    print(
        json.dumps(
            {
                "cpu_s": time.process_time(),
                "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "mean": float(fan[:, -1].mean()),
                "p5": float(levels[2, -1]),
                "p95": float(levels[14, -1]),
                "indices": [[float(a), float(b)] for a, b in zip(found["S1"], found["ST"])],
            }
        )
    )


main()
