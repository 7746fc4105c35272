"""The resolution's page shows how appeals were resolved, from `app.py` and by a deep link."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection

from otklik.i18n import LANGUAGES
from otklik.small_numbers import MIN_CASES
from tests.support import factories
from tests.support.screens.app_pages import panel_titles, run_page, tile_values

DAY = timedelta(days=1)


@pytest.fixture
def appeals(connection: Connection) -> None:
    """Thirty answered in two days by one organisation, one answered late by another."""
    then = datetime.now(UTC) - 10 * DAY
    for _ in range(MIN_CASES):
        factories.appeal(connection, received_at=then, deadline_at=then + 8 * DAY, closed_at=then + 2 * DAY)
    factories.appeal(
        connection,
        received_at=then,
        deadline_at=then + DAY,
        closed_at=then + 2 * DAY,
        holder="city",
        outcome="explained",
    )


@pytest.mark.usefixtures("appeals")
@pytest.mark.parametrize("deep", [False, True])
def test_the_tiles_say_how_appeals_were_resolved(deep: bool) -> None:  # noqa: FBT001 -- pytest hands it over
    shown = tile_values(run_page("resolution", deep_link=deep))
    assert shown["Received"] == shown["Closed"] == "31"
    assert shown["Resolved"] == "30"
    assert shown["Flow ratio"] == "1.00"
    assert shown["Mean answer time"] == "2.0 d"
    assert shown["On time"] == "96.8%"
    assert not {"Late", "Routed right first time"} & shown.keys(), "each once, not its complement besides"


@pytest.mark.usefixtures("appeals")
def test_organisations_of_few_appeals_stand_last_and_have_no_rates() -> None:
    table = run_page("resolution").dataframe[0].value
    assert table["name"].tolist() == ["office", "city"]
    assert table["on_time_rate"].isna().tolist() == [False, True]


@pytest.mark.usefixtures("appeals")
def test_a_filter_in_the_address_narrows_every_panel() -> None:
    page = run_page("resolution", organisation="city")
    assert tile_values(page)["Received"] == "1"
    assert page.dataframe[0].value["name"].tolist() == ["city"]


@pytest.mark.usefixtures("appeals")
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_panel_speaks_the_language_of_the_address(language: str) -> None:
    page = run_page("resolution", lang=language)
    assert len(set(panel_titles(page))) == 13
    assert page.title[0].value == {"en": "Resolution", "ru": "Рассмотрение", "hr": "Rješavanje"}[language]


@pytest.mark.usefixtures("appeals")
def test_what_is_compared_is_chosen_in_the_address() -> None:
    page = run_page(
        "resolution", curves="organisation", fair="resolution_rate", pair="organisation", a="city", b="office"
    )
    assert not page.exception
    assert "Organisations, adjusted for topic mix: Not resolved" in panel_titles(page)
    table = page.dataframe[-1].value.set_index("figure")
    assert [table[side]["Received"] for side in ("a", "b", "difference")] == ["1", "30", "−29"]
    assert table["verdict"]["On time"] == "second is better"


@pytest.mark.usefixtures("appeals")
def test_without_a_history_the_page_says_so() -> None:
    said = " ".join(one.value for one in [*run_page("resolution").markdown, *run_page("resolution").caption])
    assert "redirects and extensions are not known" in said
    assert "How long each stage took is not known" in said


@pytest.mark.usefixtures("connection")
def test_an_empty_database_is_said_in_words() -> None:
    page = run_page("resolution")
    said = [one.value for one in page.markdown]
    assert ":gray[Nothing was closed in these days with these filters.]" in said
    assert said.count(":gray[Nothing in these days with these filters.]") == 4
    assert ":gray[No topic has more appeals from a place than its history and the season lead to expect.]" in said
    assert said.count(":gray[Nothing was received in these days with these filters.]") == 2
    assert ":gray[There are no two to compare here.]" in said
    assert not page.dataframe
