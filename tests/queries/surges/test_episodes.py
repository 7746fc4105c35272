"""Surges on screens: those of the viewer's territories that go on or have just ended, and how current the search is."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from otklik.database.access import people, scope
from queries.filters import Filters
from queries.lists.figure_appeals import figure_appeals
from queries.surges import episodes
from queries.surges.episodes import surges
from tests.support import factories
from tests.support.appeals.surges import alarm, searched

DAY = timedelta(days=1)
TODAY = datetime.now(UTC).date()
YESTERDAY = TODAY - DAY
FILTERS = Filters(TODAY, TODAY + DAY)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def cells(filters: Filters = FILTERS) -> list[tuple[str, str]]:
    """Territory and topic of each surge shown, by code, in their order."""
    rows = surges(filters).rows
    return list(zip(rows["territory_code"], rows["topic_code"], strict=True))


def test_the_number_of_a_surge_is_that_of_the_list_it_leads_to(connection: Connection) -> None:
    first = YESTERDAY - 6 * DAY
    for town, holder in (("XA-1", "east"), ("XA-2", "west"), ("XA-2", "west")):
        factories.territory(connection, town, "municipality", "XA")
        for day in (first, YESTERDAY):
            factories.appeal(
                connection, municipality=town, topic="roads.surface.pothole", holder=holder, received_at=noon(day)
            )
    near_misses: tuple[dict[str, Any], ...] = (
        {"topic": "roads.surface.pothole", "received_at": noon(first - DAY)},
        {"topic": "roads.surface.pothole", "received_at": noon(TODAY)},
        {"topic": "roads.lights", "received_at": noon(first)},
        {"topic": "roads.surface.pothole", "received_at": noon(first), "region": "XB"},
    )
    for near_miss in near_misses:
        factories.appeal(connection, **near_miss)
    alarm(connection, YESTERDAY, observed=6)
    row: Any
    (row,) = surges(replace(FILTERS, organisation="west")).rows.itertuples()
    assert (row.observed, row.received, row.place_level, row.place_count) == (6, 6, "municipality", 2)
    listed = Filters(row.first_day, row.first_day + row.window_days * DAY, "none", row.territory_code, row.topic_code)
    assert len(figure_appeals(listed, "received")) == row.observed
    assert (row.first_day, row.starts, row.last_alarm) == (first, first, YESTERDAY)


def test_what_arrived_later_is_counted_apart(connection: Connection) -> None:
    alarm(connection, YESTERDAY, observed=6)
    for _ in range(7):
        factories.appeal(connection, topic="roads.surface", received_at=noon(YESTERDAY))
    (row,) = surges(FILTERS).rows.itertuples()
    assert (row.observed, row.received, row.place_count) == (6, 7, 0)


@pytest.mark.parametrize(
    ("territory", "level", "place_level"),
    [("X", "country", "region"), ("XD", "district", "region"), ("XA-1", "municipality", "organisation")],
)
def test_places_are_those_a_level_below(connection: Connection, territory: str, level: str, place_level: str) -> None:
    factories.territory(connection, "XD", "district", "X")
    factories.territory(connection, "XA", "region", "XD")
    factories.territory(connection, territory, level, "XA" if level == "municipality" else "X")
    for region, town, holder in (("XA", "XA-1", "a"), ("XA", "XA-1", "a"), ("XB", "XB-1", "b")):
        factories.territory(connection, region, "region", "XD")
        factories.territory(connection, town, "municipality", region)
        factories.appeal(
            connection, region=region, municipality=town, holder=holder, topic="roads", received_at=noon(YESTERDAY)
        )
    alarm(connection, YESTERDAY, territory, "roads")
    (row,) = surges(FILTERS).rows.itertuples()
    assert (row.place_level, row.place_count) == (place_level, 1 if level == "municipality" else 2)


def test_surges_that_go_on_come_first_and_those_that_are_over_are_left_out(connection: Connection) -> None:
    searched(connection, YESTERDAY)
    for day in (YESTERDAY - 2 * DAY, YESTERDAY):
        alarm(connection, day, "XA", "roads.lights", observed=6)
    alarm(connection, YESTERDAY, "XB", observed=7, window_days=14)
    alarm(connection, YESTERDAY - 13 * DAY, "XC", observed=90)
    alarm(connection, YESTERDAY - 14 * DAY, "XD", observed=99)
    known = surges(FILTERS)
    assert list(known.rows["territory_code"]) == ["XB", "XA", "XC"]
    assert list(known.rows["is_going_on"]) == [True, True, False]
    assert (known.rows["starts"][0], known.rows["starts"][1]) == (YESTERDAY - 13 * DAY, YESTERDAY - 8 * DAY)
    assert (known.total, len(surges(FILTERS, 2).rows), surges(FILTERS, 2).total) == (3, 2, 3)


def test_the_figures_are_those_of_the_last_alarm_not_of_the_peak(connection: Connection) -> None:
    alarm(connection, YESTERDAY - DAY, observed=20, probability=1e-9)
    alarm(connection, YESTERDAY, observed=11)
    (row,) = surges(FILTERS).rows.itertuples()
    assert (row.observed, row.peak, row.last_alarm) == (11, YESTERDAY - DAY, YESTERDAY)


def test_the_filters_narrow_to_territories_and_topics_below(connection: Connection) -> None:
    factories.territory(connection, "XA-1", "municipality", "XA")
    alarm(connection, YESTERDAY, "XA-1", "roads.surface.pothole")
    alarm(connection, YESTERDAY, "XB", "waste")
    assert cells(replace(FILTERS, territory="XA")) == [("XA-1", "roads.surface.pothole")]
    assert cells(replace(FILTERS, topic="roads")) == [("XA-1", "roads.surface.pothole")]
    assert cells(replace(FILTERS, topic="roads.surface.pothole", territory="XB")) == []
    # A part of what has a surge needn't have any.
    assert cells(replace(FILTERS, topic="waste")) == [("XB", "waste")]
    factories.topic(connection, "waste.paper")
    assert cells(replace(FILTERS, topic="waste.paper")) == []


def test_each_viewer_sees_the_surges_of_their_territories(connection: Connection) -> None:
    for region in ("XA", "XB"):
        alarm(connection, YESTERDAY, region)
        facts = {"email": f"{region}@example.org", "name": region, "role": "manager", "territories": [region]}
        people.save_person_as_owner(connection, None, facts)
    for region in ("XA", "XB"):
        viewer = people.person_of_sign_in("https://sign-in.example", region, f"{region}@example.org")
        assert viewer
        with scope.acting_as(viewer.scope):
            assert cells() == [(region, "roads.surface")]


@pytest.mark.parametrize(
    ("days_by_country", "territory", "searched_day"),
    [
        ({}, None, None),
        ({"X": YESTERDAY, "Y": YESTERDAY - DAY}, None, YESTERDAY - DAY),
        ({"X": YESTERDAY}, None, None),
        ({"X": YESTERDAY}, "XA", YESTERDAY),
        ({"X": YESTERDAY}, "YA", None),
    ],
)
def test_a_search_is_known_up_to_the_day_that_every_country_shown_was_searched(
    connection: Connection, days_by_country: dict[str, date], territory: str | None, searched_day: date | None
) -> None:
    factories.territory(connection, "XA")
    factories.territory(connection, "Y", "country")
    factories.territory(connection, "YA", "region", "Y")
    for country, day in days_by_country.items():
        searched(connection, day, country)
        searched(connection, day - 3 * DAY, country)
    known = surges(replace(FILTERS, territory=territory))
    assert known.searched_day == searched_day
    assert searched_day is not None or not known.is_current


@pytest.mark.parametrize(
    ("hours_after_the_day", "is_current"),
    # A day is searched 4 hours after its end, and the next search is due 24 hours later.
    [(4, True), (28, True), (39, True), (41, False)],
)
def test_a_search_of_more_than_36_hours_ago_is_not_current(
    connection: Connection, monkeypatch: pytest.MonkeyPatch, hours_after_the_day: int, *, is_current: bool
) -> None:
    day = date(2026, 3, 10)
    factories.territory(connection, "XA")
    searched(connection, day)
    end = datetime.combine(day + DAY, time(), UTC)

    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> Any:  # noqa: ANN401 -- another than that of the class
            assert tz
            return end + timedelta(hours=hours_after_the_day)

    monkeypatch.setattr(episodes, "datetime", Clock)
    assert surges(FILTERS).is_current is is_current
