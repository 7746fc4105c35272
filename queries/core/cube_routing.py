"""Decides which cube can answer: the narrowest one with all dimensions needed, else the appeals themselves."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, Table, select

from otklik.database.cubes.cube_tables import (
    age_holder,
    age_intake,
    age_place,
    age_topic,
    cube_holder,
    cube_intake,
    cube_place,
    cube_topic,
    open_due,
    open_held,
    open_holder,
    open_intake,
    open_place,
    open_stage,
    open_topic,
    spanned_cubes,
)
from otklik.database.tables import territory_above
from queries.cache.statements import bypass_cubes
from queries.core.conditions import column_in, filter_conditions
from queries.core.resolved_filters import ResolvedFilters

# Each cube with the dimensions that it can be filtered or grouped by besides territory and day; narrowest first.
CUBES: list[tuple[Table, set[str]]] = [
    (cube_place, set()),
    (cube_intake, {"channel_id", "regime_id"}),
    (cube_topic, {"topic_id"}),
    (cube_holder, {"holder_id"}),
]
OPEN_CUBES: list[tuple[Table, set[str]]] = [
    (open_place, {"status_id"}),
    (open_intake, {"channel_id", "regime_id"}),
    (open_topic, {"topic_id"}),
    (open_holder, {"holder_id"}),
]
# Open appeals by the days that decide whether they are overdue or at risk.
DUE_CUBES: list[tuple[Table, set[str]]] = [(open_due, set())]
# Open appeals without any day.
OPEN_COUNT_CUBES: list[tuple[Table, set[str]]] = [
    (open_held, {"holder_id"}),
    (open_stage, {"topic_id", "status_id"}),
]
# Closed appeals by day of receipt and age.
AGE_CUBES: list[tuple[Table, set[str]]] = [
    (age_place, set()),
    (age_intake, {"channel_id", "regime_id"}),
    (age_topic, {"topic_id"}),
    (age_holder, {"holder_id"}),
]
# These have cells of regions but not of the territories above, whose numbers are the sums of their regions.
REGION_ONLY_CUBES = (cube_holder, spanned_cubes["cube_holder"], age_holder)
MUNICIPALITY_CUBES = (cube_place, open_place, open_due, age_place)


def is_covered_by_region_cubes(resolved: ResolvedFilters) -> bool:
    """Whether a cube without any dimension, by territory down to regions, can answer for the filters."""
    return not (resolved.selected_ids() or resolved.municipalities or bypass_cubes.get())


def narrowest_cube(cubes: list[tuple[Table, set[str]]], resolved: ResolvedFilters, by: tuple[str, ...]) -> Table | None:
    """The first of the cubes that has every dimension that the filters and `by` need; None where none has."""
    if bypass_cubes.get():
        return None
    needed_columns = set(resolved.selected_ids()) | set(by) - {"territory_id"}
    needs_municipalities = resolved.municipalities or ("territory_id" in by and resolved.steps_to_municipalities)
    for cube, columns in cubes:
        if needed_columns <= columns and (not needs_municipalities or cube in MUNICIPALITY_CUBES):
            return cube
    return None


def select_from_cube(
    cube: Table, resolved: ResolvedFilters, by: tuple[str, ...], columns: tuple[str, ...]
) -> Select[tuple[object, ...]]:
    """One row per cell within the filters: the columns of `by`, then `columns`."""
    keys, source, conditions = cube_source(cube, resolved, by)
    return select(*keys, *(cube.c[column] for column in columns)).select_from(source).where(*conditions)


def cube_source(
    cube: Table, resolved: ResolvedFilters, by: tuple[str, ...]
) -> tuple[list[ColumnElement[Any]], FromClause, list[ColumnElement[bool]]]:
    """The columns of `by`, the relation to select them from, and the conditions that keep cells within the filters."""
    conditions = [column_in(cube.c[column], member_ids) for column, member_ids in resolved.selected_ids().items()]
    above = territory_above
    is_region_only = cube in REGION_ONLY_CUBES
    if is_region_only and "territory_id" in by:
        keys: list[ColumnElement[Any]] = [
            above.c.above_id.label(key) if key == "territory_id" else cube.c[key] for key in by
        ]
        source: FromClause = cube.join(above, above.c.territory_id == cube.c.territory_id)
        return keys, source, [column_in(above.c.above_id, resolved.children), *conditions]
    territory_ids = (
        resolved.regions if is_region_only else resolved.children if "territory_id" in by else resolved.territories
    )
    return [cube.c[key] for key in by], cube, [column_in(cube.c.territory_id, territory_ids), *conditions]


def select_from_view(
    view: Table, resolved: ResolvedFilters, by: tuple[str, ...], columns: tuple[str, ...]
) -> Select[tuple[object, ...]]:
    """One row per row of a view of appeals within the filters: the columns of `by`, then `columns`."""
    if "territory_id" not in by:
        return select(*(view.c[column] for column in (*by, *columns))).where(*filter_conditions(resolved, view))
    above = territory_above
    keys = [above.c.above_id.label(key) if key == "territory_id" else view.c[key] for key in by]
    return (
        select(*keys, *(view.c[column] for column in columns))
        .join_from(view, above, above.c.territory_id == view.c.place_id)
        .where(column_in(above.c.above_id, resolved.children), *filter_conditions(resolved, view))
    )
