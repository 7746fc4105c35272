"""The speed of writes: single inserts from many connections and a COPY, with and without the rollups' triggers.

Both are measured in turns, so that other load on the machine affects both. The times include the client, whose eight
threads are one process on the server's machine, and reading the row to be written.
"""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass

import psycopg

from otklik.benchmark.timing import MILLISECONDS, elapsed_ms
from otklik.database.cubes.rollups import fold_cubes

CONNECTION_COUNT = 8
TURNS = 10
TURN_SECONDS = 1.0
# Not measured: after the triggers are switched, every connection makes new plans.
WARMUP_INSERTS = 20
COPY_ROWS = 100_000
APPEAL_COLUMNS = """region_id, source_id, channel_id, topic_id, municipality_id, regime_id, status_id, outcome_id,
    first_holder_id, holder_id, received_at, deadline_at, closed_at, lon, lat, body"""
INSERT_APPEAL = f"""
    INSERT INTO appeal ({APPEAL_COLUMNS}, number)
    SELECT {APPEAL_COLUMNS}, %(number)s FROM sample WHERE place = %(place)s"""
SAMPLE_ROWS = 1000
# TABLESAMPLE draws blocks, so twice as many rows as needed are sampled.
CREATE_SAMPLE = f"""
    CREATE UNLOGGED TABLE sample AS SELECT row_number() OVER () AS place, {APPEAL_COLUMNS} FROM (
        SELECT * FROM appeal
        TABLESAMPLE system ((SELECT least(100, 200.0 * {COPY_ROWS} / greatest(count(*), 1)) FROM appeal))
        LIMIT {COPY_ROWS}
    ) AS drawn"""
TRIGGER_SWITCHES = {"without": "DISABLE", "with": "ENABLE"}


@dataclass(frozen=True)
class WriteTimes:
    """Committed single inserts a second from eight connections; seconds of a COPY of 100,000 rows and of its fold."""

    inserts: float
    copy: float
    fold: float | None


def measure_writes(url: str) -> dict[str, WriteTimes]:
    """The times without and with the triggers, by "without" and "with". All written rows are deleted again."""
    with psycopg.connect(url, autocommit=True) as connection:
        # Until the end the database isn't marked as a benchmark: an interrupted run must not be measured again.
        benchmark_row = connection.execute(
            "DELETE FROM setting WHERE name = 'benchmark' RETURNING value::int"
        ).fetchone()
        connection.execute("DROP TABLE IF EXISTS sample")
        connection.execute(CREATE_SAMPLE)
        connection.execute("CREATE UNIQUE INDEX ON sample (place)")
        insert_rates = _measure_inserts(connection, url)
        copy_seconds, fold_seconds = _measure_copies(connection, url)
        connection.execute("DROP TABLE sample")
        connection.execute("VACUUM ANALYZE")
        connection.execute(
            "INSERT INTO setting SELECT 'benchmark', to_jsonb(%s::int) WHERE %s",
            (*(benchmark_row or (0,)), bool(benchmark_row)),
        )
        return {
            mode: WriteTimes(insert_rates[mode], copy_seconds[mode], fold_seconds if mode == "with" else None)
            for mode in TRIGGER_SWITCHES
        }


def _measure_inserts(connection: psycopg.Connection, url: str) -> dict[str, float]:
    """Inserts a second by mode: the median of the turns."""
    rates_by_mode: dict[str, list[float]] = {mode: [] for mode in TRIGGER_SWITCHES}
    with ExitStack() as stack:
        writers = [stack.enter_context(psycopg.connect(url, autocommit=True)) for _ in range(CONNECTION_COUNT)]
        connection.execute("CHECKPOINT")
        for turn in range(TURNS):
            for mode in TRIGGER_SWITCHES:
                _switch_triggers(connection, mode)
                rates_by_mode[mode].append(_insert_rate(writers, f"{mode}-{turn}"))
    for mode in TRIGGER_SWITCHES:
        _delete_written(connection, url, mode)
    return {mode: statistics.median(rates) for mode, rates in rates_by_mode.items()}


def _insert_rate(writers: list[psycopg.Connection], number_prefix: str) -> float:
    """Inserts a second of all writers together."""

    def insert_rows(writer: int) -> float:
        inserted = 0
        start = end = time.perf_counter()
        while inserted <= WARMUP_INSERTS or end - start < TURN_SECONDS:
            values = {
                "number": f"{number_prefix}-{writer}-{inserted}",
                "place": 1 + (writer * 131 + inserted) % SAMPLE_ROWS,
            }
            writers[writer].execute(INSERT_APPEAL, values, prepare=True)
            inserted += 1
            end = time.perf_counter()
            if inserted == WARMUP_INSERTS:
                start = end
        return (inserted - WARMUP_INSERTS) / (end - start)

    with ThreadPoolExecutor(CONNECTION_COUNT) as pool:
        return sum(pool.map(insert_rows, range(CONNECTION_COUNT)))


def _measure_copies(connection: psycopg.Connection, url: str) -> tuple[dict[str, float], float]:
    """Seconds of a COPY by mode, the mean of two in symmetric order; and seconds of the faster fold."""
    with connection.cursor().copy(f"COPY (SELECT {APPEAL_COLUMNS} FROM sample) TO STDOUT") as copy:
        lines = b"".join(bytes(block) for block in copy).splitlines()
    seconds_by_mode: dict[str, list[float]] = {mode: [] for mode in TRIGGER_SWITCHES}
    folds = []
    for mode in ("without", "with", "with", "without"):
        _switch_triggers(connection, mode)
        rows = b"".join(line + f"\t{mode}-copy-{i}\n".encode() for i, line in enumerate(lines))
        connection.execute("CHECKPOINT")

        def copy_rows(rows: bytes = rows) -> None:
            with connection.cursor().copy(f"COPY appeal ({APPEAL_COLUMNS}, number) FROM STDIN") as copy:
                copy.write(rows)

        seconds_by_mode[mode].append(elapsed_ms(copy_rows) / MILLISECONDS)
        if mode == "with":
            folds.append(elapsed_ms(lambda: fold_cubes(url)) / MILLISECONDS)
        _delete_written(connection, url, mode)
    return {mode: statistics.mean(seconds) for mode, seconds in seconds_by_mode.items()}, min(folds)


def _switch_triggers(connection: psycopg.Connection, mode: str) -> None:
    connection.execute(f"ALTER TABLE appeal {TRIGGER_SWITCHES[mode]} TRIGGER USER")


def _delete_written(connection: psycopg.Connection, url: str, mode: str) -> None:
    """Delete the rows of a mode with the triggers as they were when the rows were written."""
    _switch_triggers(connection, mode)
    connection.execute("DELETE FROM appeal WHERE number >= %s AND number < %s", (f"{mode}-", f"{mode}."))
    _switch_triggers(connection, "with")
    fold_cubes(url)
