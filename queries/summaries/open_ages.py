"""How old open appeals are and how long they were given, from the days of the open cubes.

An age is counted in whole days from the local day of the receipt to the running day, the earliest local day that is not
over in every region shown. An appeal received on that day (or later, further east) has the age 0.
"""

from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Integer, Select, case, cast, func, literal, select

from otklik.database.transactions import query_columns, query_dataframe
from queries.cache.live import live
from queries.cache.statements import cached_statement
from queries.core.local_days import running_day
from queries.core.resolved_filters import ResolvedFilters, resolve
from queries.counts.open_facts import open_facts
from queries.filters import FAR_FUTURE, Filters
from queries.metrics.catalogue import OLDEST_OPEN
from queries.metrics.metric import MetricValue

# The first age of each band: 0 days, 1-2, 3-6, 7-13, 14-29, 30 and more.
AGE_BANDS = (0, 1, 3, 7, 14, 30)


@live
def open_durations(filters: Filters, by: str | None = None) -> pd.DataFrame:
    """One row per value of the column `by` (a single row without it) that has open appeals, indexed by that value.

    Columns: `open` (appeals), `oldest_days` (age of the oldest), `allowed_days` (days from receipt to deadline, summed
    over the appeals that have a deadline) and `with_deadline` (how many those are). The period of the filters is
    ignored.
    """
    counts = query_columns(_open_durations_query(resolve(filters), by))
    has_open = [count is not None and count > 0 for count in counts["open"]]
    sums = {name: np.array(values)[has_open].astype("int64") for name, values in counts.items()}
    ids = sums.pop(by) if by else None
    return pd.DataFrame(sums, index=ids)


@cached_statement
def _open_durations_query(resolved: ResolvedFilters, by: str | None) -> Select[Any]:
    cells = open_facts(resolved, by).subquery()
    keys = [cells.c[by]] if by else []
    has_deadline = cells.c.deadline_day < FAR_FUTURE
    allowed_days = cells.c.appeals * (cells.c.deadline_day - cells.c.received_day)
    # Until it is folded, an appeal that left is a second cell of -1: sum each day up before looking at what is open.
    by_day = (
        select(
            *keys,
            cells.c.received_day,
            func.sum(cells.c.appeals).label("open"),
            func.sum(case((has_deadline, allowed_days), else_=0)).label("allowed_days"),
            func.sum(case((has_deadline, cells.c.appeals), else_=0)).label("with_deadline"),
        )
        .group_by(*keys, cells.c.received_day)
        .having(func.sum(cells.c.appeals) > 0)
        .subquery()
    )
    return select(
        *([by_day.c[by]] if by else []),
        func.sum(by_day.c.open).label("open"),
        func.greatest(literal(running_day(resolved)[0]) - func.min(by_day.c.received_day), 0).label("oldest_days"),
        func.sum(by_day.c.allowed_days).label("allowed_days"),
        func.sum(by_day.c.with_deadline).label("with_deadline"),
    ).group_by(*([by_day.c[by]] if by else []))


@live
def oldest_open(filters: Filters) -> MetricValue:
    """The age of the oldest open appeal in days; its value is None where nothing is open."""
    durations = open_durations(filters)
    return MetricValue(OLDEST_OPEN, None if durations.empty else OLDEST_OPEN.value(durations.iloc[0]))


@live
def open_by_age_band(filters: Filters) -> pd.DataFrame:
    """One row per status and age band with open appeals: status_id, band (position in `AGE_BANDS`), appeals."""
    resolved = resolve(filters)
    cells = open_facts(resolved, "status_id").subquery()
    age = cast(literal(running_day(resolved)[0]) - cells.c.received_day, Integer)
    band = case(*((age >= first_day, index) for index, first_day in reversed(list(enumerate(AGE_BANDS)))), else_=0)
    banded = select(cells.c.status_id, band.label("band"), cells.c.appeals).subquery()
    total = func.sum(banded.c.appeals).label("appeals")
    return query_dataframe(
        select(banded.c.status_id, banded.c.band, total).group_by(banded.c.status_id, banded.c.band).having(total > 0)
    ).astype("int64")
