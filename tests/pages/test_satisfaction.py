"""The satisfaction page shows how answers were rated, from `app.py` and by a deep link."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection
from streamlit.testing.v1 import AppTest

from tests.support import factories
from tests.support.paths import PROJECT_ROOT
from tests.support.screens.app_pages import click_table_cell
from tests.support.waiting import SCRIPT_SECONDS

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
PANELS = 10


@pytest.fixture
def answers(connection: Connection) -> None:
    """Forty rated of fifty answers: thirty fast ones liked, ten slow ones not; and a rated appeal that is open again.

    No answer is a week old: none is known to have stayed, or to have come back within one.
    """
    for n in range(50):
        slow, rated = n % 4 == 0, n < 40
        factories.appeal(
            connection,
            received_at=NOW - (20 if slow else 2) * DAY,
            closed_at=NOW - DAY,
            rating=(1 if slow else 5) if rated else None,
            topic="heat" if slow else "roads",
        )
    factories.appeal(connection, number="AGAIN", received_at=NOW - DAY, rating=2, rated_at=NOW, reopened=1)


def screen(script: str = "app.py", **address: str) -> AppTest:
    """The page over twelve months, which end with today, unless the address has another period."""
    page = AppTest.from_file(str(PROJECT_ROOT / script), default_timeout=SCRIPT_SECONDS)
    if script == "app.py":
        page.switch_page("pages/satisfaction.py")
    for name, value in ({"period": "12m"} | address).items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    assert not page.warning, [one.value for one in page.warning]
    return page


@pytest.mark.usefixtures("answers")
@pytest.mark.parametrize("script", ["app.py", "pages/satisfaction.py"])
def test_figures_are_those_of_the_database(script: str) -> None:
    shown = {one.label: one.value for one in screen(script).metric}
    assert shown == {
        "Satisfaction": "73.2%",
        "Mean rating": "3.95",
        "Ratings": "41",
        "Low ratings": "26.8%",
        "Re-opened": "—",
    }


@pytest.mark.usefixtures("answers")
def test_what_became_of_low_ratings_is_listed_newest_first() -> None:
    (table,) = screen().dataframe
    assert table.value["number"].iloc[0] == "AGAIN"
    assert list(table.value["fate"]) == ["open again"] + ["still closed"] * 10


@pytest.mark.usefixtures("answers")
def test_a_badly_rated_answer_is_a_click_away() -> None:
    page = screen(lang="ru")
    click_table_cell(page, 0, 0, "number")
    assert page.query_params["number"] == "AGAIN"
    assert page.query_params["lang"] == "ru"


@pytest.mark.usefixtures("answers")
def test_it_says_what_became_of_low_ratings() -> None:
    said = [one.value for one in screen().caption]
    assert "Of 11 answers rated low or returned, 91% were left as they are; 0% were mended (4–5 at last)." in said


@pytest.mark.usefixtures("answers")
def test_it_says_what_delay_costs() -> None:
    # Ten slow answers are too few to be compared, and so nothing is said.
    said = [one.value for one in screen().markdown]
    assert not any("Answered in" in one for one in said)


@pytest.mark.usefixtures("answers")
def test_a_filter_in_the_address_narrows_every_panel() -> None:
    page = screen(topic="heat")
    assert {one.label: one.value for one in page.metric}["Ratings"] == "10"
    assert len(page.dataframe[0].value) == 10


@pytest.mark.usefixtures("answers")
@pytest.mark.parametrize(
    ("asked", "title", "n"),
    [
        ("rating-5", "Answers rated 5", 30),
        ("delay-0", "Rated answers, up to 1 d", 30),
        ("fate-open", "Low ratings: open again now", 1),
        ("fate-good", "Low ratings: answered again, then rated 4–5", 0),
    ],
)
def test_the_answers_behind_a_bar_are_listed_as_the_address_says(asked: str, title: str, n: int) -> None:
    page = screen(answers=asked)
    titles = [one.value for one in page.markdown if one.value.startswith("#### ")]
    assert f"#### {title}" in titles
    assert len(page.dataframe) == 1 + bool(n)
    if n:
        assert len(page.dataframe[0].value) == n
    page.button(key="answers-close").click().run()
    assert not page.exception
    assert "answers" not in page.query_params
    assert len(page.dataframe) == 1


def test_what_applicants_say_of_resolved_answers_and_the_disputed_ones(connection: Connection) -> None:
    for n in range(40):
        key = factories.appeal(connection, number=f"V-{n}", received_at=NOW - 9 * DAY, closed_at=NOW - 2 * DAY)
        factories.verdict(connection, key, "no" if n < 10 else "yes", NOW - DAY, "resolved")
    page = screen(answers="verdict-no")
    shown = {metric.label: metric.value for metric in page.metric}
    assert (shown["Disputed"], shown["Confirmed"], shown["Verdicts"]) == ("25.0%", "75.0%", "40")
    titles = [element.value for element in page.markdown if element.value.startswith("#### ")]
    assert "#### Answers “resolved”: the applicant says not resolved" in titles
    assert len(page.dataframe[0].value) == 10


@pytest.mark.usefixtures("answers")
def test_a_bar_that_is_not_known_opens_nothing() -> None:
    assert len(screen(answers="rating-6").dataframe) == 1


@pytest.mark.usefixtures("connection")
def test_an_empty_database_is_said_in_words() -> None:
    said = [one.value for one in screen().markdown]
    assert said.count(":gray[There are no ratings in these days with these filters.]") == PANELS - 4
    assert said.count(":gray[No answer was rated 1 or 2 in these days with these filters.]") == 2
    assert ":gray[Nobody has 30 cases in these days: too few to compare.]" in said


@pytest.mark.usefixtures("answers")
@pytest.mark.parametrize(("language", "title"), [("ru", "Удовлетворённость"), ("hr", "Zadovoljstvo")])
def test_the_page_speaks_the_language_of_the_address(language: str, title: str) -> None:
    assert screen(lang=language).title[0].value == title
