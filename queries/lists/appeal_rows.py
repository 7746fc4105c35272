"""The columns that every list of appeals has, with names in place of ids and moments in the region's time zone."""

from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import ColumnElement, Select, func, select

from otklik.database.tables import appeal
from queries.core.reference import dimension_members
from queries.core.short_names import office_names
from queries.core.topic_labels import topic_labels

DIMENSIONS = ("topic", "territory", "organisation", "channel", "status")


def select_appeals(*extra_columns: ColumnElement[Any]) -> Select[Any]:
    """The query for a list of appeals in ids, without a condition: number, dimensions, and the extra columns."""
    return select(
        appeal.c.number,
        appeal.c.topic_id,
        func.coalesce(appeal.c.municipality_id, appeal.c.region_id).label("territory_id"),
        appeal.c.holder_id.label("organisation_id"),
        appeal.c.channel_id,
        appeal.c.status_id,
        *extra_columns,
    )


def format_appeal_rows(rows: pd.DataFrame, language: str) -> pd.DataFrame:
    """The rows of a `select_appeals` query with names in the language in place of ids; every `*_at` column is local.

    A topic whose name alone says little has that of the topic above in brackets.

    Columns: number, topic, territory, organisation, channel, status, and the extra columns in their order; `office` is
    the organisation's name as it stands beside the territory's.
    """
    members = {dimension: dimension_members(dimension, language) for dimension in DIMENSIONS}
    names = {dimension: members[dimension]["name"] for dimension in DIMENSIONS} | {"topic": topic_labels(language)}
    timezones = [
        ZoneInfo(str(timezone_name)) for timezone_name in members["territory"]["timezone"].reindex(rows["territory_id"])
    ]
    id_columns = {f"{dimension}_id": dimension for dimension in DIMENSIONS}
    columns: dict[str, Any] = {str(name): column for name, column in rows.items() if name not in id_columns}
    for name, column in columns.items():
        if name.endswith("_at"):
            # No pandas Timestamps: unpickling one from the cache loads its time zone from a file each time.
            cells = zip(column.astype(object), column.isna(), timezones, strict=True)
            local_moments = [
                None if is_missing else moment.to_pydatetime().astimezone(timezone)
                for moment, is_missing, timezone in cells
            ]
            columns[name] = pd.Series(local_moments, rows.index, dtype=object)
    columns |= {dimension: names[dimension].reindex(rows[name]).array for name, dimension in id_columns.items()}
    columns["office"] = office_names(rows["organisation_id"], rows["territory_id"], language)
    # Built at once: adding and removing columns one at a time takes pandas longer than the query.
    return pd.DataFrame(columns, rows.index)
