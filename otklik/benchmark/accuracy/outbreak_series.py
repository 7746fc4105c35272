"""Made-up weekly counts with and without outbreaks: the 42 scenarios in which Farrington Flexible was judged.

A. Noufaily and others (2013), Statistics in Medicine 32, 1206-1222, section 3.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

WEEKS = 624
JUDGED_WEEKS = 49
WEEKS_A_YEAR = 52
MAX_OUTBREAK_SIZE = 10
"""Outbreaks have a mean of 1 to so many standard deviations of a usual week."""
OUTBREAK_SPREAD = 0.5
"""The weeks from the begin of an outbreak to each of its cases are log-normal around 1, with this parameter."""
LAST_START = JUDGED_WEEKS - 6


class Scenario(NamedTuple):
    """The logarithm of the mean is theta + beta x week + the waves of a year; the variance is phi times the mean."""

    theta: float
    beta: float
    gamma_1: float
    gamma_2: float
    phi: float
    harmonics: int

    @property
    def means(self) -> FloatArray:
        """The mean of each week."""
        week = np.arange(1, WEEKS + 1, dtype=float)
        logarithm = self.theta + self.beta * week
        for harmonic in range(1, self.harmonics + 1):
            angle = 2 * np.pi * harmonic * week / WEEKS_A_YEAR
            logarithm = logarithm + self.gamma_1 * np.cos(angle) + self.gamma_2 * np.sin(angle)
        return np.exp(logarithm)


PARAMETERS = (
    (0.1, 0.0025, 0.6, 0.6, 1.5),
    (-2.0, 0.005, 0.1, 0.3, 2.0),
    (1.5, 0.003, 0.2, -0.4, 1.0),
    (0.5, 0.002, 0.5, 0.5, 5.0),
    (2.5, 0.001, 1.0, 0.1, 3.0),
    (3.75, 0.001, 0.1, -0.1, 1.1),
    (5.0, 0.0001, 0.05, 0.01, 1.2),
)


def scenarios() -> Iterator[Scenario]:
    """The 42 scenarios: seven sets of parameters, each with a trend or none and with no, one or two waves a year."""
    for theta, beta, gamma_1, gamma_2, phi in PARAMETERS:
        for slope in (0.0, beta):
            for harmonics in (0, 1, 2):
                yield Scenario(theta, slope, gamma_1, gamma_2, phi, harmonics)


def usual_counts(scenario: Scenario, replicates: int, rng: np.random.Generator) -> FloatArray:
    """Counts without outbreaks: a row per replicate, a column per week."""
    means = np.broadcast_to(scenario.means, (replicates, WEEKS))
    if scenario.phi == 1:
        return rng.poisson(means).astype(float)
    return rng.negative_binomial(means / (scenario.phi - 1), 1 / scenario.phi).astype(float)


def outbreak_cases(scenario: Scenario, replicates: int, rng: np.random.Generator) -> FloatArray:
    """The additional cases of an outbreak within the judged weeks of each replicate; sizes 1 to 10 take turns."""
    cases = np.zeros((replicates, WEEKS))
    first_judged = WEEKS - JUDGED_WEEKS
    starts = first_judged + rng.integers(0, LAST_START + 1, replicates)
    deviations = np.sqrt(scenario.phi * scenario.means)
    for replicate, start in enumerate(starts):
        size = 1 + replicate % MAX_OUTBREAK_SIZE
        count = max(1, rng.poisson(size * deviations[start]))
        weeks = start + np.floor(rng.lognormal(0, OUTBREAK_SPREAD, count)).astype(int)
        np.add.at(cases[replicate], np.minimum(weeks, WEEKS - 1), 1)
    return cases
