"""Writes sequential.json: log-gamma, odds of multinomial counts, moments and radii of confidence sequences as SciPy and NumPy compute them.

Needs SciPy and NumPy. Run: python3 test/reference/sequential.py
"""

import json
import pathlib

import numpy as np
from scipy import integrate, special, stats

generator = np.random.default_rng(20261121)

log_gamma = [[float(x), float(special.gammaln(x))] for x in [1e-6, 0.01, 0.5, 0.999, 1, 1.5, 2, 2.5, 9.99, 10, 17.25, 1e3, 1e6, 1e9]]


def odds(counts, shares, prior):
    """Log of Dirichlet-multinomial over multinomial probability of the same counts."""
    mixture = stats.dirichlet_multinomial(prior, int(sum(counts))).logpmf(counts)
    return float(mixture - stats.multinomial(int(sum(counts)), shares).logpmf(counts))


multinomial = []
for size, shares in [(0, [0.5, 0.5]), (10, [0.5, 0.5]), (1000, [0.95, 0.05]), (100000, [0.5, 0.3, 0.2])]:
    for weight in [2.0, 100.0]:
        counts = generator.multinomial(size, shares)
        prior = [weight * share for share in shares]
        multinomial.append({"counts": counts.tolist(), "shares": shares, "prior": prior, "odds": odds(counts, shares, prior)})

values = generator.gamma(0.7, 3.0, 500)
moments = {
    "values": values.tolist(),
    "mean": float(values.mean()),
    "variance": float(values.var(ddof=1)),
    "skewness": float(stats.skew(values)),
}


def mixture_radius(count, alpha, scale):
    """Where the martingale of a normal mixture, integrated numerically, reaches 1 / alpha; in deviations of the mean."""
    deviation = (scale / 1000) ** 0.5

    def martingale(total):
        # The integrand is a normal density in disguise: integrate around its own centre.
        variance = 1 / (count + 1 / deviation**2)
        centre, width = total * variance, variance**0.5
        integrand = lambda drift: np.exp(drift * total - drift**2 * count / 2 - np.log(1 / alpha)) * stats.norm.pdf(drift, 0, deviation)
        return integrate.quad(integrand, centre - 12 * width, centre + 12 * width, epsabs=0, limit=200)[0]

    low, high = 0.0, 20 * count**0.5
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if martingale(middle) < 1 else (low, middle)
    return low / count


radii = []
for alpha in [0.05, 0.001]:
    base = -2 * np.log(alpha)
    scale = base + np.log(base + 1)
    for count in [100, 1000, 20000]:
        radii.append({"count": count, "alpha": alpha, "radius": mixture_radius(count, alpha, scale)})

fixture = {"log_gamma": log_gamma, "multinomial": multinomial, "moments": moments, "radii": radii, "normal_quantile_80": float(stats.norm.ppf(0.8))}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(fixture, indent=1) + "\n")
