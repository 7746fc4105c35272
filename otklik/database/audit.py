"""Who did what: recording it, reading it, and proving that nothing was changed or taken out."""

from dataclasses import dataclass
from typing import Any

import psycopg
from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB


def record(
    connection: Connection,
    action: str,
    target: str,
    reason: str = "",
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> int:
    """Record an action of the viewer's in their own transaction, as its last statement; returns the entry's number."""
    call = text("SELECT audit_record(:action, :target, :reason, :before, :after)").bindparams(
        *(bindparam(name, type_=JSONB(none_as_null=True)) for name in ("before", "after"))
    )
    values = {"action": action, "target": target, "reason": reason, "before": before, "after": after}
    return int(connection.execute(call, values).scalar_one())


@dataclass(frozen=True)
class Checked:
    """How many entries there are, the last one's hash, and where the chain breaks first."""

    entries: int
    head: str
    broken_at: int | None = None
    why: str = ""


def verify(address: str, remembered: tuple[int, str] | None = None) -> Checked:
    """Go through the whole audit at an owner's address.

    Who can write to every table can also write the chain anew from some entry on, or cut its end and its head alike:
    only what was `remembered` elsewhere, a number of entries and the hash of the last, proves that nobody did.
    """
    with psycopg.connect(address, application_name="otklik audit") as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        found = connection.execute("SELECT count(*), max(id) FROM audit").fetchone()
        head = _hash(connection, found[1]) if found and found[1] else ""
        count = int(found[0]) if found else 0
        broken = connection.execute("SELECT id, why FROM audit_break ORDER BY id LIMIT 1").fetchone()
        if broken is None and remembered and _hash(connection, remembered[0]) != remembered[1]:
            broken = (remembered[0], "it isn't the entry that was remembered")
    return Checked(count, head, *(broken or ()))


def _hash(connection: psycopg.Connection[Any], entry: int) -> str:
    row = connection.execute("SELECT encode(hash, 'hex') FROM audit WHERE id = %s", (entry,)).fetchone()
    return str(row[0]) if row else ""
