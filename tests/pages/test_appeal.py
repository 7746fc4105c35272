"""The page of one appeal: what it shows, to whom, and what it keeps to itself."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from sqlalchemy import Connection, text
from streamlit.testing.v1 import AppTest

from otklik.i18n import LANGUAGES
from tests.support import factories
from tests.support.app_pages import panel_titles, run_page

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
NONE = "There is no such appeal, or you may not see it."
HOSTILE = "**bold** [x](javascript:alert(1)) ![](http://example.org/a.png) <script>alert(1)</script> $x$ :red[x]"


@pytest.fixture
def appeals(connection: Connection) -> Connection:
    """Three on one topic, one of another region with the number of the first; a history and an applicant."""
    first = factories.appeal(
        connection,
        number="A-1",
        body=HOSTILE,
        received_at=NOW - 9 * DAY,
        deadline_at=NOW - DAY,
        lon=69.0,
        lat=61.0,
        first_holder="city",
    )
    factories.appeal(
        connection,
        number="A-2",
        body=HOSTILE,
        received_at=NOW - DAY,
        deadline_at=NOW + 3 * DAY / 2,
        lon=69.001,
        lat=61.0,
    )
    factories.appeal(connection, number="A-3", received_at=NOW - DAY, deadline_at=NOW + 9 * DAY)
    factories.appeal(connection, number="A-1", region="XB", received_at=NOW - DAY, body="Elsewhere")
    factories.event(connection, first, "received", at=NOW - 9 * DAY, actor="applicant", after={"holder": "city"})
    factories.event(
        connection,
        first,
        "redirected",
        at=NOW - 8 * DAY,
        actor="Anna <anna@example.org>",
        reason="Not *ours*",
        before={"holder": "city"},
        after={"holder": "office"},
    )
    factories.event(connection, first, "note", at=NOW - 7 * DAY, actor="Boris", reason="Secret note")
    connection.execute(
        text("INSERT INTO applicant VALUES (:region, :id, 'Ivan Petrov', '+7 900', 'ivan@example.org', 'Mira 1')"),
        {"region": first.region_id, "id": first.id},
    )
    return connection


def opened(number: str = "A-1", **more: str) -> AppTest:
    more = {"number": number, "source": "otklik", "region": "XA", **more}
    return run_page("appeal", deep_link=False, **more)


def said(page: AppTest) -> str:
    """All that stands on the page, in Markdown and in plain text."""
    parts = [*page.markdown, *page.text, *page.caption, *page.info, *page.error]
    return "\n".join(str(one.value) for one in parts)


@pytest.mark.usefixtures("appeals")
@pytest.mark.parametrize("deep", [False, True])
def test_it_shows_what_is_known_of_the_appeal(deep: bool) -> None:  # noqa: FBT001 -- pytest hands it over
    page = run_page("appeal", deep_link=deep, number="A-2")
    assert [one.value for one in page.subheader] == ["A-2"]
    assert "**1 day left**" in said(page)
    assert panel_titles(page) == [
        "Text",
        "Facts",
        "History",
        "Perhaps about the same",
        "What to do",
        "How the deadline came about",
        "Place",
        "The applicant",
    ]


@pytest.mark.usefixtures("appeals")
def test_hostile_text_is_shown_as_it_was_written() -> None:
    page = opened()
    assert HOSTILE in [one.value for one in page.text]
    assert not any(HOSTILE in one.value for one in page.markdown)


@pytest.mark.usefixtures("appeals")
def test_the_applicant_s_history_names_no_person_and_no_note() -> None:
    page = opened()
    centre, applicant = page.tabs
    assert "Boris" in said(centre)  # type: ignore[arg-type]
    assert "Secret note" in said(centre)  # type: ignore[arg-type]
    assert "nan" not in [one.value for one in page.text]
    shown = said(applicant)  # type: ignore[arg-type]
    assert "Handed to another organisation" in shown
    assert "**office**" in shown
    assert not any(word in shown for word in ("Anna", "Boris", "Secret", "ours"))


@pytest.mark.usefixtures("appeals")
def test_one_near_by_with_the_same_text_is_named_as_perhaps_about_the_same() -> None:
    labels = [one.label for one in opened().button]
    assert "A-2" in labels
    assert "A-3" not in labels


@pytest.mark.usefixtures("appeals")
def test_of_several_with_one_number_one_is_asked_which() -> None:
    page = run_page("appeal", number="A-1")
    choice = [one for one in page.button if one.label.startswith("A-1")]
    assert len(choice) == 2
    next(one for one in choice if "XB" in one.label).click().run()
    assert page.query_params["region"] == "XB"
    assert "Elsewhere" in [one.value for one in page.text]


@pytest.mark.usefixtures("appeals")
@pytest.mark.parametrize(
    "address",
    [{"number": "NOPE"}, {"number": ""}, {"number": "A-1", "region": "XC"}, {"number": "A-1", "as": "manager"}],
)
def test_what_is_not_there_and_what_is_not_to_be_seen_look_the_same(address: dict[str, str]) -> None:
    page = run_page("appeal", deep_link=False, **address)
    assert [one.value for one in page.info] == [NONE]
    assert not page.text


@pytest.mark.usefixtures("appeals")
def test_next_and_previous_go_through_the_list_that_one_came_from() -> None:
    page = opened(list=urlencode({"territory": "XA", "sort": "deadline_last"}))
    assert page.button(key="next").proto.disabled
    page.button(key="previous").click().run()
    assert page.query_params["number"] == "A-2"
    page.button(key="previous").click().run()
    assert page.query_params["number"] == "A-3"
    assert page.button(key="previous").proto.disabled
    page.button(key="next").click().run()
    assert page.query_params["number"] == "A-2"


@pytest.mark.usefixtures("appeals")
def test_an_address_that_a_late_refresh_took_away_comes_back() -> None:
    page = opened("A-2")
    page.query_params.clear()
    page.run()
    assert page.query_params["number"] == "A-2"
    assert [one.value for one in page.info] == []


@pytest.mark.usefixtures("appeals")
def test_the_applicant_is_shown_for_a_reason_once_and_the_look_is_recorded(
    appeals: Connection,
) -> None:
    connection = appeals
    connection.execute(text("UPDATE person SET everywhere = true WHERE subject = 'official'"))
    page = opened(**{"as": "official"})
    assert "Ivan" not in said(page)
    reason = next(one for one in page.text_input if one.label.startswith("Why do you need"))
    button = next(one for one in page.button if one.label == "Show the applicant")
    button.click().run()
    assert [one.value for one in page.error] == ["Write the reason first."]
    reason.input("A call back")
    button.click().run()
    assert "Ivan Petrov" in [one.value for one in page.text]
    record = connection.execute(text("SELECT object, reason FROM audit WHERE action = 'personal data shown'")).one()
    assert tuple(record) == ("appeal otklik A-1", "A call back")
    page.run()
    assert "Ivan" not in said(page)


@pytest.mark.usefixtures("appeals")
def test_who_may_not_see_applicants_is_not_asked_for_a_reason() -> None:
    page = opened(**{"as": "staff"})
    assert not [one for one in page.button if one.label == "Show the applicant"]


@pytest.mark.usefixtures("appeals")
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_panel_speaks_the_language_of_the_address(language: str) -> None:
    assert len(set(panel_titles(opened(lang=language)))) == 8
    titles = {"en": "Facts", "ru": "Сведения", "hr": "Podaci"}
    assert titles[language] in panel_titles(opened(lang=language))
