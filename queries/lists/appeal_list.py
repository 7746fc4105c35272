"""Rows of appeals with their key, version and state: what the queue lists and an action works on."""

from typing import Any, NamedTuple

import pandas as pd
from sqlalchemy import Select, and_, cast, func
from sqlalchemy.types import ARRAY, BigInteger, Integer

from otklik.database.tables import appeal
from otklik.database.transactions import query_dataframe
from queries.cache.live import live
from queries.core.appeal_state import appeal_state
from queries.core.reference import dimension_members
from queries.lists.appeal_rows import format_appeal_rows, select_appeals

KEY_TYPES = (Integer, BigInteger)


class AppealKey(NamedTuple):
    """The primary key of an appeal."""

    region_id: int
    id: int


@live
def appeals_by_key(keys: tuple[AppealKey, ...], language: str) -> pd.DataFrame:
    """One row per appeal with one of the keys, in the order of the keys; one that the viewer can't see is left out.

    Columns: region_id, id, version (`updated_at`), number, source and region (codes), received_at and deadline_at
    (local), topic, territory, organisation, channel, status and stage (names), and state: `within`, `at_risk`,
    `overdue`, `no_deadline` or `closed`.
    """
    if not keys:
        return format_list_rows(query_dataframe(select_list().limit(0)), language)
    region_ids, appeal_ids = (
        cast(list(values), ARRAY(column_type))
        for values, column_type in zip(zip(*keys, strict=True), KEY_TYPES, strict=True)
    )
    requested = (
        func.unnest(region_ids, appeal_ids).table_valued("region", "id", with_ordinality="place").render_derived()
    )
    query = select_list().join(requested, and_(appeal.c.region_id == requested.c.region, appeal.c.id == requested.c.id))
    return format_list_rows(query_dataframe(query.order_by(requested.c.place)), language)


def select_list() -> Select[Any]:
    """The query for rows of appeals in ids, without a condition; `format_list_rows` turns the result into names."""
    return select_appeals(
        appeal.c.region_id,
        appeal.c.id,
        appeal.c.source_id,
        appeal.c.updated_at.label("version"),
        appeal.c.received_at,
        appeal.c.deadline_at,
        appeal_state().label("state"),
    )


def format_list_rows(rows: pd.DataFrame, language: str) -> pd.DataFrame:
    """The rows of `select_list` with names and codes in place of ids: the columns of `appeals_by_key`."""
    stage_by_status = dimension_members("status", language)["stage_id"].map(
        dimension_members("stage", language)["name"]
    )
    columns = {str(name): column for name, column in rows.items()}
    columns["stage"] = rows["status_id"].map(stage_by_status)
    columns["source"] = columns.pop("source_id").map(dimension_members("source", language)["code"])
    columns["region"] = rows["region_id"].map(dimension_members("territory", language)["code"])
    return format_appeal_rows(pd.DataFrame(columns), language)
