"""The escalation ladder: who is notified when an appeal nears its deadline, passes it, or is left untouched."""

from dataclasses import dataclass
from datetime import time, timedelta
from typing import LiteralString

import psycopg
from psycopg.types.json import Jsonb

NOTIFIED_ROLES = ("staff", "manager", "official", "administrator")
"""The roles that a step may name."""
STEP_MOMENTS = ("risk", "deadline", "transfer")
"""What a step counts from: four fifths of the time used, the deadline, a transfer that nobody has acted on."""
QUIET_HOURS_SETTING = "escalation_quiet_hours"
"""The name of the setting; its value is `{"from": "22:00", "until": "08:00"}`, in the time zone of each region."""

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
    """A step of the ladder: people with these roles are notified of appeals in their territories.

    `moment` is one of `STEP_MOMENTS`; `after` is counted from it, and negative before a deadline. A step that `waits`
    shows no notice in the quiet hours of the appeal's region.
    """

    code: str
    moment: str
    after: timedelta
    roles: list[str]
    waits: bool = True
    is_active: bool = True


def escalation_ladder(connection: psycopg.Connection) -> list[EscalationStep]:
    """All steps, active or not, in the order in which an appeal reaches them."""
    return [EscalationStep(*row) for row in connection.execute(LADDER_SQL)]


def save_step(connection: psycopg.Connection, step: EscalationStep) -> None:
    """Add a step or replace the one with its code. Raises psycopg.errors.CheckViolation for an invalid one."""
    connection.execute(UPSERT_STEP_SQL, vars(step))


def quiet_hours(connection: psycopg.Connection) -> tuple[time, time]:
    """Start and end of the quiet hours in each region's time zone; equal times for none."""
    row = connection.execute("SELECT value FROM setting WHERE name = %s", (QUIET_HOURS_SETTING,)).fetchone()
    value = row[0] if row else {"from": "22:00", "until": "08:00"}
    return time.fromisoformat(value["from"]), time.fromisoformat(value["until"])


def save_quiet_hours(connection: psycopg.Connection, start: time, end: time) -> None:
    """Set the quiet hours; equal times for none."""
    value = Jsonb({"from": f"{start:%H:%M}", "until": f"{end:%H:%M}"})
    connection.execute(
        "INSERT INTO setting VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value",
        (QUIET_HOURS_SETTING, value),
    )


def escalate(database_url: str) -> None:
    """Write the notices of all that crossed a step since the last run.

    A job of the launcher (otklik/launcher/maintenance.py). The database's function `escalate` does it in one
    transaction, and nothing where another process is doing it or did it less than 20 seconds ago.
    """
    with psycopg.connect(database_url) as connection:
        start, end = quiet_hours(connection)
        connection.execute("SELECT escalate(now(), '20 seconds', %s, %s)", (start, end))
