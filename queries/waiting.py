"""Open appeals one by one: a page at a time by key, in whichever order, as fast at the end as at the beginning."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import (
    ColumnElement,
    DateTime,
    Select,
    and_,
    case,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
)
from sqlalchemy.types import ARRAY, BigInteger, Integer

from database import scope
from database.reading import frame
from database.tables import appeal
from queries.ages import bands
from queries.cut import Cut, clock, cut
from queries.facts import within
from queries.filters import Filters
from queries.lists import appeals, named
from queries.live import live
from queries.reference import words
from queries.search import hits

PAGE = 50
COUNTED = 10_000
"""More than so many are not counted one by one."""
# The bands of ages: by the first day and the first day of the next one, as `queries.ages` counts days.
AGES: dict[str, tuple[int, int | None]] = {"0": (0, 1), "1": (1, 3), "3": (3, 7), "7": (7, None)}
STATES = ("overdue", "at_risk", "within")
# By what it is sorted, and whether from the last to the first.
SORTS = {
    "deadline": ("deadline_at", False),
    "deadline_last": ("deadline_at", True),
    "oldest": ("received_at", False),
    "newest": ("received_at", True),
}
NEVER: ColumnElement[datetime] = literal_column("'infinity'::timestamptz")
ORDERS: dict[str, ColumnElement[Any]] = {
    # As the index has it.
    "deadline_at": case((appeal.c.deadline_at.is_(None), NEVER), else_=appeal.c.deadline_at),
    "received_at": appeal.c.received_at,
}


KEY = (Integer, BigInteger)


class Key(NamedTuple):
    """An appeal's key in the database."""

    region: int
    id: int


class Edge(NamedTuple):
    """A place in the order: the moment sorted by (`infinity` for no deadline), and the key that breaks ties."""

    at: str
    id: int
    region: int


@dataclass(frozen=True)
class Wanted:
    """Which open appeals a list holds besides the filters, and in which order: codes; empty is any."""

    state: str = ""
    stage: str = ""
    age: str = ""
    words: str = ""
    sort: str = "deadline"


USUAL = Wanted()


@live
def page(filters: Filters, wanted: Wanted = USUAL, edge: Edge | None = None, back: bool = False) -> pd.DataFrame:  # noqa: FBT001, FBT002 -- `live` hands positions on
    """The `PAGE` rows after an edge (before it when `back`), or the first (last) ones, and one more if there is one.

    Columns as `rows`.
    """
    return _told(frame(_ordered(filters, wanted, edge, back=back).limit(PAGE + 1)), filters.language, back=back)


@live
def rows(keys: tuple[Key, ...], language: str) -> pd.DataFrame:
    """The appeals of these keys as they are now, in that order; one that is not to be seen any more is left out.

    Columns: region_id, id, version (`updated_at`), number, source, region (codes), received_at and deadline_at (local),
    topic, territory, organisation, channel, status, stage (words), and state: within, at_risk, overdue or closed.
    """
    if not keys:
        return _told(frame(_listed().limit(0)), language)
    regions, ids = (cast(list(part), ARRAY(kind)) for part, kind in zip(zip(*keys, strict=True), KEY, strict=True))
    asked = func.unnest(regions, ids).table_valued("region", "id", with_ordinality="place").render_derived()
    question = _listed().join(asked, and_(appeal.c.region_id == asked.c.region, appeal.c.id == asked.c.id))
    return _told(frame(question.order_by(asked.c.place)), language)


@live
def total(filters: Filters, wanted: Wanted = USUAL) -> int:
    """How many there are, up to one more than `COUNTED`."""
    found = select(literal(1).label("one")).select_from(appeal).where(*conditions(filters, wanted)).limit(COUNTED + 1)
    return int(frame(select(func.count().label("appeals")).select_from(found.subquery()))["appeals"].iloc[0])


@live
def beside(filters: Filters, wanted: Wanted, edge: Edge) -> tuple[Key | None, Key | None]:
    """The keys of the appeals before and after a place in the list."""
    found = []
    for back in (True, False):
        near = frame(_ordered(filters, wanted, edge, back=back).limit(1))
        found.append(None if near.empty else Key(int(near["region_id"].iloc[0]), int(near["id"].iloc[0])))
    return found[0], found[1]


def edge_of(row: "Mapping[Any, Any] | pd.Series[Any]", wanted: Wanted) -> Edge:
    """The place of a row of `page` or `rows` in the order."""
    at = row[SORTS[wanted.sort][0]]
    return Edge("infinity" if pd.isna(at) else at.isoformat(), int(row["id"]), int(row["region_id"]))


def all_of(filters: Filters, wanted: Wanted) -> Select[Any]:
    """The question for the whole list in its order, for who reads it piece by piece; `told` makes words of a piece."""
    return _ordered(filters, wanted, None, back=False)


def told(found: pd.DataFrame, language: str) -> pd.DataFrame:
    """A piece of the answer to `all_of`, with words instead of ids: the columns of `rows`."""
    return _told(found, language)


