"""What a period adds up to, and how things stand at its end: the numbers that every figure is made of."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    Subquery,
    TableValuedAlias,
    and_,
    case,
    cast,
    func,
    literal,
    literal_column,
    select,
    union_all,
)

from otklik.database.tables import MEASURES, appeal, instant, territory_above
from queries.cache.statements import built
from queries.core.conditions import among, chosen
from queries.core.facts import due_facts, standing, sums_of
from queries.core.resolved_filters import Cut, clock

# How things stand: open, past the deadline, and with four fifths of the time used (the overdue ones included).
STATE = ("open", "overdue", "risked")
ENDLESS = date(9999, 1, 1)
Rows = Select[Any]
ZERO = literal_column("0", Integer)


@built
def question(
    resolved: Cut, start: date, end: date, by: str | None = None, names: tuple[str, ...] = (*MEASURES, *STATE)
) -> Rows:
    """The question for the sums."""
    return select(sums(resolved, start, end, by, names))


def sums(
    resolved: Cut, start: date, end: date, by: str | None = None, names: tuple[str, ...] = (*MEASURES, *STATE)
) -> Subquery:
    """The measures of the local days [start, end) and the state at their end, one row for each `by`.

    The state of a period that has not ended is the state now, to the second. `risked` is known of now alone. Only the
    `names` are counted.
    """
    period_measures, state_measures = (tuple(name for name in names if name in group) for group in (MEASURES, STATE))
    selects: list[Rows] = []
    if period_measures and (start < end or not state_measures):
        cells = sums_of(resolved, start, end, by, measures=period_measures).subquery()
        selects += [_padded(cells, by, {name: name for name in period_measures}, names)]
    if state_measures:
        selects += _then(resolved, end, by, names) if ended(resolved, end) else _now(resolved, by, names)
    rows = union_all(*selects).subquery()
    keys = [rows.c[by]] if by else []
    # Each part has one row a key already; sums of sums are numbers of any length, slow to add up and to fetch.
    totals = [rows.c[name] if len(selects) == 1 else func.sum(rows.c[name]) for name in names]
    columns = [
        cast(func.coalesce(total, ZERO), BigInteger).label(name) for name, total in zip(names, totals, strict=True)
    ]
    query = select(*keys, *columns)
    return (query if len(selects) == 1 else query.group_by(*keys)).subquery("sums")


def ended(resolved: Cut, end: date) -> bool:
    """Whether the local days before `end` are over in every zone of the part."""
    return end <= clock(resolved)[0]


def _now(resolved: Cut, by: str | None, measures: tuple[str, ...]) -> list[Rows]:
    """The state now: days that are over from the cube, the rest to the second from the queue's index."""
    if not {"overdue", "risked"} & set(measures):
        cells = standing(resolved, by).subquery()
        return [_padded(cells, by, {"open": cells.c.appeals}, measures)]
    today, _ = clock(resolved)
    cells = due_facts(resolved, by).subquery()
    day_columns = {
        "open": cells.c.appeals,
        "overdue": case((cells.c.deadline_day < today, cells.c.appeals), else_=ZERO),
        "risked": case((cells.c.risk_day < today, cells.c.appeals), else_=ZERO),
    }
    threshold_columns = {name: column for name, column in PASSING.items() if name in measures}
    day_rows = _days_that_last(resolved)
    passed_rows = {
        name: _just_passed(resolved, day_rows, by, name, column) for name, column in threshold_columns.items()
    }
    return [
        _padded(cells, by, day_columns, measures),
        *(_padded(rows, by, {name: name}, measures) for name, rows in passed_rows.items()),
    ]


PASSING = {"overdue": appeal.c.deadline_at, "risked": appeal.c.risk_at}


def _days_that_last(resolved: Cut) -> TableValuedAlias:
    """When the day that is not over in all regions began in each of them."""
    _, midnights = clock(resolved)
    region_days = func.unnest(literal(resolved.regions, ARRAY(Integer)), literal(midnights, ARRAY(instant)))
    return region_days.table_valued("region_id", "since").render_derived("day")


def _just_passed(
    resolved: Cut, day_rows: TableValuedAlias, by: str | None, name: str, moment: ColumnElement[Any]
) -> Subquery:
    """Open appeals that passed a moment on such a day: one row each."""
    _, midnights = clock(resolved)
    territory_id = func.coalesce(appeal.c.municipality_id, appeal.c.region_id)
    # By region the queue's index tells all.
    by_ancestor = by == "territory_id" and resolved.children != resolved.regions
    column = "region_id" if by == "territory_id" else by
    key = territory_above.c.above_id if by_ancestor else appeal.c[column] if column else None
    columns = [] if key is None else [key.label(by)]
    rows = (
        select(*columns, literal_column("1", Integer).label(name))
        .join_from(day_rows, appeal, and_(appeal.c.region_id == day_rows.c.region_id, moment >= day_rows.c.since))
        # The earliest of all midnights tells the planner how few they are.
        .where(moment >= min(midnights, default=datetime.now(UTC)), moment < func.now())
        .where(appeal.c.closed_at.is_(None), *chosen(resolved, appeal))
    )
    if by_ancestor:
        rows = rows.join(territory_above, territory_above.c.territory_id == territory_id).where(
            among(territory_above.c.above_id, resolved.children)
        )
    return rows.subquery()


def _then(resolved: Cut, end: date, by: str | None, measures: tuple[str, ...]) -> list[Rows]:
    """The state at a day's end that has passed: the state now, less what came since, and with what left since."""
    overdue: ColumnElement[Any] = ZERO
    overdue_change: ColumnElement[Any] = ZERO
    if "overdue" in measures:
        cells = due_facts(resolved, by).subquery()
        later_sums = sums_of(resolved, end, ENDLESS, by, measures=("received", "closed", "late", "late_due")).subquery()
        overdue = case((cells.c.overdue_day < end, cells.c.appeals), else_=ZERO)
        overdue_change = later_sums.c.late - later_sums.c.late_due
    else:
        cells = standing(resolved, by).subquery()
        later_sums = sums_of(resolved, end, ENDLESS, by, measures=("received", "closed")).subquery()
    return [
        _padded(cells, by, {"open": cells.c.appeals, "overdue": overdue}, measures),
        _padded(
            later_sums, by, {"open": later_sums.c.closed - later_sums.c.received, "overdue": overdue_change}, measures
        ),
    ]


def _padded(rows: Subquery, by: str | None, column_values: dict[str, Any], measures: tuple[str, ...]) -> Rows:
    """Rows summed up for each `by`, with every one of the names: zero where they say nothing of it."""
    keys = [rows.c[by]] if by else []
    expressions = {name: rows.c[value] if isinstance(value, str) else value for name, value in column_values.items()}
    totals = {name: func.sum(value) for name, value in expressions.items()}
    # Spelt out: as values that are sent along, dozens of zeros would take longer than the question.
    return select(*keys, *(totals.get(name, ZERO).label(name) for name in measures)).group_by(*keys)
