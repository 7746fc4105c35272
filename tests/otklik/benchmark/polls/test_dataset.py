"""`otklik bench polls`: as many votes as asked for, counted by the cubes, and a line for each panel."""

import psycopg
import pytest

from otklik.benchmark import database
from otklik.benchmark.polls import panels
from otklik.benchmark.polls.dataset import build_polls, planned_polls, running_polls
from otklik.database.cubes.rollups import cube_differences
from otklik.database.engine import engine
from otklik.launcher.poll_releases import release_polls
from otklik.progress import ignore_progress

VOTES = 3000


@pytest.mark.parametrize("votes", [1000, 123_456, 10_000_000])
def test_the_polls_have_all_votes_together(votes: int) -> None:
    polls = list(planned_polls(votes))
    assert sum(poll.votes for poll in polls) == votes
    assert len({poll.number for poll in polls}) == len(polls)
    assert {poll.number for poll in polls} >= set(panels.SHOWN_POLLS[:3])


@pytest.mark.slow
def test_every_panel_of_large_and_small_polls_is_measured(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panels, "REPETITIONS", 1)
    with database.benchmark_database(url, keep=False, name="otklik_bench_polls_test") as database_url:
        build_polls(database_url, VOTES, ignore_progress)
        release_polls(database_url, running_polls(database_url))
        assert list(cube_differences(database_url)) == []
        with psycopg.connect(database_url) as connection:
            counts = (
                "SELECT (SELECT count(*) FROM poll_ballot), (SELECT count(*) FROM poll_release WHERE shown_at < now())"
            )
            votes, released = connection.execute(counts).fetchone() or (0, 0)
        assert votes == VOTES
        assert released >= 1
        # Its connections to the test's own database are closed before another takes its place.
        engine().dispose()
        with database.use_database(database_url):
            header, _rule, *lines, _empty, sizes = panels.poll_tables(database_url, VOTES, ignore_progress)
    assert [title.split(",")[:2] for title in header.strip("| ").split(" | ")[1:]] == [
        ["country", " running"],
        *[[place, " closed"] for place in ("country", "region", "small")],
    ]
    assert [line.split("|")[1].strip() for line in lines][:3] == ["list", "head and turnout", "votes by day"]
    assert {line.count("|") for line in lines} == {6}
    assert "MiB" in sizes
