"""The page of one appeal: what it shows to whom, and what it hides."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from sqlalchemy import Connection, text
from streamlit.testing.v1 import AppTest

from components.appeal.lookup import LIST_REQUEST_KEY
from otklik.i18n import LANGUAGES
from tests.support import factories
from tests.support.screens.app_pages import panel_titles, run_page

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
NONE = "There is no such appeal, or you may not see it."
HOSTILE = "**bold** [x](javascript:alert(1)) ![](http://example.org/a.png) <script>alert(1)</script> $x$ :red[x]"


@pytest.fixture
def appeals(connection: Connection) -> Connection:
    """Three appeals on one topic, one with history and applicant, and another region's with the same number."""
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


def open_page(number: str = "A-1", **params: str) -> AppTest:
    params = {"number": number, "source": "otklik", "region": "XA", **params}
    return run_page("appeal", deep_link=False, **params)


def page_text(page: AppTest) -> str:
    """All text of the page, Markdown and plain."""
    parts = [*page.markdown, *page.text, *page.caption, *page.info, *page.error]
    return "\n".join(str(element.value) for element in parts)


@pytest.mark.usefixtures("appeals")
@pytest.mark.parametrize("deep", [False, True])
def test_the_page_shows_the_appeal_in_its_panels(deep: bool) -> None:  # noqa: FBT001 -- pytest hands it over
    page = run_page("appeal", deep_link=deep, number="A-2")
    assert [element.value for element in page.subheader] == ["A-2"]
    assert "**1 day left**" in page_text(page)
    assert panel_titles(page) == [
        "Text",
        "Facts",
        "Actions",
        "History",
        "How the deadline came about",
        "Place",
        "The applicant",
        "Similar appeals",
    ]


@pytest.mark.usefixtures("appeals")
def test_hostile_text_is_shown_as_plain_text() -> None:
    page = open_page()
    assert HOSTILE in [element.value for element in page.text]
    assert not any(HOSTILE in element.value for element in page.markdown)


def test_looks_and_verdicts_of_the_applicant_are_in_the_history(appeals: Connection) -> None:
    appeals.execute(text("INSERT INTO appeal_look SELECT region_id, id, now() FROM appeal WHERE number = 'A-3'"))
    appeals.execute(
        text(
            "INSERT INTO event (region_id, appeal_id, kind, actor, reason, after)"
            " SELECT region_id, id, 'rated', 'applicant', :words, :after FROM appeal WHERE number = 'A-3'"
        ),
        {"words": HOSTILE, "after": '{"rating": 2, "verdict": "no"}'},
    )
    page = open_page("A-3")
    centre, applicant = page.tabs
    assert "Looked at by the applicant" in page_text(centre)  # type: ignore[arg-type]
    assert "Resolved, says the applicant: **No**" in page_text(centre)  # type: ignore[arg-type]
    assert HOSTILE in [element.value for element in page.text]
    assert "Looked at" not in page_text(applicant)  # type: ignore[arg-type]


@pytest.mark.usefixtures("appeals")
def test_the_history_for_the_applicant_names_no_person_and_no_note() -> None:
    page = open_page()
    centre, applicant = page.tabs
    assert "Boris" in page_text(centre)  # type: ignore[arg-type]
    assert "Secret note" in page_text(centre)  # type: ignore[arg-type]
    assert "nan" not in [element.value for element in page.text]
    applicant_text = page_text(applicant)  # type: ignore[arg-type]
    assert "Reassigned to another organisation" in applicant_text
    assert "**office**" in applicant_text
    assert not any(word in applicant_text for word in ("Anna", "Boris", "Secret", "ours"))


@pytest.mark.usefixtures("appeals")
def test_a_nearby_appeal_with_the_same_text_is_listed_as_similar() -> None:
    labels = [element.label for element in open_page().button]
    assert "A-2" in labels
    assert "A-3" not in labels


@pytest.mark.usefixtures("appeals")
def test_several_appeals_with_one_number_are_offered_to_choose_from() -> None:
    page = run_page("appeal", number="A-1")
    choice = [element for element in page.button if element.label.startswith("A-1")]
    assert len(choice) == 2
    next(element for element in choice if "XB" in element.label).click().run()
    assert page.query_params["region"] == "XB"
    assert "Elsewhere" in [element.value for element in page.text]


