"""Lists of appeals: what every list says of one, in words and in the region's time zone."""

from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import ColumnElement, Select, func, select

from database.tables import appeal
from queries.reference import words

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
    zone_names = words("territory", "en")["timezone"]
    zones = [ZoneInfo(str(zone_names[one])) for one in rows["territory_id"]]
    for name in rows.columns[rows.columns.str.endswith("_at")]:
        moments = zip(rows[name], zones, strict=True)
        rows[name] = pd.Series([None if pd.isna(at) else at.astimezone(zone) for at, zone in moments], dtype=object)
    for kind in KINDS:
        rows[kind] = rows.pop(f"{kind}_id").map(words(kind, language)["name"])
    return rows
