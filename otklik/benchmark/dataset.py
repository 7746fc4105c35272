"""A database of any number of made-up appeals, made by the server itself.

Plainer than the demo: no history, no planted problems. What matters here are the shapes that cost time: thirteen
months, every region by its population, all topics, holders and channels, a fiftieth open.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from otklik.database import people, scope
from otklik.database.engine import database_engine, engine, restricted_url
from otklik.database.migrate import migrate
from otklik.database.rollups import rebuild_cubes
from otklik.demo.catalogue import write_catalogue

DATABASE_NAME = "otklik_bench"
ProgressCallback = Callable[[str, int, int], None]
CHUNK_ROWS = 250_000
WRITER_COUNT = 2

# Draws: arrays whose entries stand as often as they should be drawn.
CREATE_DRAWS = """
    CREATE UNLOGGED TABLE draw AS
    WITH place AS (
        SELECT region.id, region.timezone, region.lon, region.lat,
            ceil(region.population / 100000.0)::int AS weight,
            coalesce((SELECT array_agg(m.id) FROM territory AS m WHERE m.parent_id = region.id), ARRAY[NULL]::int[])
                AS towns,
            (SELECT array_agg(o.id) FROM organisation AS o JOIN territory_above AS a ON a.territory_id = o.territory_id
                WHERE a.above_id = region.id) AS holders
        FROM territory AS region WHERE region.level = 'region'
    )
    SELECT row_number() OVER () - 1 AS ticket, place.* FROM place, generate_series(1, place.weight);
    CREATE UNIQUE INDEX ON draw (ticket);
    CREATE UNLOGGED TABLE bag AS SELECT
        (SELECT array_agg(id) FROM topic WHERE level = 3) AS topics,
        (SELECT array_agg(id) FROM channel) AS channels,
        (SELECT array_agg(id) FROM status WHERE is_open) AS waiting,
        (SELECT id FROM status WHERE code = 'answered') AS answered,
        (SELECT id FROM source WHERE code = 'demo') AS source,
        (SELECT id FROM regime WHERE code = 'fast') AS fast,
        (SELECT id FROM regime WHERE code = 'law59') AS law59,
        (SELECT id FROM regime WHERE code = 'ordinary') AS ordinary,
        (SELECT id FROM outcome WHERE resolved) AS resolved,
        (SELECT id FROM outcome WHERE code = 'explained') AS explained,
        (SELECT count(*) FROM draw) AS tickets;
    ANALYZE draw; ANALYZE bag;"""

INSERT_APPEALS = """
    INSERT INTO appeal (region_id, source_id, number, channel_id, topic_id, municipality_id, regime_id, status_id,
        outcome_id, first_holder_id, holder_id, received_at, registered_at, deadline_at, closed_at, rating, rated_at,
        reopened, lon, lat, body)
    SELECT place.id, bag.source, 'B-' || n, bag.channels[1 + floor(dice.channel * cardinality(bag.channels))::int],
        bag.topics[1 + floor(dice.topic * cardinality(bag.topics))::int], drawn.town, drawn.regime, state.*,
        first_holder, CASE WHEN dice.redirect < 0.07 THEN place.holders[1] ELSE first_holder END,
        received, received + interval '1 hour', deadline, CASE WHEN is_closed THEN closed END,
        CASE WHEN is_rated THEN 5 - (dice.rating * 4)::int END, CASE WHEN is_rated THEN closed END,
        (dice.reopen < 0.03)::int, place.lon + dice.lon, place.lat + dice.lat,
        {body}
    FROM generate_series({start}, {end}) AS n
    CROSS JOIN bag
    CROSS JOIN LATERAL (
        SELECT random() AS channel, random() ^ 2 AS topic, random() AS town, random() AS regime,
            random() AS status, random() AS outcome, random() AS holder, random() AS redirect, random() AS day,
            random() AS hour, random() AS answer, random() AS rated, random() ^ 2 AS rating, random() AS reopen,
            random() - 0.5 AS lon, random() - 0.5 AS lat, random() AS place WHERE n > 0
    ) AS dice
    JOIN draw AS place ON place.ticket = floor(dice.place * bag.tickets)::bigint
    CROSS JOIN LATERAL (
        SELECT place.towns[1 + floor(dice.town * cardinality(place.towns))::int] AS town,
            place.holders[1 + floor(dice.holder * cardinality(place.holders))::int] AS first_holder,
            now() - dice.day * interval {days} - dice.hour ^ 2 * interval '8 hours' AS received,
            CASE WHEN dice.regime < 0.25 THEN bag.fast WHEN dice.regime < 0.3 THEN bag.law59 ELSE bag.ordinary END
                AS regime
    ) AS drawn
    CROSS JOIN LATERAL (
        SELECT received - ln(1 - dice.answer) * interval {answered} + interval '10 minutes' AS closed,
            ((received AT TIME ZONE place.timezone)::date + CASE WHEN drawn.regime = bag.fast THEN 11 ELSE 31 END)
                ::timestamp AT TIME ZONE place.timezone - interval '1 second' AS deadline
    ) AS planned
    CROSS JOIN LATERAL (
        SELECT closed < now() AS is_closed, closed < now() AND dice.rated < 0.2 AS is_rated
    ) AS now_is
    CROSS JOIN LATERAL (
        SELECT CASE WHEN is_closed THEN bag.answered
                ELSE bag.waiting[1 + floor(dice.status * cardinality(bag.waiting))::int] END,
            CASE WHEN is_closed THEN CASE WHEN dice.outcome < 0.9 THEN bag.resolved ELSE bag.explained END END
    ) AS state"""


@contextmanager
def benchmark_database(url: str, *, keep: bool, name: str = DATABASE_NAME) -> Iterator[str]:
    """An empty, migrated database beside the appeals' one, dropped afterwards unless it is to be kept."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            database_url = make_url(url).set(database=name).render_as_string(hide_password=False)
            migrate(database_url)
            yield database_url
        finally:
            if not keep:
                connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def kept_database(url: str, appeals: int) -> str | None:
    """The address of a database of so many appeals that was built before and kept; None where there is none."""
    database_url = make_url(url).set(database=DATABASE_NAME).render_as_string(hide_password=False)
    try:
        with psycopg.connect(database_url) as connection:
            row = connection.execute("SELECT value FROM setting WHERE name = 'benchmark'").fetchone()
    except psycopg.OperationalError:
        return None
    return database_url if row and row[0] == appeals else None


