"""Lists of appeals: what every list says of one, in words and in the region's time zone."""

from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import ColumnElement, Select, func, select

from otklik.database.tables import appeal
from queries.core.reference import dimension_members

DIMENSIONS = ("topic", "territory", "organisation", "channel", "status")


def select_appeals(*extra_columns: ColumnElement[Any]) -> Select[Any]:
    """Number, subject and state of appeals, and the columns named besides."""
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
    """The rows with words instead of ids and each moment in its region's time zone."""
    members = {dimension: dimension_members(dimension, language) for dimension in DIMENSIONS}
    timezones = [
        ZoneInfo(str(timezone_name)) for timezone_name in members["territory"]["timezone"].reindex(rows["territory_id"])
    ]
    id_columns = {f"{dimension}_id": dimension for dimension in DIMENSIONS}
    columns: dict[str, Any] = {str(name): column for name, column in rows.items() if name not in id_columns}
    for name, column in columns.items():
        if name.endswith("_at"):
            # Not the Timestamps of pandas: each takes its time zone from a file whenever a kept answer is read.
            cells = zip(column.astype(object), column.isna(), timezones, strict=True)
            local_moments = [
                None if is_missing else moment.to_pydatetime().astimezone(timezone)
                for moment, is_missing, timezone in cells
            ]
            columns[name] = pd.Series(local_moments, rows.index, dtype=object)
    columns |= {
        dimension: members[dimension]["name"].reindex(rows[name]).array for name, dimension in id_columns.items()
    }
    # Made at once: a column taken out or put in at a time costs more than the question.
    return pd.DataFrame(columns, rows.index)
