"""One appeal with its history, deadline and similar appeals; everything but the applicant."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import cast, literal, null, select, union_all
from sqlalchemy.dialects.postgresql import JSONB

from otklik.database.tables import appeal, appeal_look, event
from otklik.database.transactions import query_dataframe, read_transaction
from otklik.deadlines.appeal_deadline import explained_deadline
from otklik.deadlines.calculation import Deadline
from otklik.masking.mask_text import mask_text
from otklik.masking.spans import TextPart
from queries.cache.live import live
from queries.core.appeal_state import appeal_state
from queries.core.reference import dimension_members, member_ids
from queries.lists.appeal_list import AppealKey

HISTORY_DIMENSIONS = {"holder": "organisation", "topic": "topic", "status": "status", "outcome": "outcome"}
"""The fields of an event that hold a code, with the dimension that names it."""
MAX_LOOKS = 100


@dataclass(frozen=True)
class Appeal:
    """An appeal with names in place of ids; moments are local to its region.

    `masked_text`: what the applicant wrote, without personal data; empty where nothing is known of it, and of a very
    long text its begin (otklik.masking.mask_text), while `text_length` counts all of its characters. The whole text is
    read as personal data are, for a reason (otklik.database.access.applicants).
    """

    key: AppealKey
    version: datetime
    number: str
    source: str
    source_name: str
    region: str
    state: str
    status: str
    stage: str
    outcome: str | None
    regime: str
    channel: str
    topics: tuple[str, ...]
    territories: tuple[str, ...]
    holder: str
    first_holder: str
    is_redirected: bool
    masked_text: tuple[TextPart, ...]
    text_length: int
    received_at: datetime
    registered_at: datetime | None
    deadline_at: datetime | None
    closed_at: datetime | None
    rated_at: datetime | None
    rating: int | None
    reopened: int
    zone: str
    lon: float | None
    lat: float | None


@live
def appeal_keys(number: str, source: str | None = None, region: str | None = None) -> tuple[AppealKey, ...]:
    """The keys of the appeals with this number that the viewer may see, newest first, at most 50.

    A number is unique within a source and region.
    """
    conditions = [appeal.c.number == number]
    for column, dimension, code in ((appeal.c.source_id, "source", source), (appeal.c.region_id, "territory", region)):
        if code is not None:
            conditions.append(column.in_(member_ids(dimension, code) or ()))
    query = select(appeal.c.region_id, appeal.c.id).where(*conditions).order_by(appeal.c.received_at.desc())
    return tuple(
        AppealKey(int(row["region_id"]), int(row["id"])) for _, row in query_dataframe(query.limit(50)).iterrows()
    )


@live
def appeal_by_key(key: AppealKey, language: str) -> Appeal | None:
    """The appeal of a key; None if there is none, or none that the viewer may see."""
    records = query_dataframe(
        select(*appeal.c, appeal_state().label("state")).where(
            appeal.c.region_id == key.region_id, appeal.c.id == key.id
        )
    ).to_dict("records")
    if not records:
        return None
    row: dict[str, Any] = {
        str(name): None if pd.isna(value) else value for name, value in records[0].items() if name != "set_here"
    }
    members = {
        dimension: dimension_members(dimension, language)
        for dimension in ("territory", "organisation", "topic", "status", "stage")
    }
    territory_id = row["municipality_id"] or row["region_id"]
    timezone = ZoneInfo(str(members["territory"]["timezone"][territory_id]))

    def member_text(dimension: str, column: str = "name") -> str | None:
        return (
            None
            if row[f"{dimension}_id"] is None
            else str(dimension_members(dimension, language)[column][row[f"{dimension}_id"]])
        )

    return Appeal(
        key=key,
        version=row["updated_at"],
        source=str(member_text("source", "code")),
        source_name=str(member_text("source")),
        region=str(members["territory"]["code"][row["region_id"]]),
        status=str(member_text("status")),
        stage=str(members["stage"]["name"][members["status"]["stage_id"][row["status_id"]]]),
        outcome=member_text("outcome"),
        regime=str(member_text("regime")),
        channel=str(member_text("channel")),
        topics=_ancestor_names(members["topic"], row["topic_id"]),
        territories=_ancestor_names(members["territory"], territory_id),
        holder=str(members["organisation"]["full_name"][row["holder_id"]]),
        first_holder=str(members["organisation"]["full_name"][row["first_holder_id"]]),
        is_redirected=row["holder_id"] != row["first_holder_id"],
        zone=timezone.key,
        **{name: row[name] for name in ("number", "state", "rating", "reopened", "lon", "lat")},
        masked_text=mask_text(row["body"] or ""),
        text_length=len(row["body"] or ""),
        **{
            f"{name}_at": row[f"{name}_at"] and row[f"{name}_at"].astimezone(timezone)
            for name in ("received", "registered", "deadline", "closed", "rated")
        },
    )


def _ancestor_names(members: pd.DataFrame, member_id: int) -> tuple[str, ...]:
    """The names of a member's ancestors from the top down, its own last."""
    names: list[str] = []
    current_id: Any = member_id
    while not pd.isna(current_id):
        names.insert(0, str(members["full_name"][current_id]))
        current_id = members["parent_id"][current_id]
    return tuple(names)


