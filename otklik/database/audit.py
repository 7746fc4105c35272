"""Who did what: recording it, reading it, and proving that nothing was changed or taken out."""

from dataclasses import dataclass
from typing import Any

import psycopg
from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB


def record_action(
    connection: Connection,
    action: str,
    target: str,
    reason: str = "",
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> int:
    """Record an action of the viewer's in their own transaction, as its last statement; returns the entry's number."""
    statement = text("SELECT audit_record(:action, :target, :reason, :before, :after)").bindparams(
        *(bindparam(name, type_=JSONB(none_as_null=True)) for name in ("before", "after"))
    )
    values = {"action": action, "target": target, "reason": reason, "before": before, "after": after}
    return int(connection.execute(statement, values).scalar_one())


@dataclass(frozen=True)
class AuditVerification:
    """How many entries there are, the last one's hash, and where the chain breaks first."""

    entries: int
    last_hash: str
    broken_at: int | None = None
    reason: str = ""


def verify_audit(database_url: str, checkpoint: tuple[int, str] | None = None) -> AuditVerification:
    """Go through the whole audit at an owner's address.

    Who can write to every table can also write the chain anew from some entry on, or cut its end and its head alike:
    only what was `remembered` elsewhere, a number of entries and the hash of the last, proves that nobody did.
    """
    with psycopg.connect(database_url, application_name="otklik audit") as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        totals = connection.execute("SELECT count(*), max(id) FROM audit").fetchone()
        last_hash = _entry_hash(connection, totals[1]) if totals and totals[1] else ""
        count = int(totals[0]) if totals else 0
        first_break = connection.execute("SELECT id, why FROM audit_break ORDER BY id LIMIT 1").fetchone()
        if first_break is None and checkpoint and _entry_hash(connection, checkpoint[0]) != checkpoint[1]:
            first_break = (checkpoint[0], "it isn't the entry that was remembered")
    return AuditVerification(count, last_hash, *(first_break or ()))


def _entry_hash(connection: psycopg.Connection[Any], entry_id: int) -> str:
    row = connection.execute("SELECT encode(hash, 'hex') FROM audit WHERE id = %s", (entry_id,)).fetchone()
    return str(row[0]) if row else ""
