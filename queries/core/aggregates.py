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
    part: Cut, start: date, end: date, by: str | None = None, names: tuple[str, ...] = (*MEASURES, *STATE)
) -> Rows:
    """The question for the sums."""
    return select(sums(part, start, end, by, names))


def sums(
    part: Cut, start: date, end: date, by: str | None = None, names: tuple[str, ...] = (*MEASURES, *STATE)
) -> Subquery:
    """The measures of the local days [start, end) and the state at their end, one row for each `by`.

    The state of a period that has not ended is the state now, to the second. `risked` is known of now alone. Only the
    `names` are counted.
    """
    measures, state = (tuple(name for name in names if name in of) for of in (MEASURES, STATE))
    parts: list[Rows] = []
    if measures and (start < end or not state):
        cells = sums_of(part, start, end, by, measures=measures).subquery()
        parts += [_padded(cells, by, {name: name for name in measures}, names)]
    if state:
        parts += _then(part, end, by, names) if ended(part, end) else _now(part, by, names)
    rows = union_all(*parts).subquery()
    keys = [rows.c[by]] if by else []
    # Each part has one row a key already; sums of sums are numbers of any length, slow to add up and to fetch.
    totals = [rows.c[name] if len(parts) == 1 else func.sum(rows.c[name]) for name in names]
    columns = [
        cast(func.coalesce(total, ZERO), BigInteger).label(name) for name, total in zip(names, totals, strict=True)
    ]
    found = select(*keys, *columns)
    return (found if len(parts) == 1 else found.group_by(*keys)).subquery("sums")


def ended(part: Cut, end: date) -> bool:
    """Whether the local days before `end` are over in every zone of the part."""
    return end <= clock(part)[0]


def _now(part: Cut, by: str | None, names: tuple[str, ...]) -> list[Rows]:
    """The state now: days that are over from the cube, the rest to the second from the queue's index."""
    if not {"overdue", "risked"} & set(names):
        cells = standing(part, by).subquery()
        return [_padded(cells, by, {"open": cells.c.appeals}, names)]
    today, _ = clock(part)
    cells = due_facts(part, by).subquery()
    over = {
        "open": cells.c.appeals,
        "overdue": case((cells.c.deadline_day < today, cells.c.appeals), else_=ZERO),
        "risked": case((cells.c.risk_day < today, cells.c.appeals), else_=ZERO),
    }
    passing = {name: column for name, column in PASSING.items() if name in names}
    day = _days_that_last(part)
    passed = {name: _just_passed(part, day, by, name, column) for name, column in passing.items()}
    return [
        _padded(cells, by, over, names),
        *(_padded(rows, by, {name: name}, names) for name, rows in passed.items()),
    ]


PASSING = {"overdue": appeal.c.deadline_at, "risked": appeal.c.risk_at}


def _days_that_last(part: Cut) -> TableValuedAlias:
    """When the day that is not over in all regions began in each of them."""
    _, midnights = clock(part)
    began = func.unnest(literal(part.regions, ARRAY(Integer)), literal(midnights, ARRAY(instant)))
    return began.table_valued("region_id", "since").render_derived("day")


def _just_passed(part: Cut, day: TableValuedAlias, by: str | None, name: str, passed: ColumnElement[Any]) -> Subquery:
    """Open appeals that passed a moment on such a day: one row each."""
    _, midnights = clock(part)
    place = func.coalesce(appeal.c.municipality_id, appeal.c.region_id)
    # By region the queue's index tells all.
    above = by == "territory_id" and part.children != part.regions
    column = "region_id" if by == "territory_id" else by
    key = territory_above.c.above_id if above else appeal.c[column] if column else None
    columns = [] if key is None else [key.label(by)]
    rows = (
        select(*columns, literal_column("1", Integer).label(name))
        .join_from(day, appeal, and_(appeal.c.region_id == day.c.region_id, passed >= day.c.since))
        # The earliest of all midnights tells the planner how few they are.
        .where(passed >= min(midnights, default=datetime.now(UTC)), passed < func.now())
        .where(appeal.c.closed_at.is_(None), *chosen(part, appeal))
    )
    if above:
        rows = rows.join(territory_above, territory_above.c.territory_id == place).where(
            among(territory_above.c.above_id, part.children)
        )
    return rows.subquery()


def _then(part: Cut, end: date, by: str | None, names: tuple[str, ...]) -> list[Rows]:
    """The state at a day's end that has passed: the state now, less what came since, and with what left since."""
    overdue: ColumnElement[Any] = ZERO
    passed: ColumnElement[Any] = ZERO
    if "overdue" in names:
        cells = due_facts(part, by).subquery()
        since = sums_of(part, end, ENDLESS, by, measures=("received", "closed", "late", "late_due")).subquery()
        overdue = case((cells.c.overdue_day < end, cells.c.appeals), else_=ZERO)
        passed = since.c.late - since.c.late_due
    else:
        cells = standing(part, by).subquery()
        since = sums_of(part, end, ENDLESS, by, measures=("received", "closed")).subquery()
    return [
        _padded(cells, by, {"open": cells.c.appeals, "overdue": overdue}, names),
        _padded(since, by, {"open": since.c.closed - since.c.received, "overdue": passed}, names),
    ]


def _padded(rows: Subquery, by: str | None, given: dict[str, Any], names: tuple[str, ...]) -> Rows:
    """Rows summed up for each `by`, with every one of the names: zero where they say nothing of it."""
    keys = [rows.c[by]] if by else []
    named = {name: rows.c[value] if isinstance(value, str) else value for name, value in given.items()}
    totals = {name: func.sum(value) for name, value in named.items()}
    # Spelt out: as values that are sent along, dozens of zeros would take longer than the question.
    return select(*keys, *(totals.get(name, ZERO).label(name) for name in names)).group_by(*keys)
