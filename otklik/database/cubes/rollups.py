"""Upkeep of the cubes: folding fresh facts in, verifying every cell, rebuilding all."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import LiteralString

import psycopg
from psycopg import sql

from otklik.progress import ProgressCallback, ignore_progress

CUBE_NAMES = (
    "cube_place",
    "cube_topic",
    "cube_holder",
    "cube_intake",
    "cube_answer",
    "cube_hour",
    "cube_wait",
    "cube_town",
    "cube_course",
    "cube_doubt",
    "open_place",
    "open_topic",
    "open_holder",
    "open_intake",
    "open_stage",
    "open_held",
    "open_due",
    "age_place",
    "age_topic",
    "age_holder",
    "age_intake",
    "poll_turnout",
    "poll_channel_votes",
    "poll_group_votes",
    "discussion_activity",
    "discussion_reactions",
)
# Cubes that are columns of another one's cells.
AGE_CUBES = {
    "age_place": "cube_place",
    "age_topic": "cube_topic",
    "age_holder": "cube_holder",
    "age_intake": "cube_intake",
}
FOLDED_CUBES = tuple(cube for cube in CUBE_NAMES if cube not in AGE_CUBES)
"""Those with a table of their own, NAME_folded."""
# Cubes with cells of several lengths; the view NAME_spans has them all.
SPANNED_CUBES = ("cube_place", "cube_topic", "cube_holder", "cube_town", "age_place", "age_topic", "age_holder")
FACT_TRIGGERS = ("roll_up_insert", "trace_insert", "close_age_insert")
"""Triggers on `appeal` that write an insert's facts into FRESH_TABLES."""
FRESH_TABLES = (
    "fact_fresh",
    "open_fact_fresh",
    "trace_fresh",
    "close_age_fresh",
    "poll_vote_fresh",
    "discussion_activity_fresh",
    "discussion_reactions_fresh",
)
FOLD_STATEMENTS: tuple[LiteralString, ...] = (
    "SELECT fold_cubes()",
    "SELECT fold_traces()",
    "SELECT fold_ages()",
    "SELECT fold_polls()",
    "SELECT fold_discussions()",
)
# One session folds or rebuilds at a time; the database's own functions that fold take this lock too.
FOLD_LOCK_SQL = "SELECT pg_advisory_xact_lock(hashtext('otklik fold'))"


