"""One problem: its head, its remedies and its history.

Nothing of it is cached: whoever has just changed a problem sees it so before the change is announced.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import text

from otklik.database.functions.problems import ENDED_STATUSES, next_statuses
from otklik.database.transactions import query_dataframe
from queries.core.reference import dimension_members
from queries.core.topic_labels import topic_labels

PROBLEM_SQL = """
    SELECT p.id, p.territory_id, p.topic_id, p.title, p.description, p.status, p.owner_id, owner.name AS owner, p.since,
        p.surge_starts, p.text_cluster_id, p.opened_at, p.version, opened.person AS opened_by
    FROM problem AS p
    LEFT JOIN problem_owners() AS owner ON owner.id = p.owner_id
    LEFT JOIN LATERAL (
        SELECT e.person FROM problem_event AS e WHERE e.problem_id = p.id AND e.kind = 'opened' ORDER BY e.id LIMIT 1
    ) AS opened ON true
    WHERE p.id = :problem"""
REMEDIES_SQL = """
    SELECT r.id, r.title, r.responsible, r.organisation_id, r.due, r.done_at, r.note, place.timezone,
        r.due < (now() AT TIME ZONE place.timezone)::date AND r.done_at IS NULL
            AND p.status NOT IN ('closed', 'rejected') AS is_overdue
    FROM problem_remedy AS r
    JOIN problem AS p ON p.id = r.problem_id
    JOIN territory AS place ON place.id = p.territory_id
    WHERE p.id = :problem
    ORDER BY r.done_at IS NOT NULL, r.due, r.id"""
HISTORY_SQL = """
    SELECT e.at, e.person, e.kind, e.reason, e.before, e.after, place.timezone
    FROM problem_event AS e
    JOIN problem AS p ON p.id = e.problem_id
    JOIN territory AS place ON place.id = p.territory_id
    WHERE p.id = :problem ORDER BY e.id DESC"""


MAX_ID_DIGITS = 9
"""An integer of the database has ten at most; no number of problems comes near."""


@dataclass(frozen=True)
class Problem:
    """A problem with names in a language; `territory_code` and `topic_code` are the codes of both.

    `is_open`: it is neither closed nor rejected. `next_statuses`: where its next step can lead. `opened_at` is in the
    territory's time zone. `owner` and `opened_by` are names, None for nobody.
    """

    id: int
    title: str
    description: str
    status: str
    is_open: bool
    next_statuses: tuple[str, ...]
    territory: str
    territory_code: str
    topic: str
    topic_code: str
    owner_id: int | None
    owner: str | None
    since: date
    surge_starts: date | None
    text_cluster_id: int | None
    opened_at: datetime
    opened_by: str | None
    version: int


def problem_by_id(problem_id: int, language: str) -> Problem | None:
    """The problem; None where there is none or the viewer doesn't see it."""
    rows = _rows(PROBLEM_SQL, problem_id)
    if rows.empty:
        return None
    row: dict[str, Any] = {str(name): value for name, value in rows.iloc[0].items()}
    territory = dimension_members("territory", language).loc[row.pop("territory_id")]
    topic_id = row.pop("topic_id")
    cluster_id = row["text_cluster_id"]
    row["text_cluster_id"] = None if pd.isna(cluster_id) else int(cluster_id)
    row["opened_at"] = row["opened_at"].astimezone(ZoneInfo(str(territory["timezone"])))
    return Problem(
        **row,
        is_open=row["status"] not in ENDED_STATUSES,
        next_statuses=next_statuses(row["status"]),
        territory=str(territory["name"]),
        territory_code=str(territory["code"]),
        topic=str(topic_labels(language)[topic_id]),
        topic_code=str(dimension_members("topic", language)["code"][topic_id]),
    )


def problem_of_address(value: str, language: str) -> Problem | None:
    """The problem whose id an address has; None where it is no id, or of no problem that the viewer sees."""
    is_id = value.isascii() and value.isdecimal() and len(value) <= MAX_ID_DIGITS
    return problem_by_id(int(value), language) if is_id else None


def remedies(problem_id: int, language: str) -> pd.DataFrame:
    """One row a remedy, those that are not done first, by their due day.

    Columns: id, title, responsible (the organisation's name, or whoever is named), due, done_at, note, is_overdue.
    """
    rows = _rows(REMEDIES_SQL, problem_id)
    organisations = dimension_members("organisation", language)["name"]
    names = organisations.reindex(rows.pop("organisation_id")).array
    return rows.assign(
        responsible=[
            named if pd.isna(name) else str(name) for named, name in zip(rows["responsible"], names, strict=True)
        ]
    )


def history(problem_id: int) -> pd.DataFrame:
    """One row a change or comment, newest first: at, person, kind, reason, before and after (dicts or None)."""
    return _rows(HISTORY_SQL, problem_id)


def _rows(sql: str, problem_id: int) -> pd.DataFrame:
    """The rows with plain values: None for what is missing, and moments in the time zone of the row, if it has one."""
    rows = query_dataframe(text(sql).bindparams(problem=problem_id)).astype(object)
    rows = rows.where(rows.notna(), None)
    if "timezone" not in rows:
        return rows
    zones = [ZoneInfo(name) for name in rows.pop("timezone")]
    for name in rows.columns.intersection(["at", "done_at"]):
        moments = [None if at is None else at.astimezone(zone) for at, zone in zip(rows[name], zones, strict=True)]
        rows[name] = pd.Series(moments, rows.index, dtype=object)
    return rows
