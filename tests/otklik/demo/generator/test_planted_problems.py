"""The planted problems show in the data as the table `planted_problem` describes them."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, text

from otklik.database.engine import database_engine
from otklik.demo.generator.planted_problems import planted_problems
from tests.support.appeals.demo import AS_OF, shared_demo_database

pytestmark = pytest.mark.slow

SURGES = [problem for problem in planted_problems(AS_OF) if problem.kind == "surge"]


@pytest.fixture
def demo_connection() -> Iterator[Connection]:
    with shared_demo_database() as url:
        engine = database_engine(url)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            yield connection
        engine.dispose()


def test_every_problem_shows(demo_connection: Connection) -> None:
    recorded = text(
        "SELECT count(*), count(topic_id), count(organisation_id), bool_and(ends <= :day) FROM planted_problem"
    )
    assert demo_connection.execute(recorded, {"day": AS_OF}).one() == (10, 8, 2, True)
    # While the problem lasts: the share of appeals on the topic in the territory, and in all others.
    surges = text("""
        SELECT p.note, p.factor,
            count(*) FILTER (WHERE inside AND about)::float / count(*) FILTER (WHERE inside) AS here,
            count(*) FILTER (WHERE about AND NOT inside)::float / count(*) FILTER (WHERE NOT inside) AS elsewhere
        FROM planted_problem AS p
        JOIN territory AS place ON place.id = p.territory_id
        CROSS JOIN LATERAL (
            SELECT a.topic_id = p.topic_id AS about, place.id IN (a.region_id, a.municipality_id) AS inside
            FROM appeal AS a JOIN territory AS region ON region.id = a.region_id
            WHERE received_at >= p.starts::timestamp AT TIME ZONE region.timezone
                AND received_at < p.ends::timestamp AT TIME ZONE region.timezone) AS x
        WHERE kind = 'surge' GROUP BY p.id""")
    surge_rows = demo_connection.execute(surges).all()
    assert len(surge_rows) == len(SURGES)
    for note, factor, here, elsewhere in surge_rows:
        # Regions differ in their topics by a third, and three tenths of the default volume leave much noise:
        # a third of the factor, in odds, is enough.
        assert here / (1 - here) > factor / 3 * elsewhere / (1 - elsewhere), note
    formal = text("""
        SELECT avg(CAST(code = 'explained' OR reopened > 0 AS integer)), avg(CAST(reopened > 0 AS integer)), count(*)
        FROM planted_problem AS p
        JOIN appeal ON holder_id = organisation_id AND received_at BETWEEN starts AND ends
        JOIN outcome ON outcome.id = outcome_id
        WHERE kind = 'formal_answers' AND code NOT IN ('rejected', 'duplicate')""")
    explained, reopened, count = demo_connection.execute(formal).one()
    assert count >= 5
    assert explained == 1
    usual = demo_connection.scalar(text("SELECT avg(CAST(reopened > 0 AS integer)) FROM appeal"))
    assert reopened > 3 * usual
    slow = text("""
        SELECT extract(epoch FROM avg(closed_at - received_at) FILTER (WHERE received_at >= starts))
            / extract(epoch FROM avg(closed_at - received_at) FILTER (WHERE received_at < starts))
        FROM planted_problem JOIN appeal ON holder_id = organisation_id WHERE kind = 'slow_answers'""")
    assert (
        demo_connection.scalar(slow) > 1.2
    )  # twice as long, but of about two hundred appeals the slowest are still open
