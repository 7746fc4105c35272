"""How appeals are resolved: how many, how fast, how well, by whom and about what."""

from types import SimpleNamespace

import numpy as np
import pandas as pd

from database.tables import MEASURES
from queries.ages import spans
from queries.answer_time import buckets
from queries.answers import answers
from queries.breakdown import breakdown, each, steps
from queries.days import days
from queries.figure import FEW, Answer
from queries.figures import FAST_SHARE, FIGURES, OLDEST_OPEN, PERCENTILES, TIME_ALLOWED
from queries.filters import Filters
from queries.live import live
from queries.reference import words

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


def fast(filters: Filters) -> Answer:
    """The share received under the fast-track regime."""
    now, compared = _fast(filters), filters.compared()
    low, high = FAST_SHARE.interval(now) or (None, None)
    before = FAST_SHARE.value(_fast(compared)) if compared else None
    return Answer(FAST_SHARE, FAST_SHARE.value(now), before, float(now.fast), float(now.received), low, high)


def _fast(filters: Filters) -> SimpleNamespace:
    found = breakdown(filters, "regime", names=("received",))
    fast_ones = found.loc[found["code"] == "fast", "received"].sum()
    return SimpleNamespace(fast=fast_ones, received=found["received"].sum())


@live
def daily(filters: Filters) -> pd.DataFrame:
    """One row a day: day, received, closed, on_time (closed at or before the deadline)."""
    return days(filters)[["received", "closed", "on_time"]].rename_axis("day").reset_index()


@live
def answer_days(filters: Filters) -> pd.DataFrame:
    """One row a day after the receipt, 0..30: day, and about how many closed in the period were answered on it.

    The last row holds all that took longer. A bucket that lies across two days is shared out by its width.
    """
    found = buckets(filters).astype(float)
    edges = np.append(np.arange(DAYS + 1), np.inf)
    low, high = found["low"].to_numpy()[:, None], found["high"].to_numpy()[:, None]
    shares = np.clip(np.minimum(high, edges[1:]) - np.maximum(low, edges[:-1]), 0, None) / (high - low)
    return pd.DataFrame({"day": edges[:-1].astype(int), "appeals": found["appeals"].to_numpy() @ shares})


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
    found = breakdown(filters, "topic")
    named = words("topic", filters.language)
    held = spans(filters, "topic_id")
    held = held.groupby(steps(held.index, named, filters.topic)).agg(
        {"oldest_days": "max", "allowed_days": "sum", "with_deadline": "sum"}
    )
    held = held.reindex(found.index)
    more = {one.id: each(one, held) for one in (TIME_ALLOWED, OLDEST_OPEN)}
    return compared(found.assign(**more), (*BY_TOPIC, *more))


@live
def channels(filters: Filters) -> pd.DataFrame:
    """One row a channel: code, name, the figures of `BY_CHANNEL`, small; see `compared`."""
    return compared(breakdown(filters, "channel"), BY_CHANNEL)


def compared(found: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    """Code, name and the figures of each row, most received first, rows of few appeals (`small`) after all others.

    A share or mean over fewer than 30 cases is left out (NaN): it would be ranked beside sure ones.
    """
    shown = {name: sure(found, name) for name in names}
    rows = found[["code", "name"]].assign(**shown, small=found["received"] < FEW)
    return rows.sort_values(["small", "received"], ascending=[True, False], kind="stable", ignore_index=True)


def sure(found: pd.DataFrame, name: str) -> pd.Series:
    """The figure of each row, none (NaN) where it is a share or mean over fewer than 30 cases."""
    figure = FIGURES.get(name)
    if figure is None or figure.denominator is None:
        return found[name]
    return found[name].where(figure.denominator(found) >= FEW)


@live
def load(filters: Filters) -> pd.DataFrame:
    """One row an organisation with open appeals: name, open, overdue, overdue_share, small; most open first."""
    found = breakdown(filters, "organisation", POINTS, "open", ("open", "overdue"))
    found = found[found["open"] > 0].nlargest(POINTS, "open", keep="first")
    rows = found[["code", "name", "open", "overdue", "overdue_share"]].assign(small=found["open"] < FEW)
    return rows.reset_index(drop=True)
