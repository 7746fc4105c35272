"""Entries of the audit that backups leave: a backup holds all personal data, and takes them elsewhere."""

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import psycopg
from psycopg.types.json import Jsonb

BACKUP_MADE, BACKUP_RESTORED = "backup made", "backup restored"
"""The actions; the last entry of the first says how old the last backup is."""


class Console(NamedTuple):
    """The user at the console, and the name of the machine."""

    user: str
    machine: str


def record(url: str, action: str, path: Path, made_at: datetime, console: Console) -> None:
    """Record what was done with the backup at `path`, whose database is of the moment `made_at`."""
    with psycopg.connect(url) as connection:
        connection.execute(
            "SELECT set_config('otklik.console', %s, true), set_config('otklik.address', %s, true)", console
        )
        as_of = Jsonb({"as_of": made_at.isoformat(timespec="seconds")})
        connection.execute("SELECT audit_append(%s, %s, NULL, NULL, %s)", (action, f"file {path}", as_of))
