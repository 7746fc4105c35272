"""The demo's polls: some run, one closes tomorrow far from its quorum, their counts are exact; gone with the demo."""

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import Connection, text

from otklik.database.cubes.rollups import cube_differences
from otklik.demo.load import load_demo_data
from otklik.demo.poll_texts import DEMO_POLLS, TERRITORIES
from otklik.demo.polls import POLLS, RUNNING_DAYS, UPCOMING_DAYS
from otklik.demo.removal import remove_demo_data
from tests.support.appeals.demo import AS_OF
from tests.support.participation.polls import poll, vote

pytestmark = pytest.mark.slow

CLOCK = datetime.combine(AS_OF, time(12), UTC)
TABLES = ("poll", "poll_question", "poll_option", "poll_ballot", "poll_answer")


@pytest.fixture
def demo(url: str, connection: Connection) -> Connection:
    """A small demo."""
    load_demo_data(url, 300, 1, AS_OF)
    return connection


def contents(connection: Connection) -> list[list[tuple[object, ...]]]:
    return [
        [tuple(row) for row in connection.execute(text(f"SELECT * FROM {table} ORDER BY 1, 2, 3"))] for table in TABLES
    ]


def test_polls_run_are_to_come_and_have_closed(demo: Connection, url: str) -> None:
    rows = demo.execute(text("SELECT * FROM poll")).all()
    assert len(rows) == POLLS
    running = [row for row in rows if row.opens_at <= CLOCK < row.closes_at]
    assert len(running) == len(RUNNING_DAYS)
    assert len([row for row in rows if row.opens_at > CLOCK]) == len(UPCOMING_DAYS)
    assert all(row.published_at <= min(row.opens_at, CLOCK) for row in rows)
    assert min(row.opens_at for row in rows) > CLOCK - timedelta(days=366)
    (soon,) = [row for row in running if row.closes_at == CLOCK + timedelta(days=1)]
    ballots = {
        row.poll_id: row.n for row in demo.execute(text("SELECT poll_id, count(*) AS n FROM poll_ballot GROUP BY 1"))
    }
    assert 0 < ballots[soon.id] < soon.quorum_votes / 2
    assert {row.id for row in rows} - set(ballots) == {row.id for row in rows if row.opens_at > CLOCK}
    closed = [row for row in rows if row.closes_at <= CLOCK]
    assert {ballots[row.id] >= row.quorum_votes for row in closed} == {True, False}
    late = """SELECT count(*) FROM poll_ballot AS b JOIN poll AS p ON p.id = b.poll_id
        WHERE b.cast_at < p.opens_at OR b.cast_at >= least(p.closes_at, :clock)"""
    assert demo.scalar(text(late), {"clock": CLOCK}) == 0
    assert list(cube_differences(url)) == []
    kinds = demo.execute(text("SELECT DISTINCT kind FROM poll_answer")).scalars()
    assert set(kinds) == {"single", "multiple", "scale", "open"}


def test_each_place_and_topic_is_one_of_the_demo(demo: Connection) -> None:
    for table, codes in (("territory", TERRITORIES), ("topic", [asked.topic for asked in DEMO_POLLS])):
        known = demo.execute(text(f"SELECT code FROM {table}")).scalars()
        assert set(codes) <= set(known)


def test_equal_seeds_have_equal_votes(demo: Connection, url: str) -> None:
    first = contents(demo)
    load_demo_data(url, 300, 1, AS_OF, replace=True)
    second = contents(demo)
    # All but the ids, which count on.
    assert [len(rows) for rows in first] == [len(rows) for rows in second]
    votes = [[row[3:] for row in sorted(rows[3], key=lambda row: str(row[2]))] for rows in (first, second)]
    assert votes[0] == votes[1]
    assert list(cube_differences(url)) == []


def test_removal_leaves_the_polls_that_are_not_the_demos(demo: Connection, url: str) -> None:
    poll_id = poll(demo, "XA", number="P-1")
    vote(demo, poll_id, "anna")
    remove_demo_data(url)
    assert [len(rows) for rows in contents(demo)] == [1, 0, 0, 1, 0]
    assert list(cube_differences(url)) == []
    assert demo.scalar(text("SELECT sum(ballots) FROM poll_turnout")) == 1
    with pytest.raises(Exception, match="foreign key"):
        demo.execute(text("DELETE FROM territory WHERE code = 'XA'"))
