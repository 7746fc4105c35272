"""Changes to appeals of every kind, drawn at random and done through SQL as imports and people do them."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

import psycopg
from hypothesis import strategies as st
from psycopg import sql

from tests.support.figures.reference_data import AppealRow, ReferenceData, appeal_drafts, appeal_row

TERRITORY_COLUMNS = ("region_id", "municipality_id")
STATE_COLUMNS = (
    *("received_at", "deadline_at", "closed_at", "status_id", "outcome_id", "rating", "rated_at", "reopened"),
    *("first_answered_at", "first_outcome_id", "first_returned_at"),
)
# What one edit may touch: together what the table wants to agree.
EDITED_COLUMNS = (
    TERRITORY_COLUMNS,
    STATE_COLUMNS,
    ("holder_id",),
    ("first_holder_id", "holder_id"),
    ("topic_id",),
    ("channel_id", "regime_id"),
    ("deadline_at",),
    ("reopened",),
    (*TERRITORY_COLUMNS, *STATE_COLUMNS, "topic_id", "holder_id", "channel_id", "regime_id"),
)
Connection = psycopg.Connection[Any]
# Never the same twice: another writer's upsert may bring back a number whose appeal was deleted.
APPEAL_NUMBERS = count(1)


@dataclass(frozen=True)
class Change:
    """What is done, to which of the appeals there are (counted round), with which new values."""

    kind: str
    position: int
    drafts: tuple[AppealRow, ...]
    columns: tuple[str, ...]


CHANGE_KINDS = ("insert", "copy", "edit", "edit", "edit", "edit all", "upsert", "delete", "close", "reopen", "nothing")


def change_lists(*kinds: str) -> st.SearchStrategy[list[Change]]:
    """Lists of changes, some appeals first; besides the usual kinds those that are given."""
    draft_tuples = st.lists(appeal_drafts, min_size=4, max_size=8).map(tuple)
    first_change = st.builds(Change, st.just("insert"), st.just(0), draft_tuples, st.just(()))
    further_change = st.builds(
        Change,
        st.sampled_from([*CHANGE_KINDS, *kinds]),
        st.integers(0, 11),
        draft_tuples,
        st.sampled_from(EDITED_COLUMNS),
    )
    return st.builds(
        lambda first, later: [first, *later], first_change, st.lists(further_change, min_size=4, max_size=12)
    )


def apply_change(connection: Connection, reference: ReferenceData, change: Change, prefix: str = "T") -> None:
    """Do one change; `prefix` keeps the numbers of several writers apart."""
    CHANGE_FUNCTIONS[change.kind](connection, reference, change, prefix)


def _insert(connection: Connection, reference: ReferenceData, change: Change, prefix: str) -> None:
    rows = _numbered_rows(connection, reference, change, prefix)
    columns, placeholders = _column_list(rows[0]), sql.SQL(", ").join([sql.Placeholder()] * len(rows[0]))
    row_placeholders = sql.SQL(", ").join([sql.SQL("({})").format(placeholders)] * len(rows))
    connection.execute(
        sql.SQL("INSERT INTO appeal ({}) VALUES {}").format(columns, row_placeholders),
        [value for row in rows for value in row.values()],
    )


def _copy(connection: Connection, reference: ReferenceData, change: Change, prefix: str) -> None:
    rows = _numbered_rows(connection, reference, change, prefix)
    with connection.cursor().copy(sql.SQL("COPY appeal ({}) FROM STDIN").format(_column_list(rows[0]))) as copy:
        for row in rows:
            copy.write_row(list(row.values()))


def _edit(connection: Connection, reference: ReferenceData, change: Change, _prefix: str) -> None:
    if key := _chosen_key(connection, change):
        _update(connection, reference, change, sql.SQL("(region_id, id) = (%s, %s)"), key)


def _edit_all(connection: Connection, reference: ReferenceData, change: Change, _prefix: str) -> None:
    _update(connection, reference, change, sql.SQL("id %% 2 = %s"), (change.position % 2,))


def _update(
    connection: Connection, reference: ReferenceData, change: Change, where: sql.SQL, where_values: tuple[object, ...]
) -> None:
    values = appeal_row(reference, change.drafts[0])
    assignments = sql.SQL(", ").join(sql.SQL("{} = %s").format(sql.Identifier(name)) for name in change.columns)
    connection.execute(
        sql.SQL("UPDATE appeal SET {} WHERE {}").format(assignments, where),
        [*(values[name] for name in change.columns), *where_values],
    )


def _upsert(connection: Connection, reference: ReferenceData, change: Change, prefix: str) -> None:
    """As an import does: known numbers are changed, others added, in one statement."""
    if not (key := _chosen_key(connection, change)):
        return
    existing = connection.execute(
        "SELECT number, source_id, region_id, municipality_id FROM appeal WHERE (region_id, id) = (%s, %s)", key
    ).fetchone()
    if not existing:  # deleted by another writer meanwhile
        return
    rows = _numbered_rows(connection, reference, change, prefix)
    rows[0] |= dict(zip(("number", "source_id", "region_id", "municipality_id"), existing, strict=True))
    assignments = sql.SQL(", ").join(
        sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name in STATE_COLUMNS
    )
    placeholders = sql.SQL(", ").join([sql.Placeholder()] * len(rows[0]))
    connection.execute(
        sql.SQL("INSERT INTO appeal ({}) VALUES {} ON CONFLICT (number, source_id, region_id) DO UPDATE SET {}").format(
            _column_list(rows[0]), sql.SQL(", ").join([sql.SQL("({})").format(placeholders)] * len(rows)), assignments
        ),
        [value for row in rows for value in row.values()],
    )


def _delete(connection: Connection, _reference: ReferenceData, change: Change, _prefix: str) -> None:
    if key := _chosen_key(connection, change):
        connection.execute("DELETE FROM appeal WHERE (region_id, id) = (%s, %s)", key)


def _close(connection: Connection, reference: ReferenceData, change: Change, _prefix: str) -> None:
    status, outcome = reference.ids["status"]["answered"], reference.ids["outcome"]["resolved"]
    if key := _chosen_key(connection, change):
        connection.execute(
            "UPDATE appeal SET closed_at = greatest(received_at, deadline_at), status_id = %s, outcome_id = %s"
            " WHERE (region_id, id) = (%s, %s)",
            (status, outcome, *key),
        )


def _reopen(connection: Connection, reference: ReferenceData, change: Change, _prefix: str) -> None:
    connection.execute(
        "UPDATE appeal SET closed_at = NULL, outcome_id = NULL, status_id = %s, reopened = reopened + 1"
        " WHERE id %% 3 = %s AND closed_at IS NOT NULL",
        (reference.ids["status"]["reconsideration"], change.position % 3),
    )


def _change_nothing(connection: Connection, _reference: ReferenceData, _change: Change, _prefix: str) -> None:
    """Statements that touch no row, or change none."""
    connection.execute("UPDATE appeal SET rating = 1 WHERE false")
    connection.execute("UPDATE appeal SET body = 'read' WHERE id % 2 = 0")
    connection.execute("DELETE FROM appeal WHERE false")


def _truncate(connection: Connection, _reference: ReferenceData, _change: Change, _prefix: str) -> None:
    connection.execute("TRUNCATE appeal CASCADE")


CHANGE_FUNCTIONS: dict[str, Callable[[Connection, ReferenceData, Change, str], None]] = {
    "insert": _insert,
    "copy": _copy,
    "edit": _edit,
    "edit all": _edit_all,
    "upsert": _upsert,
    "delete": _delete,
    "close": _close,
    "reopen": _reopen,
    "nothing": _change_nothing,
    "truncate": _truncate,
}


def _numbered_rows(connection: Connection, reference: ReferenceData, change: Change, prefix: str) -> list[AppealRow]:
    (source_id,) = connection.execute("SELECT id FROM source WHERE code = 'otklik'").fetchone() or (0,)
    source_columns = {"source_id": source_id}
    return [
        appeal_row(reference, draft) | source_columns | {"number": f"{prefix}-{next(APPEAL_NUMBERS)}"}
        for draft in change.drafts
    ]


def _chosen_key(connection: Connection, change: Change) -> tuple[int, int] | None:
    keys = connection.execute("SELECT region_id, id FROM appeal ORDER BY id").fetchall()
    return keys[change.position % len(keys)] if keys else None


def _column_list(row: AppealRow) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, row))
