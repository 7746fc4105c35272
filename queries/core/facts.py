"""What happened on which days, and what is open: cells of cubes, or rows of appeals where no cube holds the filters."""

from datetime import date
from typing import Any

from sqlalchemy import (
    ARRAY,
    Date,
    Integer,
    Select,
    SelectBase,
    Table,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)

from otklik.database import tables
from otklik.database.tables import MEASURES, fact, fact_fresh, open_fact
from queries.core.conditions import around
from queries.core.cube_routing import (
    CUBES,
    DUE_CUBES,
    OPEN_CUBES,
    STANDING,
    from_cube,
    from_rows,
    held_by,
    narrowest,
    placed,
)
from queries.core.day_blocks import Block, blocks
from queries.core.resolved_filters import Cut

OPEN_DAYS = ("received_day", "risk_day", "deadline_day")
DUE_DAYS = ("risk_day", "deadline_day", "overdue_day")


def facts(part: Cut, start: date, end: date, *by: str | None) -> Select[tuple[object, ...]]:
    """One row a cell (or an appeal's moment) of the local days [start, end): day, those of `by`, and the measures."""
    keys = tuple(key for key in by if key)
    cube = narrowest(CUBES, part, keys)
    if cube is not None:
        return from_cube(cube, part, keys, ("day", *MEASURES)).where(cube.c.day >= start, cube.c.day < end)
    return facts_of_appeals(part, start, end, ("day", *MEASURES), *keys)


def sums_of(part: Cut, start: date, end: date, *by: str | None, measures: tuple[str, ...] = MEASURES) -> SelectBase:
    """One row a cell of whichever length, or less a cell: those of `by`, and the measures; no day.

    They sum up to the local days [start, end). What isn't asked for would be worked out for each cell all the same.
    """
    keys = tuple(key for key in by if key)
    cube = narrowest(CUBES, part, keys)
    if cube is None:
        return facts_of_appeals(part, start, end, measures, *keys)
    if cube.name not in tables.spans:
        return from_cube(cube, part, keys, measures).where(cube.c.day >= start, cube.c.day < end)
    folded = tables.spans[cube.name]
    return union_all(
        of_blocks(folded, blocks(start, end), part, keys, measures),
        fresh(part, start, end, keys, measures),
    )


def of_blocks(
    folded: Table, found: list[Block], part: Cut, by: tuple[str, ...], measures: tuple[str, ...]
) -> Select[Any]:
    """The cells of blocks of days: their measures added or taken away."""
    if len(found) == 1:
        return _of_block(folded, found[0], part, by, measures)
    columns = [[one[at] for one in found] for at in range(len(KINDS))]
    lists = [literal(values, kind) for values, kind in zip(columns, KINDS, strict=True)]
    block = func.unnest(*lists).table_valued(*Block._fields).render_derived("block")
    keys, source, conditions = placed(folded, part, by)
    # The offset keeps the planner from reading all of a place's days once and sorting out afterwards.
    cells = (
        select(*keys, *((folded.c[name] * block.c.sign).label(name) for name in measures))
        .select_from(source)
        .where(folded.c.span == block.c.span, folded.c.day >= block.c.first, folded.c.day < block.c.last, *conditions)
        .correlate(block)
        .offset(literal_column("0"))
        .lateral("cells")
    )
    return select(*cells.c).select_from(block).join(cells, literal_column("true"))


def _of_block(folded: Table, block: Block, part: Cut, by: tuple[str, ...], measures: tuple[str, ...]) -> Select[Any]:
    """The same of one block: the planner sees how many days there are."""
    keys, source, conditions = placed(folded, part, by)
    counts = (folded.c[name] if block.sign == 1 else (-folded.c[name]).label(name) for name in measures)
    days = (folded.c.span == block.span, folded.c.day >= block.first, folded.c.day < block.last)
    return select(*keys, *counts).select_from(source).where(*days, *conditions)


KINDS: tuple[ARRAY[Any], ...] = (ARRAY(Integer), ARRAY(Integer), ARRAY(Date), ARRAY(Date))


def fresh(part: Cut, start: date, end: date, by: tuple[str, ...], measures: tuple[str, ...]) -> Select[Any]:
    """What is not folded into cells yet."""
    return from_rows(fact_fresh, part, by, measures).where(fact_fresh.c.day >= start, fact_fresh.c.day < end)


def facts_of_appeals(
    part: Cut, start: date, end: date, columns: tuple[str, ...], *by: str
) -> Select[tuple[object, ...]]:
    """The same from the appeals themselves: one row a moment of an appeal, for what no cube holds."""
    first, last = around(start, end, part.zones)
    # Moments that count for none of the measures are not even looked for.
    counting = or_(*(fact.c[name] != 0 for name in columns if name in MEASURES))
    return from_rows(fact, part, by, columns).where(
        fact.c.at >= first,
        fact.c.reached_at >= first,
        fact.c.at < last,
        fact.c.day >= start,
        fact.c.day < end,
        counting,
    )


def open_facts(part: Cut, *by: str | None) -> Select[tuple[object, ...]]:
    """One row a cell of open appeals: its days of receipt, risk and deadline, those of `by`, and how many appeals."""
    keys = tuple(key for key in by if key)
    cube = narrowest(OPEN_CUBES, part, keys)
    columns = (*OPEN_DAYS, "appeals")
    return from_rows(open_fact, part, keys, columns) if cube is None else from_cube(cube, part, keys, columns)


def due_facts(part: Cut, *by: str | None) -> Select[tuple[object, ...]]:
    """One row a cell of open appeals: its days of risk, deadline and first being overdue, `by`, and how many."""
    keys = tuple(key for key in by if key)
    cube = narrowest(DUE_CUBES, part, keys)
    if cube is not None:
        return from_cube(cube, part, keys, (*DUE_DAYS, "appeals"))
    cells = open_facts(part, *keys).subquery()
    # One that was due before it was received is overdue from its receipt on.
    overdue_day = func.greatest(cells.c.deadline_day, cells.c.received_day).label("overdue_day")
    return select(*(cells.c[name] for name in (*keys, "risk_day", "deadline_day", "appeals")), overdue_day)


def standing(part: Cut, *by: str | None) -> Select[tuple[object, ...]]:
    """One row a cell of open appeals: those of `by`, and how many."""
    keys = tuple(key for key in by if key)
    cube = narrowest(STANDING, part, keys)
    return open_facts(part, *keys) if cube is None else from_cube(cube, part, keys, ("appeals",))


def counts(cube: Table, part: Cut, start: date, end: date, key: str, measure: str) -> Select[tuple[object, ...]]:
    """One row a cell of a cube that holds one count alone (answer times, hours): day, `key`, appeals."""
    if not held_by(part):
        rows = facts_of_appeals(part, start, end, ("day", key, measure)).subquery()
        return select(rows.c.day, rows.c[key], rows.c[measure].label("appeals")).where(rows.c[key].is_not(None))
    return from_cube(cube, part, (), ("day", key, "appeals")).where(cube.c.day >= start, cube.c.day < end)
