"""Discussions: all of them and one, from `app.py` and by a deep link; moderating, answering and deciding."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, text
from streamlit.testing.v1 import AppTest

from otklik.database.access import people
from tests.support import factories
from tests.support.appeals.problems import problem
from tests.support.participation.discussions import DAY, close, comment, discussion, react, stored_comment
from tests.support.screens.app_pages import panel_titles, run_page

NOW = datetime.now(UTC)
MODERATORS, OTHERS = ("manager", "official"), ("staff", "administrator")


@pytest.fixture
def demo(connection: Connection) -> Connection:
    """The territory of the demo's people, with an appeal in it."""
    factories.territory(connection, "RU-FD-URAL", "district")
    factories.territory(connection, "RU-KHM", "region", "RU-FD-URAL", name="Ugra")
    factories.topic(connection, "parks")
    people.create_demo_people(connection)
    factories.appeal(connection, region="RU-KHM")
    return connection


def a_discussion(connection: Connection, **columns: object) -> dict[str, int]:
    """The ids of a discussion of Ugra, and of its comments: one late, one answered with a reply, one pending."""
    discussion_id = discussion(
        connection,
        "RU-KHM",
        **{"title": "A *new* bridge", "organisation": "office", **columns},  # type: ignore[arg-type]
    )
    late = comment(connection, discussion_id, "anna", "Build *it*", due=NOW.date() - 3 * DAY)
    answered = comment(connection, discussion_id, "boris", "Lights", due=NOW.date(), answer="They are ordered")
    comment(connection, discussion_id, "vera", "At last", parent_id=answered)
    pending = comment(connection, discussion_id, "gleb", "Buy my garage", state="pending")
    for name in ("vera", "gleb"):
        react(connection, answered, name)
    return {"discussion": discussion_id, "late": late, "answered": answered, "pending": pending}


def screen(role: str = "manager", *, deep_link: bool = False, **params: str) -> AppTest:
    page = run_page("discussions", deep_link=deep_link, **{"as": role, "lang": "en", **params})
    assert not page.exception
    return page


def texts(page: AppTest) -> str:
    elements = (*page.markdown, *page.caption, *page.text, *page.subheader, *page.error, *page.success)
    return "\n".join(str(element.value) for element in elements)


def submit(page: AppTest, label: str, **values: str) -> AppTest:
    """Fill text boxes by the beginnings of their keys, and press the button of this label."""
    boxes = [*page.text_area, *page.text_input]
    for beginning, value in values.items():
        next(box for box in boxes if str(box.key).startswith(beginning)).set_value(value)
    next(button for button in page.button if button.label == label).click()
    return page.run()


def test_the_list_has_what_waits_in_each(demo: Connection) -> None:
    a_discussion(demo, closes_at=NOW + 5 * DAY)
    discussion(demo, "RU-KHM", number="D-2", title="To come", opens_at=NOW + 2 * DAY, closes_at=NOW + 9 * DAY)
    close(demo, discussion(demo, "RU-KHM", number="D-3", title="Closed"))
    decided = discussion(demo, "RU-KHM", number="D-4", title="Over")
    close(demo, decided)
    demo.execute(text("UPDATE discussion SET decided_at = now(), decision = 'Yes' WHERE id = :id"), {"id": decided})
    days = {"period": "range", "from": (NOW.date() - 3 * DAY).isoformat(), "to": NOW.date().isoformat()}
    page = run_page("discussions", deep_link=False, **{"as": "staff", "lang": "en"}, **days)
    assert panel_titles(page) == [
        "Collecting comments",
        "Summing up: closed for comments, not decided yet",
        "Announced discussions",
        "Decided in these days",
    ]
    shown = texts(page)
    for expected in (
        "3 comments, 4 participants",
        "1 unanswered",
        "1 answer late",
        "1 awaits moderation",
        "closes in 5 days",
        "opens on",
        "decided on",
    ):
        assert expected in shown
    links = {element.proto.label: element.proto.query_string for element in page.get("page_link")}
    assert "discussion=D-1" in links["**A \\*new\\* bridge**"]


@pytest.mark.usefixtures("demo")
def test_nothing_to_list_is_said() -> None:
    assert "There are no discussions in this territory and topic" in texts(screen())


@pytest.mark.parametrize("deep_link", [False, True])
@pytest.mark.parametrize("role", [*MODERATORS, *OTHERS])
def test_one_discussion_says_what_is_said_and_who_waits(demo: Connection, role: str, *, deep_link: bool) -> None:
    ids = a_discussion(demo)
    linked = problem(demo, "RU-KHM", title="The bridge is old")
    demo.execute(text("INSERT INTO discussion_problem VALUES (:d, :p)"), {"d": ids["discussion"], "p": linked})
    page = screen(role, deep_link=deep_link, discussion="D-1")
    shown = texts(page)
    for expected in ("3 comments, 4 participants", "answer late by 3 days", "They are ordered", "2 agree", "At last"):
        assert expected in shown, expected
    assert "No groups of opinion of 10 people or more can be told apart." in shown
    assert ("Buy my garage" in shown) == (role in MODERATORS)
    assert ("Moderation queue" in panel_titles(page)) == (role in MODERATORS)
    assert any("The bridge is old" in element.proto.label for element in page.get("page_link"))
    only_late = screen(role, discussion="D-1", comments="late")
    assert "Build" in texts(only_late)
    assert "They are ordered" not in texts(only_late)


def test_a_moderator_publishes_rejects_and_answers(demo: Connection) -> None:
    ids = a_discussion(demo)
    page = submit(screen(discussion="D-1"), "Reject")
    assert "A reason is needed." in texts(page)
    page = submit(page, "Reject", moderate="Not about the bridge")
    assert "The comment is rejected; the reason is in the log." in texts(page)
    assert "Nothing awaits moderation." in texts(page)
    assert stored_comment(demo, ids["pending"])["state"] == "rejected"
    page = submit(page, "Publish the answer", answer="It is planned")
    assert "The answer is published." in texts(page)
    assert stored_comment(demo, ids["late"])["answer"] == "It is planned"
    assert "answer late" not in texts(page)


def test_a_closed_discussion_is_decided_and_has_an_outcome(demo: Connection) -> None:
    close(demo, a_discussion(demo)["discussion"])
    page = submit(screen(discussion="D-1"), "Record it", decide="Build it")
    page = submit(page, "Record it", decide="It is built")
    row = demo.execute(text("SELECT decision, outcome FROM discussion")).one()
    assert tuple(row) == ("Build it", "It is built")
    assert "It is built" in texts(page)
    assert "Decided" in texts(screen("staff", discussion="D-1"))


def test_what_is_not_there_or_not_seen_is_not_shown(demo: Connection) -> None:
    discussion(demo, "RU-KHM", number="draft", is_draft=True)
    discussion(demo, "XB", number="D-7", title="Foreign")
    for number in ("D-9", "draft", "'; DROP", "D-7"):
        page = screen("official", discussion=number)
        assert "Foreign" not in texts(page)
        assert "There are no discussions" in texts(page)


def test_a_discussion_to_come_has_no_comments(demo: Connection) -> None:
    discussion(demo, "RU-KHM", opens_at=NOW + DAY)
    assert panel_titles(screen(discussion="D-1")) == ["Problems and appeals"]
