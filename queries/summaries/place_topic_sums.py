"""Appeals received by territory and topic over a period, with what became of them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any, Literal

import pandas as pd
from sqlalchemy import ARRAY, Integer, Select, SelectBase, case, func, literal, literal_column, select, union_all

from otklik.database.cubes.cube_tables import cube_town
from otklik.database.cubes.measures import MEASURE_BY_NAME, ZERO, measure_condition
from otklik.database.tables import appeal, timestamptz
from otklik.database.transactions import query_dataframe
from queries.cache.statements import cached_statement
from queries.core.conditions import column_in
from queries.core.cube_routing import is_covered_by_region_cubes
from queries.core.date_ranges import MomentColumn
from queries.core.day_blocks import Block, day_blocks
from queries.core.facts import block_facts, summable_facts, unfolded_facts
from queries.core.local_days import day_starts
from queries.core.reference import dimension_members
from queries.core.resolved_filters import ResolvedFilters

GROUP_COLUMNS = ("territory_id", "topic_id")
# The length of the cells of cube_town, in days; those of 8 days of cube_topic fit into them.
SPAN_DAYS = 16
Level = Literal["region", "municipality"]


def with_level(resolved: ResolvedFilters, level: Level) -> ResolvedFilters:
    """The filters with all territories of a level as those a step below."""
    if level == "region":
        return replace(resolved, children=resolved.whole_regions, steps_to_municipalities=False)
    rows = dimension_members("territory", "en")
    is_municipality = rows["level"].eq("municipality")
    is_inside = rows["parent_id"].isin(resolved.whole_regions) | rows.index.isin(resolved.municipalities)
    municipality_ids = sorted(map(int, rows.index[is_municipality & is_inside]))
    return replace(resolved, children=tuple(municipality_ids), steps_to_municipalities=True)


def has_municipal_cube(resolved: ResolvedFilters) -> bool:
    """Whether cube_town can answer for municipalities."""
    return is_covered_by_region_cubes(replace(resolved, topics=None, municipalities=()))


def cell_sums(
    resolved: ResolvedFilters, start: date, end: date, level: Level, measures: tuple[str, ...]
) -> pd.DataFrame:
    """One row per territory of the level and topic (the index) with appeals received in [start, end): the measures."""
    municipal = level == "municipality" and has_municipal_cube(resolved)
    rows = query_dataframe(_cell_sums_query(resolved, start, end, measures, municipal=municipal))
    return rows.astype("int64").set_index(list(GROUP_COLUMNS))


@cached_statement
def _cell_sums_query(
    resolved: ResolvedFilters, start: date, end: date, measures: tuple[str, ...], *, municipal: bool
) -> Select[Any]:
    rows = _cells_query(resolved, start, end, measures, municipal=municipal).subquery()
    keys = [rows.c[key] for key in GROUP_COLUMNS]
    query = select(*keys, *(func.sum(rows.c[name]).label(name) for name in measures)).group_by(*keys)
    return query.having(func.sum(rows.c.received) > 0)


def _cells_query(
    resolved: ResolvedFilters, start: date, end: date, measures: tuple[str, ...], *, municipal: bool
) -> SelectBase:
    """Rows that add up to the period, some of them negative: territory_id, topic_id and the measures.

    Cells of municipalities span 16 days; the days left over at the ends are read from the appeals, by index.
    """
    all_blocks = day_blocks(start, end, (SPAN_DAYS,))
    long_blocks = [block for block in all_blocks if block.span == SPAN_DAYS]
    if not long_blocks or not municipal:
        return summable_facts(resolved, start, end, *GROUP_COLUMNS, measures=measures)
    return union_all(
        block_facts(cube_town, long_blocks, resolved, GROUP_COLUMNS, measures),
        unfolded_facts(resolved, long_blocks[0].first, long_blocks[0].last, GROUP_COLUMNS, measures),
        *_end_days_queries(resolved, [block for block in all_blocks if block.span == 1], measures),
    )


def _end_days_queries(
    resolved: ResolvedFilters, end_blocks: list[Block], measures: tuple[str, ...]
) -> Iterator[Select[Any]]:
    """One query per moment, with a row per appeal in the blocks of days left over at the ends."""
    region_days = [
        (region_id, block.sign, since, until)
        for block in end_blocks
        for region_id, since, until in zip(
            resolved.regions,
            day_starts(block.first, resolved.timezones),
            day_starts(block.last, resolved.timezones),
            strict=True,
        )
    ]
    if not region_days:
        return
    arrays: list[Any] = [
        literal(list(values), ARRAY(column_type))
        for values, column_type in zip(zip(*region_days, strict=True), REGION_DAY_TYPES, strict=True)
    ]
    day = func.unnest(*arrays).table_valued("region_id", "sign", "since", "until").render_derived("day")
    moments: tuple[MomentColumn, ...] = ("closed_at", "received_at")
    for moment in moments:
        counted = [name for name in measures if MEASURE_BY_NAME[name].moment == moment]
        if not counted:
            continue
        # OFFSET 0 has the rows found by the index of region and moment; combining it with that of topics is slower.
        counts = {name: case((measure_condition(name), day.c.sign), else_=ZERO) for name in counted}
        cells = (
            select(appeal.c.municipality_id.label("territory_id"), appeal.c.topic_id)
            .add_columns(*(counts.get(name, ZERO).label(name) for name in measures))
            .where(appeal.c.region_id == day.c.region_id)
            .where(appeal.c[moment] >= day.c.since, appeal.c[moment] < day.c.until)
            .correlate(day)
            .offset(literal_column("0"))
            .lateral("cells")
        )
        topic_conditions = [column_in(cells.c.topic_id, resolved.topics)] if resolved.topics is not None else []
        rows = select(*cells.c).select_from(day).join(cells, literal_column("true"))
        yield rows.where(column_in(cells.c.territory_id, resolved.children), *topic_conditions)


REGION_DAY_TYPES: tuple[Any, ...] = (Integer, Integer, timestamptz, timestamptz)
