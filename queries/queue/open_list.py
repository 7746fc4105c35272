"""The list of open appeals, by keyset pagination: the last page is as fast as the first, in any order."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd
from sqlalchemy import Select, cast, func, literal, select, tuple_
from sqlalchemy.types import BigInteger, Integer

from otklik.database.tables import appeal
from otklik.database.transactions import query_dataframe
from queries.cache.live import live
from queries.core.reference import dimension_members
from queries.filters import Filters
from queries.lists.appeal_list import AppealKey, format_list_rows, select_list
from queries.lists.ordering import SORT_OPTIONS, row_sort_value, sort_value
from queries.queue.list_filters import AGE_RANGES, DEFAULT_CRITERIA, ListCriteria, list_conditions
from queries.summaries.open_ages import open_by_age_band

PAGE_SIZE = 50
COUNT_CAP = 10_000
"""Matching appeals are counted up to this number."""


class Cursor(NamedTuple):
    """A place in the order of the list: the value sorted by (queries.lists.ordering), and the key for ties."""

    value: str
    id: int
    region_id: int


@live
def list_page(
    filters: Filters, criteria: ListCriteria = DEFAULT_CRITERIA, cursor: Cursor | None = None, *, backward: bool = False
) -> pd.DataFrame:
    """The `PAGE_SIZE` rows after the cursor (before it with `backward`), plus one more if there is one.

    Without a cursor the first rows (or the last). Columns: queries.lists.appeal_list.appeals_by_key.
    """
    rows = query_dataframe(_ordered_query(filters, criteria, cursor, backward=backward).limit(PAGE_SIZE + 1))
    return format_list_rows(rows.iloc[::-1].reset_index(drop=True) if backward else rows, filters.language)


@live
def first_versions(filters: Filters, criteria: ListCriteria, count: int) -> pd.DataFrame:
    """The first `count` appeals of the list in its order: region_id, id, version (see appeals_by_key)."""
    query = _ordered_query(filters, criteria, None, backward=False).limit(count)
    return query_dataframe(
        query.with_only_columns(appeal.c.region_id, appeal.c.id, appeal.c.updated_at.label("version"))
    )


@live
def capped_count(filters: Filters, criteria: ListCriteria = DEFAULT_CRITERIA) -> int:
    """The number of matching appeals, at most one more than `COUNT_CAP`."""
    matching = (
        select(literal(1).label("found"))
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
    """The keys of the appeals before and after the cursor; None at an end of the list."""
    neighbours = []
    for backward in (True, False):
        neighbour = query_dataframe(_ordered_query(filters, criteria, cursor, backward=backward).limit(1))
        neighbours.append(
            None if neighbour.empty else AppealKey(int(neighbour["region_id"].iloc[0]), int(neighbour["id"].iloc[0]))
        )
    return neighbours[0], neighbours[1]


def row_cursor(row: "Mapping[Any, Any] | pd.Series[Any]", criteria: ListCriteria, language: str) -> Cursor:
    """The cursor of a row of the list, whose names are in this language."""
    return Cursor(row_sort_value(row, criteria.sort, language), int(row["id"]), int(row["region_id"]))


def full_list_query(filters: Filters, criteria: ListCriteria) -> Select[Any]:
    """The query for the whole list in its order, for an export; rows as of queries.lists.appeal_list.select_list."""
    return _ordered_query(filters, criteria, None, backward=False)


def _ordered_query(filters: Filters, criteria: ListCriteria, cursor: Cursor | None, *, backward: bool) -> Select[Any]:
    descending = SORT_OPTIONS[criteria.sort][1] is not backward
    value = sort_value(criteria.sort, filters.language)
    order_columns = (value.sql, appeal.c.id, appeal.c.region_id)
    query = select_list().where(*list_conditions(filters, criteria))
    if cursor is not None:
        position = tuple_(cast(cursor.value, value.type), cast(cursor.id, BigInteger), cast(cursor.region_id, Integer))
        query = query.where(tuple_(*order_columns) < position if descending else tuple_(*order_columns) > position)
    return query.order_by(
        *(order_column.desc() if descending else order_column.asc() for order_column in order_columns)
    )


@live
def counts_by_stage_and_age(filters: Filters) -> pd.DataFrame:
    """One row per status and age band: stage (code), age (a code of `AGE_RANGES`), appeals; whatever the criteria."""
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
    """The names of the stages that an open appeal can be in, by code, in their order."""
    stage_rows = dimension_members("stage", language).sort_values("position")
    return {
        str(code): str(name)
        for code, name in zip(stage_rows["code"], stage_rows["name"], strict=True)
        if code != "finished"
    }