def fold_cubes(database_url: str, progress: Callable[[], None] = lambda: None) -> None:
    """Sum all fresh facts into the folded cells, unless another session is doing so already."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        folded = False
        for statement in FOLD_STATEMENTS:
            while _is_true(connection, statement):
                folded = True
                progress()
        if folded or _is_true(connection, "SELECT pg_relation_size('fact_fresh') > 1 << 20"):
            for table in FRESH_TABLES:
                connection.execute(sql.SQL("VACUUM {}").format(sql.Identifier(table)))
        connection.execute("SELECT forget_region_changes()")


def cube_differences(
    database_url: str, progress: ProgressCallback = ignore_progress, cubes: Sequence[str] = CUBE_NAMES
) -> Iterator[tuple[str, dict[str, object]]]:
    """Every cell in which a cube and what it counts disagree: the cube's name, the cell's keys and differences.

    A difference is cube minus truth. Days are text, since Python has no date for PostgreSQL's infinity.
    """
    with psycopg.connect(database_url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        for completed, cube in enumerate(cubes):
            progress(cube, completed, len(cubes))
            keys, measures = _key_and_measure_columns(connection, cube)
            statement = sql.SQL("""
                SELECT {selected_keys}, {sums} FROM (
                    SELECT {keys}, {measures} FROM {cube} UNION ALL SELECT {keys}, {negated} FROM {truth}
                ) AS both_sides GROUP BY {keys} HAVING {differs} ORDER BY {keys}""").format(
                cube=sql.Identifier(f"{cube}_spans" if cube in SPANNED_CUBES else cube),
                truth=sql.Identifier(f"{cube}_truth"),
                selected_keys=sql.SQL(", ").join(
                    sql.SQL("{0}::text AS {0}" if key.endswith("day") else "{}").format(sql.Identifier(key))
                    for key in keys
                ),
                keys=sql.SQL(", ").join(map(sql.Identifier, keys)),
                measures=sql.SQL(", ").join(map(sql.Identifier, measures)),
                negated=sql.SQL(", ").join(sql.SQL("-{}").format(sql.Identifier(name)) for name in measures),
                sums=sql.SQL(", ").join(sql.SQL("sum({0}) AS {0}").format(sql.Identifier(name)) for name in measures),
                differs=sql.SQL(" OR ").join(sql.SQL("sum({}) <> 0").format(sql.Identifier(name)) for name in measures),
            )
            with connection.cursor(row_factory=psycopg.rows.dict_row) as cursor:
                for difference in cursor.execute(statement):
                    yield cube, difference
        progress("", len(cubes), len(cubes))


def rebuild_cubes(database_url: str, progress: ProgressCallback = ignore_progress) -> None:
    """Rebuild every cube from the appeals, votes and comments, while others read and write.

    All cubes come from one snapshot; changes committed after it stay as fresh facts, which count as well.
    """
    with psycopg.connect(database_url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.execute("SET statement_timeout = 0")
        # Otherwise the cells of millions of appeals are summed on disk.
        connection.execute("SET work_mem = '256MB'")
        # The planner knows nothing of appeals that were just loaded, and its plan might take hours.
        connection.execute("ANALYZE appeal, territory, territory_above")
        connection.commit()
        with psycopg.connect(database_url) as lock_connection:
            # Before the snapshot is taken, so that no fold is under way then.
            lock_connection.execute(FOLD_LOCK_SQL)
            _rebuild_cells(connection, progress)
            connection.commit()
    with psycopg.connect(database_url, autocommit=True) as connection:
        for table in (*FRESH_TABLES, *(f"{cube}_folded" for cube in FOLDED_CUBES)):
            connection.execute(sql.SQL("VACUUM ANALYZE {}").format(sql.Identifier(table)))


def build_cubes_of_load(connection: psycopg.Connection, progress: ProgressCallback = ignore_progress) -> None:
    """Rebuild every cube in the transaction of a load that `without_facts`, before others can see its appeals."""
    connection.execute("SET LOCAL statement_timeout = 0")
    connection.execute("SET LOCAL work_mem = '256MB'")
    connection.execute("ANALYZE appeal, earlier_rating, territory, territory_above")
    connection.execute(FOLD_LOCK_SQL)
    _rebuild_cells(connection, progress)


@contextmanager
def without_facts(connection: psycopg.Connection) -> Iterator[None]:
    """Insert appeals without the facts that cubes are folded from, which takes most of a load's time.

    Other writers wait until the transaction ends, which has to call `build_cubes_of_load` before.
    """
    for action in ("DISABLE", "ENABLE"):
        connection.execute(
            sql.SQL("ALTER TABLE appeal {}").format(
                sql.SQL(", ").join(
                    sql.SQL(f"{action} TRIGGER {{}}").format(sql.Identifier(name)) for name in FACT_TRIGGERS
                )
            )
        )
        if action == "DISABLE":
            yield


def _rebuild_cells(connection: psycopg.Connection, progress: ProgressCallback) -> None:
    for table in FRESH_TABLES:
        connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
    for completed, cube in enumerate(FOLDED_CUBES):
        progress(cube, completed, len(FOLDED_CUBES))
        folded, truth = sql.Identifier(f"{cube}_folded"), sql.Identifier(f"{cube}_truth")
        keys, measures = _key_and_measure_columns(connection, cube)
        key_list = sql.SQL(", ").join(map(sql.Identifier, keys))
        source: sql.Composable = truth
        for age_cube in (name for name, table in AGE_CUBES.items() if table == cube):
            # An appeal that was closed at an age was received: no cell has ages alone.
            age_truth = sql.Identifier(f"{age_cube}_truth")
            source = sql.SQL("{} LEFT JOIN {} USING ({})").format(truth, age_truth, key_list)
            measures += _key_and_measure_columns(connection, age_cube)[1]
        columns = sql.SQL(", ").join(map(sql.Identifier, [*keys, *measures]))
        connection.execute(sql.SQL("DELETE FROM {}").format(folded))
        connection.execute(
            sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {} ORDER BY {}").format(
                folded, columns, columns, source, key_list
            )
        )
    progress("", len(FOLDED_CUBES), len(FOLDED_CUBES))


def _key_and_measure_columns(connection: psycopg.Connection, cube: str) -> tuple[list[str], list[str]]:
    """The names of a cube's keys, in the order of its index, and of its measures."""
    key_rows = connection.execute(
        """SELECT attname FROM pg_index JOIN pg_attribute
            ON attrelid = indrelid AND attnum = ANY ((indkey::smallint[])[0 : indnkeyatts - 1])
        WHERE indrelid = %s::regclass AND indisprimary ORDER BY array_position(indkey::int[], attnum::int)""",
        (f"{AGE_CUBES.get(cube, cube)}_folded",),
    ).fetchall()
    column_rows = connection.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 ORDER BY attnum",
        (f"{cube}_truth",),
    ).fetchall()
    keys = [name for (name,) in key_rows]
    return keys, [name for (name,) in column_rows if name not in keys]


def _is_true(connection: psycopg.Connection, statement: LiteralString) -> bool:
    row = connection.execute(sql.SQL(statement)).fetchone()
    return bool(row and row[0])
