"""Facts: what happened on which day and what is open, as cells of a cube or, where none can answer, rows of appeals."""

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

from otklik.database.cubes.cube_tables import fact, fact_fresh, spanned_cubes
from otklik.database.cubes.measures import MEASURES, RETURN_TIME, SETTLED_MEASURES
from queries.core.cube_routing import (
    CUBES,
    cube_source,
    narrowest_cube,
    select_from_cube,
    select_from_view,
)
from queries.core.day_blocks import Block, day_blocks
from queries.core.local_days import utc_bounds
from queries.core.resolved_filters import ResolvedFilters


def daily_facts(resolved: ResolvedFilters, start: date, end: date, *by: str | None) -> Select[tuple[object, ...]]:
    """One row per cell (or moment of an appeal) in the local days [start, end): the columns of `by`, day, measures."""
    keys = tuple(key for key in by if key)
    cube = narrowest_cube(CUBES, resolved, keys)
    if cube is not None:
        return select_from_cube(cube, resolved, keys, ("day", *MEASURES)).where(cube.c.day >= start, cube.c.day < end)
    return appeal_facts(resolved, start, end, ("day", *MEASURES), *keys)


def summable_facts(
    resolved: ResolvedFilters, start: date, end: date, *by: str | None, measures: tuple[str, ...] = MEASURES
) -> SelectBase:
    """Rows that add up to the local days [start, end), some of them negative: the columns of `by`, then the measures.

    They have no day, since a cell may span 64 of them. Name only the measures needed: each is computed for every cell.
    """
    keys = tuple(key for key in by if key)
    cube = narrowest_cube(CUBES, resolved, keys)
    if cube is None:
        return appeal_facts(resolved, start, end, measures, *keys)
    if cube.name not in spanned_cubes:
        return select_from_cube(cube, resolved, keys, measures).where(cube.c.day >= start, cube.c.day < end)
    span_cube = spanned_cubes[cube.name]
    return union_all(
        block_facts(span_cube, day_blocks(start, end, today=_last_day(measures)), resolved, keys, measures),
        unfolded_facts(resolved, start, end, keys, measures),
    )


def _last_day(measures: tuple[str, ...]) -> date | None:
    """The day after which no cell has any of the measures; None for today."""
    return date.max if {"on_time_due", *SETTLED_MEASURES} & set(measures) else None


def block_facts(
    span_cube: Table, block_list: list[Block], resolved: ResolvedFilters, by: tuple[str, ...], measures: tuple[str, ...]
) -> Select[Any]:
    """One row per cell of the blocks: the columns of `by`, then the measures, negative in a subtracted block."""
    if len(block_list) == 1:
        return _single_block_facts(span_cube, block_list[0], resolved, by, measures)
    columns = [[block_row[field_index] for block_row in block_list] for field_index in range(len(BLOCK_COLUMN_TYPES))]
    arrays = [literal(values, column_type) for values, column_type in zip(columns, BLOCK_COLUMN_TYPES, strict=True)]
    block = func.unnest(*arrays).table_valued(*Block._fields).render_derived("block")
    keys, source, conditions = cube_source(span_cube, resolved, by)
    # OFFSET 0 keeps the planner from reading all days of a territory at once and filtering them by block.
    cells = (
        select(*keys, *((span_cube.c[name] * block.c.sign).label(name) for name in measures))
        .select_from(source)
        .where(
            span_cube.c.span == block.c.span,
            span_cube.c.day >= block.c.first,
            span_cube.c.day < block.c.last,
            *conditions,
        )
        .correlate(block)
        .offset(literal_column("0"))
        .lateral("cells")
    )
    return select(*cells.c).select_from(block).join(cells, literal_column("true"))


def _single_block_facts(
    span_cube: Table, block: Block, resolved: ResolvedFilters, by: tuple[str, ...], measures: tuple[str, ...]
) -> Select[Any]:
    """`block_facts` for a single block, with its days as plain values: the planner sees how many there are."""
    keys, source, conditions = cube_source(span_cube, resolved, by)
    measure_columns = (span_cube.c[name] if block.sign == 1 else (-span_cube.c[name]).label(name) for name in measures)
    day_conditions = (span_cube.c.span == block.span, span_cube.c.day >= block.first, span_cube.c.day < block.last)
    return select(*keys, *measure_columns).select_from(source).where(*day_conditions, *conditions)


BLOCK_COLUMN_TYPES: tuple[ARRAY[Any], ...] = (ARRAY(Integer), ARRAY(Integer), ARRAY(Date), ARRAY(Date))


def unfolded_facts(
    resolved: ResolvedFilters, start: date, end: date, by: tuple[str, ...], measures: tuple[str, ...]
) -> Select[Any]:
    """One row per fresh fact (not folded into cells yet) in the local days [start, end)."""
    return select_from_view(fact_fresh, resolved, by, measures).where(fact_fresh.c.day >= start, fact_fresh.c.day < end)


def appeal_facts(
    resolved: ResolvedFilters, start: date, end: date, columns: tuple[str, ...], *by: str
) -> Select[tuple[object, ...]]:
    """One row per moment of an appeal in the local days [start, end) that counts for one of the measures."""
    first, last = utc_bounds(start, end, resolved.timezones)
    if set(SETTLED_MEASURES) & set(columns):
        # These rows have the answer as their moment, a week before their day.
        first -= RETURN_TIME
    # Lets the planner skip kinds of moments that count for none of the measures.
    is_counted = or_(*(fact.c[name] != 0 for name in columns if name in MEASURES))
    return select_from_view(fact, resolved, by, columns).where(
        fact.c.at >= first,
        fact.c.reached_at >= first,
        fact.c.at < last,
        fact.c.day >= start,
        fact.c.day < end,
        is_counted,
    )
