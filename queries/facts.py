"""Where an answer comes from: the narrowest cube that holds its filters, else the appeals themselves by index."""

from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, Table, or_, select

from database import tables
from database.tables import MEASURES, fact, open_fact, territory_above
from queries.cut import Cut

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
# Set where cubes are compared with the appeals: every answer then comes from the appeals.
from_appeals: ContextVar[bool] = ContextVar("from_appeals", default=False)
OPEN_DAYS = ("received_day", "risk_day", "deadline_day")
SPARE = timedelta(days=1)


def facts(part: Cut, start: date, end: date, *by: str | None) -> Select[tuple[object, ...]]:
    """One row a cell (or an appeal's moment) of the local days [start, end): day, those of `by`, and the measures."""
    keys = tuple(key for key in by if key)
    cube = _cube(CUBES, part, keys)
    if cube is not None:
        return _from_cube(cube, part, keys, ("day", *MEASURES)).where(cube.c.day >= start, cube.c.day < end)
    return facts_of_appeals(part, start, end, ("day", *MEASURES), *keys)


def facts_of_appeals(
    part: Cut, start: date, end: date, columns: tuple[str, ...], *by: str
) -> Select[tuple[object, ...]]:
    """The same from the appeals themselves: one row a moment of an appeal, for what no cube holds."""
    first, last = around(start, end)
    return _from_appeals(fact, part, by, columns).where(
        fact.c.at >= first, fact.c.reached_at >= first, fact.c.at < last, fact.c.day >= start, fact.c.day < end
    )


def around(start: date, end: date) -> tuple[datetime, datetime]:
    """Instants between which the local days [start, end) of every zone lie.

    A local day lies within a day of the same date in UTC: an index finds those, the day decides. Row security keeps
    comparisons that might tell of a hidden row from the indexes: of an instant with a date does, with another not.
    """
    first, last = (datetime.combine(day, time.min, UTC) for day in (start - SPARE, end + SPARE))
    return first, last


def open_facts(part: Cut, *by: str | None) -> Select[tuple[object, ...]]:
    """One row a cell of open appeals: its days of receipt, risk and deadline, those of `by`, and how many appeals."""
    keys = tuple(key for key in by if key)
    cube = _cube(OPEN_CUBES, part, keys)
    columns = (*OPEN_DAYS, "appeals")
    return _from_appeals(open_fact, part, keys, columns) if cube is None else _from_cube(cube, part, keys, columns)


def counts(cube: Table, part: Cut, start: date, end: date, key: str, measure: str) -> Select[tuple[object, ...]]:
    """One row a cell of a cube that holds one count alone (answer times, hours): day, `key`, appeals."""
    if part.members() or part.municipalities or from_appeals.get():
        rows = facts_of_appeals(part, start, end, ("day", key, measure)).subquery()
        return select(rows.c.day, rows.c[key], rows.c[measure].label("appeals")).where(rows.c[key].is_not(None))
    return _from_cube(cube, part, (), ("day", key, "appeals")).where(cube.c.day >= start, cube.c.day < end)


def within(part: Cut, table: Table) -> list[ColumnElement[bool]]:
    """The conditions that keep appeals (or facts of theirs) of the part alone."""
    return [table.c.region_id.in_(part.regions), *chosen(part, table)]


def chosen(part: Cut, table: Table) -> list[ColumnElement[bool]]:
    """The same for appeals that are known to be of the part's regions."""
    conditions: list[ColumnElement[bool]] = [table.c[column].in_(listed) for column, listed in part.members().items()]
    if part.municipalities:
        place = table.c.place_id if "place_id" in table.c else table.c.municipality_id
        within_them = place.in_(part.municipalities)
        conditions.append(or_(within_them, table.c.region_id.in_(part.whole)) if part.whole else within_them)
    return conditions


def _cube(cubes: list[tuple[Table, set[str]]], part: Cut, by: tuple[str, ...]) -> Table | None:
    """The first cube that holds every column asked for; only places have cells of municipalities."""
    if from_appeals.get():
        return None
    asked = set(part.members()) | set(by) - {"territory_id"}
    municipal = part.municipalities or ("territory_id" in by and part.steps_to_municipalities)
    for cube, columns in cubes:
        if asked <= columns and (not municipal or cube in (tables.cube_place, tables.open_place)):
            return cube
    return None


def _from_cube(cube: Table, part: Cut, by: tuple[str, ...], columns: tuple[str, ...]) -> Select[tuple[object, ...]]:
    listed = part.children if "territory_id" in by else part.territories
    keys = [cube.c[key] for key in by]
    return (
        select(*keys, *(cube.c[column] for column in columns))
        .where(cube.c.territory_id.in_(listed))
        .where(*(cube.c[column].in_(chosen) for column, chosen in part.members().items()))
    )


def _from_appeals(view: Table, part: Cut, by: tuple[str, ...], columns: tuple[str, ...]) -> Select[tuple[object, ...]]:
    kept = [view.c[column] for column in (*(key for key in by if key != "territory_id"), *columns)]
    if "territory_id" not in by:
        return select(*kept).where(*within(part, view))
    above = territory_above
    return (
        select(above.c.above_id.label("territory_id"), *kept)
        .join_from(view, above, above.c.territory_id == view.c.place_id)
        .where(above.c.above_id.in_(part.children), *within(part, view))
    )
