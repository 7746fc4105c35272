"""The default demo data looks like a country's; comments say what the bounds guard against."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, text

from otklik.database.cubes.rollups import cube_differences
from otklik.database.engine import database_engine
from otklik.demo.catalogue_data import catalogue_data
from otklik.demo.generator.performance_profiles import GROWING_BACKLOG_REGIONS
from otklik.demo.generator.volume import DEFAULT_APPEALS, UGRA_RECEIVED, UGRA_RESOLVED, regional_activity
from otklik.demo.load import load_demo_data
from tests.support import factories
from tests.support.appeals.demo import AS_OF, SHARED_APPEALS, shared_demo_database
from tests.support.servers.databases import migrated_database

pytestmark = pytest.mark.slow

NOW = "((SELECT as_of FROM demo_run) + interval '12 hours') AT TIME ZONE 'UTC'"
LOCAL = "(received_at AT TIME ZONE region.timezone)"


@pytest.fixture(scope="module")
def demo() -> Iterator[Connection]:
    with shared_demo_database() as url:
        engine = database_engine(url)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            yield connection
        engine.dispose()


def appeal_values(demo: Connection, expressions: str, where: str = "true") -> tuple[Any, ...]:
    query = f"""
        SELECT {expressions} FROM appeal
        JOIN territory AS region ON region.id = region_id
        LEFT JOIN territory AS town ON town.id = municipality_id
        JOIN topic ON topic.id = topic_id
        JOIN organisation AS holder ON holder.id = holder_id
        JOIN status ON status.id = status_id
        LEFT JOIN outcome ON outcome.id = outcome_id
        WHERE {where}"""
    return tuple(demo.execute(text(query.replace(":now", NOW))).one())


def share(condition: str) -> str:
    return f"avg(CAST({condition} AS integer))::float"


def test_ugra_has_the_announced_figures_in_proportion(demo: Connection) -> None:
    query = text("""
        SELECT count(*), count(*) FILTER (WHERE outcome.resolved)
        FROM demo_run
        JOIN territory ON territory.code = 'RU-KHM'
        JOIN appeal ON appeal.region_id = territory.id
            AND received_at >= (as_of - interval '3 months') AT TIME ZONE territory.timezone
            AND received_at < as_of::timestamp AT TIME ZONE territory.timezone
        LEFT JOIN outcome ON outcome.id = appeal.outcome_id""")
    proportion = SHARED_APPEALS / DEFAULT_APPEALS
    expected = (round(UGRA_RECEIVED * proportion), round(UGRA_RESOLVED * proportion))
    assert demo.execute(query).one() == expected
    assert appeal_values(demo, "count(*)") == (SHARED_APPEALS,)


def test_the_other_regions_are_sampled_by_population_and_activity(demo: Connection) -> None:
    query = text("""
        SELECT code, count(appeal.id) * 1000.0 / population AS rate FROM territory
        LEFT JOIN appeal ON region_id = territory.id
        WHERE level = 'region' AND code <> 'RU-KHM' AND population > 300000 GROUP BY territory.id""")
    rates = {row.code: float(row.rate) for row in demo.execute(query)}
    regions = [row["code"] for row in catalogue_data().regions]
    activity = dict(zip(regions, regional_activity(len(regions)), strict=True))
    adjusted = [rate / activity[code] for code, rate in rates.items()]
    assert min(adjusted) / max(adjusted) > 0.97  # equal but for rounding
    rate = max(rates.values())
    ugra = appeal_values(demo, "count(*) * 1000.0 / max(region.population)", "region.code = 'RU-KHM'")[0]
    assert ugra > 5 * rate  # only Ugra has its true rate


def test_most_appeals_arrive_by_day_and_on_working_days(demo: Connection) -> None:
    night = appeal_values(demo, share(f"extract(hour FROM {LOCAL}) < 6"))[0]
    assert 0.01 < night < 0.04  # a quarter of the day; in UTC the Far East alone would lift it to a tenth
    for code in ("RU-KGD", "RU-PRI", "RU-KHM"):
        assert appeal_values(demo, share(f"extract(hour FROM {LOCAL}) < 6"), f"region.code = '{code}'")[0] < 0.05
    weekend = appeal_values(demo, share(f"extract(isodow FROM {LOCAL}) > 5"))[0]
    assert 0.13 < weekend < 0.2  # it would be 2/7 = 0.29 if all days were alike
    holiday = appeal_values(demo, "count(*)", f"{LOCAL} >= '2026-01-05' AND {LOCAL} < '2026-01-09'")[0]
    week_later = appeal_values(demo, "count(*)", f"{LOCAL} >= '2026-01-19' AND {LOCAL} < '2026-01-23'")[0]
    assert holiday < 0.75 * week_later


def test_topics_have_their_seasons(demo: Connection) -> None:
    for topic, season in (("housing.heating", (12, 1, 2)), ("roads.winter", (12, 1, 2)), ("ecology.trees", (5, 6, 7))):
        inside = share(f"extract(month FROM {LOCAL}) IN {season}")
        assert appeal_values(demo, inside, f"topic.code LIKE '{topic}.%'")[0] > 0.38, topic  # a quarter of the year
    june = f"extract(month FROM {LOCAL}) IN (6, 7, 8)"
    assert appeal_values(demo, share(june), "topic.code = 'roads.winter.snow'")[0] == 0


def test_answers_take_about_a_week_and_most_are_on_time(demo: Connection) -> None:
    mean = "extract(epoch FROM avg(closed_at - received_at))::float / 86400"
    assert 7 < appeal_values(demo, mean)[0] < 8.5  # the regulator's target is 8 days
    assert (
        appeal_values(demo, mean, "region.code = 'RU-KHM'")[0] < 4
    )  # or 95.5 % couldn't be resolved within three months
    punctual = share("closed_at <= deadline_at")
    assert 0.92 < appeal_values(demo, punctual, "closed_at IS NOT NULL")[0] < 0.97
    query = text("""
        SELECT percentile_cont(0.1) WITHIN GROUP (ORDER BY x), max(x) - min(x) FROM (
            SELECT avg(CAST(closed_at <= deadline_at AS integer)) AS x FROM appeal GROUP BY region_id) AS y""")
    worst_tenth, spread = demo.execute(query).one()
    assert worst_tenth > 0.83
    assert spread > 0.06  # regions differ enough to be compared


def test_the_queue_is_young_with_a_few_overdue(demo: Connection) -> None:
    queue = appeal_values(demo, f"count(*), {share('deadline_at < :now')}", "appeal.is_open")
    assert 700 < queue[0] < 2200  # days to answer times appeals a day
    assert 0.02 < queue[1] < 0.12
    assert appeal_values(demo, share("deadline_at < :now"), "appeal.is_open AND region.code = 'RU-KHM'")[0] < 0.08
    at_risk = appeal_values(demo, share("deadline_at >= :now AND risk_at < :now"), "appeal.is_open")[0]
    assert 0.03 < at_risk < 0.2
    ages = appeal_values(
        demo, "max(:now - received_at) < interval '2 days'", "status.code IN ('received', 'on_moderation')"
    )
    assert ages == (True,)
    assert appeal_values(demo, "count(DISTINCT status.code)", "appeal.is_open")[0] == 8
    assert appeal_values(demo, "bool_and(updated_at <= :now AND closed_at IS NOT NULL OR appeal.is_open)")[0] is True


def test_backlogs_grow_in_the_chosen_regions(demo: Connection) -> None:
    ten_weeks_ago = ":now - interval '70 days'"
    growth = f"""
        count(*) FILTER (WHERE appeal.is_open)::float
        / count(*) FILTER (WHERE received_at < {ten_weeks_ago} AND (appeal.is_open OR closed_at >= {ten_weeks_ago}))"""
    assert appeal_values(demo, growth, f"region.code IN {GROWING_BACKLOG_REGIONS}")[0] > 1.35
    assert 0.6 < appeal_values(demo, growth, f"region.code NOT IN {GROWING_BACKLOG_REGIONS}")[0] < 1.35


def test_ratings_follow_the_wait(demo: Connection) -> None:
    coverage, good = appeal_values(demo, f"count(rating)::float / count(closed_at), {share('rating >= 4')}")
    assert 0.15 < coverage < 0.25
    assert 0.6 < good < 0.8  # the target is 60 %
    late = appeal_values(demo, share("rating >= 4"), "closed_at > deadline_at AND reopened = 0")[0]
    assert late < good - 0.25
    assert appeal_values(demo, "count(*)", "rating IS NOT NULL AND (rated_at < received_at OR rated_at > :now)")[0] == 0
    assert appeal_values(demo, "count(*)", "reopened > 0")[0] > 300
    assert appeal_values(demo, "count(*)", "reopened > 0 AND appeal.is_open AND status.code = 'received'")[0] == 0


def test_appeals_have_texts_and_points(demo: Connection) -> None:
    assert appeal_values(demo, "count(*), count(DISTINCT body) > 20000", "body ~ '[а-яё]{3}'") == (SHARED_APPEALS, True)
    assert 0.83 < appeal_values(demo, share("appeal.lon IS NOT NULL"))[0] < 0.88
    # Degrees of latitude: points lie within about ten kilometres of a town's centre.
    assert appeal_values(demo, "max(abs(appeal.lat - town.lat))")[0] < 0.25
    assert appeal_values(demo, "bool_and(town.parent_id = region.id)", "town.id IS NOT NULL")[0] is True
    redirected = appeal_values(demo, share("first_holder_id <> holder_id"))[0]
    assert 0.03 < redirected < 0.12


def test_history_agrees_with_the_appeals(demo: Connection) -> None:
    without_receipt = """NOT EXISTS (
        SELECT FROM event WHERE (event.region_id, appeal_id) = (appeal.region_id, appeal.id)
            AND kind = 'received' AND at = received_at)"""
    assert appeal_values(demo, "count(*)", without_receipt) == (0,)
    last = text("""
        SELECT count(*), count(*) FILTER (WHERE at = closed_at AND after->>'outcome' = outcome.code) FROM (
            SELECT DISTINCT ON (region_id, appeal_id) * FROM event WHERE kind = 'answered'
            ORDER BY region_id, appeal_id, at DESC) AS e
        JOIN appeal ON (appeal.region_id, appeal.id) = (e.region_id, appeal_id)
        JOIN outcome ON outcome.id = outcome_id""")
    count, agreeing = demo.execute(last).one()
    assert count == agreeing == appeal_values(demo, "count(*)", "closed_at IS NOT NULL")[0]
    misplaced = text(f"SELECT count(*) FROM event JOIN appeal ON (appeal.region_id, appeal.id) ="
                 f" (event.region_id, appeal_id) WHERE at > {NOW} OR at < received_at")  # fmt: skip
    assert demo.execute(misplaced).one() == (0,)
    kinds = text("SELECT count(DISTINCT kind) FROM event")
    assert demo.execute(kinds).one() == (9,)


def test_cubes_and_notices_of_change_are_there_when_the_load_ends() -> None:
    with migrated_database() as url:
        load_demo_data(url, 3000, as_of=AS_OF)
        assert list(cube_differences(url)) == []
        engine = database_engine(url)
        with engine.connect() as connection:
            counted = "SELECT sum(received) FROM cube_place JOIN territory ON id = territory_id AND level = 'region'"
            assert connection.scalar(text(counted)) == 3000
            # Later appeals count too: the triggers that the load went without are there again.
            factories.appeal(connection, region="RU-KHM", topic="roads", holder="RU-KHM:roads")
            assert connection.scalar(text(counted)) == 3001
            enabled = "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'appeal'::regclass AND tgenabled <> 'O'"
            assert connection.scalar(text(enabled)) == 0
        engine.dispose()
