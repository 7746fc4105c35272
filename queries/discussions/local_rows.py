"""Rows of a discussion with plain values, their moments in the time zone of the discussion's territory."""

from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import text

from otklik.database.transactions import query_dataframe


def local_rows(sql: str, **values: object) -> pd.DataFrame:
    """The rows of a query that also selects `timezone`: None for what is missing, and moments in that zone."""
    rows = query_dataframe(text(sql).bindparams(**values))
    zones = [ZoneInfo(name) for name in rows.pop("timezone")]
    moments = rows.select_dtypes("datetimetz").columns
    rows = rows.astype(object)
    rows = rows.where(rows.notna(), None)
    for name in moments:
        local = [
            None if at is None else at.to_pydatetime().astimezone(zone)
            for at, zone in zip(rows[name], zones, strict=True)
        ]
        rows[name] = pd.Series(local, rows.index, dtype=object)
    return rows
