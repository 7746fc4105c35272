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
    plain = replace(filters, compare="none")
    sides = [
        every(replace(plain, territory=code) if kind == "territory" else replace(plain, organisation=code))
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
    held = spans(filters)
    return Answer(TIME_ALLOWED, None if held.empty else TIME_ALLOWED.value(held.iloc[0]))


def _per_head(filters: Filters) -> Answer:
    """Of a territory whose inhabitants are known; an organisation has none."""
    places = words("territory", "en").set_index("code")["population"]
    population = places.get(filters.territory) if filters.territory and not filters.organisation else None
    if pd.isna(population):
        return Answer(PER_HEAD, None)
    counted = SimpleNamespace(received=metric_values.totals(filters)["received"], population=population)
    return Answer(PER_HEAD, PER_HEAD.value(counted))


def _row(figure: Figure, a: Answer, b: Answer) -> dict[str, object]:
    of_a, of_b = _counts(figure, a), _counts(figure, b)
    between = newcombe(of_a, of_b) if of_a and of_b else None
    none = float("nan")
    row: dict[str, object] = {"figure": figure.id}
    for side, one, of in (("a", a, of_a), ("b", b, of_b)):
        low, high = (wilson(*of) if of else None) or (none, none)
        row |= {f"{side}_value": none if one.value is None else one.value, f"{side}_low": low, f"{side}_high": high}
    known = a.value is not None and b.value is not None
    row["difference"] = float(a.value or 0) - float(b.value or 0) if known else none
    row["low"], row["high"] = between or (none, none)
    return row


def _counts(figure: Figure, answer: Answer) -> Pair | None:
    """The good cases and all of a share that has any."""
    if figure.unit != "share" or figure.id in PERCENTILES or not answer.denominator:
        return None
    return float(answer.numerator or 0), float(answer.denominator)


def newcombe(a: Pair, b: Pair) -> Pair:
    """The bounds of the difference of two shares, each given as cases and all of them, at 95 %.

    R. G. Newcombe (1998), Statistics in Medicine 17, 873-890, method 10: from the score intervals of both.
    """
    (one, other), (low, high), (other_low, other_high) = (a[0] / a[1], b[0] / b[1]), wilson(*a), wilson(*b)
    down = sqrt((one - low) ** 2 + (other_high - other) ** 2)
    up = sqrt((high - one) ** 2 + (other - other_low) ** 2)
    return one - other - down, one - other + up
