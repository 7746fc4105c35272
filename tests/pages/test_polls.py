"""Polls: all of them and one, from `app.py` and by a deep link; what roles see, and small groups that nobody sees."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, text
from streamlit.testing.v1 import AppTest

from otklik.database.access import people
from otklik.database.functions.votes import Answer
from tests.support import factories
from tests.support.participation.poll_votes import divided_poll, manipulated_poll, populate
from tests.support.participation.polls import DAY, close, poll, question, show_running, vote
from tests.support.screens.app_pages import panel_titles, run_page

NOW = datetime.now(UTC)


@pytest.fixture
def demo(connection: Connection) -> Connection:
    """The territory of the demo's people, with an appeal in it."""
    factories.territory(connection, "RU-FD-URAL", "district")
    factories.territory(connection, "RU-KHM", "region", "RU-FD-URAL", name="Ugra")
    factories.topic(connection, "parks")
    people.create_demo_people(connection)
    factories.appeal(connection, region="RU-KHM")
    return connection


def a_poll(connection: Connection, **columns: object) -> int:
    """A poll of Ugra with a question of each kind: 20 men for the first option, 18 women for the second."""
    poll_id = poll(connection, "RU-KHM", **{"title": "A *new* park", "quorum_votes": 40, **columns})  # type: ignore[arg-type]
    question(connection, poll_id, "single", "Yes", "No")
    question(connection, poll_id, "multiple", "Trees", "Benches")
    question(connection, poll_id, "open")
    add_votes(connection, poll_id, "first")
    return poll_id


def add_votes(connection: Connection, poll_id: int, name: str) -> None:
    """Votes of 20 men and then 18 women."""
    options = "SELECT o.id FROM poll_option AS o JOIN poll_question AS q ON q.id = question_id WHERE poll_id = :poll"
    rows = connection.execute(text(f"{options} ORDER BY o.id"), {"poll": poll_id}).scalars().all()
    of_question = "SELECT question_id FROM poll_option WHERE id = :option"
    questions = [connection.execute(text(of_question), {"option": option}).scalar_one() for option in rows]
    yes, no, *several = map(Answer, questions, rows)
    for number in range(38):
        is_man = number < 20
        vote(connection, poll_id, f"{name} {number}", [yes if is_man else no, *several], sex=1 if is_man else 2)


def screen(role: str = "staff", *, deep_link: bool = False, **params: str) -> AppTest:
    page = run_page("polls", deep_link=deep_link, **{"as": role, "lang": "en", **params})
    assert not page.exception
    return page


def said(page: AppTest) -> str:
    return "\n".join(str(element.value) for element in (*page.markdown, *page.caption, *page.text, *page.subheader))


def links(page: AppTest) -> dict[str, str]:
    protos = [element.proto for element in page.get("page_link")]
    return {proto.label: proto.query_string for proto in protos}


def test_the_list_has_what_runs_is_to_come_and_has_closed(demo: Connection) -> None:
    a_poll(demo, closes_at=NOW + 5 * DAY)
    poll(demo, "RU-KHM", number="P-2", title="To come", opens_at=NOW + 2 * DAY, closes_at=NOW + 9 * DAY)
    close(demo, poll(demo, "RU-KHM", number="P-3", title="Over", quorum_votes=9))
    days = {"from": (NOW.date() - 3 * DAY).isoformat(), "to": NOW.date().isoformat()}
    page = run_page("polls", deep_link=False, **{"as": "staff", "lang": "en", "period": "range"}, **days)
    assert panel_titles(page) == ["Running polls", "Upcoming polls", "Polls closed in these days"]
    texts = said(page)
    assert "38 votes" in texts
    assert "2 to go to the quorum of 40" in texts
    assert "9 short of the quorum of 9" in texts
    assert "closes in 5 days" in texts
    assert "poll=P-1" in links(page)["**A \\*new\\* park**"]
    none = screen(territory="RU-KHM", topic="roads", organisation="office", period="7")
    assert "Polls are narrowed by territory and topic alone." in said(none)


@pytest.mark.usefixtures("demo")
def test_nothing_to_list_is_said() -> None:
    assert "There are no polls in this territory and topic" in said(screen())


