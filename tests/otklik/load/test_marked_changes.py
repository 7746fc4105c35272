"""A viewer has seen a marked change once its page counts as many arrivals of today as there were with that change."""

import pytest
from sqlalchemy import Connection, text

from otklik.demo.load import load_demo_data
from otklik.load.marked_changes import ChangeMarker, ChangeViewer, MarkedChange
from otklik.load.measurements import Measurements
from tests.support import factories


def test_a_change_is_seen_with_the_first_picture_that_counts_it() -> None:
    measurements, changes = Measurements(), [MarkedChange(1.0, 1)]
    viewer = ChangeViewer(changes, measurements)
    changes.append(MarkedChange(10.0, 3))
    viewer.see(2, 10.2)
    assert measurements.change_delays == []
    viewer.see(3, 10.75)
    viewer.see(4, 11.0)
    assert measurements.change_delays == [0.75]


def test_a_picture_may_show_several_changes_at_once() -> None:
    measurements, changes = Measurements(), list[MarkedChange]()
    viewer = ChangeViewer(changes, measurements)
    changes += [MarkedChange(10.0, 1), MarkedChange(12.0, 5), MarkedChange(14.0, 9)]
    viewer.see(6, 13.0)
    assert measurements.change_delays == [3.0, 1.0]


def test_what_was_never_seen_is_counted_at_the_end_and_once() -> None:
    measurements, changes = Measurements(), list[MarkedChange]()
    viewer = ChangeViewer(changes, measurements)
    changes += [MarkedChange(10.0, 1), MarkedChange(12.0, 2)]
    viewer.see(1, 10.5)
    viewer.finish()
    viewer.finish()
    assert measurements.unseen_changes == 1


@pytest.fixture
def demo_of_two_days(url: str, connection: Connection) -> str:
    """The address of a demo in which Ugra has another day than all other regions, at any hour."""
    load_demo_data(url, 1)
    connection.execute(text("SET session_replication_role = replica"))  # appeals are counted by these zones
    connection.execute(
        text("UPDATE territory SET timezone = CASE code WHEN 'RU-KHM' THEN 'Etc/GMT+12' ELSE 'Etc/GMT-14' END")
    )
    connection.execute(text("RESET session_replication_role"))
    return url


def test_a_change_comes_where_the_day_is_the_one_that_pages_show(demo_of_two_days: str, connection: Connection) -> None:
    numbers_before = list(connection.scalars(text("SELECT number FROM appeal")))
    marker = ChangeMarker(demo_of_two_days, Measurements())
    for _ in range(3):
        marker.add_change()
    codes = connection.scalars(
        text("SELECT code FROM appeal JOIN territory ON territory.id = region_id WHERE number != ALL (:before)"),
        {"before": numbers_before},
    )
    assert list(codes) == ["RU-KHM"] * 3
    assert [change.arrived for change in marker.changes] == [1, 2, 3]


def test_an_appeal_of_a_region_with_the_next_day_is_not_counted(demo_of_two_days: str, connection: Connection) -> None:
    marker = ChangeMarker(demo_of_two_days, Measurements())
    for region in ("RU-KAM", "RU-KHM"):
        factories.appeal(connection, region=region)
    marker.add_change()
    assert [change.arrived for change in marker.changes] == [2]