@pytest.mark.usefixtures("appeals")
@pytest.mark.parametrize(
    "address",
    [{"number": "NOPE"}, {"number": ""}, {"number": "A-1", "region": "XC"}, {"number": "A-1", "as": "manager"}],
)
def test_a_missing_appeal_and_one_out_of_territory_look_alike(address: dict[str, str]) -> None:
    page = run_page("appeal", deep_link=False, **address)
    assert [element.value for element in page.info] == [NONE]
    assert not page.text


@pytest.mark.usefixtures("appeals")
def test_next_and_previous_move_through_the_list_of_origin() -> None:
    page = open_page(list=urlencode({"territory": "XA", "sort": "deadline_last"}))
    assert page.button(key="next").proto.disabled
    page.button(key="previous").click().run()
    assert page.query_params["number"] == "A-2"
    page.button(key="previous").click().run()
    assert page.query_params["number"] == "A-3"
    assert page.button(key="previous").proto.disabled
    page.button(key="next").click().run()
    assert page.query_params["number"] == "A-2"


@pytest.mark.usefixtures("appeals")
def test_back_leads_to_the_list_of_origin_even_where_the_press_is_forgotten() -> None:
    for is_forgotten in (False, True):
        page = run_page("appeal", number="A-2", lang="en", list=urlencode({"state": "at_risk"}))
        if is_forgotten:
            # What is left when a run ends just after the press: the button was reset, its callback had been called.
            page.session_state[LIST_REQUEST_KEY] = True
            page.run()
        else:
            page.button(key="back").click().run()
        assert not page.exception
        assert page.query_params["state"] == "at_risk"
        assert "number" not in page.query_params


@pytest.mark.usefixtures("appeals")
def test_a_url_overwritten_by_a_late_refresh_is_restored() -> None:
    page = open_page("A-2")
    page.query_params.clear()
    page.run()
    assert page.query_params["number"] == "A-2"
    assert [element.value for element in page.info] == []


@pytest.mark.usefixtures("appeals")
def test_the_applicant_is_shown_once_for_a_recorded_reason(
    appeals: Connection,
) -> None:
    connection = appeals
    connection.execute(text("UPDATE person SET everywhere = true WHERE subject = 'official'"))
    page = open_page(**{"as": "official"})
    assert "Ivan" not in page_text(page)
    reason = next(element for element in page.text_input if element.label.startswith("Why do you need"))
    button = next(element for element in page.button if element.label == "Show the applicant")
    button.click().run()
    assert [element.value for element in page.error] == ["Write the reason first."]
    reason.input("A call back")
    button.click().run()
    assert "Ivan Petrov" in [element.value for element in page.text]
    record = connection.execute(text("SELECT object, reason FROM audit WHERE action = 'personal data shown'")).one()
    assert tuple(record) == ("appeal otklik A-1", "A call back")
    page.run()
    assert "Ivan" not in page_text(page)


def test_personal_data_in_a_text_are_shown_with_the_applicant_alone(appeals: Connection) -> None:
    whole_text = "Меня зовут Пётр Иванов, д. 5, тел. 8 912 345-67-89. На улице Мира яма."
    appeals.execute(text("UPDATE appeal SET body = :body WHERE number = 'A-2'"), {"body": whole_text})
    appeals.execute(text("UPDATE person SET everywhere = true WHERE subject = 'official'"))
    masked_text = "Меня зовут [name], д. [number], тел. [telephone]. На улице Мира яма."
    for role in ("staff", "manager", "official", "administrator"):
        page = open_page("A-2", **{"as": role})
        assert masked_text in [element.value for element in page.text] or role == "manager"
        assert "912" not in page_text(page)
    page = open_page("A-2", **{"as": "official"})
    next(element for element in page.text_input if element.label.startswith("Why do you need")).input("A call back")
    next(element for element in page.button if element.label == "Show the applicant").click().run()
    assert whole_text in [element.value for element in page.text]
    page.run()
    assert "912" not in page_text(page)


@pytest.mark.usefixtures("appeals")
def test_a_role_without_the_right_is_not_asked_for_a_reason() -> None:
    page = open_page(**{"as": "staff"})
    assert not [element for element in page.button if element.label == "Show the applicant"]


@pytest.mark.usefixtures("appeals")
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_panel_is_in_the_language_of_the_url(language: str) -> None:
    assert len(set(panel_titles(open_page(lang=language)))) == 8
    titles = {"en": "Facts", "ru": "Сведения", "hr": "Podaci"}
    assert titles[language] in panel_titles(open_page(lang=language))
