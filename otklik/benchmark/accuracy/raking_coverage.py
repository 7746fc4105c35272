"""How often the 95 % interval of a weighted share of votes holds the share among all who live there, by simulation."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from otklik.benchmark.report import table_line
from otklik.progress import ProgressCallback
from otklik.small_numbers import wilson_interval
from queries.statistics.voting.raking import FloatArray, estimate, raked_weights, weighted_share
from queries.statistics.voting.rounding import rounded_options

VOTES = (200, 500, 2000)
TOWNS = np.array([0.46, 0.24, 0.15, 0.1, 0.05])
AGES = np.array([0.055, 0.085, 0.16, 0.2, 0.17, 0.15, 0.18])
SEXES = np.array([0.46, 0.54])
UNIT = 0.01


class Scenario(NamedTuple):
    """How much who votes depends on age, town and sex, and on the answer itself, in logarithms of odds.

    `age` is the difference between the youngest and the oldest band, `agreed` of those who agree against others.
    """

    name: str
    age: float = 0.0
    town: float = 0.0
    sex: float = 0.0
    agreed: float = 0.0


SCENARIOS = (
    Scenario("by chance"),
    Scenario("the young vote 2.7 times as often", age=-1.0),
    Scenario("the young 7 times, women 1.6 times, towns differ 2.7 times", age=-2.0, town=1.0, sex=0.5),
    Scenario("who agrees votes 1.2 times as often", agreed=np.log(1.2)),
    Scenario("who agrees votes 2 times as often", agreed=np.log(2.0)),
)


class Coverage(NamedTuple):
    """The shares of intervals, raw and weighted, that hold the truth, and the mean effective size."""

    raw: float
    weighted: float
    effective: float


def raking_coverage_table(replicates: int, seed: int, progress: ProgressCallback) -> Iterator[str]:
    """The lines of a Markdown table: coverage by scenario and votes."""
    rng = np.random.default_rng(seed)
    yield table_line(["who votes", "votes", "effective", "raw interval", "weighted interval"])
    yield "|---|---:|---:|---:|---:|"
    for step, scenario in enumerate(SCENARIOS):
        progress("Simulating", step, len(SCENARIOS))
        for votes in VOTES:
            result = coverage(scenario, votes, replicates, rng)
            shares = [f"{share:.3f}" for share in (result.raw, result.weighted)]
            yield table_line([scenario.name, str(votes), f"{result.effective:.0f}", *shares])
    progress("Simulating", len(SCENARIOS), len(SCENARIOS))


def coverage(scenario: Scenario, votes: int, replicates: int, rng: np.random.Generator) -> Coverage:
    """Of so many polls with so many votes: half of people agree, the old and those of small towns more often."""
    people = TOWNS[:, None, None] * AGES[None, :, None] * SEXES[None, None, :]
    town, age, sex = (np.linspace(0, 1, length) for length in people.shape)
    agrees = 1 / (1 + np.exp(0.9 - 1.2 * age[None, :, None] - 0.6 * town[:, None, None] - 0 * sex[None, None, :]))
    votes_odds = np.exp(
        scenario.age * age[None, :, None] + scenario.town * town[:, None, None] + scenario.sex * sex[None, None, :]
    )
    chances = np.stack([people * votes_odds * agrees * np.exp(scenario.agreed), people * votes_odds * (1 - agrees)])
    truth = float((people * agrees).sum())
    held, effective = np.zeros(2), 0.0
    for _replicate in range(replicates):
        drawn = rng.multinomial(votes, (chances / chances.sum()).ravel()).reshape(chances.shape).astype(np.float64)
        held += [low <= truth <= high for low, high in _intervals(drawn[0], drawn.sum(axis=0))]
        effective += raked_weights(drawn.sum(axis=0), [TOWNS, AGES, SEXES]).effective
    raw, weighted = (held / replicates).tolist()
    return Coverage(raw, weighted, effective / replicates)


def _intervals(chosen: FloatArray, counts: FloatArray) -> list[tuple[float, float]]:
    """The raw and the weighted one."""
    weights = raked_weights(counts, [TOWNS, AGES, SEXES])
    share = rounded_options([weighted_share(chosen, counts, weights)], UNIT, "single")[0]
    weighted = estimate(share, weights.effective, UNIT)
    return [wilson_interval(chosen.sum(), counts.sum()), (weighted.low, weighted.high)]
