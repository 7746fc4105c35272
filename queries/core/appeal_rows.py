"""Lists of appeals: what every list says of one, in words and in the region's time zone."""

from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import ColumnElement, Select, func, select

from otklik.database.tables import appeal
from queries.core.reference import words

KINDS = ("topic", "territory", "organisation", "channel", "status")


def appeals(*more: ColumnElement[Any]) -> Select[Any]:
    """Number, subject and state of appeals, and the columns named besides."""
    return select(
        appeal.c.number,
        appeal.c.topic_id,
        func.coalesce(appeal.c.municipality_id, appeal.c.region_id).label("territory_id"),
        appeal.c.holder_id.label("organisation_id"),
        appeal.c.channel_id,
        appeal.c.status_id,
        *more,
    )


def named(rows: pd.DataFrame, language: str) -> pd.DataFrame:
    """The rows with words instead of ids and each moment in its region's time zone."""
    known = {kind: words(kind, language) for kind in KINDS}
    zones = [ZoneInfo(str(one)) for one in known["territory"]["timezone"].reindex(rows["territory_id"])]
    ids = {f"{kind}_id": kind for kind in KINDS}
    columns: dict[str, Any] = {str(name): column for name, column in rows.items() if name not in ids}
    for name, column in columns.items():
        if name.endswith("_at"):
            # Not the Timestamps of pandas: each takes its time zone from a file whenever a kept answer is read.
            moments = zip(column.astype(object), column.isna(), zones, strict=True)
            local = [None if none else at.to_pydatetime().astimezone(zone) for at, none, zone in moments]
            columns[name] = pd.Series(local, rows.index, dtype=object)
    columns |= {kind: known[kind]["name"].reindex(rows[name]).array for name, kind in ids.items()}
    # Made at once: a column taken out or put in at a time costs more than the question.
    return pd.DataFrame(columns, rows.index)
