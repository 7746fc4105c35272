"""The audit's entries of files that leave Otklik."""

from otklik.database.access.audit import record_action
from otklik.database.transactions import write_transaction


def record_file(action: str, target: str, **details: str) -> None:
    """Record that the current viewer has a file: `dossier exported` or `report exported`, and what it is of."""
    with write_transaction() as connection:
        record_action(connection, action, target, after=details or None)
