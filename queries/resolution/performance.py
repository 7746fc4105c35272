"""How appeals are resolved: how many, how fast, how well, by whom and about what."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Select, select

from otklik.database.tables import MEASURES
from otklik.database.transactions import columns
from queries.cache.live import live
from queries.cache.statements import built
from queries.core.aggregates import STATE, sums
from queries.core.answer_time import buckets
from queries.core.breakdown import Values, breakdown, steps
from queries.core.daily import days
from queries.core.metric_values import answers
from queries.core.reference import ids, words
from queries.core.resolved_filters import Cut, cut
from queries.core.totals import totals
from queries.filters import Filters
from queries.metrics.catalogue import FAST_SHARE, FIGURES, OLDEST_OPEN, PERCENTILES, TIME_ALLOWED
from queries.metrics.metric import FEW, Answer
from queries.queue.ages import spans

TILES = (
    *("received", "closed", "resolved", "resolution_rate", "flow_ratio"),
    *("on_time_rate", "breach_rate", "closed_on_time_rate", "reopened_rate", "redirect_rate"),
    *("answer_mean", "answer_median", "answer_p90", "first_assignment_rate"),
)
BY_ORGANISATION = (
    *("received", "open", "resolved", "resolution_rate", "on_time_rate", "flow_ratio"),
    *("answer_mean", "reopened_rate", "redirect_rate", "satisfaction", "coverage"),
)
BY_TOPIC = (
    *("received", "open", "resolution_rate", "on_time_rate", "closed_on_time_rate"),
    *("answer_mean", "reopened_rate", "rating_mean", "coverage"),
)
BY_CHANNEL = ("received", "resolution_rate", "on_time_rate", "rating_mean", "coverage")
# What those are made of: what is at risk is not told of organisations.
COUNTED = (*MEASURES, "open", "overdue")
DAYS = 30
LISTED = 100
POINTS = 300


@live
def figures(filters: Filters) -> list[Answer]:
    """The figures of `TILES`, and the share of the fast track."""
    return [*answers(filters, TILES), fast(filters)]


@live
def fast(filters: Filters) -> Answer:
    """The share received under the fast-track regime."""
    other = filters.compared()
    periods = [filters, other] if other else [filters]
    found = columns(_fast(_of_fast(cut(filters)), *((one.start, one.end) for one in periods)))
    now, *before = (
        SimpleNamespace(fast=int(fast_ones), received=totals(one)["received"])
        for one, (fast_ones,) in zip(periods, found.values(), strict=True)
    )
    low, high = FAST_SHARE.interval(now) or (None, None)
    previous = FAST_SHARE.value(before[0]) if before else None
    return Answer(FAST_SHARE, FAST_SHARE.value(now), previous, float(now.fast), float(now.received), low, high)


@built
def _fast(part: Cut, *periods: tuple[date, date]) -> Select[Any]:
    """How many were received in each of the periods: a column a period."""
    counted = [sums(part, start, end, names=("received",)) for start, end in periods]
    return select(*(select(one.c.received).scalar_subquery().label(f"of_{at}") for at, one in enumerate(counted)))


def _of_fast(part: Cut) -> Cut:
    """The same part under the fast-track regime alone."""
    return replace(part, regimes=tuple(one for one in ids("regime", "fast") or () if part.regimes in (None, (one,))))


@live
def daily(filters: Filters) -> pd.DataFrame:
    """One row a day: day, received, closed, on_time (closed at or before the deadline)."""
    return days(filters)[["received", "closed", "on_time"]].rename_axis("day").reset_index()


@live
def answer_days(filters: Filters) -> pd.DataFrame:
    """One row a day after the receipt, 0..30: day, and about how many closed in the period were answered on it.

    The last row holds all that took longer. A bucket that lies across two days is shared out by its width.
    """
    found = buckets(filters)
    edges = np.append(np.arange(DAYS + 1), np.inf)
    low, high = found.low[:, None], found.high[:, None]
    shares = np.clip(np.minimum(high, edges[1:]) - np.maximum(low, edges[:-1]), 0, None) / (high - low)
    return pd.DataFrame({"day": edges[:-1].astype(int), "appeals": found.appeals @ shares})


@live
def marks(filters: Filters) -> tuple[float | None, ...]:
    """The median and the 90th percentile of the answer time, in days."""
    return tuple(one.value for one in answers(filters, PERCENTILES))


@live
def organisations(filters: Filters, most: int = LISTED) -> pd.DataFrame:
    """One row an organisation: code, name, the figures of `BY_ORGANISATION`, small; see `compared`."""
    return compared(breakdown(filters, "organisation", most, names=COUNTED), BY_ORGANISATION).head(most)


@live
def topics(filters: Filters) -> pd.DataFrame:
    """One row a topic a step below the chosen one: as `organisations`, with time_allowed and oldest_open."""
    found, held = breakdown(filters, "topic", names=COUNTED), spans(filters, "topic_id")
    at = found.index.get_indexer(pd.Index(steps(held.index, words("topic", filters.language), filters.topic)))
    # What was opened between the two questions is in the last place (-1), which is no topic's.
    oldest, allowed, due = np.full(len(found) + 1, np.nan), *np.zeros((2, len(found) + 1))
    np.fmax.at(oldest, at, held["oldest_days"])
    np.add.at(allowed, at, held["allowed_days"])
    np.add.at(due, at, held["with_deadline"])
    spanned = SimpleNamespace(oldest_days=oldest, allowed_days=allowed, with_deadline=due)
    more = {one.id: one.values(spanned)[:-1] for one in (TIME_ALLOWED, OLDEST_OPEN)}
    return compared(found.assign(**more), (*BY_TOPIC, *more))


@live
def channels(filters: Filters) -> pd.DataFrame:
    """One row a channel: code, name, the figures of `BY_CHANNEL`, small; see `compared`."""
    return compared(breakdown(filters, "channel", names=COUNTED), BY_CHANNEL)


def compared(found: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    """Code, name and the figures of each row, most received first, rows of few appeals (`small`) after all others.

    A share or mean over fewer than 30 cases is left out (NaN): it would be ranked beside sure ones.
    """
    counted = {name: found[name].to_numpy() for name in (*MEASURES, *STATE) if name in found}
    shown = {name: sure(name, found[name].to_numpy(), counted) for name in names}
    small, received = counted["received"] < FEW, counted["received"]
    order = np.lexsort((-received, small))
    rows = {"code": found["code"].array, "name": found["name"].array, **shown, "small": small}
    return pd.DataFrame({name: values[order] for name, values in rows.items()})


def sure(name: str, values: Values, counted: Mapping[str, Values]) -> Values:
    """The values of a figure, none (NaN) where it is a share or mean over fewer than 30 cases."""
    figure = FIGURES.get(name)
    if figure is None or figure.denominator is None:
        return values
    return np.where(figure.denominator(SimpleNamespace(**counted)) >= FEW, values, np.nan)


@live
def load(filters: Filters) -> pd.DataFrame:
    """One row an organisation with open appeals: name, open, overdue, overdue_share, small; most open first."""
    found = breakdown(filters, "organisation", POINTS, "open", ("open", "overdue"))
    found = found.iloc[: min(POINTS, int((found["open"] > 0).sum()))]
    shown = {name: found[name].array for name in ("code", "name", "open", "overdue", "overdue_share")}
    return pd.DataFrame({**shown, "small": (found["open"] < FEW).array})
