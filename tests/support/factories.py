"""Rows for tests: what a test doesn't care about has a sensible value.

Territories, organisations and topics go by their codes, and are made when they are first named. An appeal is
open and in progress, unless `closed_at` is given: then it is answered and resolved.
"""

import json
from datetime import UTC, datetime
from functools import cache
from itertools import count
from typing import NamedTuple

from sqlalchemy import Connection, text

APPEAL_NUMBERS = count(1)
cached_text = cache(text)
CODED_COLUMNS = ("source", "channel", "regime", "status", "outcome")
TABLES_BY_COLUMN = {
    **{column: column for column in CODED_COLUMNS},
    "region": "territory",
    "topic": "topic",
    "holder": "organisation",
    "first_holder": "organisation",
    "municipality": "territory",
}
IDS_BY_CODE = text(
    "SELECT "
    + ", ".join(
        f"(SELECT id FROM {table} WHERE code = :{column} LIMIT 1) AS {column}"
        for column, table in TABLES_BY_COLUMN.items()
    )
)
"""The ids of what an appeal names by code, in one query: tests make tens of thousands of appeals."""


class AppealKey(NamedTuple):
    """An appeal's primary key."""

    region_id: int
    id: int


def territory(
    connection: Connection,
    code: str = "XA",
    level: str = "region",
    parent: str | None = None,
    timezone: str = "UTC",
    **columns: object,
) -> int:
    """The id of a territory; a new one without a parent hangs under a country (one of a municipality under `XA`)."""
    if level != "country" and parent is None:
        parent = "XA" if level == "municipality" else "X"
    parent_id = None
    if parent is not None:
        parent_id = _id_by_code(connection, "territory", parent) or territory(
            connection, parent, "country" if parent == "X" else "region"
        )
    row = {"level": level, "parent_id": parent_id, "timezone": timezone, **columns}
    return _id_by_code(connection, "territory", code) or _insert(
        connection, "territory", code=code, **_with_name(code, row)
    )


def organisation(
    connection: Connection, code: str = "office", level: str = "regional", region: str = "XA", **columns: object
) -> int:
    """The id of an organisation of a territory (`region`: its code, of any level)."""
    if organisation_id := _id_by_code(connection, "organisation", code):
        return organisation_id
    row = {"level": level, "territory_id": territory(connection, region), **columns}
    return _insert(connection, "organisation", code=code, **_with_name(code, row))


def topic(connection: Connection, code: str = "roads", **columns: object) -> int:
    """The id of a topic; `roads.surface.pothole` is of the third level, under `roads.surface`."""
    if topic_id := _id_by_code(connection, "topic", code):
        return topic_id
    parent, _, _ = code.rpartition(".")
    row = {"level": code.count(".") + 1, "parent_id": topic(connection, parent) if parent else None, **columns}
    return _insert(connection, "topic", code=code, **_with_name(code, row))


def appeal(
    connection: Connection,
    *,
    region: str = "XA",
    topic: str = "roads",
    holder: str = "office",
    first_holder: str | None = None,
    municipality: str | None = None,
    **columns: object,
) -> AppealKey:
    """A new appeal: words (`status`, `outcome`, `channel`, `regime`, `source`) by code, other columns as they are."""
    is_closed = columns.get("closed_at") is not None
    row = {
        "number": f"T-{next(APPEAL_NUMBERS):07d}",
        "received_at": datetime.now(UTC),
        "source": "otklik",
        "channel": "portal",
        "regime": "ordinary",
        "status": "answered" if is_closed else "in_progress",
        "outcome": "resolved" if is_closed else None,
        **columns,
    }
    if row.get("rating") is not None:
        row.setdefault("rated_at", row.get("closed_at") or row["received_at"])
    if "first_outcome" in row:
        row["first_outcome_id"] = _id_by_code(connection, "outcome", str(row.pop("first_outcome")))
    codes = {name: row.pop(name) for name in CODED_COLUMNS} | {
        "region": region,
        "topic": topic,
        "holder": holder,
        "first_holder": first_holder or holder,
        "municipality": municipality,
    }
    ids = dict(connection.execute(IDS_BY_CODE, codes).mappings().one())
    missing = {name for name, code in codes.items() if code is not None and ids[name] is None}
    assert missing.isdisjoint(CODED_COLUMNS), f"no {missing} of {codes}"
    if missing:
        ids["region"] = territory(connection, region)
        ids["topic"] = TOPIC_FACTORY(connection, topic)
        ids["holder"] = organisation(connection, holder, region=region)
        ids["first_holder"] = organisation(connection, first_holder or holder, region=region)
        if municipality is not None:
            ids["municipality"] = territory(connection, municipality, "municipality", parent=region)
    if municipality is None:
        del ids["municipality"]
    row |= {f"{name}_id": row_id for name, row_id in ids.items()}
    return AppealKey(ids["region"], _insert(connection, "appeal", **row))


def event(connection: Connection, key: AppealKey, kind: str = "note", **columns: object) -> int:
    """The id of a new line in an appeal's history; `before` and `after` are dicts."""
    row = {"actor": "tester", **columns}
    row |= {field: json.dumps(row[field]) for field in ("before", "after") if row.get(field) is not None}
    return _insert(connection, "event", region_id=key.region_id, appeal_id=key.id, kind=kind, **row)


def verdict(connection: Connection, key: AppealKey, resolved: str, given_at: datetime, outcome: str) -> None:
    """What an applicant says of the answer that the appeal has now; `outcome`: the official one at that moment."""
    statement = """INSERT INTO verdict SELECT region_id, id, closed_at, :given_at, :resolved,
        (SELECT id FROM outcome WHERE code = :outcome) FROM appeal WHERE region_id = :region AND id = :id"""
    values = {"given_at": given_at, "resolved": resolved, "outcome": outcome, "region": key.region_id, "id": key.id}
    connection.execute(cached_text(statement), values)


TOPIC_FACTORY = topic
"""`appeal` has a keyword of the same name."""


def _id_by_code(connection: Connection, table: str, code: str) -> int | None:
    row_id: int | None = connection.scalar(cached_text(f"SELECT id FROM {table} WHERE code = :code"), {"code": code})
    return row_id


def _with_name(code: str, row: dict[str, object]) -> dict[str, object]:
    """With a name, where none was given."""
    return {"name": code} | {key: json.dumps(value) if key == "names" else value for key, value in row.items()}


def _insert(connection: Connection, table: str, **row: object) -> int:
    placeholders = ", ".join(f":{column}" for column in row)
    statement = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({placeholders}) RETURNING id"
    new_id: int = connection.execute(cached_text(statement), row).scalar_one()
    return new_id
