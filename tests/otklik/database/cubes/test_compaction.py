"""Cubes that folding has left with dead rows are compacted at night, once."""

from datetime import datetime, timedelta

import psycopg
import pytest
from sqlalchemy import Connection

from otklik.database.cubes import compaction
from otklik.database.cubes.compaction import compact_at_night, compact_cubes
from otklik.database.cubes.rollups import fold_cubes
from tests.support import factories
from tests.support.figures.cube_checks import assert_cubes_match
from tests.support.figures.reference_data import BASE_MOMENT


def test_a_cube_with_dead_rows_takes_less_room_afterwards_and_is_then_left_alone(
    connection: Connection, url: str
) -> None:
    for hour in range(60):
        factories.appeal(connection, received_at=BASE_MOMENT + timedelta(hours=13 * hour))
    fold_cubes(url)
    assert set(compact_cubes(url, min_bytes=1)) >= {"cube_place", "open_place"}
    with psycopg.connect(url, autocommit=True) as other:
        assert compact_cubes(url, min_bytes=1) == []
        # Leave dead rows: write every cell many times over.
        for _ in range(40):
            other.execute("UPDATE cube_place_folded SET received = received")
        other.execute("VACUUM ANALYZE cube_place_folded")
        size = "SELECT pg_total_relation_size('cube_place_folded')"
        before = other.execute(size).fetchone()
        assert compact_cubes(url, min_bytes=1) == ["cube_place"]
        after = other.execute(size).fetchone()
    assert before
    assert after
    assert after[0] < before[0]
    assert_cubes_match(url)


def test_a_cube_that_is_being_read_is_left_for_the_next_time(connection: Connection, url: str) -> None:
    factories.appeal(connection)
    fold_cubes(url)
    with psycopg.connect(url) as reader:
        reader.execute("SELECT count(*) FROM cube_place_folded")
        compacted = compact_cubes(url, min_bytes=1)
    assert "cube_place" not in compacted
    assert "open_place" in compacted
    assert compact_cubes(url, min_bytes=1) == ["cube_place"]


@pytest.mark.parametrize(("hour", "expected_calls"), [(3, 1), (2, 0), (4, 0)])
def test_it_is_done_at_night(monkeypatch: pytest.MonkeyPatch, hour: int, expected_calls: int) -> None:
    calls: list[str] = []
    monkeypatch.setattr(compaction, "NIGHT_HOUR", (datetime.now().astimezone().hour + 3 - hour) % 24)
    monkeypatch.setattr(compaction, "compact_cubes", calls.append)
    compact_at_night("somewhere")
    assert len(calls) == expected_calls
