"""How often the 95 % interval of a remedy's effect holds the true one, found by simulation."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from otklik.benchmark.report import table_line
from otklik.progress import ProgressCallback
from queries.statistics.interrupted_series import WEEKS_OF_YEAR, InterruptedSeries, level_change

WEEKS_BEFORE, WEEKS_AFTER = (12, 26, 52), (4, 8, 26)
TRUE_RATIO = 0.7
"""Of what is received after the remedy to what would be without it."""
PLACES = 10
"""Of the control: together they have so many times as many appeals."""


class Scenario(NamedTuple):
    """How the counts come about: `mean` a week, `growth` of its logarithm a year, half the height of the `season`.

    `dispersion`: the variance of a week's count over its mean. The logarithm of the mean varies with a standard
    deviation of `variation`, correlated from week to week. `raised` weeks before the remedy are three times as many.
    """

    name: str
    mean: float = 10.0
    growth: float = 0.0
    season: float = 0.0
    dispersion: float = 1.0
    variation: float = 0.0
    correlation: float = 0.0
    raised: int = 0
    has_control: bool = False


SCENARIOS = (
    Scenario("independent"),
    Scenario("5 a week", mean=5),
    Scenario("trend", growth=0.5),
    Scenario("variance 3 times the mean", dispersion=3),
    Scenario("correlation 0.3", variation=0.25, correlation=0.3),
    Scenario("correlation 0.5, trend, variance 1.5", growth=0.3, dispersion=1.5, variation=0.25, correlation=0.5),
    Scenario("correlation 0.7", variation=0.25, correlation=0.7),
    Scenario("level of the problem, 6 weeks", raised=6),
    Scenario("season", season=0.4),
    Scenario("season, control", season=0.4, has_control=True),
    Scenario("season, trend, variance 2, control", season=0.4, growth=0.5, dispersion=2, has_control=True),
)


def effect_coverage_table(replicates: int, seed: int, progress: ProgressCallback) -> Iterator[str]:
    """The lines of a Markdown table: the share of intervals that hold the truth, by scenario and numbers of weeks."""
    rng = np.random.default_rng(seed)
    lengths = [(before, after) for before in WEEKS_BEFORE for after in WEEKS_AFTER]
    yield table_line(["weeks before + after", *(f"{before} + {after}" for before, after in lengths)])
    yield "|---|" + "---:|" * len(lengths)
    for step, scenario in enumerate(SCENARIOS):
        progress("Simulating", step, len(SCENARIOS))
        shares = [coverage(scenario, *length, replicates, rng) for length in lengths]
        yield table_line([scenario.name, *(f"{share:.3f}" for share in shares)])
    progress("Simulating", len(SCENARIOS), len(SCENARIOS))


def coverage(scenario: Scenario, before: int, after: int, replicates: int, rng: np.random.Generator) -> float:
    """The share of so many simulated series whose interval holds the true ratio."""
    changes = (level_change(simulated_series(scenario, before, after, rng)) for _replicate in range(replicates))
    return sum(change.low <= TRUE_RATIO <= change.high for change in changes) / replicates


def simulated_series(scenario: Scenario, before: int, after: int, rng: np.random.Generator) -> InterruptedSeries:
    """Weekly counts of a place with a remedy in their midst, and of its control where the scenario has one."""
    week = np.arange(-before, after)
    season = scenario.season * np.sin(2 * np.pi * (week / WEEKS_OF_YEAR + rng.random()))
    raised = (week >= -scenario.raised) & (week < 0)
    logarithm = np.log(scenario.mean) + season + scenario.growth * week / WEEKS_OF_YEAR
    logarithm += np.log(TRUE_RATIO) * (week >= 0) + np.log(3) * (week >= -scenario.raised) * (scenario.raised > 0)
    counts = _counts(logarithm, scenario, rng)
    control = _counts(np.log(PLACES * scenario.mean) + season, scenario, rng) if scenario.has_control else None
    return InterruptedSeries(week, counts, week >= 0, raised, control)


def _counts(logarithm: NDArray[np.float64], scenario: Scenario, rng: np.random.Generator) -> NDArray[np.int64]:
    """Counts with these logarithms of their means, which vary from week to week as the scenario says."""
    noise = rng.normal(size=len(logarithm))
    for week in range(1, len(noise)):
        noise[week] = scenario.correlation * noise[week - 1] + np.sqrt(1 - scenario.correlation**2) * noise[week]
    mean = np.exp(logarithm + scenario.variation * noise - scenario.variation**2 / 2)
    if scenario.dispersion > 1:
        mean = rng.gamma(mean / (scenario.dispersion - 1), scenario.dispersion - 1)
    return rng.poisson(mean)