@contextmanager
def use_database(url: str) -> Iterator[None]:
    """Point this process's engine at another database for as long as that is measured."""
    previous = os.environ.get("OTKLIK_ADDRESS")
    os.environ["OTKLIK_ADDRESS"] = restricted_url(url)
    engine.cache_clear()
    try:
        administrator = people.person_of_sign_in(people.DEMO_ISSUER, "administrator")
        with scope.acting_as(administrator.scope if administrator else None):
            yield
    finally:
        engine().dispose()
        engine.cache_clear()
        if previous is None:
            del os.environ["OTKLIK_ADDRESS"]
        else:
            os.environ["OTKLIK_ADDRESS"] = previous


@dataclass(frozen=True)
class DatasetShape:
    """Over how long appeals came, how long answers take about, and what they say (SQL, by their number `n`)."""

    period: str = "395 days"
    answer_time: str = "7 days"
    body: str = (
        "'Made-up appeal number ' || n || ', as long as the text of a usual one: what happened, where and since when.'"
    )


USUAL_SHAPE = DatasetShape()


def build_dataset(url: str, appeals: int, progress: ProgressCallback, shape: DatasetShape = USUAL_SHAPE) -> None:
    """Fill the database with so many appeals, their indexes and cubes."""
    owner_engine = database_engine(url)
    with owner_engine.begin() as transaction:
        write_catalogue(transaction)
        people.create_demo_people(transaction)
    owner_engine.dispose()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(CREATE_DRAWS)
        indexes = connection.execute(
            """SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'appeal'
            AND indexname NOT IN (SELECT conname FROM pg_constraint WHERE contype IN ('p', 'u'))"""
        ).fetchall()
        for name, _ in indexes:
            connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
        connection.execute("ALTER TABLE appeal DISABLE TRIGGER ALL")
        _insert_appeals(url, appeals, progress, shape)
        connection.execute("ALTER TABLE appeal ENABLE TRIGGER ALL")
        connection.execute("SET maintenance_work_mem = '1GB'")
        for index, (_, definition) in enumerate(indexes):
            progress("Indexes", index, len(indexes))
            connection.execute(definition)
        progress("Indexes", len(indexes), len(indexes))
        connection.execute("VACUUM ANALYZE appeal")
    rebuild_cubes(url, progress)
    with psycopg.connect(url) as connection:
        connection.execute("INSERT INTO setting VALUES ('benchmark', to_jsonb(%s::int))", (appeals,))


def _insert_appeals(url: str, appeals: int, progress: ProgressCallback, shape: DatasetShape) -> None:
    def insert_chunk(start: int) -> None:
        progress("Appeals", start - 1, appeals)
        end = min(start + CHUNK_ROWS - 1, appeals)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(
                sql.SQL(INSERT_APPEALS).format(
                    start=sql.Literal(start),
                    end=sql.Literal(end),
                    days=sql.Literal(shape.period),
                    answered=sql.Literal(shape.answer_time),
                    body=sql.SQL(shape.body),
                )
            )

    with ThreadPoolExecutor(WRITER_COUNT) as writers:
        for _ in writers.map(insert_chunk, range(1, appeals + 1, CHUNK_ROWS)):
            pass
    progress("Appeals", appeals, appeals)
