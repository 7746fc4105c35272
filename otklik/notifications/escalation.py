"""The ladder of escalation: who is told when an appeal comes close to its deadline, passes it, or lies untouched."""

from dataclasses import dataclass
from datetime import time, timedelta
from typing import LiteralString

import psycopg
from psycopg.types.json import Jsonb

NOTIFIED_ROLES = ("staff", "manager", "official", "administrator")
STEP_MOMENTS = ("risk", "deadline", "transfer")
QUIET_HOURS_SETTING = "escalation_quiet_hours"
"""The setting: {"from": "22:00", "until": "08:00"}, by the clock of each region."""

LADDER_SQL: LiteralString = """
    SELECT code, moment, after, roles, waits, is_active FROM escalation_step
    ORDER BY array_position(ARRAY['transfer', 'risk', 'deadline'], moment), after, code"""
UPSERT_STEP_SQL: LiteralString = """
    INSERT INTO escalation_step (code, moment, after, roles, waits, is_active)
    VALUES (%(code)s, %(moment)s, %(after)s, %(roles)s, %(waits)s, %(is_active)s)
    ON CONFLICT (code) DO UPDATE SET moment = EXCLUDED.moment, after = EXCLUDED.after, roles = EXCLUDED.roles,
        waits = EXCLUDED.waits, is_active = EXCLUDED.is_active"""


@dataclass(frozen=True)
class EscalationStep:
    """One rung: so long after a moment (before it, when negative) these roles are told, within their territories.

    `waits`: not in the quiet hours of the appeal's region.
    """

    code: str
    moment: str
    after: timedelta
    roles: list[str]
    waits: bool = True
    is_active: bool = True


def escalation_ladder(connection: psycopg.Connection) -> list[EscalationStep]:
    """Every step, in the order in which an appeal meets them."""
    return [EscalationStep(*row) for row in connection.execute(LADDER_SQL)]


def save_step(connection: psycopg.Connection, step: EscalationStep) -> None:
    """Add a step, or change the one with its code. Raises psycopg.errors.CheckViolation for one that can't be."""
    connection.execute(UPSERT_STEP_SQL, vars(step))


def quiet_hours(connection: psycopg.Connection) -> tuple[time, time]:
    """From when until when nobody is told, by the region's clock; the same twice: never."""
    row = connection.execute("SELECT value FROM setting WHERE name = %s", (QUIET_HOURS_SETTING,)).fetchone()
    value = row[0] if row else {"from": "22:00", "until": "08:00"}
    return time.fromisoformat(value["from"]), time.fromisoformat(value["until"])


def save_quiet_hours(connection: psycopg.Connection, start: time, end: time) -> None:
    """Let nobody be told from one time to another."""
    value = Jsonb({"from": f"{start:%H:%M}", "until": f"{end:%H:%M}"})
    connection.execute(
        "INSERT INTO setting VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value",
        (QUIET_HOURS_SETTING, value),
    )


def escalate(database_url: str) -> None:
    """Tell who is to be told of what happened since the last time; another process that does so is left alone.

    A job of the launcher's (otklik/launcher/maintenance.py); the database's function `escalate` does it in one transaction.
    """
    with psycopg.connect(database_url) as connection:
        start, end = quiet_hours(connection)
        connection.execute("SELECT escalate(now(), '20 seconds', %s, %s)", (start, end))
