"""Which relations queries read: a cube where one can answer, else appeals by index, never all of them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from otklik.database.access import scope
from otklik.database.cubes.rollups import fold_cubes
from queries import overview
from queries.filters import Filters
from queries.metrics.catalogue import PERCENTILE_METRICS, PERIOD_METRICS
from queries.queue.newest import newest_appeals
from queries.regions import points
from queries.satisfaction import ratings
from queries.satisfaction.low_ratings import low_rated_appeals
from queries.summaries.answer_time import answer_time_buckets
from queries.summaries.breakdown import breakdown
from queries.summaries.metric_values import metric_values
from queries.summaries.received_today import received_by_hour
from tests.conftest import MigratedDatabase, _empty_tables
from tests.support.figures.oracle import DAY
from tests.support.figures.reference_data import BASE_MOMENT, ZONES_BY_REGION, build_reference_data
from tests.support.servers.executed_statements import ExecutedStatement, executed_statements, indexes_used

APPEALS = 30_000
LATELY = Filters(BASE_MOMENT.date() - 7 * DAY, BASE_MOMENT.date() + 2 * DAY)
OVER = replace(LATELY, end=BASE_MOMENT.date() - 2 * DAY)
# Deadlines and risk moments that pass today are read from open appeals, by these indexes.
QUEUE = {"queue_deadline", "queue_risk", "queue_region", "queue_region_risk", "queue_holder", "queue_received"}
# Reading all appeals, or all of a region by its key.
WHOLE = {"everything", "appeal_pkey"}
SINGLE: list[dict[str, Any]] = [
    {},
    {"territory": "KAM"},
    {"territory": "MOW-1"},
    {"topic": "roads"},
    {"organisation": "city"},
    {"regime": "law59"},
    {"channel": "app"},
    {"channel": "app", "regime": "law59"},
    {"territory": "KAM", "topic": "housing.heat.cold"},
]
COMBINED: list[dict[str, Any]] = [
    {"topic": "roads", "regime": "law59"},
    {"territory": "MOW-1", "topic": "roads"},
    {"territory": "MOW-1", "organisation": "city"},
    {"organisation": "city", "channel": "app"},
    {"territory": "KAM", "topic": "housing", "organisation": "city", "channel": "app", "regime": "law59"},
]
ANSWERS: dict[str, Callable[[Filters], object]] = {
    "figures": overview.kpis,
    "tiles": lambda filters: metric_values(
        filters, [name for name in PERIOD_METRICS if name not in PERCENTILE_METRICS]
    ),
    "daily": overview.flow_by_day,
    "topics": overview.topic_ranking,
    "territories": overview.territory_ranking,
    "buckets": answer_time_buckets,
    "organisations": lambda filters: breakdown(filters, "organisation", with_resolved_share=True),
    "channels": lambda filters: breakdown(filters, "channel", with_resolved_share=True),
}


@pytest.fixture(scope="module")
def many(migrated: MigratedDatabase) -> Iterator[None]:
    """Appeals of three years, evenly spread over places, topics, holders, channels and regimes."""
    _empty_tables(migrated, with_new_files=True)
    with migrated.owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        build_reference_data(connection)
        connection.execute(text(FILL), {"appeals": APPEALS, "base": BASE_MOMENT, "regions": list(ZONES_BY_REGION)})
        fold_cubes(migrated.url)
        # Of all rows, not of a random sample of them, from which plans that cost about the same would be drawn.
        connection.execute(text("SET default_statistics_target = 1000"))
        connection.execute(text("ANALYZE"))
    yield
    with psycopg.connect(migrated.url) as connection:
        connection.execute("TRUNCATE appeal CASCADE")


@pytest.fixture(autouse=True)
def viewer(migrated: MigratedDatabase, many: None) -> Iterator[None]:
    assert many is None
    with scope.acting_as(migrated.viewer_scope):
        yield


FILL = """
    WITH place AS (SELECT array_agg(id ORDER BY id) AS ids FROM territory WHERE level = 'region'),
        fact AS (SELECT array_agg(id ORDER BY id) AS ids FROM topic WHERE level = 3),
        office AS (SELECT array_agg(id ORDER BY id) AS ids FROM organisation)
    INSERT INTO appeal (region_id, municipality_id, source_id, number, channel_id, topic_id, regime_id, status_id,
        first_holder_id, holder_id, received_at, deadline_at, closed_at)
    SELECT region.id, (SELECT min(id) FROM territory WHERE parent_id = region.id AND level = 'municipality'),
        (SELECT id FROM source WHERE code = 'demo'), n::text,
        (SELECT id FROM channel WHERE code = CASE n % 11 WHEN 0 THEN 'app' ELSE 'portal' END),
        fact.ids[1 + n % 3], (SELECT id FROM regime WHERE code = CASE n % 7 WHEN 0 THEN 'law59' ELSE 'ordinary' END),
        (SELECT id FROM status WHERE code = CASE WHEN n < 1000 THEN 'in_progress' ELSE 'answered' END),
        office.ids[1 + n % 2], office.ids[1 + n % 3], at, at + interval '20 days',
        CASE WHEN n >= 1000 THEN at + interval '1 hour' * (n % 20 * 24) END
    FROM generate_series(1, :appeals) AS n
    CROSS JOIN LATERAL (SELECT CAST(:base AS timestamptz) - n * interval '50 minutes' AS at) AS moment
    CROSS JOIN place CROSS JOIN fact CROSS JOIN office
    JOIN territory AS region ON region.id = place.ids[1 + n % 5]