def _listed() -> Select[Any]:
    now = func.now()
    state = case(
        (appeal.c.closed_at.is_not(None), "closed"),
        (appeal.c.deadline_at < now, "overdue"),
        (appeal.c.risk_at < now, "at_risk"),
        else_="within",
    )
    keys = (appeal.c.region_id, appeal.c.id, appeal.c.source_id)
    return appeals(
        *keys, appeal.c.updated_at.label("version"), appeal.c.received_at, appeal.c.deadline_at, state.label("state")
    )


def _ordered(filters: Filters, wanted: Wanted, edge: Edge | None, *, back: bool) -> Select[Any]:
    name, last_first = SORTS[wanted.sort]
    down = last_first is not back
    order = (ORDERS[name], appeal.c.id, appeal.c.region_id)
    question = _listed().where(*conditions(filters, wanted))
    if edge is not None:
        place = tuple_(cast(edge.at, DateTime(timezone=True)), cast(edge.id, BigInteger), cast(edge.region, Integer))
        question = question.where(tuple_(*order) < place if down else tuple_(*order) > place)
    return question.order_by(*(one.desc() if down else one.asc() for one in order))


def conditions(filters: Filters, wanted: Wanted) -> list[ColumnElement[bool]]:
    """What an open appeal has to fulfil to stand in the list."""
    part, now, due = cut(filters), func.now(), ORDERS["deadline_at"]
    found: list[ColumnElement[bool]] = [appeal.c.closed_at.is_(None)]
    # All regions are no condition: without it the order's own index serves.
    viewer = scope.current()
    found += within(part, appeal)[1 if viewer and viewer.everywhere and filters.territory is None else 0 :]
    statuses = _statuses(wanted.stage)
    if statuses is not None:
        found.append(appeal.c.status_id.in_(statuses))
    if wanted.age:
        found.append(_aged(part, *AGES[wanted.age]))
    if wanted.state == "overdue":
        found.append(due < now)
    elif wanted.state:
        risk = appeal.c.risk_at
        found += [due >= now, risk < now if wanted.state == "at_risk" else or_(risk >= now, risk.is_(None))]
    if wanted.words:
        found.append(tuple_(appeal.c.region_id, appeal.c.id).in_(hits(part, wanted.words, statuses)))
    return found


def _statuses(stage: str) -> tuple[int, ...] | None:
    if not stage:
        return None
    status, stages = words("status", "en"), words("stage", "en")
    return tuple(int(one) for one in status.index[status["stage_id"].map(stages["code"]) == stage])


def _aged(part: Cut, first: int, following: int | None) -> ColumnElement[bool]:
    """Received so many local days ago, from the day that `queries.ages` counts from."""
    today, _ = clock(part)
    zones: dict[str, list[int]] = {}
    for region, zone in zip(part.regions, part.zones, strict=True):
        zones.setdefault(zone, []).append(region)
    bands: list[ColumnElement[bool]] = []
    starts, ends = [], []
    for zone, regions in zones.items():
        band: list[ColumnElement[bool]] = [appeal.c.region_id.in_(regions)] if len(zones) > 1 else []
        # The youngest band has no end: a day that has begun in the east is not over in the west.
        if first:
            ends.append(_midnight(today - timedelta(days=first - 1), zone))
            band.append(appeal.c.received_at < ends[-1])
        if following is not None:
            starts.append(_midnight(today - timedelta(days=following - 1), zone))
            band.append(appeal.c.received_at >= starts[-1])
        bands.append(and_(*band))
    # Of all zones together: an index finds those.
    around = [appeal.c.received_at < max(ends)] if ends else []
    around += [appeal.c.received_at >= min(starts)] if starts else []
    return and_(or_(*bands), *around) if bands else literal(value=False)


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(zone))


def _told(found: pd.DataFrame, language: str, *, back: bool = False) -> pd.DataFrame:
    if back:
        found = found.iloc[::-1].reset_index(drop=True)
    stage = words("stage", language)["name"]
    found = found.assign(
        stage=found["status_id"].map(words("status", language)["stage_id"]).map(stage),
        source=found.pop("source_id").map(words("source", language)["code"]),
        region=found["region_id"].map(words("territory", language)["code"]),
    )
    return named(found, language)


@live
def counts(filters: Filters) -> pd.DataFrame:
    """One row a stage and band of ages: stage (code), age (as in `AGES`), and how many are open, whatever the list."""
    found = bands(filters)
    status, stages = words("status", "en"), words("stage", "en")
    ages = list(AGES)
    return pd.DataFrame(
        {
            "stage": found["status_id"].map(status["stage_id"]).map(stages["code"]),
            "age": [ages[min(int(band), len(ages) - 1)] for band in found["band"]],
            "appeals": found["appeals"],
        }
    )


def stages(language: str) -> dict[str, str]:
    """The stages that an open appeal may be at, by code, in their order."""
    found = words("stage", language).sort_values("position")
    return {str(code): str(name) for code, name in zip(found["code"], found["name"], strict=True) if code != "finished"}
