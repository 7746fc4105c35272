"""The audit: its entries (who did what, when, from where and why), and whether its chain of hashes is unbroken.

Nothing here is cached, so that every query sees the latest entries.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import NamedTuple

import pandas as pd
from sqlalchemy import ColumnElement, Select, Text, cast, or_, select, text

from otklik.database.access import scope
from otklik.database.access.audit import record_action
from otklik.database.tables import audit
from otklik.database.transactions import query_dataframe, read_transaction, write_transaction

NO_PERSON = 0
"""Stands for entries without a person: of the console, and of visitors who weren't signed in."""
PAGE_SIZE = 50
MAX_EXPORT_ROWS = 100_000
"""Entries at most in an exported file."""
ENTRY_COLUMNS = ("id", "at", "person", "address", "action", "object", "reason", "before", "after")
TIMEOUT_SECONDS = 60.0  # for checking the whole chain


@dataclass(frozen=True)
class AuditFilter:
    """What entries are narrowed to: moments in [start, end), person, action, object or kind of object, a text in it."""

    start: datetime | None = None
    end: datetime | None = None
    person: int | None = None
    action: str | None = None
    object: str | None = None
    text: str | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """The SQL conditions for an entry."""
        clauses: list[ColumnElement[bool]] = []
        if self.start:
            clauses.append(audit.c.at >= self.start)
        if self.end:
            clauses.append(audit.c.at < self.end)
        if self.person is not None:
            clauses.append(
                audit.c.person_id.is_(None) if self.person == NO_PERSON else audit.c.person_id == self.person
            )
        if self.action:
            clauses.append(audit.c.action == self.action)
        if self.object:
            is_of_kind = audit.c.object.startswith(f"{self.object} ", autoescape=True)
            clauses.append(or_(audit.c.object == self.object, is_of_kind))
        if self.text:
            searched_columns = (audit.c.person, audit.c.object, audit.c.reason, audit.c.before, audit.c.after)
            clauses.append(
                or_(*(cast(column, Text).icontains(self.text, autoescape=True) for column in searched_columns))
            )
        return clauses


class AuditPage(NamedTuple):
    """A page of entries, newest first, and whether there are older and newer ones."""

    rows: pd.DataFrame
    older: bool
    newer: bool


def entries_page(
    audit_filter: AuditFilter, before: int | None = None, after: int | None = None, limit: int = PAGE_SIZE
) -> AuditPage:
    """The newest entries, or those just before the entry `before`, or just after the entry `after` (numbers).

    One row per entry: `ENTRY_COLUMNS`, with `at` in UTC, and dicts or None in `before` and `after`. Empty for viewers
    who can't read the audit.
    """
    query = _entries_query(audit_filter).limit(limit + 1)
    if after is not None:
        rows = query_dataframe(query.where(audit.c.id > after).order_by(audit.c.id))
        return AuditPage(rows.head(limit)[::-1].reset_index(drop=True), older=True, newer=len(rows) > limit)
    if before is not None:
        query = query.where(audit.c.id < before)
    rows = query_dataframe(query.order_by(audit.c.id.desc()))
    return AuditPage(rows.head(limit), older=len(rows) > limit, newer=before is not None)


def entry(number: int) -> pd.DataFrame:
    """The entry of a number as one row: `ENTRY_COLUMNS`; no row if there is none."""
    return query_dataframe(_entries_query(AuditFilter()).where(audit.c.id == number))


def export_callback(audit_filter: AuditFilter) -> Callable[[str], pd.DataFrame]:
    """A function that exports the entries in a format (`csv`, `xlsx`), in the name of the viewer of now."""
    viewer = scope.current_scope()

    def export(file_format: str) -> pd.DataFrame:
        with scope.acting_as(viewer):
            return export_entries(audit_filter, file_format)

    return export


def export_entries(audit_filter: AuditFilter, file_format: str) -> pd.DataFrame:
    """The newest 100,000 entries for a file: `ENTRY_COLUMNS`. The export itself is recorded as a further entry."""
    criteria = {key: value for key, value in asdict(audit_filter).items() if value is not None}
    details = {
        "format": file_format,
        **{key: value.isoformat() if isinstance(value, datetime) else value for key, value in criteria.items()},
    }
    with write_transaction() as connection:
        result = connection.execute(_entries_query(audit_filter).order_by(audit.c.id.desc()).limit(MAX_EXPORT_ROWS))
        rows = pd.DataFrame(result.fetchall(), columns=list(result.keys()))
        record_action(connection, "audit exported", "audit", after={**details, "entries": len(rows)})
    return rows


def recorded_actions() -> list[str]:
    """The actions that have been recorded so far, by name."""
    return list(query_dataframe(select(audit.c.action).distinct().order_by(audit.c.action))["action"])


def first_entry_at() -> datetime | None:
    """The moment of the first entry; None in an empty audit."""
    rows = query_dataframe(select(audit.c.at).order_by(audit.c.id).limit(1))
    return None if rows.empty else rows["at"].iloc[0]


class ChainState(NamedTuple):
    """The result of a check: the number of entries, the last hash, the first break with its reason, the time."""

    entries: int
    last_hash: str
    broken_at: int | None
    break_reason: str
    checked_at: datetime


def chain_state() -> ChainState:
    """Check the whole chain, as `otklik audit verify` does. Raises QueryTimeout for an audit of many millions."""
    with read_transaction(TIMEOUT_SECONDS) as connection:
        row = connection.execute(text("SELECT entries, head, broken_at, why FROM audit_state()")).one()
    return ChainState(row.entries, row.head or "", row.broken_at, row.why or "", datetime.now(UTC))


def _entries_query(audit_filter: AuditFilter) -> Select[tuple[object, ...]]:
    return select(*(audit.c[name] for name in ENTRY_COLUMNS)).where(*audit_filter.conditions())
