"""Open appeals one by one: a page at a time by key, in whichever order, as fast at the end as at the beginning."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd
from sqlalchemy import (
    DateTime,
    Select,
    cast,
    func,
    literal,
    select,
    tuple_,
)
from sqlalchemy.types import BigInteger, Integer

from otklik.database.tables import appeal
from otklik.database.transactions import query_dataframe
from queries.cache.live import live
from queries.core.appeal_list import AppealKey, format_list_rows, select_list
from queries.core.open_ages import open_by_age_band
from queries.core.reference import dimension_members
from queries.filters import Filters
from queries.queue.list_filters import (
    AGE_RANGES,
    DEFAULT_CRITERIA,
    SORT_COLUMNS,
    SORT_OPTIONS,
    ListCriteria,
    list_conditions,
)

PAGE_SIZE = 50
COUNT_CAP = 10_000
"""More than so many are not counted one by one."""


class Cursor(NamedTuple):
    """A place in the order: the moment sorted by (`infinity` for no deadline), and the key that breaks ties."""

    moment: str
    id: int
    region_id: int


@live
def list_page(
    filters: Filters, criteria: ListCriteria = DEFAULT_CRITERIA, cursor: Cursor | None = None, *, backward: bool = False
) -> pd.DataFrame:
    """The `PAGE` rows after an edge (before it when `back`), or the first (last) ones, and one more if there is one.

    Columns as `rows`.
    """
    rows = query_dataframe(_ordered_query(filters, criteria, cursor, backward=backward).limit(PAGE_SIZE + 1))
    return format_list_rows(rows.iloc[::-1].reset_index(drop=True) if backward else rows, filters.language)


@live
def capped_count(filters: Filters, criteria: ListCriteria = DEFAULT_CRITERIA) -> int:
    """How many there are, up to one more than `COUNTED`."""
    matching = (
        select(literal(1).label("one"))
        .select_from(appeal)
        .where(*list_conditions(filters, criteria))
        .limit(COUNT_CAP + 1)
    )
    return int(
        query_dataframe(select(func.count().label("appeals")).select_from(matching.subquery()))["appeals"].iloc[0]
    )


@live
def neighbour_keys(
    filters: Filters, criteria: ListCriteria, cursor: Cursor
) -> tuple[AppealKey | None, AppealKey | None]:
    """The keys of the appeals before and after a place in the list."""
    neighbours = []
    for backward in (True, False):
        neighbour = query_dataframe(_ordered_query(filters, criteria, cursor, backward=backward).limit(1))
        neighbours.append(
            None if neighbour.empty else AppealKey(int(neighbour["region_id"].iloc[0]), int(neighbour["id"].iloc[0]))
        )
    return neighbours[0], neighbours[1]


def row_cursor(row: "Mapping[Any, Any] | pd.Series[Any]", criteria: ListCriteria) -> Cursor:
    """The place of a row of `page` or `rows` in the order."""
    moment = row[SORT_OPTIONS[criteria.sort][0]]
    return Cursor("infinity" if pd.isna(moment) else moment.isoformat(), int(row["id"]), int(row["region_id"]))


def full_list_query(filters: Filters, criteria: ListCriteria) -> Select[Any]:
    """The question for the whole list in its order, for who reads it piece by piece; `told` makes words of a piece."""
    return _ordered_query(filters, criteria, None, backward=False)


def _ordered_query(filters: Filters, criteria: ListCriteria, cursor: Cursor | None, *, backward: bool) -> Select[Any]:
    sort_column, sort_descending = SORT_OPTIONS[criteria.sort]
    descending = sort_descending is not backward
    order_columns = (SORT_COLUMNS[sort_column], appeal.c.id, appeal.c.region_id)
    query = select_list().where(*list_conditions(filters, criteria))
    if cursor is not None:
        position = tuple_(
            cast(cursor.moment, DateTime(timezone=True)), cast(cursor.id, BigInteger), cast(cursor.region_id, Integer)
        )
        query = query.where(tuple_(*order_columns) < position if descending else tuple_(*order_columns) > position)
    return query.order_by(
        *(order_column.desc() if descending else order_column.asc() for order_column in order_columns)
    )


@live
def counts_by_stage_and_age(filters: Filters) -> pd.DataFrame:
    """One row a stage and band of ages: stage (code), age (as in `AGES`), and how many are open, whatever the list."""
    rows = open_by_age_band(filters)
    statuses, stage_rows = dimension_members("status", "en"), dimension_members("stage", "en")
    age_codes = list(AGE_RANGES)
    return pd.DataFrame(
        {
            "stage": rows["status_id"].map(statuses["stage_id"]).map(stage_rows["code"]),
            "age": [age_codes[min(int(band), len(age_codes) - 1)] for band in rows["band"]],
            "appeals": rows["appeals"],
        }
    )


def open_stages(language: str) -> dict[str, str]:
    """The stages that an open appeal may be at, by code, in their order."""
    stage_rows = dimension_members("stage", language).sort_values("position")
    return {
        str(code): str(name)
        for code, name in zip(stage_rows["code"], stage_rows["name"], strict=True)
        if code != "finished"
    }
