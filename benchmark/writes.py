"""The write path: single inserts from many connections and a COPY, with the rollups' triggers and without."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import psycopg

CONNECTIONS = 8
SECONDS = 5.0
ROWS = 100_000
COLUMNS = """region_id, source_id, channel_id, topic_id, municipality_id, regime_id, status_id, outcome_id,
    first_holder_id, holder_id, received_at, deadline_at, closed_at, lon, lat, body"""
INSERT = f"INSERT INTO appeal ({COLUMNS}, number) SELECT {COLUMNS}, %(number)s FROM sample WHERE place = %(place)s"
SAMPLES = 1000


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
        marked = connection.execute("DELETE FROM setting WHERE name = 'benchmark' RETURNING value::int").fetchone()
        connection.execute("DROP TABLE IF EXISTS sample")
        connection.execute(
            f"CREATE UNLOGGED TABLE sample AS SELECT row_number() OVER () AS place, {COLUMNS} FROM "
            f"(SELECT * FROM appeal TABLESAMPLE system (1) LIMIT {ROWS}) AS s"
        )
        connection.execute("CREATE UNIQUE INDEX ON sample (place)")
        rows = _copied(connection)
        answer = {}
        for name, switch in (("without", "DISABLE"), ("with", "ENABLE")):
            connection.execute(f"ALTER TABLE appeal {switch} TRIGGER USER")
            connection.execute("CHECKPOINT")
            inserts = _inserts(address, name)
            copy = _copy(connection, rows, name)
            answer[name] = Writes(inserts, copy, _fold(connection) if name == "with" else None)
            connection.execute("DELETE FROM appeal WHERE number >= %s AND number < %s", (f"{name}-", f"{name}."))
        _fold(connection)
        connection.execute("DROP TABLE sample")
        connection.execute("VACUUM ANALYZE")
        connection.execute(
            "INSERT INTO setting SELECT 'benchmark', to_jsonb(%s::int) WHERE %s", (*(marked or (0,)), bool(marked))
        )
        return answer


def _inserts(address: str, name: str) -> float:
    def write(writer: int) -> int:
        done = 0
        with psycopg.connect(address, autocommit=True) as connection:
            end = time.perf_counter() + SECONDS
            while time.perf_counter() < end:
                done += 1
                values = {"number": f"{name}-{writer}-{done}", "place": 1 + (writer * 131 + done) % SAMPLES}
                connection.execute(INSERT, values)
        return done

    with ThreadPoolExecutor(CONNECTIONS) as writers:
        return sum(writers.map(write, range(CONNECTIONS))) / SECONDS


def _copied(connection: psycopg.Connection) -> list[bytes]:
    with connection.cursor().copy(f"COPY (SELECT {COLUMNS} FROM sample) TO STDOUT") as copy:
        return [bytes(block) for block in copy]


def _copy(connection: psycopg.Connection, rows: list[bytes], name: str) -> float:
    lines = b"".join(rows).splitlines()

    def write() -> None:
        with connection.cursor().copy(f"COPY appeal ({COLUMNS}, number) FROM STDIN") as copy:
            copy.write(b"".join(line + f"\t{name}-copy-{at}\n".encode() for at, line in enumerate(lines)))

    return _seconds(write)


def _fold(connection: psycopg.Connection) -> float:
    def fold() -> None:
        while (row := connection.execute("SELECT fold_cubes()").fetchone()) and row[0]:
            pass

    return _seconds(fold)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
