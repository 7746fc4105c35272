"""Open appeals one by one: a page at a time by key, in whichever order, as fast at the end as at the beginning."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd
from sqlalchemy import (
    DateTime,
    Select,
    and_,
    case,
    cast,
    func,
    literal,
    select,
    tuple_,
)
from sqlalchemy.types import ARRAY, BigInteger, Integer

from otklik.database.tables import appeal
from otklik.database.transactions import frame
from queries.cache.live import live
from queries.core.appeal_rows import appeals, named
from queries.core.reference import words
from queries.filters import Filters
from queries.queue.ages import bands
from queries.queue.list_filters import AGES, ORDERS, SORTS, USUAL, Wanted, conditions

PAGE = 50
COUNTED = 10_000
"""More than so many are not counted one by one."""
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


@live
def page(filters: Filters, wanted: Wanted = USUAL, edge: Edge | None = None, *, back: bool = False) -> pd.DataFrame:
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


def _told(found: pd.DataFrame, language: str, *, back: bool = False) -> pd.DataFrame:
    if back:
        found = found.iloc[::-1].reset_index(drop=True)
    stage_of = words("status", language)["stage_id"].map(words("stage", language)["name"])
    columns = {str(name): column for name, column in found.items()}
    columns["stage"] = found["status_id"].map(stage_of)
    columns["source"] = columns.pop("source_id").map(words("source", language)["code"])
    columns["region"] = found["region_id"].map(words("territory", language)["code"])
    return named(pd.DataFrame(columns), language)


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
