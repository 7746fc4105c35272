"""The audit: recording what people did, and proving that no entry was changed or removed."""

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
    """Record an action of the viewer's as the last statement of its transaction; returns the number of the entry."""
    statement = text("SELECT audit_record(:action, :target, :reason, :before, :after)").bindparams(
        *(bindparam(name, type_=JSONB(none_as_null=True)) for name in ("before", "after"))
    )
    values = {"action": action, "target": target, "reason": reason, "before": before, "after": after}
    return int(connection.execute(statement, values).scalar_one())


@dataclass(frozen=True)
class AuditVerification:
    """The number of entries, the hash of the last, and the first entry that breaks the chain, with the reason."""

    entries: int
    last_hash: str
    broken_at: int | None = None
    reason: str = ""


def verify_audit(database_url: str, checkpoint: tuple[int, str] | None = None) -> AuditVerification:
    """Check the hash chain of the whole audit, at the owner's address.

    An owner of the tables can rewrite the chain from some entry on, or cut its end. Only a `checkpoint` kept elsewhere
    (a number of entries and the hash of the last one, as an earlier check returned them) proves that nobody did.
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
