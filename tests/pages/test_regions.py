"""The regions page shows its territories, from `app.py` and by a deep link, and drills by the list."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection
from streamlit.testing.v1 import AppTest

from otklik.database.access import people
from tests.support import factories
from tests.support.paths import PROJECT_ROOT
from tests.support.screens.app_pages import click_table_cell
from tests.support.waiting import SCRIPT_SECONDS

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


@pytest.fixture
def country(connection: Connection) -> None:
    """A district of two regions that the map has boundaries of, one of them with two towns; and one without."""
    factories.territory(connection, "RU", "country", name="Russia")
    for code in ("west", "east"):
        factories.territory(connection, code, "district", "RU", name=code.title())
    factories.territory(connection, "RU-KHM", "region", "west", name="Ugra", population=1_700_000, lon=70.0, lat=62.0)
    factories.territory(connection, "RU-TYU", "region", "west", name="Tyumen", lon=69.0, lat=57.0)
    factories.territory(connection, "ELSE", "region", "east", name="Elsewhere")
    for code, name in (("surgut", "Surgut"), ("nyagan", "Nyagan")):
        factories.territory(connection, code, "municipality", "RU-KHM", name=name, lon=70.0, lat=61.0)
    times: dict[str, Any] = {"received_at": NOW - 3 * DAY, "closed_at": NOW - 2 * DAY, "deadline_at": NOW - DAY}
    for town, n in (("surgut", 31), ("nyagan", 2)):
        for _ in range(n):
            factories.appeal(connection, region="RU-KHM", municipality=town, rating=4, **times)
    factories.appeal(connection, region="RU-TYU", received_at=NOW - 3 * DAY, deadline_at=NOW - DAY)
    factories.appeal(connection, region="RU-KHM", received_at=NOW, lon=70.0, lat=61.0)


def screen(script: str = "app.py", **address: str) -> AppTest:
    """The page over twelve months, which end with today, unless the address has another period."""
    page = AppTest.from_file(str(PROJECT_ROOT / script), default_timeout=SCRIPT_SECONDS)
    if script == "app.py":
        page.switch_page("pages/regions.py")
    for name, value in ({"period": "12m"} | address).items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    assert not page.warning, [one.value for one in page.warning]
    return page


def the_map(page: AppTest) -> dict[str, Any]:
    """The map as the browser gets it."""
    found: dict[str, Any] = json.loads(page.get("deck_gl_json_chart")[0].proto.json)
    return found


def layer(page: AppTest, name: str) -> dict[str, dict[str, Any]]:
    """What a layer of the map draws, by code."""
    (found,) = (one for one in the_map(page)["layers"] if one["id"] == name)
    rows = [one.get("properties") or one for one in found["data"]]
    return {row["code"]: row for row in rows}


def ranking(page: AppTest) -> list[str]:
    return list(page.dataframe[0].value["name"])


def buttons(page: AppTest) -> list[str]:
    return [one.label for one in page.button if one.label]


@pytest.mark.usefixtures("country")
def test_all_regions_are_on_the_map_and_in_the_list_with_the_numbers_behind_them() -> None:
    for script in ("app.py", "pages/regions.py"):
        page = screen(script)
        areas = layer(page, "areas")
        assert set(areas) == {"RU-KHM", "RU-TYU"}
        assert set(layer(page, "tiles")) == {"ELSE"}
        # One region has enough cases; the others come after it.
        assert ranking(page)[0] == "Ugra"
        assert sorted(ranking(page)) == ["Elsewhere", "Tyumen", "Ugra"]
        tips = {code: area["tip"].split("\n") for code, area in areas.items()}
        likely = tips["RU-KHM"].pop(2)
        assert likely.startswith("Likely ")
        assert likely.endswith("and 100.0%)")
        assert tips["RU-KHM"] == ["Ugra", "On time: 100.0% (33 of 33)", "Received 34, open 1, overdue 0"]
        assert tips["RU-TYU"][:3] == ["Tyumen", "On time: 0.0% (0 of 1)", "Fewer than 30 cases: too few to judge"]
        # Few cases have another colour than any class.
        assert areas["RU-KHM"]["fill"] != areas["RU-TYU"]["fill"]
        assert areas["RU-TYU"]["fill"] == [0xB4, 0xBB, 0xC6]
        # Nothing of the map is fetched from outside.
        drawn = the_map(page)
        assert "mapProvider" not in drawn
        assert "://" not in drawn["mapStyle"]
        assert drawn["views"] == [{"@@type": "OrthographicView", "controller": True}]


@pytest.mark.usefixtures("country")
def test_the_map_rises_by_what_was_received_as_the_address_says() -> None:
    page = screen(map="risen")
    view = the_map(page)["views"][0]
    assert (view["@@type"], view["orthographic"]) == ("OrbitView", True)
    areas, tiles = layer(page, "areas"), layer(page, "tiles")
    # 34 were received in the highest, one in the others.
    assert areas["RU-KHM"]["high"] == pytest.approx(34 * areas["RU-TYU"]["high"], rel=0.01)
    assert tiles["ELSE"]["high"] == 0
    flat = the_map(screen())
    assert flat["views"][0]["@@type"] == "OrthographicView"
    assert not any(one.get("extruded") for one in flat["layers"])


@pytest.mark.usefixtures("country")
def test_the_list_drills_and_the_map_stays_risen_with_columns_for_circles() -> None:
    page = screen(map="risen")
    click_table_cell(page, 0, 0)
    assert page.query_params["territory"] == "RU-KHM"
    assert page.query_params["map"] == "risen"
    columns = layer(page, "circles")
    assert columns["surgut"]["high"] > 10 * columns["nyagan"]["high"] > 0
    assert {one["@@type"] for one in the_map(page)["layers"] if one["id"] == "circles"} == {"ColumnLayer"}


@pytest.mark.usefixtures("country")
def test_by_district() -> None:
    page = screen(level="territory")
    assert set(ranking(page)) == {"West", "East"}
    assert set(layer(page, "areas")) == {"west"}


@pytest.mark.usefixtures("country")
def test_any_figure_and_its_change_can_be_looked_at() -> None:
    for figure in ("received", "received_per_10k", "satisfaction", "answer_mean", "open", "flow_ratio"):
        for show in ("value", "change"):
            assert layer(screen(figure=figure, show=show), "areas"), (figure, show)


@pytest.mark.usefixtures("country")
def test_a_region_shows_its_municipalities_on_its_ground_and_its_points() -> None:
    page = screen(territory="RU-KHM")
    assert set(layer(page, "circles")) == {"surgut", "nyagan"}
    assert len(page.get("deck_gl_json_chart")) == 2
    assert ":blue[●] open (1)" in [one.value for one in page.markdown]


@pytest.mark.usefixtures("country")
def test_a_municipality_shows_its_organisations() -> None:
    page = screen(territory="surgut")
    assert "#### Organisations" in [one.value for one in page.markdown]
    assert "#### On time" not in [one.value for one in page.markdown]
    assert buttons(page)[-4:] == ["Russia", "West", "Ugra", "Reset the filters"]


@pytest.mark.usefixtures("country")
def test_the_chosen_figure_goes_along_down_to_the_appeals_that_make_it(connection: Connection) -> None:
    factories.appeal(
        connection,
        number="BAD",
        region="RU-KHM",
        municipality="surgut",
        rating=1,
        received_at=NOW - 3 * DAY,
        closed_at=NOW - 2 * DAY,
    )
    page = screen(territory="surgut", figure="satisfaction")
    holders, behind = (table.value for table in page.dataframe[-2:])
    assert "satisfaction" in holders
    assert behind["number"].tolist() == ["BAD"]
    assert behind["rating"].tolist() == [1]
    assert "#### Appeals rated 1 to 3, the lowest ratings first" in [one.value for one in page.markdown]


@pytest.mark.usefixtures("country")
def test_the_list_beside_the_map_begins_with_the_worst_and_ends_with_few_cases(connection: Connection) -> None:
    for _ in range(30):
        factories.appeal(connection, region="RU-TYU", received_at=NOW - 3 * DAY, deadline_at=NOW - DAY)
    assert ranking(screen()) == ["Tyumen", "Ugra", "Elsewhere"]
    assert ranking(screen(order="on_time_rate_last")) == ["Ugra", "Tyumen", "Elsewhere"]
    assert ranking(screen(figure="overdue"))[0] == "Tyumen"


@pytest.mark.usefixtures("country")
def test_the_way_back_up_is_a_row_of_buttons() -> None:
    page = screen(territory="RU-KHM")
    page.button(key="step-west").click().run()
    assert not page.exception
    assert page.query_params["territory"] == "west"
    assert set(ranking(page)) == {"Ugra", "Tyumen"}
    page.button(key="step-RU").click().run()
    assert set(ranking(page)) == {"Ugra", "Tyumen", "Elsewhere"}


@pytest.mark.usefixtures("country")
def test_a_viewer_of_one_region_sees_no_way_out_of_it(connection: Connection) -> None:
    people.create_demo_people(connection)
    page = screen(**{"as": "manager", "territory": "surgut"})
    assert "Ugra" in buttons(page)
    assert "Russia" not in buttons(page)


@pytest.mark.usefixtures("connection")
def test_an_empty_database_is_said_in_words() -> None:
    page = screen()
    assert not page.get("deck_gl_json_chart")


@pytest.mark.usefixtures("country")
def test_the_page_speaks_the_language_of_the_address() -> None:
    for language, title in (("ru", "Регионы"), ("hr", "Regije")):
        assert screen(lang=language).title[0].value == title
