"""Changes to appeals of every kind, drawn at random and done through SQL as imports and people do them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg
from hypothesis import strategies as st
from psycopg import sql

from tests.support.world import Row, World, drafts, row

PLACED = ("region_id", "municipality_id")
STATE = ("received_at", "deadline_at", "closed_at", "status_id", "outcome_id", "rating", "rated_at", "reopened")
# What one edit may touch: together what the table wants to agree.
TOUCHED = (
    PLACED,
    STATE,
    ("holder_id",),
    ("first_holder_id", "holder_id"),
    ("topic_id",),
    ("channel_id", "regime_id"),
    ("deadline_at",),
    ("reopened",),
    (*PLACED, *STATE, "topic_id", "holder_id", "channel_id", "regime_id"),
)
Connection = psycopg.Connection[Any]


@dataclass(frozen=True)
class Change:
    """What is done, to which of the appeals there are (counted round), with which new values."""

    kind: str
    which: int
    drafts: tuple[Row, ...]
    touched: tuple[str, ...]


KINDS = ("insert", "copy", "edit", "edit", "edit", "edit all", "upsert", "delete", "close", "reopen", "nothing")


def changes(*kinds: str) -> st.SearchStrategy[list[Change]]:
    """Lists of changes, some appeals first; besides the usual kinds those that are given."""
    some = st.lists(drafts, min_size=4, max_size=8).map(tuple)
    first = st.builds(Change, st.just("insert"), st.just(0), some, st.just(()))
    one = st.builds(
        Change,
        st.sampled_from([*KINDS, *kinds]),
        st.integers(0, 11),
        some,
        st.sampled_from(TOUCHED),
    )
    return st.builds(lambda begun, more: [begun, *more], first, st.lists(one, min_size=4, max_size=12))


def apply(connection: Connection, world: World, change: Change, prefix: str = "T") -> None:
    """Do one change; `prefix` keeps the numbers of several writers apart."""
    DOING[change.kind](connection, world, change, prefix)


def _insert(connection: Connection, world: World, change: Change, prefix: str) -> None:
    rows = _numbered(connection, world, change, prefix)
    columns, places = _columns(rows[0]), sql.SQL(", ").join([sql.Placeholder()] * len(rows[0]))
    lines = sql.SQL(", ").join([sql.SQL("({})").format(places)] * len(rows))
    connection.execute(
        sql.SQL("INSERT INTO appeal ({}) VALUES {}").format(columns, lines),
        [value for one in rows for value in one.values()],
    )


def _copy(connection: Connection, world: World, change: Change, prefix: str) -> None:
    rows = _numbered(connection, world, change, prefix)
    with connection.cursor().copy(sql.SQL("COPY appeal ({}) FROM STDIN").format(_columns(rows[0]))) as copy:
        for one in rows:
            copy.write_row(list(one.values()))


def _edit(connection: Connection, world: World, change: Change, _prefix: str) -> None:
    if found := _chosen(connection, change):
        _update(connection, world, change, sql.SQL("(region_id, id) = (%s, %s)"), found)


def _edit_all(connection: Connection, world: World, change: Change, _prefix: str) -> None:
    _update(connection, world, change, sql.SQL("id %% 2 = %s"), (change.which % 2,))


def _update(connection: Connection, world: World, change: Change, where: sql.SQL, which: tuple[object, ...]) -> None:
    new = row(world, change.drafts[0])
    pairs = sql.SQL(", ").join(sql.SQL("{} = %s").format(sql.Identifier(name)) for name in change.touched)
    connection.execute(
        sql.SQL("UPDATE appeal SET {} WHERE {}").format(pairs, where),
        [*(new[name] for name in change.touched), *which],
    )


def _upsert(connection: Connection, world: World, change: Change, prefix: str) -> None:
    """As an import does: known numbers are changed, others added, in one statement."""
    if not (found := _chosen(connection, change)):
        return
    known = connection.execute(
        "SELECT number, source_id, region_id, municipality_id FROM appeal WHERE (region_id, id) = (%s, %s)", found
    ).fetchone()
    if not known:  # deleted by another writer meanwhile
        return
    rows = _numbered(connection, world, change, prefix)
    rows[0] |= dict(zip(("number", "source_id", "region_id", "municipality_id"), known, strict=True))
    new = sql.SQL(", ").join(sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name in STATE)
    places = sql.SQL(", ").join([sql.Placeholder()] * len(rows[0]))
    connection.execute(
        sql.SQL("INSERT INTO appeal ({}) VALUES {} ON CONFLICT (number, source_id, region_id) DO UPDATE SET {}").format(
            _columns(rows[0]), sql.SQL(", ").join([sql.SQL("({})").format(places)] * len(rows)), new
        ),
        [value for one in rows for value in one.values()],
    )


def _delete(connection: Connection, _world: World, change: Change, _prefix: str) -> None:
    if found := _chosen(connection, change):
        connection.execute("DELETE FROM appeal WHERE (region_id, id) = (%s, %s)", found)


def _close(connection: Connection, world: World, change: Change, _prefix: str) -> None:
    status, outcome = world.ids["status"]["answered"], world.ids["outcome"]["resolved"]
    if found := _chosen(connection, change):
        connection.execute(
            "UPDATE appeal SET closed_at = greatest(received_at, deadline_at), status_id = %s, outcome_id = %s"
            " WHERE (region_id, id) = (%s, %s)",
            (status, outcome, *found),
        )


def _reopen(connection: Connection, world: World, change: Change, _prefix: str) -> None:
    connection.execute(
        "UPDATE appeal SET closed_at = NULL, outcome_id = NULL, status_id = %s, reopened = reopened + 1"
        " WHERE id %% 3 = %s AND closed_at IS NOT NULL",
        (world.ids["status"]["reconsideration"], change.which % 3),
    )


def _nothing(connection: Connection, _world: World, _change: Change, _prefix: str) -> None:
    """Statements that touch no row, or change none."""
    connection.execute("UPDATE appeal SET rating = 1 WHERE false")
    connection.execute("UPDATE appeal SET body = 'read' WHERE id % 2 = 0")
    connection.execute("DELETE FROM appeal WHERE false")


def _truncate(connection: Connection, _world: World, _change: Change, _prefix: str) -> None:
    connection.execute("TRUNCATE appeal CASCADE")


DOING: dict[str, Callable[[Connection, World, Change, str], None]] = {
    "insert": _insert,
    "copy": _copy,
    "edit": _edit,
    "edit all": _edit_all,
    "upsert": _upsert,
    "delete": _delete,
    "close": _close,
    "reopen": _reopen,
    "nothing": _nothing,
    "truncate": _truncate,
}


def _numbered(connection: Connection, world: World, change: Change, prefix: str) -> list[Row]:
    (last,) = connection.execute("SELECT coalesce(max(id), 0) FROM appeal").fetchone() or (0,)
    (source,) = connection.execute("SELECT id FROM source WHERE code = 'otklik'").fetchone() or (0,)
    numbers = {"source_id": source}
    return [
        row(world, draft) | numbers | {"number": f"{prefix}-{last}-{which}"}
        for which, draft in enumerate(change.drafts)
    ]


def _chosen(connection: Connection, change: Change) -> tuple[int, int] | None:
    keys = connection.execute("SELECT region_id, id FROM appeal ORDER BY id").fetchall()
    return keys[change.which % len(keys)] if keys else None


def _columns(one: Row) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, one))
