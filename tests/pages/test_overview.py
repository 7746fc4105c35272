"""The overview shows what the database holds, from `app.py` and by a deep link."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection
from streamlit.testing.v1 import AppTest

from otklik.database.day_stocks import record_day_stocks
from otklik.i18n import formats
from tests.support import factories
from tests.support.appeals.surges import searched
from tests.support.paths import PROJECT_ROOT
from tests.support.waiting import SCRIPT_SECONDS

NOW = datetime.now(UTC)


@pytest.fixture
def appeals(connection: Connection) -> None:
    """Three of the last days (one closed in time, one open, one overdue) and one of the month before."""
    day = timedelta(days=1)
    factories.territory(connection, "X", "country", names={"ru": "Страна"})
    factories.topic(connection, "roads", name="Roads", names={"ru": "Дороги"})
    factories.appeal(
        connection, received_at=NOW - 3 * day, deadline_at=NOW - day, closed_at=NOW - 2 * day, rating=5, holder="city"
    )
    factories.appeal(connection, number="T-OPEN", received_at=NOW - 2 * day, deadline_at=NOW + 20 * day)
    factories.appeal(connection, received_at=NOW - 3 * day, deadline_at=NOW - day)
    factories.appeal(connection, received_at=NOW - 45 * day, deadline_at=NOW - 40 * day, closed_at=NOW - 41 * day)


def screen(script: str = "app.py", **address: str) -> AppTest:
    page = AppTest.from_file(str(PROJECT_ROOT / script), default_timeout=SCRIPT_SECONDS)
    for name, value in address.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    assert not page.warning, [one.value for one in page.warning]
    return page


def tiles(page: AppTest) -> dict[str, str]:
    return {one.label: one.value for one in page.metric}


@pytest.mark.usefixtures("appeals")
@pytest.mark.parametrize("script", ["app.py", "pages/overview.py"])
def test_figures_are_those_of_the_database(script: str) -> None:
    shown = tiles(screen(script))
    assert shown["Received"] == "3"
    assert shown["Resolved"] == "1"
    assert shown["Overdue"] == "1"
    assert shown["Open"] == "2"
    # One of two that were due: too few to be given as one number.
    assert shown["On time"] == ":gray[9–91%]"


@pytest.mark.usefixtures("appeals")
def test_a_filter_in_the_address_changes_the_figures() -> None:
    assert tiles(screen(period="90d"))["Received"] == "4"
    assert tiles(screen(organisation="city"))["Received"] == "1"


def links(page: AppTest) -> dict[str, str]:
    """The address of each number that leads to a list, by its label."""
    return {link.proto.label: f"{link.proto.page}?{link.proto.query_string}" for link in page.get("page_link")}


@pytest.mark.usefixtures("appeals")
def test_each_number_of_the_morning_leads_to_its_list() -> None:
    shown = links(screen(lang="en", organisation="office", period="7d"))
    missed = next(address for label, address in shown.items() if "Missed since yesterday" in label)
    assert missed == "queue?organisation=office&due=missed&lang=en"
    assert shown[":red[1 overdue]"] == "overdue?organisation=office&lang=en"


@pytest.mark.usefixtures("appeals")
def test_the_figures_end_yesterday_and_today_has_a_line_of_its_own(connection: Connection) -> None:
    factories.appeal(connection, received_at=NOW)
    page = screen(lang="en")
    assert tiles(page)["Received"] == "3"
    shown = links(page)
    today, yesterday = NOW.date().isoformat(), NOW.date() - timedelta(days=1)
    assert shown["**1** received"] == f"regions?figure=received&period=range&from={today}&to={today}&lang=en"
    assert shown["**3** open"] == "queue?lang=en"
    (note,) = [one.value for one in page.caption if "To yesterday" in one.value]
    assert formats.day(yesterday) in note
    assert tiles(screen(period="today"))["Received"] == "1"
    assert not any("To yesterday" in one.value for one in screen(period="month").caption)


@pytest.mark.usefixtures("appeals")
def test_what_there_is_nothing_of_is_said_in_words(connection: Connection) -> None:
    searched(connection, NOW.date() - timedelta(days=1))
    page = screen()
    texts = [one.value for one in page.markdown]
    assert any("Nothing is due today" in one for one in texts)
    assert any("Nothing overdue under 59-FZ" in one for one in texts)
    assert any("too new" in one or "nothing for" in one for one in texts)
    assert any("Nothing is unusual" in one for one in texts)


@pytest.mark.usefixtures("appeals")
def test_the_morning_comes_before_the_figures_of_the_period() -> None:
    headings = [one.value for one in screen().markdown if one.value.startswith("#### ")]
    assert headings[:4] == ["#### Who must act", "#### What is unusual", "#### Feed", "#### Backlog by week"]


@pytest.mark.usefixtures("appeals")
@pytest.mark.parametrize(
    ("language", "title", "tile"),
    [("en", "Overview", "Received"), ("ru", "Обзор", "Поступило"), ("hr", "Pregled", "Zaprimljeno")],
)
def test_the_screen_speaks_the_language_of_the_address(language: str, title: str, tile: str) -> None:
    page = screen(lang=language)
    assert page.title[0].value == title
    assert tiles(page)[tile] == "3"


@pytest.mark.usefixtures("connection")
def test_the_browser_chooses_where_the_address_does_not() -> None:
    page = AppTest.from_file(str(PROJECT_ROOT / "app.py"), default_timeout=SCRIPT_SECONDS)
    page.context["locale"] = "hr-HR"
    page.run()
    assert page.title[0].value == "Pregled"
    page.query_params["lang"] = "xx"
    assert page.run().title[0].value == "Pregled"


@pytest.mark.usefixtures("connection")
def test_an_empty_database_is_said_in_words() -> None:
    page = screen()
    said = [one.value for one in page.markdown]
    assert said.count(":gray[Nothing in these days with these filters.]") == 3
    assert ":gray[No organisation has overdue appeals or deadlines within 7 days.]" in said
    assert ":red[Nothing has arrived through any channel in the last weeks.]" in said
    assert not any("Demo data" in one for one in said)


@pytest.mark.usefixtures("appeals")
def test_demo_people_are_chosen_in_the_header_and_kept_in_the_address() -> None:
    page = screen()
    page.radio(key="person").set_value("administrator").run()
    assert not page.exception
    assert page.query_params["as"] == "administrator"
    assert page.radio(key="person").value == "administrator"
    assert screen(**{"as": "nobody"}).radio(key="person").value == "staff"


@pytest.mark.usefixtures("appeals")
def test_stocks_of_past_days_are_not_called_as_they_stood_unless_they_were_recorded(url: str) -> None:
    record_day_stocks(url)
    last_day = (NOW - timedelta(hours=12)).date() - timedelta(days=1)
    for days_before, channel, note in (
        (0, {}, "Open and overdue are as they stood at its end."),
        (1, {}, "since that day wasn't recorded"),
        (0, {"channel": "portal"}, "knows territories alone"),
    ):
        day = (last_day - timedelta(days=days_before)).isoformat()
        page = screen(lang="en", **{"from": (NOW - timedelta(days=9)).date().isoformat(), "to": day, **channel})
        captions = [element.value for element in page.caption]
        assert len([caption for caption in captions if "Open and overdue are" in caption]) == 1
        assert any(note in caption for caption in captions)
