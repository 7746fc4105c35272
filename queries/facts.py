"""Where an answer comes from: the narrowest cube that holds its filters, else the appeals themselves by index."""

from collections.abc import Iterable, Sequence
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Select,
    SelectBase,
    Table,
    any_,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)

from database import tables
from database.tables import MEASURES, fact, fact_fresh, open_fact, territory_above
from queries.blocks import Block, blocks
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
OPEN_DAYS = ("received_day", "risk_day", "deadline_day")
DUE_DAYS = ("risk_day", "deadline_day", "overdue_day")
SPARE = timedelta(days=1)


def facts(part: Cut, start: date, end: date, *by: str | None) -> Select[tuple[object, ...]]:
    """One row a cell (or an appeal's moment) of the local days [start, end): day, those of `by`, and the measures."""
    keys = tuple(key for key in by if key)
    cube = _cube(CUBES, part, keys)
    if cube is not None:
        return _from_cube(cube, part, keys, ("day", *MEASURES)).where(cube.c.day >= start, cube.c.day < end)
    return facts_of_appeals(part, start, end, ("day", *MEASURES), *keys)


def sums_of(part: Cut, start: date, end: date, *by: str | None, measures: tuple[str, ...] = MEASURES) -> SelectBase:
    """One row a cell of whichever length, or less a cell: those of `by`, and the measures; no day.

    They sum up to the local days [start, end). What isn't asked for would be worked out for each cell all the same.
    """
    keys = tuple(key for key in by if key)
    cube = _cube(CUBES, part, keys)
    if cube is None:
        return facts_of_appeals(part, start, end, measures, *keys)
    if cube.name not in tables.spans:
        return _from_cube(cube, part, keys, measures).where(cube.c.day >= start, cube.c.day < end)
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
    keys, source, conditions = _placed(folded, part, by)
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
    keys, source, conditions = _placed(folded, part, by)
    counts = (folded.c[name] if block.sign == 1 else (-folded.c[name]).label(name) for name in measures)
    days = (folded.c.span == block.span, folded.c.day >= block.first, folded.c.day < block.last)
    return select(*keys, *counts).select_from(source).where(*days, *conditions)


KINDS: tuple[ARRAY[Any], ...] = (ARRAY(Integer), ARRAY(Integer), ARRAY(Date), ARRAY(Date))


def fresh(part: Cut, start: date, end: date, by: tuple[str, ...], measures: tuple[str, ...]) -> Select[Any]:
    """What is not folded into cells yet."""
    return _from_appeals(fact_fresh, part, by, measures).where(fact_fresh.c.day >= start, fact_fresh.c.day < end)


def facts_of_appeals(
    part: Cut, start: date, end: date, columns: tuple[str, ...], *by: str
) -> Select[tuple[object, ...]]:
    """The same from the appeals themselves: one row a moment of an appeal, for what no cube holds."""
    first, last = around(start, end, part.zones)
    # Moments that count for none of the measures are not even looked for.
    counting = or_(*(fact.c[name] != 0 for name in columns if name in MEASURES))
    return _from_appeals(fact, part, by, columns).where(
        fact.c.at >= first,
        fact.c.reached_at >= first,
        fact.c.at < last,
        fact.c.day >= start,
        fact.c.day < end,
        counting,
    )


def around(start: date, end: date, zones: Sequence[str] = ()) -> tuple[datetime, datetime]:
    """Instants between which the local days [start, end) of these zones lie, or of every zone there may be.

    An index finds those, the day decides. Row security keeps comparisons that might tell of a hidden row from the
    indexes: of an instant with a date does, with another not.
    """
    if zones:
        since, until = beginnings(start, zones), beginnings(end, zones)
        return min(since), max(until)
    # A local day lies within a day of the same date in UTC.
    first, last = (datetime.combine(day, time.min, UTC) for day in (start - SPARE, end + SPARE))
    return first, last


def beginnings(day: date, zones: Iterable[str]) -> list[datetime]:
    """When a local day begins in each of the zones."""
    return [datetime.combine(day, time.min, ZoneInfo(zone)) for zone in zones]


def open_facts(part: Cut, *by: str | None) -> Select[tuple[object, ...]]:
    """One row a cell of open appeals: its days of receipt, risk and deadline, those of `by`, and how many appeals."""
    keys = tuple(key for key in by if key)
    cube = _cube(OPEN_CUBES, part, keys)
    columns = (*OPEN_DAYS, "appeals")
    return _from_appeals(open_fact, part, keys, columns) if cube is None else _from_cube(cube, part, keys, columns)


