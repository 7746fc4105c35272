"""The same answers from a columnar engine over a Parquet copy of the appeals: the reference for speed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import psycopg

from queries.core.resolved_filters import Cut, clock, cut
from queries.filters import Filters

# The local days are part of the copy, as a warehouse would have them.
COPY = """COPY (
    SELECT a.region_id, coalesce(a.municipality_id, a.region_id) AS place_id, a.topic_id, a.holder_id, a.number,
        a.received_at, a.closed_at, a.deadline_at, a.risk_at, a.reopened, a.rating, a.status_id, a.channel_id,
        a.regime_id, a.lon, a.lat,
        a.holder_id <> a.first_holder_id AS redirected, coalesce(o.resolved, false) AS resolved,
        (a.received_at AT TIME ZONE t.timezone)::date AS received_day,
        (a.closed_at AT TIME ZONE t.timezone)::date AS closed_day,
        (a.deadline_at AT TIME ZONE t.timezone)::date AS deadline_day,
        extract(hour from a.received_at AT TIME ZONE t.timezone)::int AS hour
    FROM appeal AS a JOIN territory AS t ON t.id = a.region_id LEFT JOIN outcome AS o ON o.id = a.outcome_id
) TO STDOUT (FORMAT csv, HEADER)"""

COUNTED = """
    count(*) FILTER (WHERE {received}) AS received,
    count(*) FILTER (WHERE {received} AND resolved) AS received_resolved,
    count(*) FILTER (WHERE {received} AND redirected) AS redirected, count(*) FILTER (WHERE {closed}) AS closed,
    count(*) FILTER (WHERE {closed} AND resolved) AS resolved,
    count(*) FILTER (WHERE {closed} AND closed_at <= deadline_at) AS on_time,
    count(*) FILTER (WHERE {closed} AND closed_at > deadline_at) AS late,
    count(*) FILTER (WHERE {closed} AND reopened > 0) AS reopened,
    count(*) FILTER (WHERE {closed} AND rating >= 4) AS satisfied,
    count(*) FILTER (WHERE {closed} AND rating IS NOT NULL) AS rated,
    sum(epoch(closed_at) - epoch(received_at)) FILTER (WHERE {closed}) AS answer_seconds,
    count(*) FILTER (WHERE closed_at IS NULL) AS open,
    count(*) FILTER (WHERE closed_at IS NULL AND deadline_at < now()) AS overdue,
    count(*) FILTER (WHERE closed_at IS NULL AND risk_at < now()) AS risked"""


def questions(filters: Filters, part: Cut) -> dict[str, str]:
    """Answers in DuckDB's SQL, over a table `appeal`, by the names that the panels know them by."""
    within = f"region_id IN ({', '.join(map(str, part.regions))})"
    days = f"BETWEEN DATE '{filters.start}' AND DATE '{filters.end - timedelta(days=1)}'"
    counted = COUNTED.format(received=f"received_day {days}", closed=f"closed_day {days}")
    today, _ = clock(part)
    alike = ", ".join(f"DATE '{today - timedelta(weeks=week)}'" for week in range(5))
    took = "(epoch(closed_at) - epoch(received_at))"
    one_day = COUNTED.format(received="true", closed="closed_day = received_day")
    waiting = f"FROM appeal WHERE {within} AND closed_at IS NULL"
    listed = "number, epoch(received_at), epoch(deadline_at), topic_id, place_id, holder_id, channel_id, status_id"
    place = "place_id" if part.steps_to_municipalities else "region_id"
    return {
        "sums": f"SELECT {counted} FROM appeal WHERE {within}",
        "days": f"""SELECT received_day, {one_day} FROM appeal WHERE {within} AND received_day {days} GROUP BY ALL
            UNION ALL BY NAME SELECT closed_day AS received_day, count(*) AS closed FROM appeal
            WHERE {within} AND closed_day {days} GROUP BY ALL""",
        "answers": f"""SELECT floor(ln(1 + {took} / 60) / ln(1.05))::int AS bucket, count(*) FROM appeal
            WHERE {within} AND closed_day {days} GROUP BY ALL""",
        "hours": f"""SELECT received_day, hour, count(*) FROM appeal
            WHERE {within} AND received_day IN ({alike}) GROUP BY ALL""",
        **{
            name: f"SELECT {key}, {counted} FROM appeal WHERE {within} GROUP BY ALL"
            for name, key in {
                "topics": "topic_id",
                "places": place,
                "organisations": "holder_id",
                "channels": "channel_id",
                "regimes": "regime_id",
            }.items()
        },
        "place_days": f"SELECT {place}, received_day, count(*) FROM appeal WHERE {within} GROUP BY ALL",
        "recurring": f"""SELECT {place}, topic_id, count(*), count(*) FILTER (WHERE resolved) FROM appeal
            WHERE {within} AND received_day {days} GROUP BY ALL""",
        "waits": f"""SELECT ceil({took} / 86400 / 8)::int AS wait, rating, count(*) FROM appeal
            WHERE {within} AND closed_day {days} GROUP BY ALL""",
        "stages": f"SELECT status_id, received_day, count(*) {waiting} GROUP BY ALL",
        "topic_stages": f"SELECT topic_id, status_id, count(*) {waiting} GROUP BY ALL",
        **{
            name: f"""SELECT {key}, count(*), count(*) FILTER (WHERE deadline_at < now()),
                count(*) FILTER (WHERE risk_at < now()) {waiting} GROUP BY ALL"""
            for name, key in {"held": "holder_id", "open_channels": "channel_id"}.items()
        },
        "newest": f"SELECT {listed} FROM appeal WHERE {within} ORDER BY received_at DESC LIMIT 12",
        "overdue": f"SELECT {listed} {waiting} AND deadline_at < now() ORDER BY deadline_at LIMIT 1000",
        "risk": f"""SELECT {listed} {waiting} AND deadline_at >= now() AND risk_at < now()
            ORDER BY deadline_at LIMIT 1000""",
        "placed": f"SELECT {listed}, lon, lat {waiting} AND lon IS NOT NULL ORDER BY received_at DESC LIMIT 200",
        "points_open": f"SELECT number, lon, lat, topic_id {waiting} ORDER BY deadline_at LIMIT 5000",
        "points": f"""SELECT number, lon, lat, topic_id FROM appeal WHERE {within} AND received_day {days}
            ORDER BY received_at DESC LIMIT 5000""",
        "low": f"""SELECT {listed}, rating FROM appeal WHERE {within} AND closed_day {days} AND rating <= 2
            ORDER BY closed_at DESC LIMIT 50""",
    }


@contextmanager
def copied(address: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """DuckDB with a table `appeal` over a Parquet copy of the database's, in a folder that goes with it."""
    with TemporaryDirectory() as folder:
        table, parquet = Path(folder) / "appeal.csv", Path(folder) / "appeal.parquet"
        with psycopg.connect(address) as connection, table.open("wb") as out, connection.cursor().copy(COPY) as copy:
            for block in copy:
                out.write(block)
        with duckdb.connect() as engine:
            engine.execute("SET TimeZone = 'UTC'")
            engine.execute(f"COPY (SELECT * FROM read_csv('{table}')) TO '{parquet}' (FORMAT parquet)")
            table.unlink()
            engine.execute(f"CREATE VIEW appeal AS SELECT * FROM '{parquet}'")
            yield engine


def of(filters: Filters) -> dict[str, str]:
    """The questions of a screen."""
    return questions(filters, cut(filters))
