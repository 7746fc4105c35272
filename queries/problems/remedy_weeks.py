"""The weeks around the day on which a remedy was done: what was received, and what each can be compared with."""

from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from sqlalchemy import BigInteger, Select, cast, func, select

from otklik.database.tables import surge_episode
from otklik.database.transactions import query_dataframe
from queries.core.facts import daily_facts
from queries.core.local_days import DAY
from queries.core.received_range import received_days
from queries.core.reference import dimension_members
from queries.core.resolved_filters import ResolvedFilters
from queries.filters import Filters

WEEK = 7 * DAY
MAX_WEEKS_BEFORE, MAX_WEEKS_AFTER = 104, 26
MIN_WEEKS_BEFORE, MIN_RAISED_WEEKS = 8, 4


class RemedyDays(NamedTuple):
    """The local day on which a remedy was done, those of the problem's other ones, and the problem's own days.

    `noticed`: the day on which the problem was opened. `surge_starts`: the first day of the surge that it was opened
    from, if it was.
    """

    done: date
    others: tuple[date, ...]
    since: date
    noticed: date
    surge_starts: date | None


def weeks_around(filters: Filters, resolved: ResolvedFilters, days: RemedyDays, today: date) -> pd.DataFrame:
    """One row per whole week before and after the remedy since the first appeal: week, day, last, received, span.

    The week 0 begins on the day after the remedy, and the week -1 ends on the day before; none is of `today` or later.
    The spans are those of queries.problems.remedy_effects.RemedyEffect.
    """
    first_day = received_days(filters.territory)[0]
    before = min((days.done - first_day) // WEEK, MAX_WEEKS_BEFORE)
    after = min((today - days.done - DAY) // WEEK, MAX_WEEKS_AFTER)
    numbers = np.arange(-max(before, 0), max(after, 0))
    starts = [_first_day(days.done, int(number)) for number in numbers]
    rows = pd.DataFrame({"week": numbers, "day": starts, "last": [day + WEEK - DAY for day in starts]})
    rows["received"] = weekly_counts(resolved, rows, days.done).sum(axis=1).to_numpy(np.int64)
    since_first_appeal: pd.DataFrame = rows[rows["received"].cumsum() > 0].reset_index(drop=True)
    since_first_appeal["span"] = _spans(since_first_appeal, days, _surge_end(filters, days))
    return since_first_appeal


def _first_day(done: date, week: int) -> date:
    """The first day of a week by its number."""
    return done + week * WEEK + (DAY if week >= 0 else 0 * DAY)


def weekly_counts(resolved: ResolvedFilters, weeks: pd.DataFrame, done: date, *by: str) -> pd.DataFrame:
    """What was received, by the weeks' numbers and a column for each territory, or a single one."""
    numbers = weeks["week"].to_numpy()
    if not len(numbers):
        return pd.DataFrame(index=numbers)
    rows = query_dataframe(_received_query(resolved, weeks["day"].iloc[0], weeks["last"].iloc[-1] + DAY, *by))
    rows = rows[rows["day"] != done]
    rows["week"] = [(day - done - (DAY if day > done else 0 * DAY)) // WEEK for day in rows["day"]]
    rows["place"] = rows[by[0]] if by else 0
    counts = rows.pivot_table(index="week", columns="place", values="received", aggfunc="sum", fill_value=0)
    return counts.reindex(numbers, fill_value=0)


def _received_query(resolved: ResolvedFilters, start: date, end: date, *by: str) -> Select[Any]:
    """One row per day with any, and per territory if asked for: received."""
    cells = daily_facts(resolved, start, end, *by).subquery()
    keys = (cells.c.day, *(cells.c[name] for name in by))
    received = cast(func.sum(cells.c.received), BigInteger).label("received")
    return select(*keys, received).where(cells.c.received > 0).group_by(*keys)


def _surge_end(filters: Filters, days: RemedyDays) -> date:
    """The last day with an alarm of the surge that the problem was opened from, or the day before the problem."""
    places, topics = (dimension_members(name, "en") for name in ("territory", "topic"))
    query = select(func.max(surge_episode.c.last_alarm).label("last")).where(
        surge_episode.c.starts == days.surge_starts,
        surge_episode.c.territory_id.in_(places.index[places["code"] == filters.territory].tolist()),
        surge_episode.c.topic_id.in_(topics.index[topics["code"] == filters.topic].tolist()),
    )
    last: date | None = query_dataframe(query)["last"].iloc[0] if days.surge_starts else None
    return last or days.since - DAY


def _spans(weeks: pd.DataFrame, days: RemedyDays, surge_end: date) -> list[str]:
    """The span of each week; of those before the remedy, too few of a kind are left out."""
    begin, end = min(days.since, days.surge_starts or days.since), max(days.noticed, surge_end)
    spans = [
        "after" if day > days.done else "before" if last < begin else "raised" if day > end else "left_out"
        for day, last in zip(weeks["day"], weeks["last"], strict=True)
    ]
    if spans.count("raised") < MIN_RAISED_WEEKS:
        return ["left_out" if span == "raised" else span for span in spans]
    if spans.count("before") < MIN_WEEKS_BEFORE:
        # The level before the problem isn't known, and needn't be: that of the problem counts.
        return ["left_out" if span == "before" else span for span in spans]
    return spans
