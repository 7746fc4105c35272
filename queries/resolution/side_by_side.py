"""Two territories or two organisations side by side, in every figure of the catalogue."""

from dataclasses import replace
from math import sqrt
from types import SimpleNamespace
from typing import Literal

import pandas as pd

from queries.cache.background import shortly
from queries.core import metric_values
from queries.core.breakdown import breakdown
from queries.core.reference import words
from queries.filters import Filters
from queries.metrics.catalogue import FIGURES, PER_HEAD, PERCENTILES, TIME_ALLOWED
from queries.metrics.metric import Answer, Figure, wilson
from queries.queue.ages import oldest, spans
from queries.resolution.performance import fast

Kind = Literal["territory", "organisation"]
Pair = tuple[float, float]


@shortly
def both(filters: Filters, kind: Kind, codes: tuple[str, str]) -> pd.DataFrame:
    """One row a figure: id, and of each of the two (`a_`, `b_`) value, low and high; difference, and its low and high.

    The difference is a minus b. Shares have bounds of 95 %: Wilson's, and Newcombe's for their difference; counts,
    means and times have none (NaN).
    """
    without_comparison = replace(filters, compare="none")
    sides = [
        every(
            replace(without_comparison, territory=code)
            if kind == "territory"
            else replace(without_comparison, organisation=code)
        )
        for code in codes
    ]
    return pd.DataFrame([_row(a.figure, a, b) for a, b in zip(*sides, strict=True)])


def usual(filters: Filters, kind: Kind) -> list[str]:
    """The codes of the two that received most, territories a step below the chosen one; fewer where there are none."""
    return breakdown(filters, kind, names=("received",))["code"].head(2).tolist()


def every(filters: Filters) -> list[Answer]:
    """Every figure of the catalogue, once; of the doubts `queries.quality.issues` tells."""
    return [
        *metric_values.answers(filters, FIGURES),
        fast(filters),
        oldest(filters),
        _allowed(filters),
        _per_head(filters),
    ]


def _allowed(filters: Filters) -> Answer:
    durations = spans(filters)
    return Answer(TIME_ALLOWED, None if durations.empty else TIME_ALLOWED.value(durations.iloc[0]))


def _per_head(filters: Filters) -> Answer:
    """Of a territory whose inhabitants are known; an organisation has none."""
    populations = words("territory", "en").set_index("code")["population"]
    population = populations.get(filters.territory) if filters.territory and not filters.organisation else None
    if pd.isna(population):
        return Answer(PER_HEAD, None)
    sums = SimpleNamespace(received=metric_values.totals(filters)["received"], population=population)
    return Answer(PER_HEAD, PER_HEAD.value(sums))


def _row(metric: Figure, a: Answer, b: Answer) -> dict[str, object]:
    counts_a, counts_b = _counts(metric, a), _counts(metric, b)
    difference_bounds = newcombe(counts_a, counts_b) if counts_a and counts_b else None
    nan = float("nan")
    row: dict[str, object] = {"figure": metric.id}
    for side, metric_value, counts in (("a", a, counts_a), ("b", b, counts_b)):
        low, high = (wilson(*counts) if counts else None) or (nan, nan)
        row |= {
            f"{side}_value": nan if metric_value.value is None else metric_value.value,
            f"{side}_low": low,
            f"{side}_high": high,
        }
    comparable = a.value is not None and b.value is not None
    row["difference"] = float(a.value or 0) - float(b.value or 0) if comparable else nan
    row["low"], row["high"] = difference_bounds or (nan, nan)
    return row


def _counts(metric: Figure, metric_value: Answer) -> Pair | None:
    """The good cases and all of a share that has any."""
    if metric.unit != "share" or metric.id in PERCENTILES or not metric_value.denominator:
        return None
    return float(metric_value.numerator or 0), float(metric_value.denominator)


def newcombe(a: Pair, b: Pair) -> Pair:
    """The bounds of the difference of two shares, each given as cases and all of them, at 95 %.

    R. G. Newcombe (1998), Statistics in Medicine 17, 873-890, method 10: from the score intervals of both.
    """
    (share_a, share_b), (low_a, high_a), (low_b, high_b) = (a[0] / a[1], b[0] / b[1]), wilson(*a), wilson(*b)
    lower_distance = sqrt((share_a - low_a) ** 2 + (high_b - share_b) ** 2)
    upper_distance = sqrt((high_a - share_a) ** 2 + (share_b - low_b) ** 2)
    return share_a - share_b - lower_distance, share_a - share_b + upper_distance
