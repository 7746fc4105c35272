"""The orders of a list of appeals: by the value of a column, over the whole list, at the database."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

import pandas as pd
from sqlalchemy import ARRAY, ColumnElement, DateTime, Integer, Text, cast, func, literal
from sqlalchemy.sql.elements import Grouping
from sqlalchemy.types import TypeEngine

from otklik.database.tables import appeal
from queries.core.appeal_state import QUEUE_DEADLINE
from queries.core.reference import dimension_members
from queries.core.topic_labels import topic_labels

DEFAULT_SORT = "deadline"
# Each order by its code: the column of a list of appeals that it sorts by, and whether it is descending.
SORT_OPTIONS = {
    DEFAULT_SORT: ("deadline_at", False),
    "deadline_last": ("deadline_at", True),
    "oldest": ("received_at", False),
    "newest": ("received_at", True),
} | {
    f"{column}{suffix}": (column, descending)
    for column in ("number", "topic", "territory", "organisation", "status")
    for suffix, descending in (("", False), ("_last", True))
}
MOMENT_COLUMNS: dict[str, ColumnElement[Any]] = {"deadline_at": QUEUE_DEADLINE, "received_at": appeal.c.received_at}
NAME_COLUMNS: dict[str, ColumnElement[Any]] = {
    "topic": appeal.c.topic_id,
    "territory": func.coalesce(appeal.c.municipality_id, appeal.c.region_id),
    "organisation": appeal.c.holder_id,
    "status": appeal.c.status_id,
}
NUMBER_LENGTH = 64
NO_NAME_RANK = 0


class SortValue(NamedTuple):
    """The value that a list is sorted by: its SQL, and its type."""

    sql: ColumnElement[Any]
    type: TypeEngine[Any]


def sort_value(sort: str, language: str) -> SortValue:
    """What an order of `SORT_OPTIONS` sorts by. Numbers of appeals by length first, so that 9 comes before 10."""
    column = SORT_OPTIONS[sort][0]
    if column in MOMENT_COLUMNS:
        return SortValue(MOMENT_COLUMNS[column], DateTime(timezone=True))
    if column == "number":
        return SortValue(func.lpad(appeal.c.number, NUMBER_LENGTH).collate("C"), Text(collation="C"))
    names, ranks = shown_names(column, language), name_ranks(column, language)
    rank_by_id = [NO_NAME_RANK] * (int(names.index.max()) if len(names) else 0)
    for member_id, name in names.items():
        rank_by_id[int(member_id) - 1] = ranks[str(name)]  # type: ignore[call-overload]
    integers: ARRAY[int] = ARRAY(Integer)
    rank = Grouping(cast(literal(rank_by_id, integers), integers))[NAME_COLUMNS[column]]
    return SortValue(func.coalesce(rank, NO_NAME_RANK), Integer())


def shown_names(dimension: str, language: str) -> "pd.Series[str]":
    """The names of a dimension's members in a list, by id, in alphabetical order."""
    return topic_labels(language) if dimension == "topic" else dimension_members(dimension, language)["name"]


def name_ranks(dimension: str, language: str) -> dict[str, int]:
    """The places of names as lists show them in alphabetical order, from 1; members of the same name share one."""
    names = dict.fromkeys(map(str, shown_names(dimension, language)))
    return {name: rank for rank, name in enumerate(names, start=1)}


def row_sort_value(row: "Mapping[Any, Any] | pd.Series[Any]", sort: str, language: str) -> str:
    """The value that a row of queries.lists.appeal_list is sorted by, as text: `infinity` without a deadline."""
    column = SORT_OPTIONS[sort][0]
    value = row[column]
    if column in MOMENT_COLUMNS:
        return "infinity" if pd.isna(value) else value.isoformat()
    if column == "number":
        return str(value)[:NUMBER_LENGTH].rjust(NUMBER_LENGTH)
    return str(NO_NAME_RANK if pd.isna(value) else name_ranks(column, language).get(str(value), NO_NAME_RANK))


def parse_sort_value(text: str, sort: str) -> str:
    """A value of `row_sort_value` from an address. Raises ValueError if it is none of this order."""
    column = SORT_OPTIONS[sort][0]
    if column in MOMENT_COLUMNS:
        return text if text == "infinity" else datetime.fromisoformat(text).isoformat()
    if column == "number":
        if not text.isprintable():
            raise ValueError(text)
        return text.rjust(NUMBER_LENGTH)
    rank = int(text)
    if not 0 <= rank < 2**31:
        raise ValueError(text)
    return str(rank)
