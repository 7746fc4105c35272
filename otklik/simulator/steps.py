"""The simulator's steps up to the answer; each changes one appeal of the demo and adds one event to its history.

A step returns False when the region has no suitable appeal.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

import numpy as np
import psycopg
from psycopg import sql
from psycopg.rows import DictRow

from otklik.simulator.new_appeal import AppealGenerator

Connection = psycopg.Connection[DictRow]
REJECTED_SHARE = 0.05
"""The share of appeals that the moderator rejects."""
OPEN_WITH_STATUS = "closed_at IS NULL AND status.code = ANY(%(statuses)s)"
RECENTLY_ANSWERED = "closed_at > now() - interval '3 days' AND status.code = 'answered'"


@dataclass(frozen=True)
class StepContext:
    """A connection, a region, and the random generator that makes the choices."""

    connection: Connection
    rng: np.random.Generator
    generator: AppealGenerator
    region: str

    def random_appeal(self, condition: LiteralString, **values: object) -> DictRow | None:
        """One of the region's hundred oldest demo appeals that meet a condition; None without any."""
        query = f"""
            SELECT appeal.region_id, appeal.id, appeal.received_at, deadline_at, status.code AS status,
                holder.code AS holder, greatest(now(), received_at) AS at
            FROM appeal
            JOIN territory ON territory.id = appeal.region_id AND territory.code = %(region)s
            JOIN source ON source.id = source_id AND source.code = 'demo'
            JOIN status ON status.id = status_id
            JOIN organisation AS holder ON holder.id = holder_id
            WHERE {condition}
            ORDER BY appeal.received_at, appeal.id LIMIT 100"""  # noqa: S608 - a literal condition
        rows = self.connection.execute(query, {"region": self.region, **values}).fetchall()
        return rows[int(self.rng.integers(len(rows)))] if rows else None

    def update_appeal(self, row: DictRow, kind: str, actor: str, reason: str | None = None, **fields: object) -> None:
        """Write fields of an appeal, reference columns by code, and the event of the change.

        Rolls back when somebody has changed the appeal's status since it was read.
        """
        assignments = [
            sql.SQL("{} = (SELECT id FROM {} WHERE code = {})").format(
                sql.Identifier(f"{name}_id"), sql.Identifier(CODE_TABLES[name]), sql.Placeholder(name)
            )
            if name in CODE_TABLES
            else sql.SQL("{} = {}").format(sql.Identifier(name), sql.Placeholder(name))
            for name in fields
        ]
        update = sql.SQL("UPDATE appeal SET updated_at = now(), {} WHERE region_id = %(region_id)s AND id = %(id)s")
        same_status = sql.SQL(" AND status_id = (SELECT id FROM status WHERE code = %(was)s)")
        values = {**row, **fields, "was": row["status"]}
        if self.connection.execute(update.format(sql.SQL(", ").join(assignments)) + same_status, values).rowcount != 1:
            raise psycopg.Rollback
        recorded = {name.removesuffix("_at"): value for name, value in fields.items() if name in RECORDED_FIELDS}
        before = {name: row[column] for name, column in PREVIOUS_COLUMNS.items() if name in recorded}
        self.insert_event(row, row["at"], kind, actor, reason, before or None, recorded or None)

    def insert_event(self, row: DictRow, at: datetime, kind: str, actor: str, *details: object) -> None:
        """Add an event; `details` are the reason and the values before and after."""
        reason, before, after = details
        self.connection.execute(
            "INSERT INTO event (region_id, appeal_id, at, kind, actor, reason, before, after)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            [row["region_id"], row["id"], at, kind, actor, reason, _to_json(before), _to_json(after)],
        )


CODE_TABLES = {"status": "status", "outcome": "outcome", "holder": "organisation"}
RECORDED_FIELDS = {"status", "outcome", "holder", "rating", "deadline_at"}
PREVIOUS_COLUMNS = {"status": "status", "holder": "holder", "deadline": "deadline_at"}


def _to_json(value: object) -> str | None:
    return None if value is None else json.dumps(value, default=datetime.isoformat)


def receive_appeal(step: StepContext) -> bool:
    """Add a new appeal."""
    row = step.connection.execute(AppealGenerator.INSERT, step.generator.insert_values(step.region)).fetchone()
    assert row is not None  # noqa: S101 - the INSERT returns a row or raises
    step.insert_event(row, row["received_at"], "received", "applicant", None, None, {"holder": row["holder"]})
    return True


def moderate_appeal(step: StepContext) -> bool:
    """Register an appeal as the moderator, or reject it."""
    row = step.random_appeal(OPEN_WITH_STATUS, statuses=["received", "on_moderation"])
    if row is None:
        return False
    if step.rng.random() < REJECTED_SHARE:
        reason = "Not a matter for an appeal"
        step.update_appeal(
            row, "answered", "moderator", reason, status="rejected", outcome="rejected", closed_at=row["at"]
        )
    else:
        step.update_appeal(row, "registered", "moderator", status="on_coordination", registered_at=row["at"])
    return True


def assign_executor(step: StepContext) -> bool:
    """Assign an appeal to the executor."""
    return _set_status(step, ["on_coordination"], "in_progress", "coordinator")


def draft_answer(step: StepContext) -> bool:
    """Draft an answer, which then waits for approval."""
    return _set_status(step, ["in_progress", "extended", "reconsideration"], "on_approval", "executor")


def _set_status(step: StepContext, statuses: list[str], status: str, actor: str) -> bool:
    row = step.random_appeal(OPEN_WITH_STATUS, statuses=statuses)
    if row is not None:
        step.update_appeal(row, "moved", actor, status=status)
    return row is not None


def redirect_appeal(step: StepContext) -> bool:
    """Redirect an appeal to another organisation of its town or region."""
    row = step.random_appeal(OPEN_WITH_STATUS, statuses=["on_coordination", "in_progress"])
    if row is None:
        return False
    organisations = step.connection.execute(
        "SELECT organisation.code FROM organisation JOIN appeal"
        " ON organisation.territory_id IN (appeal.region_id, appeal.municipality_id)"
        " WHERE appeal.region_id = %(region_id)s AND appeal.id = %(id)s AND organisation.id <> holder_id"
        " ORDER BY organisation.code",
        row,
    ).fetchall()
    if organisations:
        new_holder = organisations[int(step.rng.integers(len(organisations)))]["code"]
        step.update_appeal(row, "redirected", "coordinator", "Belongs to another organisation", holder=new_holder)
    return bool(organisations)
