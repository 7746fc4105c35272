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
def page(filters: Filters, wanted: Wanted = USUAL, cursor: Edge | None = None, *, back: bool = False) -> pd.DataFrame:
    """The `PAGE` rows after an edge (before it when `back`), or the first (last) ones, and one more if there is one.

    Columns as `rows`.
    """
    return _told(frame(_ordered(filters, wanted, cursor, back=back).limit(PAGE + 1)), filters.language, back=back)


@live
def rows(keys: tuple[Key, ...], language: str) -> pd.DataFrame:
    """The appeals of these keys as they are now, in that order; one that is not to be seen any more is left out.

    Columns: region_id, id, version (`updated_at`), number, source, region (codes), received_at and deadline_at (local),
    topic, territory, organisation, channel, status, stage (words), and state: within, at_risk, overdue or closed.
    """
    if not keys:
        return _told(frame(_listed().limit(0)), language)
    region_ids, appeal_ids = (
        cast(list(values), ARRAY(column_type)) for values, column_type in zip(zip(*keys, strict=True), KEY, strict=True)
    )
    requested = (
        func.unnest(region_ids, appeal_ids).table_valued("region", "id", with_ordinality="place").render_derived()
    )
    query = _listed().join(requested, and_(appeal.c.region_id == requested.c.region, appeal.c.id == requested.c.id))
    return _told(frame(query.order_by(requested.c.place)), language)


@live
def total(filters: Filters, wanted: Wanted = USUAL) -> int:
    """How many there are, up to one more than `COUNTED`."""
    matching = (
        select(literal(1).label("one")).select_from(appeal).where(*conditions(filters, wanted)).limit(COUNTED + 1)
    )
    return int(frame(select(func.count().label("appeals")).select_from(matching.subquery()))["appeals"].iloc[0])


@live
def beside(filters: Filters, wanted: Wanted, cursor: Edge) -> tuple[Key | None, Key | None]:
    """The keys of the appeals before and after a place in the list."""
    neighbours = []
    for backward in (True, False):
        neighbour = frame(_ordered(filters, wanted, cursor, back=backward).limit(1))
        neighbours.append(
            None if neighbour.empty else Key(int(neighbour["region_id"].iloc[0]), int(neighbour["id"].iloc[0]))
        )
    return neighbours[0], neighbours[1]


def edge_of(row: "Mapping[Any, Any] | pd.Series[Any]", wanted: Wanted) -> Edge:
    """The place of a row of `page` or `rows` in the order."""
    moment = row[SORTS[wanted.sort][0]]
    return Edge("infinity" if pd.isna(moment) else moment.isoformat(), int(row["id"]), int(row["region_id"]))


def all_of(filters: Filters, wanted: Wanted) -> Select[Any]:
    """The question for the whole list in its order, for who reads it piece by piece; `told` makes words of a piece."""
    return _ordered(filters, wanted, None, back=False)


def told(rows: pd.DataFrame, language: str) -> pd.DataFrame:
    """A piece of the answer to `all_of`, with words instead of ids: the columns of `rows`."""
    return _told(rows, language)


def _listed() -> Select[Any]:
    now = func.now()
    state = case(
        (appeal.c.closed_at.is_not(None), "closed"),
        (appeal.c.deadline_at < now, "overdue"),
        (appeal.c.risk_at < now, "at_risk"),
        else_="within",
    )
    key_columns = (appeal.c.region_id, appeal.c.id, appeal.c.source_id)
    return appeals(
        *key_columns,
        appeal.c.updated_at.label("version"),
        appeal.c.received_at,
        appeal.c.deadline_at,
        state.label("state"),
    )


def _ordered(filters: Filters, wanted: Wanted, cursor: Edge | None, *, back: bool) -> Select[Any]:
    sort_column, sort_descending = SORTS[wanted.sort]
    descending = sort_descending is not back
    order_columns = (ORDERS[sort_column], appeal.c.id, appeal.c.region_id)
    query = _listed().where(*conditions(filters, wanted))
    if cursor is not None:
        position = tuple_(
            cast(cursor.at, DateTime(timezone=True)), cast(cursor.id, BigInteger), cast(cursor.region, Integer)
        )
        query = query.where(tuple_(*order_columns) < position if descending else tuple_(*order_columns) > position)
    return query.order_by(
        *(order_column.desc() if descending else order_column.asc() for order_column in order_columns)
    )


def _told(rows: pd.DataFrame, language: str, *, back: bool = False) -> pd.DataFrame:
    if back:
        rows = rows.iloc[::-1].reset_index(drop=True)
    stage_by_status = words("status", language)["stage_id"].map(words("stage", language)["name"])
    columns = {str(name): column for name, column in rows.items()}
    columns["stage"] = rows["status_id"].map(stage_by_status)
    columns["source"] = columns.pop("source_id").map(words("source", language)["code"])
    columns["region"] = rows["region_id"].map(words("territory", language)["code"])
    return named(pd.DataFrame(columns), language)


@live
def counts(filters: Filters) -> pd.DataFrame:
    """One row a stage and band of ages: stage (code), age (as in `AGES`), and how many are open, whatever the list."""
    rows = bands(filters)
    statuses, stage_rows = words("status", "en"), words("stage", "en")
    age_codes = list(AGES)
    return pd.DataFrame(
        {
            "stage": rows["status_id"].map(statuses["stage_id"]).map(stage_rows["code"]),
            "age": [age_codes[min(int(band), len(age_codes) - 1)] for band in rows["band"]],
            "appeals": rows["appeals"],
        }
    )


def stages(language: str) -> dict[str, str]:
    """The stages that an open appeal may be at, by code, in their order."""
    stage_rows = words("stage", language).sort_values("position")
    return {
        str(code): str(name)
        for code, name in zip(stage_rows["code"], stage_rows["name"], strict=True)
        if code != "finished"
    }
