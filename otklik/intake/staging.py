"""The staging table of an import, and merging it into the appeals."""

from collections.abc import Sequence
from typing import Any, LiteralString, NamedTuple

from psycopg import Connection, Cursor
from psycopg.sql import SQL, Composable, Composed, Identifier, Literal
from psycopg.types.json import Jsonb

from otklik.intake.mapping.model import ImportMapping
from otklik.intake.merge_sql import (
    APPEAL_COLUMNS,
    comma_separated,
    history_json,
    mapped_columns,
    merged_column,
    undated_rating_moment,
)

BLOCK_ROWS = 50_000
"""Appeals of one statement: the server remembers each row until the statement's triggers have run."""


ANALYSED_ROWS = 1000
"""Rows of a merge from which statistics are renewed: that takes a second of a large table, whose worker renews them."""


class ImportCounts(NamedTuple):
    """How many appeals an import added, changed and left as they were."""

    new: int
    changed: int
    unchanged: int


class StagingTable:
    """A temporary table of imported rows, which lives until the end of the transaction."""

    def __init__(self, connection: Connection[Any], mapping: ImportMapping) -> None:
        """Creates the table, after waiting for any other import of the same source to end."""
        self._connection = connection
        self._row_count = 0
        self._mapped_columns = mapped_columns(mapping)
        self._has_rating_dates = "rated_at" in mapping.columns
        self._column_list = comma_separated(map(Identifier, APPEAL_COLUMNS))
        source = Literal(mapping.code)
        self._execute("SELECT pg_advisory_xact_lock(hashtextextended('otklik import ' || {source}, 0))", source=source)
        self._execute(
            "INSERT INTO source (code, name, names) VALUES ({source}, {name}, {names}) ON CONFLICT (code) DO NOTHING",
            source=source,
            name=Literal(mapping.name),
            names=Literal(Jsonb(mapping.names)),
        )
        self._source_id = SQL("(SELECT id FROM source WHERE code = {})").format(source)
        columns = comma_separated(
            SQL("{} {}").format(Identifier(name), SQL(sql_type)) for name, sql_type in APPEAL_COLUMNS.items()
        )
        self._execute("CREATE TEMPORARY TABLE staged ({columns}) ON COMMIT DROP", columns=columns)
        self._execute('CREATE INDEX ON staged (number COLLATE "C")')
        # A table without statistics would be read whole for every batch.
        self._execute("SET LOCAL enable_seqscan = off")

    def staged_numbers(self, numbers: list[str]) -> set[str]:
        """Those of the numbers that rows added so far have."""
        rows = self._connection.execute('SELECT number FROM staged WHERE number COLLATE "C" = ANY (%s)', (numbers,))
        return {number for (number,) in rows}

    def copy_rows(self, rows: Sequence[dict[str, Any]]) -> None:
        """Add rows, given as columns of `appeal`, by COPY."""
        self._row_count += len(rows)
        statement = SQL("COPY staged ({}) FROM STDIN").format(self._column_list)
        with self._connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row([row[name] for name in APPEAL_COLUMNS])

    def merge(self, file_name: str) -> ImportCounts:
        """Update the appeals that differ and add the new ones, each with an event in its history."""
        self._execute("SET LOCAL enable_seqscan = on")
        self._execute("ANALYZE staged")
        changed = self._update_changed(Literal(file_name))
        new = self._insert_new(Literal(file_name))
        if new + changed >= ANALYSED_ROWS:
            # Screens query right after the commit, and the planner needs statistics of the grown table.
            self._execute("ANALYZE event")
        return ImportCounts(new, changed, self._row_count - new - changed)

    def record_import(self, file_name: str, mapping: str, data_source: str, counts: ImportCounts, rejected: int) -> int:
        """Note which file has brought what, with the appeals that `merge` has added; the number of the import."""
        row = self._execute(
            """
            INSERT INTO file_import (source_id, file, mapping, data_source, new_count, changed_count, unchanged_count,
                rejected_count, new_ids)
            SELECT {source}, {file}, {mapping}, {data_source}, {new}, {changed}, {unchanged}, {rejected},
                coalesce(range_agg(int8range(a.id, a.id, '[]')), '{{}}')
            FROM adding JOIN appeal AS a USING (number) WHERE a.source_id = {source}
            RETURNING id
            """,
            source=self._source_id,
            file=Literal(file_name),
            mapping=Literal(mapping),
            data_source=Literal(data_source),
            new=Literal(counts.new),
            changed=Literal(counts.changed),
            unchanged=Literal(counts.unchanged),
            rejected=Literal(rejected),
        ).fetchone()
        return int(row[0]) if row else 0

    def merged_numbers(self) -> tuple[set[str], set[str]]:
        """The numbers of the appeals that `merge` has added, and of those that it has changed."""
        new = self._execute("SELECT number FROM adding").fetchall()
        changed = self._execute(
            "SELECT a.number FROM changing AS c JOIN appeal AS a ON a.id = c.id AND a.region_id = c.region_id"
        ).fetchall()
        return {number for (number,) in new}, {number for (number,) in changed}

    def _insert_new(self, file_name: Literal) -> int:
        added_count = self._execute(
            """
            CREATE TEMPORARY TABLE adding ON COMMIT DROP AS
            SELECT row_number() OVER (ORDER BY region_id, received_at, number) AS position, number FROM staged AS s
            WHERE NOT EXISTS (SELECT FROM appeal AS a WHERE a.number = s.number AND a.source_id = {source})
            """,
            source=self._source_id,
        ).rowcount
        if not added_count:
            # Even a statement without rows would notify screens of a change.
            return 0
        self._index_positions("adding")
        self._execute_in_blocks(
            added_count,
            """
            INSERT INTO appeal (source_id, {columns})
            SELECT {source}, {columns} FROM staged JOIN adding USING (number)
            WHERE position BETWEEN {first} AND {last} ORDER BY position
            """,
            columns=self._column_list,
            source=self._source_id,
        )
        if added_count >= ANALYSED_ROWS:
            # The next statement looks up each appeal: with old statistics, perhaps by reading a whole region.
            self._execute("ANALYZE appeal")
        self._execute_in_blocks(
            added_count,
            """
            INSERT INTO event (region_id, appeal_id, at, kind, actor, reason, after)
            SELECT region_id, a.id, received_at, 'received', 'import', {file}, jsonb_build_object('holder', code)
            FROM adding JOIN appeal AS a USING (number) JOIN organisation ON organisation.id = first_holder_id
            WHERE source_id = {source} AND position BETWEEN {first} AND {last} ORDER BY position
            """,
            source=self._source_id,
            file=file_name,
        )
        return added_count

    def _update_changed(self, file_name: Literal) -> int:
        # Rows are locked in key order, so that two writers of many appeals can't deadlock.
        changed_count = self._execute(
            """
            CREATE TEMPORARY TABLE changing ON COMMIT DROP AS
            SELECT row_number() OVER () AS position, different.* FROM (
                SELECT a.id, a.region_id AS was_in, {merged}
                FROM appeal AS a JOIN staged AS s ON a.number = s.number AND a.source_id = {source}
                WHERE ({old}) IS DISTINCT FROM ({new})
                ORDER BY a.region_id, a.id
                FOR UPDATE OF a
            ) AS different
            """,
            merged=comma_separated(
                SQL("{} AS {}").format(self._merged_column(name), Identifier(name)) for name in self._mapped_columns
            ),
            old=comma_separated(SQL("a.{}").format(Identifier(name)) for name in self._mapped_columns),
            new=comma_separated(self._merged_column(name) for name in self._mapped_columns),
            source=self._source_id,
        ).rowcount
        if not changed_count:
            return 0
        self._index_positions("changing")
        self._execute_in_blocks(
            changed_count,
            """
            INSERT INTO event (region_id, appeal_id, kind, actor, reason, before, after)
            SELECT a.region_id, a.id, 'imported', 'import', {file}, differences.before, differences.after
            FROM changing AS c JOIN appeal AS a ON a.region_id = c.was_in AND a.id = c.id
            CROSS JOIN LATERAL (
                SELECT jsonb_object_agg(key, old.value) AS before, jsonb_object_agg(key, new.value) AS after
                FROM jsonb_each({old}) AS old JOIN jsonb_each({new}) AS new USING (key)
                WHERE old.value IS DISTINCT FROM new.value
            ) AS differences
            WHERE position BETWEEN {first} AND {last} ORDER BY position
            """,
            file=file_name,
            old=history_json("a", self._mapped_columns),
            new=history_json("c", self._mapped_columns),
        )
        self._execute_in_blocks(
            changed_count,
            """
            UPDATE appeal AS a SET {set}, updated_at = now() FROM changing AS c
            WHERE a.region_id = c.was_in AND a.id = c.id AND position BETWEEN {first} AND {last}
            """,
            set=comma_separated(SQL("{0} = c.{0}").format(Identifier(name)) for name in self._mapped_columns),
        )
        return changed_count

    def _merged_column(self, name: str) -> Composed:
        if name == "rated_at" and not self._has_rating_dates:
            return undated_rating_moment(self._mapped_columns)
        return merged_column(name, self._mapped_columns)

    def _index_positions(self, table: LiteralString) -> None:
        self._execute("ALTER TABLE {table} ADD PRIMARY KEY (position)", table=Identifier(table))
        self._execute("ANALYZE {table}", table=Identifier(table))

    def _execute_in_blocks(self, row_count: int, text: LiteralString, **parts: Composable) -> None:
        """Execute a statement for each block of positions, from `first` to `last`, that such a temporary table has."""
        for first in range(1, row_count + 1, BLOCK_ROWS):
            self._execute(text, first=Literal(first), last=Literal(first + BLOCK_ROWS - 1), **parts)

    def _execute(self, text: LiteralString, **parts: Composable) -> Cursor[Any]:
        return self._connection.execute(SQL(text).format(**parts))
