"""The state measures at the end of a period: now, or at the end of a day in the past.

With them, from the same cells: which deadlines fell in the period.
"""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Select,
    Subquery,
    TableValuedAlias,
    and_,
    case,
    func,
    literal,
    select,
)

from otklik.database.cubes.measures import MEASURE_BY_NAME, MEASURES, ONE, ZERO, Moment
from otklik.database.tables import appeal, territory_above, timestamptz
from queries.core.appeal_state import has_passed
from queries.core.conditions import column_in, conditions_within_regions
from queries.core.facts import summable_facts
from queries.core.local_days import running_day
from queries.core.resolved_filters import ResolvedFilters
from queries.counts.open_facts import due_facts, open_count_cells
from queries.filters import FAR_FUTURE

# The state at a moment: open, overdue, and open with four fifths of the time used (overdue ones included).
STATE_MEASURES = ("open", "overdue", "risked")
# Appeals whose deadline fell on a day of the period that is over, and those of them closed by it.
DUE_MEASURES = ("due", "met")
# All that metrics are computed from. Measures by the day of the deadline are in these as `due` and `met`.
SUM_MEASURES = (
    *(name for name in MEASURES if MEASURE_BY_NAME[name].moment != "due_at"),
    *DUE_MEASURES,
    *STATE_MEASURES,
)
# The closed ones of the former, by the day of the deadline.
CLOSED_DUE_MEASURES = ("late_due", "on_time_due")
DayRange = tuple[date, date]
By = str | tuple[str, ...] | None
"""What sums are grouped by: a column, several, or nothing."""


def group_columns(by: By) -> tuple[str, ...]:
    """The columns that sums are grouped by."""
    return () if by is None else (by,) if isinstance(by, str) else by


def days_over(resolved: ResolvedFilters, start: date, end: date) -> DayRange:
    """The days of the period [start, end) that are over in every region shown, half-open."""
    return start, max(start, min(end, running_day(resolved)[0]))


def counted_days(resolved: ResolvedFilters, moment: Moment, start: date, end: date) -> DayRange:
    """The days of the period whose appeals count by a moment: of some moments only days that are over."""
    return days_over(resolved, start, end) if moment in ("due_at", "settled_at") else (start, end)


def closed_due(cells: Subquery) -> dict[str, ColumnElement[Any]]:
    """`due` and `met` of the closed appeals in cells that have `CLOSED_DUE_MEASURES`."""
    return {"due": cells.c.late_due + cells.c.on_time_due, "met": cells.c.on_time_due}


def current_state(resolved: ResolvedFilters, by: By, measures: tuple[str, ...], days: DayRange) -> list[Select[Any]]:
    """The state now: deadlines on days that are over from the cube, those since then from the appeals, by index.

    `due` are the appeals open now whose deadline fell on the given days.
    """
    if not {"overdue", "risked", "due"} & set(measures):
        cells = open_count_cells(resolved, *group_columns(by)).subquery()
        return [pad_measures(cells, by, {"open": cells.c.appeals}, measures)]
    today, _ = running_day(resolved)
    cells = due_facts(resolved, *group_columns(by)).subquery()
    day_columns = {
        "open": cells.c.appeals,
        "overdue": case((cells.c.deadline_day < today, cells.c.appeals), else_=ZERO),
        "risked": case((cells.c.risk_day < today, cells.c.appeals), else_=ZERO),
        "due": _open_due(cells, days),
    }
    threshold_columns = {name: column for name, column in THRESHOLD_MOMENTS.items() if name in measures}
    day_rows = _running_days(resolved)
    passed_rows = {
        name: _passed_today(resolved, day_rows, by, name, column) for name, column in threshold_columns.items()
    }
    return [
        pad_measures(cells, by, day_columns, measures),
        *(pad_measures(rows, by, {name: name}, measures) for name, rows in passed_rows.items()),
    ]


THRESHOLD_MOMENTS = {"overdue": appeal.c.deadline_at, "risked": appeal.c.risk_at}


