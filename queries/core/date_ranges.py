"""The appeals of which a moment falls in the days of a screen, by the index of each region and that moment."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    and_,
    func,
    literal,
    literal_column,
    or_,
    select,
)

from otklik.database.tables import appeal, timestamptz
from otklik.database.transactions import query_dataframe
from queries.core.conditions import column_in, conditions_within_regions
from queries.core.local_days import day_starts
from queries.core.resolved_filters import ResolvedFilters

MomentColumn = Literal["received_at", "closed_at"]


def appeals_in_days(resolved: ResolvedFilters, moment: MomentColumn, start: date, end: date) -> FromClause:
    """The regions of the part joined with their appeals whose `moment` lies in the local days [start, end).

    The instants of each region's own midnights are worked out once: no row's local day is, and no row is sorted.
    """
    bounds = func.unnest(*midnight_arrays(resolved, start, end))
    region_days = bounds.table_valued("region_id", "since", "until").render_derived("day")
    moment_column = appeal.c[moment]
    return region_days.join(
        appeal,
        and_(
            appeal.c.region_id == region_days.c.region_id,
            moment_column >= region_days.c.since,
            moment_column < region_days.c.until,
            *conditions_within_regions(resolved, appeal),
        ),
    )


def select_in_days(
    resolved: ResolvedFilters, moment: MomentColumn, start: date, end: date, *columns: Any
) -> Select[Any]:
    """One row an appeal whose `moment` lies in the local days [start, end), with these columns."""
    return select(*columns).select_from(appeals_in_days(resolved, moment, start, end))


def midnight_arrays(resolved: ResolvedFilters, start: date, end: date) -> tuple[ColumnElement[Any], ...]:
    """The regions of the part, and when these days begin in each of them: three arrays."""
    bounds = [literal(day_starts(day, resolved.timezones), ARRAY(timestamptz)) for day in (start, end)]
    return literal(list(resolved.regions), ARRAY(Integer)), *bounds


def local_day_conditions(
    resolved: ResolvedFilters, moment: MomentColumn, start: date, end: date
) -> list[ColumnElement[bool]]:
    """The same as conditions, for who reads appeals in their order: a time zone decides near the two ends alone."""
    moment_column = appeal.c[moment]
    timezones = sorted(set(resolved.timezones))
    bounds = list(zip(day_starts(start, timezones), day_starts(end, timezones), strict=True))
    # Spelt out: by a plan without the instants the appeals of the whole period would be sorted.
    literals: dict[datetime, ColumnElement[Any]] = {
        midnight: literal_column(f"'{midnight.astimezone(UTC).isoformat()}'::timestamptz")
        for bound in bounds
        for midnight in bound
    }
    since, until = ([bound[side] for bound in bounds] for side in (0, 1))
    if not bounds:
        return [literal_column("false")]
    conditions = [moment_column >= literals[min(since)], moment_column < literals[max(until)]]
    if len(set(bounds)) == 1:
        return conditions
    regions_by_timezone = resolved.regions_by_timezone()
    timezone_conditions = [
        and_(
            column_in(appeal.c.region_id, regions_by_timezone[timezone]),
            moment_column >= literals[first],
            moment_column < literals[last],
        )
        for timezone, (first, last) in zip(timezones, bounds, strict=True)
    ]
    return [
        *conditions,
        or_(and_(moment_column >= literals[max(since)], moment_column < literals[min(until)]), *timezone_conditions),
    ]


def latest_appeals(
    resolved: ResolvedFilters,
    moment: MomentColumn,
    start: date,
    end: date,
    columns: Sequence[Any],
    limit: int,
    *conditions: ColumnElement[bool],
) -> Select[Any]:
    """The appeals of `of_days` for which the conditions hold, the last ones first, at most so many.

    Looked for in the last days first and then in four times as many, so that a long period isn't read to its start.
    """
    days = 1
    while True:
        first = max(start, end - timedelta(days=days))
        query = (
            select_in_days(resolved, moment, first, end, *columns)
            .where(*conditions)
            .order_by(appeal.c[moment].desc(), appeal.c.id)
            .limit(limit)
        )
        if first <= start or _has_enough(query, limit):
            return query
        days *= 4


def _has_enough(query: Select[Any], limit: int) -> bool:
    """Whether so many appeals are found."""
    id_rows = query.with_only_columns(appeal.c.id, maintain_column_froms=True).order_by(None).subquery()
    return bool(query_dataframe(select(func.count() == limit).select_from(id_rows)).iat[0, 0])
