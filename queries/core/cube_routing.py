"""Where an answer comes from: the narrowest cube that holds its filters, else the appeals themselves by index."""

from contextvars import ContextVar
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, Table, select

from otklik.database import tables
from otklik.database.tables import territory_above
from queries.core.conditions import among, within
from queries.core.resolved_filters import Cut

# Each cube with the columns that it can be narrowed or grouped by besides territory and day; narrowest first.
CUBES: list[tuple[Table, set[str]]] = [
    (tables.cube_place, set()),
    (tables.cube_intake, {"channel_id", "regime_id"}),
    (tables.cube_topic, {"topic_id"}),
    (tables.cube_holder, {"holder_id"}),
]
OPEN_CUBES: list[tuple[Table, set[str]]] = [
    (tables.open_place, {"status_id"}),
    (tables.open_intake, {"channel_id", "regime_id"}),
    (tables.open_topic, {"topic_id"}),
    (tables.open_holder, {"holder_id"}),
]
# What is due and at risk by which day, and nothing else.
DUE_CUBES: list[tuple[Table, set[str]]] = [(tables.open_due, set())]
# What only is how many are open, without days.
STANDING: list[tuple[Table, set[str]]] = [
    (tables.open_held, {"holder_id"}),
    (tables.open_stage, {"topic_id", "status_id"}),
]
# These have cells of regions and of nothing above: what is shown of them are its regions'.
REGIONAL = (tables.cube_holder, tables.spans["cube_holder"])
MUNICIPAL = (tables.cube_place, tables.open_place, tables.open_due)
# Set where cubes are compared with the appeals: every answer then comes from the appeals.
from_appeals: ContextVar[bool] = ContextVar("from_appeals", default=False)


def held_by(part: Cut) -> bool:
    """Whether a cube that is by territory down to regions, and by nothing that is filtered by, holds the part."""
    return not (part.members() or part.municipalities or from_appeals.get())


def narrowest(cubes: list[tuple[Table, set[str]]], part: Cut, by: tuple[str, ...]) -> Table | None:
    """The first cube that holds every column asked for; only places have cells of municipalities."""
    if from_appeals.get():
        return None
    asked = set(part.members()) | set(by) - {"territory_id"}
    municipal = part.municipalities or ("territory_id" in by and part.steps_to_municipalities)
    for cube, columns in cubes:
        if asked <= columns and (not municipal or cube in MUNICIPAL):
            return cube
    return None


def from_cube(cube: Table, part: Cut, by: tuple[str, ...], columns: tuple[str, ...]) -> Select[tuple[object, ...]]:
    """One row a cell of the part: those of `by`, and the columns."""
    keys, source, conditions = placed(cube, part, by)
    return select(*keys, *(cube.c[column] for column in columns)).select_from(source).where(*conditions)


def placed(
    cube: Table, part: Cut, by: tuple[str, ...]
) -> tuple[list[ColumnElement[Any]], FromClause, list[ColumnElement[bool]]]:
    """The keys asked for, what they are read from, and the conditions that keep the part alone."""
    chosen = [among(cube.c[column], listed) for column, listed in part.members().items()]
    above = territory_above
    regional = cube in REGIONAL
    if regional and "territory_id" in by:
        keys: list[ColumnElement[Any]] = [
            above.c.above_id.label(key) if key == "territory_id" else cube.c[key] for key in by
        ]
        source: FromClause = cube.join(above, above.c.territory_id == cube.c.territory_id)
        return keys, source, [among(above.c.above_id, part.children), *chosen]
    places = part.regions if regional else part.children if "territory_id" in by else part.territories
    return [cube.c[key] for key in by], cube, [among(cube.c.territory_id, places), *chosen]


def from_rows(view: Table, part: Cut, by: tuple[str, ...], columns: tuple[str, ...]) -> Select[tuple[object, ...]]:
    """The same from a view of appeals: one row for each of its rows."""
    if "territory_id" not in by:
        return select(*(view.c[column] for column in (*by, *columns))).where(*within(part, view))
    above = territory_above
    keys = [above.c.above_id.label(key) if key == "territory_id" else view.c[key] for key in by]
    return (
        select(*keys, *(view.c[column] for column in columns))
        .join_from(view, above, above.c.territory_id == view.c.place_id)
        .where(among(above.c.above_id, part.children), *within(part, view))
    )