def _running_days(resolved: ResolvedFilters) -> TableValuedAlias:
    """One row per region: when the running day began in it."""
    _, midnights = running_day(resolved)
    region_days = func.unnest(literal(resolved.regions, ARRAY(Integer)), literal(midnights, ARRAY(timestamptz)))
    return region_days.table_valued("region_id", "since").render_derived("day")


def _passed_today(
    resolved: ResolvedFilters, day_rows: TableValuedAlias, by: By, name: str, moment: ColumnElement[Any]
) -> Subquery:
    """One row per open appeal whose `moment` lies between the start of the running day and now."""
    _, midnights = running_day(resolved)
    territory_id = func.coalesce(appeal.c.municipality_id, appeal.c.region_id)
    # Grouped by region, the index of the queue has the key itself.
    keys = group_columns(by)
    by_ancestor = "territory_id" in keys and resolved.children != resolved.regions
    territory_key = territory_above.c.above_id if by_ancestor else appeal.c.region_id
    columns = [(territory_key if key == "territory_id" else appeal.c[key]).label(key) for key in keys]
    rows = (
        select(*columns, ONE.label(name))
        .join_from(day_rows, appeal, and_(appeal.c.region_id == day_rows.c.region_id, moment >= day_rows.c.since))
        # With the earliest midnight as a constant the planner knows how few rows there are.
        .where(moment >= min(midnights, default=datetime.now(UTC)), has_passed(moment))
        .where(appeal.c.closed_at.is_(None), *conditions_within_regions(resolved, appeal))
    )
    if by_ancestor:
        rows = rows.join(territory_above, territory_above.c.territory_id == territory_id).where(
            column_in(territory_above.c.above_id, resolved.children)
        )
    return rows.subquery()


def _open_due(cells: Subquery, days: DayRange) -> ColumnElement[Any]:
    start, end = days
    return case((and_(cells.c.overdue_day >= start, cells.c.overdue_day < end), cells.c.appeals), else_=ZERO)


def past_state(
    resolved: ResolvedFilters, end: date, by: By, measures: tuple[str, ...], days: DayRange
) -> list[Select[Any]]:
    """The state at the end of a past day: the state now, less what came since then, plus what left since then.

    `due` are the appeals open now whose deadline fell on the given days.
    """
    overdue: ColumnElement[Any] = ZERO
    overdue_change: ColumnElement[Any] = ZERO
    due: ColumnElement[Any] = ZERO
    if {"overdue", "due"} & set(measures):
        cells = due_facts(resolved, *group_columns(by)).subquery()
        due = _open_due(cells, days)
        later_sums = summable_facts(
            resolved, end, FAR_FUTURE, *group_columns(by), measures=("received", "closed", "late", "late_due")
        ).subquery()
        overdue = case((cells.c.overdue_day < end, cells.c.appeals), else_=ZERO)
        overdue_change = later_sums.c.late - later_sums.c.late_due
    else:
        cells = open_count_cells(resolved, *group_columns(by)).subquery()
        later_sums = summable_facts(
            resolved, end, FAR_FUTURE, *group_columns(by), measures=("received", "closed")
        ).subquery()
    return [
        pad_measures(cells, by, {"open": cells.c.appeals, "overdue": overdue, "due": due}, measures),
        pad_measures(
            later_sums, by, {"open": later_sums.c.closed - later_sums.c.received, "overdue": overdue_change}, measures
        ),
    ]


def pad_measures(rows: Subquery, by: By, column_values: dict[str, Any], measures: tuple[str, ...]) -> Select[Any]:
    """The rows summed by the columns of `by`, a column per measure: 0 for one that `column_values` lacks."""
    keys = [rows.c[key] for key in group_columns(by)]
    expressions = {name: rows.c[value] if isinstance(value, str) else value for name, value in column_values.items()}
    totals = {name: func.sum(value) for name, value in expressions.items()}
    # Zeros are literals: as bound values, dozens of them would take longer than the query.
    return select(*keys, *(totals.get(name, ZERO).label(name) for name in measures)).group_by(*keys)
