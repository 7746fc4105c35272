"""Territories side by side: exact metrics, changes, days and points."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from queries.filters import Filters
from queries.regions import points, territories
from queries.regions.backlog import open_by_day
from queries.regions.levels import effective_territory, has_children, has_districts, shown_region_codes
from queries.summaries.daily import daily_measures
from tests.support import factories

START, END = date(2024, 3, 1), date(2024, 3, 31)
MARCH = Filters(START, END)
DAY = timedelta(days=1)


def at(day: date, hour: int = 12) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


@pytest.fixture
def country(connection: Connection) -> Connection:
    """Two districts: in the west XA (1,000 inhabitants, two towns) and XB, in the east XC alone."""
    factories.territory(connection, "X", "country")
    for code in ("XW", "XE"):
        factories.territory(connection, code, "district", "X")
    factories.territory(connection, "XA", "region", "XW", population=1000, lon=40.0, lat=50.0)
    factories.territory(connection, "XB", "region", "XW", "Asia/Kamchatka")
    factories.territory(connection, "XC", "region", "XE", population=500)
    for code in ("XA-1", "XA-2"):
        factories.territory(connection, code, "municipality", "XA")
    return connection


def received(connection: Connection, n: int, day: date = START, **columns: Any) -> None:  # noqa: ANN401 -- a row's columns have no common type
    for _ in range(n):
        factories.appeal(connection, received_at=at(day), **columns)


def test_each_part_has_a_row_also_where_nothing_happened(country: Connection) -> None:
    received(country, 2)
    rows = territories.territories(MARCH, "territory").set_index("code")
    assert rows["received"].to_dict() == {"XW": 2, "XE": 0}
    assert rows["regions"].to_dict() == {"XW": ("XA", "XB"), "XE": ("XC",)}
    assert rows["on_time_rate"].isna().all()


def test_every_region_of_a_country_can_be_asked_for_at_once(country: Connection) -> None:
    received(country, 2)
    received(country, 1, region="XC")
    rows = territories.territories(MARCH, "region").set_index("code")
    assert rows["received"].to_dict() == {"XA": 2, "XC": 1, "XB": 0}


def test_what_is_received_for_each_inhabitant_needs_inhabitants(country: Connection) -> None:
    received(country, 3)
    rows = territories.territories(MARCH, "region").set_index("code")
    assert rows["received_per_10k"]["XA"] == 30
    assert rows["received_per_10k"]["XC"] == 0
    assert rows["received_per_10k"].isna()["XB"]


def test_days_are_those_of_the_region(country: Connection) -> None:
    # In Kamchatka, 12 hours ahead of UTC, 11:59 is the last minute of the day and noon begins the next.
    night = datetime(2024, 2, 29, 11, 59, tzinfo=UTC)
    for moment in (night, night + timedelta(minutes=1)):
        factories.appeal(country, region="XB", received_at=moment)
    rows = territories.territories(MARCH, "region").set_index("code")
    assert rows["received"]["XB"] == 1


def test_parts_of_the_chosen_territory_down_to_municipalities(country: Connection) -> None:
    received(country, 2, municipality="XA-1")
    received(country, 1)
    filters = Filters(START, END, territory="XA")
    rows = territories.territories(filters, "territory").set_index("code")
    assert rows["received"].to_dict() == {"XA-1": 2, "XA-2": 0}
    assert rows["regions"].to_dict() == {"XA-1": (), "XA-2": ()}
    assert has_children(filters)
    assert not has_children(Filters(START, END, territory="XA-1"))
    assert shown_region_codes(Filters(START, END, territory="XA-1")) == ("XA",)


def test_a_single_part_is_opened_at_once(connection: Connection) -> None:
    factories.territory(connection, "US", "country")
    factories.territory(connection, "BOS", "region", "US")
    for code in ("B1", "B2"):
        factories.territory(connection, code, "municipality", "BOS")
    assert effective_territory(MARCH) == "BOS"
    assert not has_districts(Filters(START, END, territory="BOS"))


def test_several_parts_are_shown_side_by_side(country: Connection) -> None:
    assert not country.closed
    assert effective_territory(MARCH) is None
    assert has_districts(MARCH)
    # The east has one region without municipalities: the district shows that region.
    assert effective_territory(Filters(START, END, territory="XE")) == "XC"
    assert not has_districts(Filters(START, END, territory="XW"))


def test_few_cases_are_marked_and_come_after_sure_ones(country: Connection) -> None:
    times = {"closed_at": at(START, 13), "deadline_at": at(START, 14)}
    received(country, 30, region="XC", **times)
    received(country, 29, **times)
    rows = territories.map_values(MARCH, "region", "on_time_rate").set_index("code")
    assert list(rows.index) == ["XC", "XA", "XB"]
    assert rows["few"].to_dict() == {"XC": False, "XA": True, "XB": True}
    assert rows["cases"].to_dict() == {"XC": 30, "XA": 29, "XB": 0}
    assert rows["value"]["XC"] == 1.0


def test_counts_are_never_few_but_their_changes_can_be(country: Connection) -> None:
    before = START - 20 * DAY
    received(country, 33)
    received(country, 30, before)
    received(country, 40, region="XC")
    received(country, 29, before, region="XC")
    rows = territories.map_values(MARCH, "region", "received").set_index("code")
    assert not rows["few"].any()
    assert rows["change"]["XA"] == pytest.approx(0.1)
    assert rows["change_few"].to_dict() == {"XC": True, "XA": False, "XB": True}


def test_a_change_of_a_share_is_in_points_and_needs_enough_cases_before(country: Connection) -> None:
    times = {"closed_at": at(START, 13), "deadline_at": at(START, 14)}
    received(country, 40, **times)
    before = START - 20 * DAY
    received(country, 15, before, closed_at=at(before, 13), deadline_at=at(before, 14))
    received(country, 15, before, closed_at=at(before, 15), deadline_at=at(before, 14))
    rows = territories.map_values(MARCH, "region", "on_time_rate").set_index("code")
    assert rows["previous"]["XA"] == 0.5
    assert rows["change"]["XA"] == 0.5
    assert not rows["change_few"]["XA"]


def test_nothing_is_compared_where_nothing_is_to_be(country: Connection) -> None:
    received(country, 40)
    rows = territories.map_values(Filters(START, END, compare="none"), "region", "received")
    assert rows["change"].isna().all()


@pytest.mark.parametrize("level", ["territory", "region"])
def test_open_by_day_is_what_each_territory_says_of_itself(
    country: Connection, level: territories.TerritoryLevel
) -> None:
    received(country, 3, START - DAY)
    received(country, 2, START + DAY, closed_at=at(START + 3 * DAY))
    received(country, 1, END - DAY, region="XC", deadline_at=at(END - DAY, 13))
    received(country, 1, END + DAY)
    rows = open_by_day(MARCH, level)
    # Most overdue first.
    assert rows["code"].iloc[0] == ("XE" if level == "territory" else "XC")
    for code, group in rows.groupby("code"):
        alone = daily_measures(Filters(START, END, territory=str(code)))
        assert list(group["day"]) == list(alone.index)
        assert list(group["open"]) == list(alone["open"])
        assert group["overdue"].iloc[0] == alone["overdue"].iloc[-1]


@pytest.mark.usefixtures("country")
def test_where_nothing_is_open_there_is_nothing_to_draw() -> None:
    assert open_by_day(MARCH, "territory").empty


def test_points_are_those_of_open_appeals_with_the_nearest_deadline_first(country: Connection) -> None:
    now = datetime.now(UTC)
    place: dict[str, Any] = {"lon": 40.0, "lat": 50.0, "received_at": now - 9 * DAY}
    factories.appeal(country, number="later", deadline_at=now + DAY, **place)
    factories.appeal(country, number="late", deadline_at=now - DAY, **place)
    factories.appeal(country, number="never", **place)
    factories.appeal(country, number="closed", closed_at=now, **place)
    factories.appeal(country, number="nowhere", deadline_at=now - 2 * DAY)
    factories.appeal(country, number="elsewhere", region="XC", deadline_at=now - 2 * DAY, **place)
    here = Filters(START, END, territory="XA")
    rows = points.open_points(here)
    assert list(rows["number"]) == ["late", "later", "never"]
    assert list(rows["state"]) == ["overdue", "open", "open"]
    assert list(points.open_points(here, 1)["number"]) == ["late"]


def test_points_of_a_period_are_those_received_on_its_local_days(country: Connection) -> None:
    place: dict[str, Any] = {"lon": 160.0, "lat": 55.0, "region": "XB"}
    dawn = datetime(2024, 2, 29, 12, tzinfo=UTC)
    factories.appeal(country, number="first", received_at=dawn, closed_at=dawn, **place)
    factories.appeal(country, number="before", received_at=dawn - timedelta(seconds=1), **place)
    factories.appeal(country, number="after", received_at=datetime(2024, 3, 30, 12, tzinfo=UTC), **place)
    rows = points.received_points(MARCH)
    assert list(rows[["number", "state"]].itertuples(index=False, name=None)) == [("first", "closed")]


def test_small_territories_are_drawn_to_the_common_share_and_large_ones_stay(country: Connection) -> None:
    for region, met, missed in (("XA", 60, 40), ("XC", 9, 1)):
        received(country, met, region=region, closed_at=at(START, 13), deadline_at=at(START, 14))
        received(country, missed, region=region, closed_at=at(START, 15), deadline_at=at(START, 14))
    rows = territories.map_values(MARCH, "region", "on_time_rate").set_index("code")
    assert rows["value"].dropna().to_dict() == {"XA": 0.6, "XC": 0.9}
    assert abs(rows["shrunk"]["XA"] - 0.6) < 0.03
    assert 0.63 < rows["shrunk"]["XC"] < 0.87
    assert rows["low"]["XC"] < 0.6 < rows["high"]["XC"]
    assert rows[["shrunk", "low", "high"]].loc["XB"].isna().all()


def test_the_overall_value_is_that_of_everything_seen(country: Connection) -> None:
    received(country, 3, region="XA", closed_at=at(START, 13), deadline_at=at(START, 14))
    received(country, 1, region="XC", closed_at=at(START, 15), deadline_at=at(START, 14))
    assert territories.overall_value(Filters(START, END, territory="XA"), "on_time_rate") == 0.75
    assert territories.overall_value(MARCH, "received") is None
