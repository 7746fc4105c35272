"""Appeals received, closed, due or rated in a range of local days, by the index of region and moment."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

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

from otklik.database.cubes.measures import MOMENTS, RETURN_INTERVAL, Moment
from otklik.database.tables import appeal, given_rating, timestamptz
from otklik.database.transactions import query_dataframe
from queries.core.conditions import column_in, conditions_within_regions
from queries.core.local_days import day_starts
from queries.core.resolved_filters import ResolvedFilters

MomentColumn = Moment
# The moments of rows in lists: an appeal has a row for each of its ratings.
LISTED_MOMENTS: dict[Moment, ColumnElement[Any]] = MOMENTS | {"rated_at": given_rating.c.rated_at}


def appeals_in_days(resolved: ResolvedFilters, moment: MomentColumn, start: date, end: date) -> FromClause:
    """The regions shown (as `day`) joined with their appeals whose `moment` lies in the local days [start, end).

    The midnights of each region are computed in Python, so that the database compares moments by index, and neither
    computes the local day of a row nor sorts rows. For `rated_at` there is a row per rating, those of earlier answers
    included, with the columns of `given_rating`. `settled_at` is found by the first answer, a week before.
    """
    bounds = func.unnest(*midnight_arrays(resolved, start, end))
    region_days = bounds.table_valued("region_id", "since", "until").render_derived("day")
    moment_column = LISTED_MOMENTS[moment]
    if moment == "settled_at":
        since, until = region_days.c.since - RETURN_INTERVAL, region_days.c.until - RETURN_INTERVAL
        once, before = appeal.c.closed_at, appeal.c.first_answered_at
        return region_days.join(
            appeal,
            and_(
                appeal.c.region_id == region_days.c.region_id,
                or_(and_(appeal.c.reopened == 0, once >= since, once < until), and_(before >= since, before < until)),
                *conditions_within_regions(resolved, appeal),
            ),
        )
    if moment == "rated_at":
        return region_days.join(
            given_rating,
            and_(
                given_rating.c.region_id == region_days.c.region_id,
                moment_column >= region_days.c.since,
                moment_column < region_days.c.until,
            ),
        ).join(
            appeal,
            and_(
                appeal.c.region_id == given_rating.c.region_id,
                appeal.c.id == given_rating.c.appeal_id,
                *conditions_within_regions(resolved, appeal),
            ),
        )
    # Without a deadline, an appeal is due at no moment.
    with_moment = [appeal.c.deadline_at.is_not(None)] if moment == "due_at" else []
    return region_days.join(
        appeal,
        and_(
            appeal.c.region_id == region_days.c.region_id,
            moment_column >= region_days.c.since,
            moment_column < region_days.c.until,
            *with_moment,
            *conditions_within_regions(resolved, appeal),
        ),
    )


def select_in_days(
    resolved: ResolvedFilters,
    moment: MomentColumn,
    start: date,
    end: date,
    *columns: Any,  # noqa: ANN401 -- SQLAlchemy's own
) -> Select[Any]:
    """One row per appeal whose `moment` lies in the local days [start, end), with these columns."""
    return select(*columns).select_from(appeals_in_days(resolved, moment, start, end))


def midnight_arrays(resolved: ResolvedFilters, start: date, end: date) -> tuple[ColumnElement[Any], ...]:
    """Three arrays: the regions shown, and the moments at which the days `start` and `end` begin in each of them."""
    bounds = [literal(day_starts(day, resolved.timezones), ARRAY(timestamptz)) for day in (start, end)]
    return literal(list(resolved.regions), ARRAY(Integer)), *bounds


def column_in_days(
    resolved: ResolvedFilters, column: ColumnElement[Any], start: date | None, end: date | None
) -> ColumnElement[bool]:
    """Whether a moment of an appeal lies in the local days [start, end) of its region; None leaves an end open.

    Bounds around all time zones stand beside, for an index that spans all regions.
    """
    regions_by_timezone = resolved.regions_by_timezone()
    if not regions_by_timezone:
        return literal(value=False)
    zones = list(regions_by_timezone)
    starts = day_starts(start, zones) if start else [None] * len(zones)
    ends = day_starts(end, zones) if end else [None] * len(zones)
    zone_conditions = [
        and_(
            *([appeal.c.region_id.in_(regions_by_timezone[zone])] if len(zones) > 1 else []),
            *([column >= since] if since else []),
            *([column < until] if until else []),
        )
        for zone, since, until in zip(zones, starts, ends, strict=True)
    ]
    outer_bounds = [column >= min(day_starts(start, zones))] if start else []
    outer_bounds += [column < max(day_starts(end, zones))] if end else []
    return and_(or_(*zone_conditions), *outer_bounds)


def local_day_conditions(
    resolved: ResolvedFilters, moment: MomentColumn, start: date, end: date
) -> list[ColumnElement[bool]]:
    """The conditions for `moment` in the local days [start, end), for a query that reads all regions by one index.

    Time zones only matter for moments near the two ends.
    """
    moment_column = MOMENTS[moment]
    timezones = sorted(set(resolved.timezones))
    bounds = list(zip(day_starts(start, timezones), day_starts(end, timezones), strict=True))
    # Literals: a generic plan, which doesn't know the moments, would sort all appeals of the period.
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
    """One row per appeal of `select_in_days` that fulfils the conditions, latest first, at most `limit`.

    Searches the last day first and four times as many days each time there are too few, so that a long period isn't
    read from its start.
    """
    days = 1
    while True:
        first = max(start, end - timedelta(days=days))
        query = (
            select_in_days(resolved, moment, first, end, *columns)
            .where(*conditions)
            .order_by(LISTED_MOMENTS[moment].desc(), appeal.c.id)
            .limit(limit)
        )
        if first <= start or _has_enough(query, limit):
            return query
        days *= 4


def _has_enough(query: Select[Any], limit: int) -> bool:
    """Whether the query finds `limit` appeals."""
    id_rows = query.with_only_columns(appeal.c.id, maintain_column_froms=True).order_by(None).subquery()
    return bool(query_dataframe(select(func.count() == limit).select_from(id_rows)).iat[0, 0])