"""


def statements_of(name: str, filters: Filters) -> list[ExecutedStatement]:
    return executed_statements(lambda: ANSWERS[name](filters))


def assert_read_from_cubes(statement: ExecutedStatement) -> None:
    """Check that no appeal is read but open ones, and those of one day for the comparison at the same clock.

    No cube knows minutes: that day is read by an index, once in ten minutes.
    """
    used = indexes_used(statement, "appeal")
    if " AS clock(" in statement.statement:
        assert not used & WHOLE, statement.statement
    else:
        assert used <= QUEUE, statement.statement


@pytest.mark.parametrize("filter_codes", SINGLE, ids=str)
@pytest.mark.parametrize("period", [LATELY, OVER], ids=["now", "over"])
@pytest.mark.parametrize("name", ["tiles", "daily"])
def test_figures_and_days_of_what_a_cube_holds_read_no_appeal_but_the_queues(
    name: str, period: Filters, filter_codes: dict[str, Any]
) -> None:
    for statement in statements_of(name, replace(period, **filter_codes)):
        assert_read_from_cubes(statement)


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("territory", [None, "XE", "KAM"])
def test_each_part_of_a_country_district_or_region_comes_from_cubes(name: str, territory: str | None) -> None:
    for statement in statements_of(name, replace(LATELY, territory=territory)):
        assert_read_from_cubes(statement)


@pytest.mark.parametrize("filter_codes", COMBINED, ids=str)
@pytest.mark.parametrize("name", ANSWERS)
def test_what_no_cube_holds_is_read_by_an_index(name: str, filter_codes: dict[str, Any]) -> None:
    read = [indexes_used(statement, "appeal") for statement in statements_of(name, replace(LATELY, **filter_codes))]
    assert not WHOLE & set().union(*read)
    # A municipality has no territories below it, so nothing is read for them.
    assert any(indexes - QUEUE for indexes in read) or name == "territories"


@pytest.mark.parametrize("filter_codes", [one for one in SINGLE if one and one != {"territory": "KAM"}], ids=str)
def test_answer_times_have_cells_of_regions_alone_and_are_read_by_an_index_else(filter_codes: dict[str, Any]) -> None:
    (*_, statement) = statements_of("buckets", replace(LATELY, **filter_codes))
    read = indexes_used(statement, "appeal")
    assert read
    assert not read & WHOLE


def test_the_index_of_a_time_is_used_although_row_security_watches() -> None:
    (*_, statement) = statements_of("buckets", replace(LATELY, territory="MOW-1"))
    assert indexes_used(statement, "appeal") == {"appeal_closed"}


@pytest.mark.parametrize("filter_codes", [*SINGLE, *COMBINED], ids=str)
def test_the_newest_appeals_are_read_by_an_index(filter_codes: dict[str, Any]) -> None:
    for statement in executed_statements(lambda: newest_appeals(replace(LATELY, **filter_codes))):
        assert "everything" not in indexes_used(statement, "appeal")


def test_the_hours_of_a_country_come_from_their_cube() -> None:
    for statement in executed_statements(lambda: received_by_hour(LATELY)):
        assert indexes_used(statement, "appeal") == set()


@pytest.mark.parametrize(
    "answer",
    [low_rated_appeals, ratings.satisfaction_by_answer_time, points.open_points, points.received_points],
    ids=lambda one: one.__name__,
)
@pytest.mark.parametrize(
    "filter_codes", [{}, {"territory": "KAM"}, {"territory": "MOW-1"}, {"topic": "roads"}], ids=str
)
def test_ratings_by_time_low_ratings_and_points_are_read_by_an_index(
    answer: Callable[[Filters], object], filter_codes: dict[str, Any]
) -> None:
    for statement in executed_statements(lambda: answer(replace(LATELY, **filter_codes))):
        assert not indexes_used(statement, "appeal") & WHOLE, statement.statement
