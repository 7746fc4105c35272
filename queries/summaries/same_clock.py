"""What a comparison period has after the clock of now: left out where the period compared isn't over yet.

A day that goes on is compared with the same weekday up to the same time of day in each region.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Integer,
    Select,
    TableValuedAlias,
    cast,
    func,
    literal,
    select,
    union_all,
)

from otklik.database.cubes.measures import MEASURES, MOMENTS, ONE, SETTLED_MEASURES, ZERO
from otklik.database.tables import appeal, territory_above, timestamptz
from otklik.database.transactions import query_columns
from queries.cache.timed import timed
from queries.core.conditions import column_in, filter_conditions
from queries.core.facts import appeal_facts
from queries.core.local_days import day_starts, running_day
from queries.core.resolved_filters import ResolvedFilters, resolve
from queries.counts.state_sums import DUE_MEASURES, SUM_MEASURES
from queries.filters import Filters
from queries.summaries.totals import period_totals

MINUTE_SECONDS = 60
# Both count once their day is over.
OVER_MEASURES = (*DUE_MEASURES, *SETTLED_MEASURES)
Counts = NDArray[np.int64]


class LaterCounts(NamedTuple):
    """What to leave out of a comparison period, by member: `keys`, and an array per measure, in the same order.

    A member may have several rows.
    """

    keys: list[int]
    measures: dict[str, Counts]


def totals_at_same_clock(filters: Filters) -> dict[str, int]:
    """`period_totals`; of a comparison period with a day that goes on now, up to the time of day that it is now."""
    totals, later = period_totals(filters), later_counts(filters, resolve(filters))
    return {name: total - int(later.measures[name].sum()) for name, total in totals.items()} if later else totals


def later_counts(filters: Filters, resolved: ResolvedFilters, by: str | None = None) -> LaterCounts | None:
    """What a comparison period has after the time of day that it is now, by a column of appeals (0 without it).

    `resolved`: the filters by ids, possibly narrowed to some members. None for a period that is no comparison, or is
    compared with one that is over. Of open and overdue, it is by how much more there are at the end of the period. Of
    due, met and settled first answers, it is the whole of the days that go on now: they count once these are over.
    """
    now = datetime.now(UTC)
    today, midnights = running_day(resolved, now)
    day = today - timedelta(days=filters.days_ago)
    if not filters.days_ago or filters.end <= day or not midnights:
        return None
    since = min(midnights)
    # A period may begin after the running day: in days of the viewer, who is ahead of the territory, or by choice.
    counts = _counts_by_minute(filters, resolved, by, (max(day, filters.start), since))
    is_later = counts["minute"] >= (now - since).total_seconds() // MINUTE_SECONDS
    return LaterCounts(
        counts["key"].tolist(),
        {name: np.where(is_later | (name in OVER_MEASURES), counts[name], 0) for name in SUM_MEASURES},
    )


@timed
def _counts_by_minute(
    filters: Filters, resolved: ResolvedFilters, by: str | None, running: tuple[date, datetime]
) -> dict[str, Counts]:
    """A row per member and minute of the comparison period from a day on: `key`, `minute`, and `SUM_MEASURES`.

    `running`: that day, and when the day that goes on now began in the first region. Minutes count from the same time
    of day, by the clock of each region. Measures of the state are by how much a row adds to the state at the end.
    """
    day, since = running
    clock = _clock(resolved, (day, filters.end), since, filters.days_ago)
    columns = query_columns(_minutes_query(resolved, (day, filters.end), clock, by))
    counts = {name: np.array(values, dtype=np.int64) for name, values in columns.items()}
    newly_due = counts["open_due"]
    counts |= {
        "due": newly_due + counts["late_due"] + counts["on_time_due"],
        "met": counts["on_time_due"],
        "open": counts["received"] - counts["closed"],
        "overdue": newly_due + counts["late_due"] - counts["late"],
    }
    # How much of its time an appeal had used isn't known of an earlier moment.
    unknown = np.zeros_like(newly_due)
    return {name: counts.get(name, unknown) for name in ("key", "minute", *SUM_MEASURES)}


def _clock(resolved: ResolvedFilters, days: tuple[date, date], since: datetime, days_ago: int) -> TableValuedAlias:
    """One row per region: its id, when its half-open `days` begin (first) and end (last), and the earlier `since`.

    That is when its clock showed the same time as at the moment `since`, `days_ago` days before.
    """
    # Local times are shifted as the clock shows them, whatever summer time does in between.
    moments = [since.astimezone(ZoneInfo(timezone)) - timedelta(days=days_ago) for timezone in resolved.timezones]
    bounds = (moments, *(day_starts(day, resolved.timezones) for day in days))
    arrays = (literal(values, ARRAY(timestamptz)) for values in bounds)
    regions = func.unnest(literal(resolved.regions, ARRAY(Integer)), *arrays)
    return regions.table_valued("region_id", "since", "first", "last").render_derived("clock")


def _minutes_query(
    resolved: ResolvedFilters, days: tuple[date, date], clock: TableValuedAlias, by: str | None
) -> Select[Any]:
    """One row per member and minute: key, minute, the measures, and `open_due`, the appeals open now that fell due."""
    keys = [by] if by else []
    facts = appeal_facts(resolved, *days, ("at", *MEASURES), *keys, "region_id").subquery()
    due = _open_due(resolved, clock, by).subquery()
    rows = union_all(
        *(
            select(
                (part.c[by] if by else ZERO).label("key"),
                cast(func.floor(func.extract("epoch", part.c.at - clock.c.since) / MINUTE_SECONDS), Integer).label(
                    "minute"
                ),
                *((part.c[name] if name in names else ZERO).label(name) for name in (*MEASURES, "open_due")),
            ).join_from(part, clock, clock.c.region_id == part.c.region_id)
            for part, names in ((facts, MEASURES), (due, ("open_due",)))
        )
    ).subquery()
    sums = (cast(func.sum(rows.c[name]), BigInteger).label(name) for name in (*MEASURES, "open_due"))
    return select(rows.c.key, rows.c.minute, *sums).group_by(rows.c.key, rows.c.minute)


def _open_due(resolved: ResolvedFilters, clock: TableValuedAlias, by: str | None) -> Select[Any]:
    """One row per appeal open now that fell due in the days of the clock: region_id, at, open_due, and `by`."""
    due_at, region_id = MOMENTS["due_at"], appeal.c.region_id
    rows: Select[Any] = select(region_id, due_at.label("at"), ONE.label("open_due")).join_from(
        appeal, clock, clock.c.region_id == region_id
    )
    if by == "territory_id":
        place_id = func.coalesce(appeal.c.municipality_id, region_id)
        rows = (
            rows.add_columns(territory_above.c.above_id.label(by))
            .join(territory_above, territory_above.c.territory_id == place_id)
            .where(column_in(territory_above.c.above_id, resolved.children))
        )
    elif by:
        rows = rows.add_columns(appeal.c[by])
    return rows.where(
        appeal.c.closed_at.is_(None),
        # Implied by the next condition, in the form that the index of the queue can use.
        appeal.c.deadline_at < clock.c.last,
        due_at >= clock.c.first,
        due_at < clock.c.last,
        *filter_conditions(resolved, appeal),
    )