@live
def event_history(key: AppealKey, language: str, zone: str) -> pd.DataFrame:
    """One row per event and look of the appeal, oldest first: at (local), kind, actor, reason (or None), was, becomes.

    Of the applicant's looks (`looked`) there are the last 100.

    `was` and `becomes` are dicts of what changed: holder, topic, status, outcome (names), deadline, closed (local
    moments), rating and verdict; empty where nothing of these is recorded.
    """
    looks = (
        select(
            appeal_look.c.at,
            literal("looked").label("kind"),
            literal("applicant").label("actor"),
            null().label("reason"),
            cast(null(), JSONB).label("before"),
            cast(null(), JSONB).label("after"),
            literal(0).label("id"),
        )
        .where(appeal_look.c.region_id == key.region_id, appeal_look.c.appeal_id == key.id)
        .order_by(appeal_look.c.at.desc())
        .limit(MAX_LOOKS)
    )
    changes = select(*(event.c[name] for name in ("at", "kind", "actor", "reason", "before", "after", "id"))).where(
        event.c.region_id == key.region_id, event.c.appeal_id == key.id
    )
    entries = union_all(changes, looks.subquery().select()).subquery()
    events = query_dataframe(select(entries).order_by(entries.c.at, entries.c.id))
    names_by_code = {
        field_name: dimension_members(dimension, language).set_index("code")["full_name"].to_dict()
        for field_name, dimension in HISTORY_DIMENSIONS.items()
    }
    timezone = ZoneInfo(zone)

    def describe(recorded: dict[str, Any] | None) -> dict[str, Any]:
        described: dict[str, Any] = {}
        for field_name, value in (recorded or {}).items():
            if field_name in names_by_code:
                described[field_name] = names_by_code[field_name].get(value, value)
            elif field_name in ("deadline", "closed") and value:
                described[field_name] = datetime.fromisoformat(value).astimezone(timezone)
            elif field_name in ("rating", "verdict"):
                described[field_name] = value
        return described

    return pd.DataFrame(
        {
            "at": pd.Series([moment.astimezone(timezone) for moment in events["at"]], dtype=object),
            "kind": events["kind"],
            "actor": events["actor"],
            "reason": events["reason"].astype(object).where(events["reason"].notna(), None),
            "was": [describe(event_values) for event_values in events["before"]],
            "becomes": [describe(event_values) for event_values in events["after"]],
        }
    )


@live
def deadline_explanation(key: AppealKey) -> Deadline | None:
    """How the deadline of the appeal was calculated, step by step; None where no rule gives it one."""
    with read_transaction() as connection:
        return explained_deadline(connection, key.region_id, key.id)


def time_left(this_appeal: Appeal, now: datetime | None = None) -> timedelta | None:
    """The time until the deadline, negative once it has passed; None for a closed appeal or one without a deadline."""
    if this_appeal.deadline_at is None or this_appeal.closed_at is not None:
        return None
    return this_appeal.deadline_at - (now or datetime.now(UTC))