@pytest.mark.parametrize("deep_link", [False, True])
@pytest.mark.parametrize("role", ["staff", "manager", "official", "administrator"])
def test_one_poll_says_how_it_stands(demo: Connection, url: str, role: str, *, deep_link: bool) -> None:
    poll_id = a_poll(demo)
    show_running(url, poll_id)
    add_votes(demo, poll_id, "later")
    show_running(url, poll_id)
    page = screen(role, deep_link=deep_link, poll="P-1", by="sex")
    texts = said(page)
    assert [title for title in panel_titles(page) if title.startswith("Question")] == [
        *("Question 1", "Question 2", "Question 3"),
    ]
    assert "**76 votes**" in texts
    assert "This poll is running: until it closes, its results are for the staff alone." in texts
    assert "They are as of 38 votes, " in texts
    assert "The result is weighted by who lives there once the poll is closed." in texts
    assert "Who voted isn't who lives here" in texts
    assert "Several options: shares are of all votes" in texts
    assert "0 answers in words" in texts
    voters = page.dataframe[0].value
    assert dict(zip(voters["name"], voters["ballots"], strict=True)) == {"Men": 20, "Women": 18}
    # All men said yes and no woman did: nobody's answer is secret where whole groups are shown with it.
    cells = page.dataframe[1].value.drop(columns=["name", "ballots"])
    assert cells.isna().all().all()


def test_a_closed_poll_says_nothing_of_running(demo: Connection) -> None:
    close(demo, a_poll(demo))
    page = screen(poll="P-1", by="sex")
    texts = said(page)
    voters = page.dataframe[0].value
    assert dict(zip(voters["name"], voters["ballots"], strict=True)) == {"Men": 20, "Women": 18}
    assert "This poll is running" not in texts
    assert "Nobody has loaded how many people of each age and sex live here" in texts
    assert "2 short of the quorum of 40" in texts


def test_suspicious_votes_are_named_beside_the_result_without_them(demo: Connection) -> None:
    close(demo, manipulated_poll(demo, "RU-KHM"))
    page = screen(poll="P-1")
    texts = said(page)
    assert "**40 votes of 325 are flagged.**" in texts
    assert "**Burst.** 40 votes from " in texts
    assert "No vote is deleted or left out of the result for it." in texts
    shown = page.dataframe[-1].value
    assert list(shown["option"]) == ["Yes", "No", "1", "2", "3"]
    assert (shown["without"] != shown["share"]).all()


def test_a_closed_poll_shows_its_result_weighted_by_who_lives_there(demo: Connection) -> None:
    towns = [factories.territory(demo, f"RU-KHM-{town}", "municipality", "RU-KHM") for town in ("A", "B")]
    populate(demo, towns)
    close(demo, divided_poll(demo, towns, "RU-KHM"))
    page = screen(poll="P-1")
    assert "These 280 votes say as much as about 220 people chosen by chance would." in said(page)
    voters, weighted = page.dataframe[0].value, page.dataframe[-1].value
    assert list(voters["population_share"]) == [0.75, 0.25]
    assert list(weighted["option"]) == ["Yes", "No"]
    assert list(weighted["weighted"]) == pytest.approx([0.75, 0.25], abs=0.03)
    assert "Nothing suspicious" in said(page)


def test_a_poll_to_come_has_no_results(demo: Connection) -> None:
    poll(demo, "RU-KHM", opens_at=NOW + DAY)
    page = screen(poll="P-1")
    assert panel_titles(page) == []
    assert not page.dataframe


def test_a_poll_that_is_not_there_is_named_and_the_list_is_shown(demo: Connection) -> None:
    a_poll(demo)
    poll(demo, "RU-KHM", number="draft", is_draft=True)
    for number in ("P-9", "draft", "'; DROP"):
        page = screen(poll=number)
        assert "Running polls" in panel_titles(page)


def test_a_region_sees_no_poll_of_another(demo: Connection) -> None:
    poll(demo, "XB", number="P-7", title="Foreign")
    page = screen("official", poll="P-7")
    assert "Foreign" not in said(page)


@pytest.mark.parametrize("language", ["ru", "hr"])
def test_other_languages(demo: Connection, language: str) -> None:
    a_poll(demo)
    page = run_page("polls", deep_link=False, **{"as": "staff", "lang": language, "poll": "P-1", "by": "age"})
    assert not page.exception
    assert {"ru": "Кто голосовал", "hr": "Tko je glasao"}[language] in panel_titles(page)


def overview(role: str, **params: str) -> dict[str, str]:
    page = run_page("overview", deep_link=False, **{"as": role, "lang": "en", **params})
    return {label: query for label, query in links(page).items() if "poll" in label or "quorum" in label}


def test_the_morning_leads_to_polls_that_close_without_a_quorum(demo: Connection) -> None:
    a_poll(demo, closes_at=NOW + DAY)
    for role in ("staff", "official", "administrator"):
        shown = overview(role)
        label = ":orange[:material/how_to_vote: **1 poll closes within three days without its quorum**]"
        assert next(iter(shown)) == label
        (query,) = [
            query for text_of_link, query in shown.items() if text_of_link.startswith("A \\*new\\* park · Ugra")
        ]
        assert "poll=P-1" in query
    assert overview("staff", topic="parks") == {}
