"""The sums behind the metrics of data quality, from cubes: by step of the trend, by region, and in all."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Integer,
    Select,
    Table,
    cast,
    func,
    literal,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import array

from otklik.database.cubes.cube_tables import cube_doubt, cube_place, cube_topic
from otklik.database.cubes.measures import MARGIN_MEASURES, QUALITY_MEASURES, measure_condition
from otklik.database.tables import appeal, territory
from otklik.database.transactions import query_dataframe
from queries.core.resolved_filters import ResolvedFilters
from queries.counts.state_sums import DayRange, days_over
from queries.filters import Filters
from queries.quality.conditions import EXPLAINED_MEASURES
from queries.quality.last_day_excess import edge_margins

# What those metrics are shares of, and what tells whether first answers are known: held by the cubes of the other
# metrics.
DENOMINATOR_MEASURES = ("received", "closed", "first_unknown", "returned")
# What counts when its day is over, and what counts at once.
EDGE_MEASURES = ("at_last", "near_last")
DATED_MEASURES = tuple(name for name in QUALITY_MEASURES if name not in (*EXPLAINED_MEASURES, *MARGIN_MEASURES))
MEASURE_NAMES = (*DATED_MEASURES, *EXPLAINED_MEASURES, *EDGE_MEASURES, *DENOMINATOR_MEASURES, "other")
RowsQuery = Select[Any]


def sums_from_cubes(
    resolved: ResolvedFilters, filters: Filters, catch_all_ids: list[int], step_days: int
) -> pd.DataFrame:
    """One row per step of the trend (`step_days` long), one per region and one for all: `of`, key and `MEASURE_NAMES`.

    `of` is `step`, `region` or `all`; `key` the number of the step from the period's start, or the id of the region.
    `catch_all_ids` are the topics that count as `other`.
    """
    start, end = filters.start, filters.end
    over = days_over(resolved, start, end)
    rows = union_all(
        _cube_cells_query(cube_place, resolved, (start, end), _own_columns(cube_place, DENOMINATOR_MEASURES)),
        _cube_cells_query(cube_doubt, resolved, (start, end), _own_columns(cube_doubt, DATED_MEASURES)),
        _cube_cells_query(
            cube_doubt, resolved, over, _own_columns(cube_doubt, EXPLAINED_MEASURES) | _edge_columns(resolved, over)
        ),
        _cube_cells_query(cube_topic, resolved, (start, end), {"other": cube_topic.c.received}).where(
            cube_topic.c.topic_id.in_(catch_all_ids)
        ),
        _future_dated_query(resolved, start, end, appeal.c.closed_at),
        _future_dated_query(
            resolved, start, end, appeal.c.received_at, func.coalesce(appeal.c.closed_at, func.now()) <= func.now()
        ),
    ).subquery()
    step = (cast(rows.c.day - start, Integer) // step_days).label("step")
    keyed = select(rows.c.region, step, *(rows.c[name] for name in MEASURE_NAMES)).subquery()
    group_columns = (keyed.c.region, keyed.c.step)
    totals = [func.sum(keyed.c[name]).cast(BigInteger).label(name) for name in MEASURE_NAMES]
    grouping_sets = func.grouping_sets(*(tuple_(key) for key in group_columns), tuple_())
    group_level = func.grouping(*group_columns).cast(Integer).label("of")
    result = query_dataframe(
        select(func.coalesce(*group_columns, 0).label("key"), group_level, *totals).group_by(grouping_sets)
    )
    result["of"] = result["of"].map({1: "region", 2: "step", 3: "all"})
    return result.fillna(0).astype(dict.fromkeys(("key", *MEASURE_NAMES), "int64"))


def _cube_cells_query(
    cube: Table, resolved: ResolvedFilters, days: DayRange, columns: Mapping[str, ColumnElement[Any]]
) -> RowsQuery:
    """One row per cell of the regions shown: region, day, and `MEASURE_NAMES`, 0 for those not in `columns`."""
    counts = [columns.get(name, literal(0)).label(name) for name in MEASURE_NAMES]
    start, end = days
    return select(cube.c.territory_id.label("region"), cube.c.day, *counts).where(
        cube.c.territory_id.in_(resolved.regions), cube.c.day >= start, cube.c.day < end
    )


def _own_columns(cube: Table, measures: tuple[str, ...]) -> dict[str, ColumnElement[Any]]:
    return {name: cube.c[name] for name in measures}


def _edge_columns(resolved: ResolvedFilters, days: DayRange) -> dict[str, ColumnElement[Any]]:
    """`EDGE_MEASURES` of a cell: the column of as many days before the deadline as its region's calendar says."""
    margins = array([cube_doubt.c[name] for name in MARGIN_MEASURES])
    edge = edge_margins(resolved.regions, *days, cube_doubt.c.territory_id, cube_doubt.c.day)
    return {name: func.coalesce(margins[margin + 1], 0) for name, margin in zip(EDGE_MEASURES, edge, strict=True)}


def _future_dated_query(
    resolved: ResolvedFilters, start: date, end: date, moment: ColumnElement[Any], *conditions: ColumnElement[bool]
) -> RowsQuery:
    """One row per appeal received in the period with a date in the future, and no other contradiction in its dates.

    The cube counts all other contradictions. It can't hold this one, which ends by itself as time passes.
    """
    counts = [literal(int(name == "disordered")).label(name) for name in MEASURE_NAMES]
    local_day = func.timezone(territory.c.timezone, appeal.c.received_at).cast(Date)
    return (
        select(appeal.c.region_id.label("region"), local_day.label("day"), *counts)
        .join_from(appeal, territory, territory.c.id == appeal.c.region_id)
        .where(appeal.c.region_id.in_(resolved.regions), moment > func.now(), local_day >= start, local_day < end)
        .where(func.coalesce(measure_condition("disordered"), False).is_(False), *conditions)
    )
