"""What became of yesterday's list: the appeals that were open as yesterday began, and due on it."""

from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    TableValuedAlias,
    and_,
    case,
    cast,
    func,
    literal_column,
    not_,
    or_,
    select,
    tuple_,
    union_all,
)

from otklik.database.cubes.measures import MOMENTS
from otklik.database.tables import appeal, event, timestamptz
from otklik.database.transactions import query_dataframe
from queries.cache.background import background_timed
from queries.core.conditions import conditions_within_regions
from queries.core.date_ranges import midnight_arrays, select_in_days
from queries.core.lacking_fields import lacking_fields
from queries.core.local_days import DAY, day_starts, running_day
from queries.core.resolved_filters import ResolvedFilters, resolve
from queries.filters import Filters

TRANSFER_KINDS = ("moved", "redirected", "undone", "imported")
"""The kinds of events that may change the holder."""


class YesterdaysList(NamedTuple):
    """How many appeals were open as `day` began and due on it, and what became of each by now.

    `in_time`, `late`, `extended` and `still_open` add up to `total`. An appeal whose deadline was moved to another day
    since is `extended`, whatever happened later. `reassigned` are those of all that changed hands since. Of a source
    without deadlines nothing is known to have been due: `lacks_deadlines`.
    """

    day: date
    total: int
    in_time: int
    late: int
    extended: int
    still_open: int
    reassigned: int
    lacks_deadlines: bool = False


@background_timed
def yesterdays_list(filters: Filters) -> YesterdaysList:
    """The list of the day before the running day, each appeal by the day in its region; the period is ignored.

    An extension that left no trace in the history, as in an import of its first state, isn't known.
    """
    resolved = resolve(filters)
    yesterday = running_day(resolved)[0] - DAY
    rows = query_dataframe(_fates_query(resolved, yesterday)).set_index("fate")
    counts = rows["appeals"].reindex(["in_time", "late", "extended", "still_open"], fill_value=0).astype(int)
    in_time, late, extended, still_open = (int(count) for count in counts)
    total, reassigned = int(counts.sum()), int(rows["reassigned"].sum())
    lacks_deadlines = total == 0 and "deadline_at" in lacking_fields(filters)
    return YesterdaysList(yesterday, total, in_time, late, extended, still_open, reassigned, lacks_deadlines)


def _fates_query(resolved: ResolvedFilters, day: date) -> Select[Any]:
    """One row per fate with any appeals: fate, appeals, reassigned."""
    fates, days = _list_query(resolved, day).subquery("fates"), _region_days(resolved, day)
    transfers = (
        select(event.c.region_id, event.c.appeal_id)
        .join_from(event, days, days.c.region_id == event.c.region_id)
        .where(
            *_since_begin(resolved, day, days),
            event.c.kind.in_(TRANSFER_KINDS),
            event.c.after.has_key("holder"),
            event.c.before["holder"].astext.is_distinct_from(event.c.after["holder"].astext),
        )
    )
    is_reassigned = tuple_(fates.c.region_id, fates.c.id).in_(transfers)
    return select(
        fates.c.fate, func.count().label("appeals"), func.count().filter(is_reassigned).label("reassigned")
    ).group_by(fates.c.fate)


def _list_query(resolved: ResolvedFilters, day: date) -> CompoundSelect[Any]:
    """One row per appeal of the list: region_id, id, and its fate."""
    began_at: Any = literal_column("day.since", timestamptz)
    was_open = and_(appeal.c.received_at < began_at, or_(appeal.c.closed_at.is_(None), appeal.c.closed_at >= began_at))
    fate = case(
        (appeal.c.closed_at.is_(None), "still_open"),
        (appeal.c.closed_at <= appeal.c.deadline_at, "in_time"),
        else_="late",
    )
    columns = (appeal.c.region_id, appeal.c.id, fate.label("fate"))
    kept = select_in_days(resolved, "due_at", day, day + DAY, *columns).where(was_open)
    return union_all(kept, _extended_query(resolved, day))


def _extended_query(resolved: ResolvedFilters, day: date) -> Select[Any]:
    """Appeals of the list whose deadline has been moved to another day since: region_id, id, and their fate."""
    days, due_at = _region_days(resolved, day), MOMENTS["due_at"]
    old_deadline = cast(event.c.before["deadline"].astext, timestamptz)
    same_appeal = and_(appeal.c.region_id == event.c.region_id, appeal.c.id == event.c.appeal_id)
    return (
        select(appeal.c.region_id, appeal.c.id, literal_column("'extended'").label("fate"))
        .distinct()
        .select_from(event.join(days, days.c.region_id == event.c.region_id).join(appeal, same_appeal))
        .where(
            *_since_begin(resolved, day, days),
            event.c.before.has_key("deadline"),
            old_deadline >= days.c.since,
            old_deadline < days.c.until,
            appeal.c.received_at < days.c.since,
            not_(and_(appeal.c.deadline_at.is_not(None), due_at >= days.c.since, due_at < days.c.until)),
            *conditions_within_regions(resolved, appeal),
        )
    )


def _region_days(resolved: ResolvedFilters, day: date) -> TableValuedAlias:
    """One row per region shown: region_id, and when the day began (`since`) and ended (`until`) there."""
    bounds = func.unnest(*midnight_arrays(resolved, day, day + DAY))
    return bounds.table_valued("region_id", "since", "until").render_derived("days")


def _since_begin(resolved: ResolvedFilters, day: date, days: TableValuedAlias) -> list[ColumnElement[bool]]:
    """That an event came after the day began in its region, with a bound for the index of moments."""
    earliest = min(day_starts(day, resolved.timezones), default=datetime.combine(day, time.min, UTC))
    return [event.c.at >= earliest, event.c.at >= days.c.since]
