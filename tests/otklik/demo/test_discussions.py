"""The demo's discussions: each phase, late answers, a backlog of moderation, groups of opinion; gone with the demo."""

from datetime import UTC, datetime, time

import pytest
from sqlalchemy import Connection, text

from otklik.database.cubes.rollups import cube_differences
from otklik.demo.discussion_texts import DEMO_DISCUSSIONS, TERRITORIES
from otklik.demo.discussions import ANNOUNCED_DAYS, COLLECTING_DAYS, DECIDED, SUMMING_UP_DAYS
from otklik.demo.load import load_demo_data
from otklik.demo.removal import remove_demo_data
from queries.discussions.opinions import opinions
from tests.support.appeals.demo import AS_OF
from tests.support.participation.discussions import comment, discussion

pytestmark = pytest.mark.slow

CLOCK = datetime.combine(AS_OF, time(12), UTC)
TABLES = ("discussion", "discussion_participant", "discussion_comment", "comment_reaction", "discussion_event")


def contents(connection: Connection) -> list[list[tuple[object, ...]]]:
    """What is said, without ids, which count on."""
    queries = (
        "SELECT number, title, opens_at, closes_at, decided_at FROM discussion ORDER BY number",
        "SELECT text, written_at, state, answer_due, answer FROM discussion_comment ORDER BY written_at, text",
        "SELECT reaction, reacted_at FROM comment_reaction ORDER BY reacted_at",
    )
    return [[tuple(row) for row in connection.execute(text(query))] for query in queries]


def test_the_demo_has_discussions_of_each_phase_and_removes_only_its_own(connection: Connection, url: str) -> None:
    load_demo_data(url, 300, 1, AS_OF)
    rows = connection.execute(text("SELECT * FROM discussion")).all()
    collecting = [row for row in rows if row.opens_at <= CLOCK < row.closes_at]
    assert len(rows) == DECIDED + len(COLLECTING_DAYS) + len(SUMMING_UP_DAYS) + len(ANNOUNCED_DAYS)
    assert len(collecting) == len(COLLECTING_DAYS)
    assert len([row for row in rows if row.opens_at > CLOCK]) == len(ANNOUNCED_DAYS)
    assert len([row for row in rows if row.decided_at is not None and row.decided_at <= CLOCK]) == DECIDED
    outside = """SELECT count(*) FROM discussion_comment AS c JOIN discussion AS d ON d.id = c.discussion_id
        WHERE c.written_at < d.opens_at OR c.written_at >= least(d.closes_at, :clock)"""
    assert connection.scalar(text(outside), {"clock": CLOCK}) == 0
    for condition in (
        "state = 'pending'",
        "state = 'rejected'",
        "parent_id IS NOT NULL",
        "answered_at IS NOT NULL",
        "answered_at IS NULL AND answer_due < :day",
    ):
        found = connection.scalar(text(f"SELECT count(*) FROM discussion_comment WHERE {condition}"), {"day": AS_OF})
        assert found > 0, condition
    assert list(cube_differences(url)) == []
    sizes = [len(opinions(row.id).groups) for row in rows if row.closes_at <= CLOCK]
    assert len([size for size in sizes if size >= 2]) > len(sizes) / 2
    for table, codes in (("territory", TERRITORIES), ("topic", [demo.topic for demo in DEMO_DISCUSSIONS])):
        assert set(codes) <= set(connection.execute(text(f"SELECT code FROM {table}")).scalars())
    first = contents(connection)
    load_demo_data(url, 300, 1, AS_OF, replace=True)
    assert contents(connection) == first
    comment(connection, discussion(connection, "XA"))
    remove_demo_data(url)
    assert [connection.scalar(text(f"SELECT count(*) FROM {table}")) for table in TABLES] == [1, 1, 1, 0, 0]
    assert list(cube_differences(url)) == []