def due_facts(part: Cut, *by: str | None) -> Select[tuple[object, ...]]:
    """One row a cell of open appeals: its days of risk, deadline and first being overdue, `by`, and how many."""
    keys = tuple(key for key in by if key)
    cube = _cube(DUE_CUBES, part, keys)
    if cube is not None:
        return _from_cube(cube, part, keys, (*DUE_DAYS, "appeals"))
    cells = open_facts(part, *keys).subquery()
    # One that was due before it was received is overdue from its receipt on.
    overdue_day = func.greatest(cells.c.deadline_day, cells.c.received_day).label("overdue_day")
    return select(*(cells.c[name] for name in (*keys, "risk_day", "deadline_day", "appeals")), overdue_day)


def standing(part: Cut, *by: str) -> Select[tuple[object, ...]]:
    """One row a cell of open appeals: those of `by`, and how many."""
    cube = _cube(STANDING, part, by)
    return open_facts(part, *by) if cube is None else _from_cube(cube, part, by, ("appeals",))


def counts(cube: Table, part: Cut, start: date, end: date, key: str, measure: str) -> Select[tuple[object, ...]]:
    """One row a cell of a cube that holds one count alone (answer times, hours): day, `key`, appeals."""
    if not held_by(part):
        rows = facts_of_appeals(part, start, end, ("day", key, measure)).subquery()
        return select(rows.c.day, rows.c[key], rows.c[measure].label("appeals")).where(rows.c[key].is_not(None))
    return _from_cube(cube, part, (), ("day", key, "appeals")).where(cube.c.day >= start, cube.c.day < end)


def held_by(part: Cut) -> bool:
    """Whether a cube that is by territory down to regions, and by nothing that is filtered by, holds the part."""
    return not (part.members() or part.municipalities or from_appeals.get())


def within(part: Cut, table: Table) -> list[ColumnElement[bool]]:
    """The conditions that keep appeals (or facts of theirs) of the part alone."""
    return [among(table.c.region_id, part.regions), *chosen(part, table)]


def anywhere(part: Cut, table: Table) -> list[ColumnElement[bool]]:
    """The same where an index goes through all regions: all of them are no condition then.

    A plan that doesn't know how many regions a list will name would rather sort all appeals.
    """
    return chosen(part, table) if part.everywhere else within(part, table)


def chosen(part: Cut, table: Table) -> list[ColumnElement[bool]]:
    """The same for appeals that are known to be of the part's regions."""
    conditions = [among(table.c[column], listed) for column, listed in part.members().items()]
    if part.municipalities:
        place = table.c.place_id if "place_id" in table.c else table.c.municipality_id
        within_them = among(place, part.municipalities)
        conditions.append(or_(within_them, among(table.c.region_id, part.whole)) if part.whole else within_them)
    return conditions


def among(column: ColumnElement[Any], ids: Sequence[int]) -> ColumnElement[bool]:
    """Whether a column is one of the ids: sent along as one value, however many they are."""
    return column == ids[0] if len(ids) == 1 else column == any_(literal(list(ids), ARRAY(column.type)))


def _cube(cubes: list[tuple[Table, set[str]]], part: Cut, by: tuple[str, ...]) -> Table | None:
    """The first cube that holds every column asked for; only places have cells of municipalities."""
    if from_appeals.get():
        return None
    asked = set(part.members()) | set(by) - {"territory_id"}
    municipal = part.municipalities or ("territory_id" in by and part.steps_to_municipalities)
    for cube, columns in cubes:
        if asked <= columns and (not municipal or cube in MUNICIPAL):
            return cube
    return None


def _from_cube(cube: Table, part: Cut, by: tuple[str, ...], columns: tuple[str, ...]) -> Select[tuple[object, ...]]:
    keys, source, conditions = _placed(cube, part, by)
    return select(*keys, *(cube.c[column] for column in columns)).select_from(source).where(*conditions)


def _placed(
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


def _from_appeals(view: Table, part: Cut, by: tuple[str, ...], columns: tuple[str, ...]) -> Select[tuple[object, ...]]:
    if "territory_id" not in by:
        return select(*(view.c[column] for column in (*by, *columns))).where(*within(part, view))
    above = territory_above
    keys = [above.c.above_id.label(key) if key == "territory_id" else view.c[key] for key in by]
    return (
        select(*keys, *(view.c[column] for column in columns))
        .join_from(view, above, above.c.territory_id == view.c.place_id)
        .where(among(above.c.above_id, part.children), *within(part, view))
    )
