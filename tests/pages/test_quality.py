"""The page of data quality, from `app.py` and by a deep link."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, delete, update

from otklik.database.tables import appeal
from otklik.i18n import LANGUAGES
from queries.metrics.data_quality import DATA_QUALITY_METRICS
from queries.quality import issues
from tests.support import factories
from tests.support.screens.app_pages import click_table_cell, panel_titles, run_page, tile_values
from tests.support.screens.tables import displayed

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


@pytest.fixture
def appeals(connection: Connection) -> None:
    """Forty closed, ten of them at once; one of those has a deadline before its receipt."""
    for n in range(40):
        at = NOW - 5 * DAY
        factories.appeal(
            connection,
            number=f"N/{n}",
            received_at=at,
            closed_at=at + (timedelta(seconds=5) if n < 10 else DAY),
            deadline_at=at - DAY if n == 0 else None,
            lon=1.0,
            lat=2.0,
        )


@pytest.mark.usefixtures("appeals")
@pytest.mark.parametrize("deep", [False, True])
def test_each_doubt_is_a_tile(deep: bool) -> None:  # noqa: FBT001 -- pytest hands it over
    shown = tile_values(run_page("quality", deep_link=deep))
    assert list(shown) == [figure.name for figure in DATA_QUALITY_METRICS.values()]
    assert (shown["Closed at once"], shown["Dates out of order"], shown["Without a place"]) == ("25.0%", "2.5%", "0.0%")
    # None was closed as explained.
    assert shown["Explained, then re-opened"] == "—"


@pytest.mark.usefixtures("appeals")
def test_the_appeals_behind_a_doubt_are_chosen_in_the_address_and_a_click_away() -> None:
    page = run_page("quality")
    rows = displayed(page.dataframe[0])
    assert len(rows) == 10
    # To the second: five of them lie between.
    assert (rows["received_at"].str[-8:] != rows["closed_at"].str[-8:]).all()
    page = run_page("quality", doubt="dates_disordered", lang="en")
    click_table_cell(page, 0, 0, "number")
    assert page.query_params["number"] == "N/0"
    assert page.query_params["lang"] == "en"


@pytest.mark.usefixtures("appeals")
def test_a_button_under_each_doubt_opens_the_appeals_that_it_counts() -> None:
    page = run_page("quality")
    offered = {str(one.key).removeprefix("doubt-"): one for one in page.button if str(one.key).startswith("doubt-")}
    assert {name: one.label for name, one in offered.items() if not one.disabled} == {
        "closed_at_once": "10 appeals",
        "dates_disordered": "1 appeal",
    }
    assert list(offered) == list(DATA_QUALITY_METRICS)
    offered["dates_disordered"].click().run()
    assert not page.exception
    assert page.query_params["doubt"] == "dates_disordered"
    assert "The appeals behind “Dates out of order”" in panel_titles(page)
    assert page.dataframe[0].value["number"].tolist() == ["N/0"]
    # All dates are shown where any of them may be the wrong one.
    assert {"received_at", "registered_at", "deadline_at", "closed_at", "rated_at"} <= set(page.dataframe[0].value)


@pytest.mark.usefixtures("appeals")
def test_the_first_doubt_that_counts_any_is_open_at_first(connection: Connection) -> None:
    connection.execute(delete(appeal).where(appeal.c.number != "N/0"))
    connection.execute(update(appeal).values(closed_at=NOW))
    assert "The appeals behind “Dates out of order”" in panel_titles(run_page("quality"))


@pytest.mark.usefixtures("appeals")
@pytest.mark.parametrize(("table", "name", "code"), [(1, "organisation", "office"), (2, "territory", "XA")])
def test_a_name_narrows_the_page_and_its_chip_widens_it(table: int, name: str, code: str) -> None:
    page = run_page("quality", doubt="dates_disordered")
    click_table_cell(page, table, 0)
    assert page.query_params[name] == code
    # What was open stays open.
    assert page.query_params["doubt"] == "dates_disordered"
    page.button(key=f"chip-{name}").click().run()
    assert name not in page.query_params


@pytest.mark.usefixtures("appeals")
def test_a_full_list_says_that_its_heads_sort_what_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(issues, "MAX_ROWS", 10)
    notes = [element.value for element in run_page("quality").caption]
    assert "The last 10 are listed, and a head sorts these alone: narrow the filters to see others." in notes


@pytest.mark.usefixtures("appeals")
def test_organisations_and_regions_have_their_shares() -> None:
    _appeals, organisations, regions = run_page("quality").dataframe
    assert organisations.value["name"].tolist() == ["office"]
    assert organisations.value["closed_at_once"].tolist() == regions.value["closed_at_once"].tolist() == [0.25]


@pytest.mark.usefixtures("appeals")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_speaks_the_language_of_the_address(language: str) -> None:
    page = run_page("quality", lang=language)
    assert len(set(panel_titles(page))) == 3
    assert page.title[0].value == {"en": "Data quality", "ru": "Качество данных", "hr": "Kvaliteta podataka"}[language]


@pytest.mark.usefixtures("connection")
def test_an_empty_database_is_said_in_words() -> None:
    page = run_page("quality")
    assert set(tile_values(page).values()) == {"—"}
    assert not page.dataframe
