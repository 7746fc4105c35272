"""The options of each filter, in the order shown."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import streamlit
from sqlalchemy import Connection

from components.filters.filter_bar import option_name
from otklik.database.access import scope
from queries import filter_options
from queries.filters import Filters
from tests.queries.core.test_resolved_filters import LATELY, manager
from tests.support import factories

RUSSIAN = Filters(LATELY.start, LATELY.end, language="ru")


@pytest.mark.usefixtures("world")
def test_territories_stand_below_their_parents_and_siblings_by_name() -> None:
    rows = filter_options.territories(LATELY)
    assert list(rows["code"]) == ["X", "XE", "KAM", "KAM-1", "SVE", "XW", "KGD", "MOW", "MOW-1", "MOW-2", "Y", "NYC"]
    above = dict(zip(rows["code"], rows["parent"], strict=True))
    assert (above["X"], above["KAM"], above["KAM-1"]) == (None, "XE", "KAM")
    assert set(rows["level"]) == {"country", "district", "region", "municipality"}


def test_names_are_the_languages_and_sorted_with_yo_as_ye(connection: Connection) -> None:
    for code, name in {"c": "Жильё", "b": "Ёлки", "a": "Дороги"}.items():
        factories.topic(connection, code, names={"ru": name, "en": code})
    factories.topic(connection, "d")
    assert list(filter_options.topics(RUSSIAN)["name"]) == ["d", "Дороги", "Ёлки", "Жильё"]
    assert list(filter_options.topics(LATELY)["name"]) == ["a", "b", "c", "d"]


@pytest.mark.usefixtures("connection")
def test_the_reference_words_are_all_there() -> None:
    assert set(filter_options.regimes(LATELY)["code"]) == {"ordinary", "law59", "fast"}
    assert len(filter_options.channels(RUSSIAN)) == 12
    assert "Портал" in set(filter_options.channels(RUSSIAN)["name"])


def test_organisations_stand_below_their_parents(connection: Connection) -> None:
    top = factories.organisation(connection, "ministry")
    factories.organisation(connection, "city", parent_id=top)
    rows = filter_options.organisations(LATELY)
    assert dict(zip(rows["code"], rows["parent"], strict=True)) == {"ministry": None, "city": "ministry"}


def test_a_viewer_chooses_among_their_own_territories(connection: Connection) -> None:
    for town, region in (("XA-1", "XA"), ("XB-1", "XB")):
        factories.territory(connection, town, "municipality", region)
    with scope.acting_as(manager(connection, "XA")):
        rows = filter_options.territories(LATELY)
    assert dict(zip(rows["code"], rows["parent"], strict=True)) == {"XA": None, "XA-1": "XA"}


def test_organisations_of_others_are_not_to_be_chosen(connection: Connection) -> None:
    factories.territory(connection, "XA-1", "municipality", "XA")
    for code, region in {"ministry": "X", "ours": "XA", "town": "XA-1", "theirs": "XB"}.items():
        factories.organisation(connection, code, region=region)
    with scope.acting_as(manager(connection, "XA")):
        assert set(filter_options.organisations(LATELY)["code"]) == {"ministry", "ours", "town"}
    with scope.acting_as(None):
        assert filter_options.organisations(LATELY).empty
    assert len(filter_options.organisations(LATELY)) == 4


@pytest.mark.usefixtures("world")
def test_without_a_scope_there_is_nothing_to_choose() -> None:
    with scope.acting_as(None):
        assert filter_options.territories(LATELY).empty


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(("territory", "zone"), [("KAM", "Asia/Kamchatka"), ("X", "Europe/Kaliningrad")])
def test_a_period_that_goes_on_ends_with_the_earliest_day_that_runs_in_the_territory(territory: str, zone: str) -> None:
    there = replace(LATELY, territory=territory)
    before = datetime.now(ZoneInfo(zone)).date()
    running = filter_options.last_running_day(there, before - timedelta(days=3))
    assert running in (before, datetime.now(ZoneInfo(zone)).date())
    assert filter_options.first_running_day(there) in (before, datetime.now(ZoneInfo(zone)).date())
    # The viewer's own day, where it is later.
    assert filter_options.last_running_day(there, before + timedelta(days=3)) == before + timedelta(days=3)


@pytest.mark.parametrize("closed", [None, datetime(2026, 3, 1, tzinfo=UTC)])
def test_the_span_is_from_the_first_receipt_to_the_last(connection: Connection, closed: datetime | None) -> None:
    today = datetime.now(UTC).date()
    assert filter_options.received_date_range() in [(today, today), (datetime.now(UTC).date(),) * 2]
    for month in (1, 2):
        factories.appeal(connection, received_at=datetime(2026, month, 1, tzinfo=UTC), closed_at=closed)
    streamlit.cache_data.clear()
    assert filter_options.received_date_range() == (date(2026, 1, 1), date(2026, 2, 1))


def test_options_have_short_names_and_chips_whole_ones(connection: Connection) -> None:
    factories.territory(connection, "XA", name="Autonomous Land", short_names='{"en": "AL"}')
    connection.commit()
    rows = filter_options.territories(LATELY).set_index("code")
    assert (rows["name"]["XA"], rows["full_name"]["XA"]) == ("AL", "Autonomous Land")
    assert option_name("XA", filter_options.territories(LATELY)) == "Autonomous Land"
