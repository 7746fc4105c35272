"""Queries equivalent to the panels', in a columnar engine over a Parquet copy: a reference for speed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import psycopg

from queries.core.local_days import running_day
from queries.core.resolved_filters import ResolvedFilters, resolve
from queries.filters import Filters

# The copy holds local days as columns, as a data warehouse would.
COPY_APPEALS = """COPY (
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

MEASURES_SQL = """
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


def columnar_queries(filters: Filters, resolved: ResolvedFilters) -> dict[str, str]:
    """Queries in DuckDB's SQL over a table `appeal`, by the names in otklik.benchmark.panels.PANELS."""
    in_regions = f"region_id IN ({', '.join(map(str, resolved.regions))})"
    in_period = f"BETWEEN DATE '{filters.start}' AND DATE '{filters.end - timedelta(days=1)}'"
    period_measures = MEASURES_SQL.format(received=f"received_day {in_period}", closed=f"closed_day {in_period}")
    today, _ = running_day(resolved)
    same_weekdays = ", ".join(f"DATE '{today - timedelta(weeks=week)}'" for week in range(5))
    answer_seconds = "(epoch(closed_at) - epoch(received_at))"
    day_measures = MEASURES_SQL.format(received="true", closed="closed_day = received_day")
    from_open = f"FROM appeal WHERE {in_regions} AND closed_at IS NULL"
    list_columns = (
        "number, epoch(received_at), epoch(deadline_at), topic_id, place_id, holder_id, channel_id, status_id"
    )
    territory_column = "place_id" if resolved.steps_to_municipalities else "region_id"
    return {
        "sums": f"SELECT {period_measures} FROM appeal WHERE {in_regions}",
        "days": f"""SELECT received_day, {day_measures} FROM appeal
            WHERE {in_regions} AND received_day {in_period} GROUP BY ALL
            UNION ALL BY NAME SELECT closed_day AS received_day, count(*) AS closed FROM appeal
            WHERE {in_regions} AND closed_day {in_period} GROUP BY ALL""",
        "answers": f"""SELECT floor(ln(1 + {answer_seconds} / 60) / ln(1.05))::int AS bucket, count(*) FROM appeal
            WHERE {in_regions} AND closed_day {in_period} GROUP BY ALL""",
        "hours": f"""SELECT received_day, hour, count(*) FROM appeal
            WHERE {in_regions} AND received_day IN ({same_weekdays}) GROUP BY ALL""",
        **{
            name: f"SELECT {key}, {period_measures} FROM appeal WHERE {in_regions} GROUP BY ALL"
            for name, key in {
                "topics": "topic_id",
                "places": territory_column,
                "organisations": "holder_id",
                "channels": "channel_id",
                "regimes": "regime_id",
            }.items()
        },
        "place_days": f"SELECT {territory_column}, received_day, count(*) FROM appeal WHERE {in_regions} GROUP BY ALL",
        "waits": f"""SELECT ceil({answer_seconds} / 86400 / 8)::int AS wait, rating, count(*) FROM appeal
            WHERE {in_regions} AND closed_day {in_period} GROUP BY ALL""",
        "stages": f"SELECT status_id, received_day, count(*) {from_open} GROUP BY ALL",
        "topic_stages": f"SELECT topic_id, status_id, count(*) {from_open} GROUP BY ALL",
        **{
            name: f"""SELECT {key}, count(*), count(*) FILTER (WHERE deadline_at < now()),
                count(*) FILTER (WHERE risk_at < now()) {from_open} GROUP BY ALL"""
            for name, key in {"held": "holder_id", "open_channels": "channel_id"}.items()
        },
        "newest": f"SELECT {list_columns} FROM appeal WHERE {in_regions} ORDER BY received_at DESC LIMIT 12",
        "overdue": f"SELECT {list_columns} {from_open} AND deadline_at < now() ORDER BY deadline_at LIMIT 1000",
        "risk": f"""SELECT {list_columns} {from_open} AND deadline_at >= now() AND risk_at < now()
            ORDER BY deadline_at LIMIT 1000""",
        "placed": f"""SELECT {list_columns}, lon, lat {from_open} AND lon IS NOT NULL
            ORDER BY received_at DESC LIMIT 200""",
        "points_open": f"SELECT number, lon, lat, topic_id {from_open} ORDER BY deadline_at LIMIT 5000",
        "points": f"""SELECT number, lon, lat, topic_id FROM appeal WHERE {in_regions} AND received_day {in_period}
            ORDER BY received_at DESC LIMIT 5000""",
        "low": f"""SELECT {list_columns}, rating FROM appeal
            WHERE {in_regions} AND closed_day {in_period} AND rating <= 2 ORDER BY closed_at DESC LIMIT 50""",
    }


@contextmanager
def duckdb_copy(url: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB connection with a view `appeal` over a Parquet copy in a temporary folder."""
    with TemporaryDirectory() as folder:
        csv_path, parquet_path = Path(folder) / "appeal.csv", Path(folder) / "appeal.parquet"
        with (
            psycopg.connect(url) as connection,
            csv_path.open("wb") as csv_file,
            connection.cursor().copy(COPY_APPEALS) as copy,
        ):
            for block in copy:
                csv_file.write(block)
        with duckdb.connect() as duckdb_connection:
            duckdb_connection.execute("SET TimeZone = 'UTC'")
            duckdb_connection.execute(
                f"COPY (SELECT * FROM read_csv('{csv_path}')) TO '{parquet_path}' (FORMAT parquet)"
            )
            csv_path.unlink()
            duckdb_connection.execute(f"CREATE VIEW appeal AS SELECT * FROM '{parquet_path}'")
            yield duckdb_connection


def screen_queries(filters: Filters) -> dict[str, str]:
    """The queries of a screen."""
    return columnar_queries(filters, resolve(filters))
