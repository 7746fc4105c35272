"""The replay: a planted surge is found with its delay, an alarm elsewhere is counted as one of none."""

from datetime import date, timedelta

import psycopg
import pytest
from sqlalchemy import Connection, text

from otklik.benchmark.accuracy.surge_replay import Episode, PlantedSurge, is_of, replay_table
from otklik.detection.cell_tree import Ancestry, CellTree
from tests.support import factories

LAST = date(2026, 6, 30)
TOWNS = [f"XA-{number}" for number in range(8)]


@pytest.fixture
def replayed_days(connection: Connection) -> list[date]:
    """Twenty days: eight towns had one appeal in five days for a year, and two of them three a day in the last ten."""
    factories.territory(connection, "XA")
    for place, town in enumerate(TOWNS):
        factories.territory(connection, town, "municipality", "XA")
        factories.appeal(
            connection, municipality=town, topic="roads.surface", number=town, received_at=f"2026-06-{30 - place} 09:00"
        )
        repeat(connection, town, 70, "5 days")
    for town in TOWNS[:2]:
        repeat(connection, town, 29, "8 hours")
    connection.execute(
        text(
            "INSERT INTO planted_problem (kind, topic_id, territory_id, starts, ends, factor, note)"
            " SELECT 'surge', topic.id, territory.id, '2026-06-21', '2026-07-01', 15, 'test' FROM topic, territory"
            " WHERE topic.code = 'roads.surface' AND territory.code = 'XA-0'"
        )
    )
    return [LAST - timedelta(days=age) for age in reversed(range(20))]


def repeat(connection: Connection, number: str, times: int, distance: str) -> None:
    """Copies of an appeal, each so long before the one after it."""
    columns = (
        "region_id, municipality_id, source_id, channel_id, topic_id, regime_id, status_id, first_holder_id, holder_id"
    )
    connection.execute(
        text(
            f"INSERT INTO appeal ({columns}, number, received_at) SELECT {columns}, number || '/' || n || :distance,"
            " received_at - n * CAST(:distance AS interval)"
            " FROM appeal CROSS JOIN generate_series(1, :times) AS n WHERE number = :number"
        ),
        {"number": number, "times": times, "distance": distance},
    )


def test_the_planted_surge_is_found_and_the_other_is_counted(
    connection: Connection, url: str, replayed_days: list[date]
) -> None:
    connection.commit()
    with psycopg.connect(url) as owner:
        lines = list(replay_table(owner, replayed_days, lambda *_: None))
        assert owner.execute("SELECT count(*) FROM surge_alarm").fetchone() == (0,)
    planted = [cell.strip() for cell in lines[2].strip("|").split("|")]
    assert planted[:4] == ["roads.surface", "XA-0", "2026-06-21", "15"]
    assert 1 <= int(planted[4]) <= 7
    assert "20 days" in lines[-1]
    assert "Alarms of no planted surge: 1, 0.35 a week." in lines[-1]


def test_an_alarm_is_of_a_surge_within_its_cell_and_while_its_appeals_are_in_the_windows() -> None:
    tree = CellTree(Ancestry({1: None, 10: 1, 11: 1, 100: 10}), Ancestry({5: None, 50: 5, 51: 5}))
    surge = PlantedSurge("t", "p", (10, 50), date(2026, 3, 1), date(2026, 3, 11), 5)
    for cell in ((10, 50), (100, 50), (1, 5)):
        assert is_of(tree, Episode(cell, date(2026, 3, 1)), surge)
        assert is_of(tree, Episode(cell, date(2026, 3, 24)), surge)
        assert not is_of(tree, Episode(cell, date(2026, 3, 25)), surge)
        assert not is_of(tree, Episode(cell, date(2026, 2, 28)), surge)
    for cell in ((11, 50), (10, 51)):
        assert not is_of(tree, Episode(cell, date(2026, 3, 1)), surge)
