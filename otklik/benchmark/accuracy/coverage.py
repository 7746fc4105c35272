"""How often the 95 % intervals of the fair comparison hold the true ratio, found by simulation."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from otklik.benchmark.report import table_line
from otklik.small_numbers import MIN_CASES
from queries.statistics.shrinkage import shrunk_ratios

MEMBER_COUNTS = (12, 40, 600)
BASE_RATES = (0.05, 0.2, 0.4)
# The standard deviation of the members' true shares, over their mean.
SPREADS = (0.1, 0.25, 0.5)
MEDIAN_CASES = 150
MAX_CASES = 5000
INTERVALS = 6000  # of each combination


class Coverage(NamedTuple):
    """The share of intervals that hold the true ratio, and their mean width."""

    coverage: float
    mean_width: float


def simulate_coverage(*, members: int, base_rate: float, spread: float, runs: int, seed: int) -> Coverage:
    """Draw members with beta distributed shares and binomial cases, `runs` times.

    Their numbers of cases are log-normal with a median of 150, from 30 to 5,000. The true ratio is the true share over
    the mean of all, weighted by cases.
    """
    rng = np.random.default_rng(seed)
    prior_cases = (1 - base_rate) / (base_rate * spread**2) - 1
    is_held, widths = [], []
    for _run in range(runs):
        cases = rng.lognormal(np.log(MEDIAN_CASES), 1, members).round().clip(MIN_CASES, MAX_CASES).astype(int)
        shares = rng.beta(base_rate * prior_cases, (1 - base_rate) * prior_cases, members)
        observed = rng.binomial(cases, shares)
        expected = cases * observed.sum() / cases.sum()
        rows = shrunk_ratios(pd.DataFrame({"cases": cases, "observed": observed, "expected": expected}))
        true_ratios = shares * cases.sum() / (shares * cases).sum()
        is_held.append(rows["low"].le(true_ratios) & rows["high"].ge(true_ratios))
        widths.append(rows["high"] - rows["low"])
    return Coverage(float(pd.concat(is_held).mean()), float(pd.concat(widths).mean()))


def coverage_table() -> Iterator[str]:
    """The lines of a Markdown table, one after the other: coverage by number of members, base rate and spread."""
    yield table_line(["members", "base rate", *(f"spread {spread:.0%}" for spread in SPREADS)])
    yield "|---:|---:|" + "---:|" * len(SPREADS)
    for members in MEMBER_COUNTS:
        for base_rate in BASE_RATES:
            values = [
                simulate_coverage(
                    members=members, base_rate=base_rate, spread=spread, runs=INTERVALS // members, seed=members
                ).coverage
                for spread in SPREADS
            ]
            yield table_line([str(members), f"{base_rate:.0%}", *(f"{value:.3f}" for value in values)])
