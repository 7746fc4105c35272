"""The write path: single inserts from many connections and a COPY, with the rollups' triggers and without.

In turns, so that a busy moment of the machine meets both. What is the same for both counts as well: the client, whose
eight threads are one process on the server's machine, and the look for the row to be written.
"""

import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass

import psycopg

from otklik.database.rollups import fold

CONNECTIONS = 8
TURNS = 10
SECONDS = 1.0
# After a switch every connection plans anew; that is not measured.
WARM = 20
ROWS = 100_000
COLUMNS = """region_id, source_id, channel_id, topic_id, municipality_id, regime_id, status_id, outcome_id,
    first_holder_id, holder_id, received_at, deadline_at, closed_at, lon, lat, body"""
INSERT = f"INSERT INTO appeal ({COLUMNS}, number) SELECT {COLUMNS}, %(number)s FROM sample WHERE place = %(place)s"
SAMPLES = 1000
# From twice as many as are wanted, since blocks are drawn and not rows.
SAMPLE = f"""
    CREATE UNLOGGED TABLE sample AS SELECT row_number() OVER () AS place, {COLUMNS} FROM (
        SELECT * FROM appeal
        TABLESAMPLE system ((SELECT least(100, 200.0 * {ROWS} / greatest(count(*), 1)) FROM appeal)) LIMIT {ROWS}
    ) AS drawn"""
SWITCHES = {"without": "DISABLE", "with": "ENABLE"}


@dataclass(frozen=True)
class Writes:
    """Committed single inserts a second from eight connections; seconds of a COPY of 100,000 rows, and of its fold."""

    inserts: float
    copy: float
    fold: float | None


def writes(address: str) -> dict[str, Writes]:
    """Without the triggers and with them. What was written is taken away again, and with it what was counted."""
    with psycopg.connect(address, autocommit=True) as connection:
        # Broken off, it leaves a database that is not to be measured again.
        benchmark_row = connection.execute(
            "DELETE FROM setting WHERE name = 'benchmark' RETURNING value::int"
        ).fetchone()
        connection.execute("DROP TABLE IF EXISTS sample")
        connection.execute(SAMPLE)
        connection.execute("CREATE UNIQUE INDEX ON sample (place)")
        insert_rates = _inserts(connection, address)
        copy_seconds, fold_seconds = _copies(connection, address)
        connection.execute("DROP TABLE sample")
        connection.execute("VACUUM ANALYZE")
        connection.execute(
            "INSERT INTO setting SELECT 'benchmark', to_jsonb(%s::int) WHERE %s",
            (*(benchmark_row or (0,)), bool(benchmark_row)),
        )
        return {
            mode: Writes(insert_rates[mode], copy_seconds[mode], fold_seconds if mode == "with" else None)
            for mode in SWITCHES
        }


def _inserts(connection: psycopg.Connection, address: str) -> dict[str, float]:
    """The median of the turns."""
    rates_by_mode: dict[str, list[float]] = {mode: [] for mode in SWITCHES}
    with ExitStack() as stack:
        writers = [stack.enter_context(psycopg.connect(address, autocommit=True)) for _ in range(CONNECTIONS)]
        connection.execute("CHECKPOINT")
        for turn in range(TURNS):
            for mode in SWITCHES:
                _switch(connection, mode)
                rates_by_mode[mode].append(_turn(writers, f"{mode}-{turn}"))
    for mode in SWITCHES:
        _take_away(connection, address, mode)
    return {mode: statistics.median(rates) for mode, rates in rates_by_mode.items()}


def _turn(writers: list[psycopg.Connection], number_prefix: str) -> float:
    """Inserts a second, all writers together."""

    def insert_rows(writer: int) -> float:
        inserted = 0
        start = end = time.perf_counter()
        while inserted <= WARM or end - start < SECONDS:
            values = {
                "number": f"{number_prefix}-{writer}-{inserted}",
                "place": 1 + (writer * 131 + inserted) % SAMPLES,
            }
            writers[writer].execute(INSERT, values, prepare=True)
            inserted += 1
            end = time.perf_counter()
            if inserted == WARM:
                start = end
        return (inserted - WARM) / (end - start)

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        return sum(pool.map(insert_rows, range(CONNECTIONS)))


def _copies(connection: psycopg.Connection, address: str) -> tuple[dict[str, float], float]:
    """Seconds of each COPY, the mean of two in the order that is fair to both; seconds of the fold after one."""
    with connection.cursor().copy(f"COPY (SELECT {COLUMNS} FROM sample) TO STDOUT") as copy:
        lines = b"".join(bytes(block) for block in copy).splitlines()
    seconds_by_mode: dict[str, list[float]] = {mode: [] for mode in SWITCHES}
    folds = []
    for mode in ("without", "with", "with", "without"):
        _switch(connection, mode)
        rows = b"".join(line + f"\t{mode}-copy-{i}\n".encode() for i, line in enumerate(lines))
        connection.execute("CHECKPOINT")

        def copy_rows(rows: bytes = rows) -> None:
            with connection.cursor().copy(f"COPY appeal ({COLUMNS}, number) FROM STDIN") as copy:
                copy.write(rows)

        seconds_by_mode[mode].append(_seconds(copy_rows))
        if mode == "with":
            folds.append(_seconds(lambda: fold(address)))
        _take_away(connection, address, mode)
    return {mode: statistics.mean(seconds) for mode, seconds in seconds_by_mode.items()}, min(folds)


def _switch(connection: psycopg.Connection, mode: str) -> None:
    connection.execute(f"ALTER TABLE appeal {SWITCHES[mode]} TRIGGER USER")


def _take_away(connection: psycopg.Connection, address: str, mode: str) -> None:
    """Counted, or not, as it was written."""
    _switch(connection, mode)
    connection.execute("DELETE FROM appeal WHERE number >= %s AND number < %s", (f"{mode}-", f"{mode}."))
    _switch(connection, "with")
    fold(address)


def _seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start
