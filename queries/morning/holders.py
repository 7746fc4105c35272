"""Which organisations have to act first: those that miss more deadlines than others, and have most to do."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import BigInteger, Select, and_, case, cast, func, select, union_all

from otklik.database.cubes.measures import ONE, ZERO
from otklik.database.tables import appeal
from otklik.database.transactions import query_columns
from queries.cache.live import live
from queries.cache.statements import cached_statement
from queries.core.appeal_state import has_passed
from queries.core.conditions import conditions_within_regions
from queries.core.date_ranges import midnight_arrays
from queries.core.lacking_fields import mark_unknown_deadlines
from queries.core.local_days import DAY, running_day
from queries.core.reference import dimension_members
from queries.core.resolved_filters import ResolvedFilters, resolve
from queries.counts.aggregates import sums_query
from queries.counts.due_days import WEEK_DAYS
from queries.counts.open_facts import due_facts
from queries.filters import Filters
from queries.statistics.shrinkage import share_and_excess

MAX_HOLDERS = 5
MAX_CANDIDATES = 200
PAST_DAYS = 28

Counts = NDArray[np.float64]


@live
def holders_to_act(filters: Filters, limit: int = MAX_HOLDERS) -> pd.DataFrame:
    """One row per organisation with overdue appeals or deadlines within 7 days, the most pressing first.

    Columns: code, name, overdue and due (within 7 days, not passed), excess_probability: that it misses deadlines more
    than 1.2 times as often as all organisations shown do, by those of the last 28 whole days (NaN where all or none
    were met). The order is by the overdue appeals and those that will probably be, times that probability.
    """
    resolved = resolve(filters)
    today, _ = running_day(resolved)
    rows = _frame(_open_query(resolved)).nlargest(MAX_CANDIDATES, ["overdue", "due"])
    past_query = sums_query(resolved, today - timedelta(days=PAST_DAYS), today, "holder_id", ("due", "met"))
    past = _frame(past_query).rename(columns={"due": "cases"})
    past = past.reindex(past.index.union(rows.index), fill_value=0)
    missed_share, excess = _missed_shares(past)
    rows = rows.assign(excess_probability=excess.reindex(rows.index), missed=missed_share.reindex(rows.index))
    likely_late = rows["overdue"] + rows["due"] * rows["missed"].fillna(0)
    urgency = likely_late * rows["excess_probability"].fillna(1)
    members = dimension_members("organisation", filters.language)
    named = members[["code", "name"]].reindex(rows.index).join(rows[["overdue", "due", "excess_probability"]])
    ordered = named.assign(urgency=urgency, total=rows["overdue"] + rows["due"]).sort_values(
        ["urgency", "total", "name"], ascending=[False, False, True]
    )
    return mark_unknown_deadlines(
        ordered.drop(columns=["urgency", "total"]).head(limit).reset_index(drop=True), filters
    )


def _frame(query: Select[Any]) -> pd.DataFrame:
    columns = query_columns(query)
    index = pd.Index(columns.pop("holder_id"), dtype="int64")
    return pd.DataFrame(columns, index=index).astype("int64")


def _missed_shares(past: pd.DataFrame) -> "tuple[pd.Series[float], pd.Series[float]]":
    """The probable share missed and the probability of more than 1.2 times the usual, by organisation."""
    cases, missed = past["cases"].to_numpy(float), (past["cases"] - past["met"]).to_numpy(float)
    if not 0 < missed.sum() < cases.sum():
        share = missed.sum() / cases.sum() if cases.sum() else np.nan
        return pd.Series(share, past.index), pd.Series(np.nan, past.index)
    shares, excess = _cached_share_and_excess(missed.tobytes(), cases.tobytes())
    return pd.Series(shares, past.index), pd.Series(excess, past.index)


@lru_cache(maxsize=64)
def _cached_share_and_excess(missed_bytes: bytes, cases_bytes: bytes) -> tuple[Counts, Counts]:
    """`share_and_excess` against the mean of all: a change of today's appeals leaves the counts of past days alone."""
    missed, cases = np.frombuffer(missed_bytes), np.frombuffer(cases_bytes)
    return share_and_excess(missed, cases, missed.sum() / cases.sum())


@cached_statement
def _open_query(resolved: ResolvedFilters) -> Select[Any]:
    """One row per organisation with any: overdue now, and due within 7 days."""
    today, midnights = running_day(resolved)
    cells = due_facts(resolved, "holder_id").subquery()
    is_due = and_(cells.c.deadline_day >= today, cells.c.deadline_day < today + WEEK_DAYS * DAY)
    by_day = select(
        cells.c.holder_id,
        func.sum(case((cells.c.deadline_day < today, cells.c.appeals), else_=ZERO)).label("overdue"),
        func.sum(case((is_due, cells.c.appeals), else_=ZERO)).label("due"),
    ).group_by(cells.c.holder_id)
    bounds = func.unnest(*midnight_arrays(resolved, today, today + DAY))
    days = bounds.table_valued("region_id", "since", "until").render_derived("day")
    deadline = appeal.c.deadline_at
    passed = (
        select(appeal.c.holder_id, func.sum(ONE), func.sum(-ONE))
        .join_from(days, appeal, and_(appeal.c.region_id == days.c.region_id, deadline >= days.c.since))
        # With the earliest midnight as a constant the planner knows how few rows there are.
        .where(deadline >= min(midnights, default=datetime.now(UTC)), has_passed(deadline))
        .where(appeal.c.closed_at.is_(None), *conditions_within_regions(resolved, appeal))
        .group_by(appeal.c.holder_id)
    )
    counted = union_all(by_day, passed).subquery("counted")
    totals = {name: cast(func.sum(counted.c[name]), BigInteger) for name in ("overdue", "due")}
    return (
        select(counted.c.holder_id, *(total.label(name) for name, total in totals.items()))
        .group_by(counted.c.holder_id)
        .having(func.sum(counted.c.overdue + counted.c.due) > 0)
    )
