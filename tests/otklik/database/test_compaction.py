"""Cubes that folding has left full of holes are put into order at night, once."""

from datetime import datetime, timedelta

import psycopg
import pytest
from sqlalchemy import Connection

from otklik.database import compaction
from otklik.database.compaction import compact_at_night, tidy
from otklik.database.rollups import fold_cubes
from tests.support import factories
from tests.support.cube_checks import assert_cubes_match
from tests.support.reference_data import BASE_MOMENT


def test_a_cube_with_holes_takes_less_room_afterwards_and_is_then_left_alone(connection: Connection, url: str) -> None:
    for hour in range(60):
        factories.appeal(connection, received_at=BASE_MOMENT + timedelta(hours=13 * hour))
    fold_cubes(url)
    assert set(tidy(url, min_bytes=1)) >= {"cube_place", "open_place"}
    with psycopg.connect(url, autocommit=True) as other:
        assert tidy(url, min_bytes=1) == []
        # What churns: every cell is written anew many times over.
        for _ in range(40):
            other.execute("UPDATE cube_place_folded SET received = received")
        other.execute("VACUUM ANALYZE cube_place_folded")
        size = "SELECT pg_total_relation_size('cube_place_folded')"
        before = other.execute(size).fetchone()
        assert tidy(url, min_bytes=1) == ["cube_place"]
        after = other.execute(size).fetchone()
    assert before
    assert after
    assert after[0] < before[0]
    assert_cubes_match(url)


def test_one_that_is_being_read_is_left_for_the_next_time(connection: Connection, url: str) -> None:
    factories.appeal(connection)
    fold_cubes(url)
    with psycopg.connect(url) as reader:
        reader.execute("SELECT count(*) FROM cube_place_folded")
        tidied = tidy(url, min_bytes=1)
    assert "cube_place" not in tidied
    assert "open_place" in tidied
    assert tidy(url, min_bytes=1) == ["cube_place"]


@pytest.mark.parametrize(("hour", "asked"), [(3, 1), (2, 0), (4, 0)])
def test_it_is_done_at_night(monkeypatch: pytest.MonkeyPatch, hour: int, asked: int) -> None:
    done: list[str] = []
    monkeypatch.setattr(compaction, "HOUR", (datetime.now().astimezone().hour + 3 - hour) % 24)
    monkeypatch.setattr(compaction, "tidy", done.append)
    compact_at_night("somewhere")
    assert len(done) == asked
