"""Recurring problems: the territories and topics that most appeals come from."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import ARRAY, Integer, Select, SelectBase, case, func, literal, literal_column, select, union_all

from otklik.database.cubes.cube_tables import cube_town
from otklik.database.cubes.measures import MEASURE_BY_NAME, ZERO, measure_condition
from otklik.database.tables import appeal, timestamptz
from otklik.database.transactions import query_columns
from queries.cache.live import live
from queries.cache.statements import cached_statement
from queries.core.conditions import column_in
from queries.core.cube_routing import is_covered_by_region_cubes
from queries.core.date_ranges import MomentColumn
from queries.core.day_blocks import Block, day_blocks
from queries.core.facts import block_facts, summable_facts, unfolded_facts
from queries.core.lacking_fields import lacking_of_territories
from queries.core.local_days import day_starts
from queries.core.reference import dimension_members
from queries.core.resolved_filters import ResolvedFilters, resolve
from queries.filters import Filters
from queries.metrics.catalogue import PERIOD_METRICS
from queries.metrics.unknown import mask_unknown_rows
from queries.summaries.breakdown import metric_arrays
from queries.summaries.league_table import reliable_values

MAX_ROWS = 15
CELL_MEASURES = ("received", "received_resolved", "closed", "reopened")
GROUP_COLUMNS = ("territory_id", "topic_id")
# The length of the cells of cube_town, in days.
MUNICIPAL_BLOCK_DAYS = 16


@live
def recurring_problems(filters: Filters, limit: int = MAX_ROWS) -> pd.DataFrame:
    """One row per territory (a step below the chosen one) and topic, for those with most appeals received.

    Columns: territory, topic, above (the topic above it, or ""), received, before (received in the comparison period;
    NaN without one), resolution_rate, reopened_rate (NaN over fewer than 30 cases).
    """
    resolved, comparison = resolve(filters), filters.comparison_filters()
    municipal = _has_municipal_cubes(resolved)
    raw_sums = query_columns(
        _cell_sums_query(resolved, filters.start, filters.end, CELL_MEASURES, limit, municipal=municipal)
    )
    territory_ids, topic_ids = (raw_sums.pop(key) for key in GROUP_COLUMNS)
    received_before: dict[tuple[int, int], int] = {}
    if comparison and territory_ids:
        same_cells = replace(resolved, children=tuple(sorted(set(territory_ids))), topics=tuple(sorted(set(topic_ids))))
        *cell_keys, received = query_columns(
            _cell_sums_query(same_cells, comparison.start, comparison.end, CELL_MEASURES[:1], municipal=municipal)
        ).values()
        received_before = dict(zip(zip(*cell_keys, strict=True), received, strict=True))
    previous = [
        received_before.get(cell, 0) if comparison else np.nan for cell in zip(territory_ids, topic_ids, strict=True)
    ]
    territory_names, topics = (
        dimension_members("territory", filters.language)["name"],
        dimension_members("topic", filters.language),
    )
    parent_names = topics["name"].reindex(topics["parent_id"].reindex(list(topic_ids)))
    sums = {name: np.array(values, dtype=np.int64) for name, values in raw_sums.items()}
    lacking = lacking_of_territories(territory_ids)
    rates = metric_arrays((PERIOD_METRICS[name] for name in ("resolution_rate", "reopened_rate")), sums)
    return pd.DataFrame(
        {
            "territory": territory_names.reindex(list(territory_ids)).array,
            "topic": topics["name"].reindex(list(topic_ids)).array,
            "above": parent_names.fillna("").array,
            "received": sums["received"],
            "before": previous,
            **{
                name: mask_unknown_rows(PERIOD_METRICS[name], reliable_values(name, values, sums), lacking, sums)
                for name, values in rates.items()
            },
        }
    )


def _has_municipal_cubes(resolved: ResolvedFilters) -> bool:
    """Whether all territories a step below are municipalities, and cube_town can answer for the filters."""
    levels = dimension_members("territory", "en")["level"]
    are_municipalities = bool(resolved.children) and all(
        levels[territory_id] == "municipality" for territory_id in resolved.children
    )
    return are_municipalities and is_covered_by_region_cubes(replace(resolved, topics=None))


@cached_statement
def _cell_sums_query(
    resolved: ResolvedFilters,
    start: date,
    end: date,
    measures: tuple[str, ...],
    limit: int | None = None,
    *,
    municipal: bool,
) -> Select[Any]:
    """One row per territory and topic with appeals received: both ids and the measures; most received first."""
    rows = _cells_query(resolved, start, end, measures, municipal=municipal).subquery()
    keys = [rows.c[key] for key in GROUP_COLUMNS]
    received = func.sum(rows.c.received)
    query = select(*keys, *(func.sum(rows.c[name]).label(name) for name in measures)).group_by(*keys)
    return query.having(received > 0).order_by(received.desc(), *keys).limit(limit)


def _cells_query(
    resolved: ResolvedFilters, start: date, end: date, measures: tuple[str, ...], *, municipal: bool
) -> SelectBase:
    """Rows that add up to the period, some of them negative: territory_id, topic_id and the measures.

    Cells of municipalities span 16 days; the days left over at the ends are read from the appeals, by index.
    """
    all_blocks = day_blocks(start, end, (MUNICIPAL_BLOCK_DAYS,))
    long_blocks = [block for block in all_blocks if block.span == MUNICIPAL_BLOCK_DAYS]
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
