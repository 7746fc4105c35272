"""Problems: from opening one to its end, by the page; what each role is offered, and what is said when it can't be."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, text
from streamlit.testing.v1 import AppTest

from otklik.database.access import people
from tests.support import factories
from tests.support.appeals.problems import DAY, event, history, problem, remedy, stored
from tests.support.appeals.surges import alarm
from tests.support.screens.app_pages import panel_titles, run_page

TODAY = datetime.now(UTC).date()
TOPIC = "roads.surface"


@pytest.fixture
def demo(connection: Connection) -> Connection:
    """The territory of the demo's people, with three open appeals of a topic in it, one of which is a month old."""
    factories.territory(connection, "RU-FD-URAL", "district")
    factories.territory(connection, "RU-KHM", "region", "RU-FD-URAL", name="Ugra")
    people.create_demo_people(connection)
    now = datetime.now(UTC)
    for number, age in enumerate((1, 2, 30)):
        received_at = now - age * DAY
        factories.appeal(connection, region="RU-KHM", topic=TOPIC, number=f"A-{number}", received_at=received_at)
    return connection


def screen(role: str = "official", *, deep_link: bool = False, **params: str) -> AppTest:
    """The page as one of the demo's people sees it."""
    return run_page("problems", deep_link=deep_link, **{"as": role, "lang": "en", **params})


def said(page: AppTest) -> list[str]:
    return [str(element.value) for element in (*page.markdown, *page.caption, *page.success, *page.error, *page.text)]


def fill(page: AppTest, kind: str, label: str, value: object) -> None:
    """Set the one widget of this kind (an attribute of AppTest) that has the label."""
    (widget,) = [widget for widget in getattr(page, kind) if widget.label == label]
    widget.set_value(value)


def press(page: AppTest, label: str) -> None:
    (button,) = [button for button in page.button if button.label == label]
    button.click().run()
    assert not page.exception


def in_form(page: AppTest, kind: str, prefix: str) -> Any:  # noqa: ANN401 -- widgets have no common type
    """The one widget of this kind whose key begins so."""
    (widget,) = [widget for widget in getattr(page, kind) if (widget.key or "").startswith(prefix)]
    return widget


def a_problem(connection: Connection, **columns: Any) -> int:  # noqa: ANN401 -- of problems.problem
    """A problem of the demo's official, a week old."""
    official = connection.scalar(text("SELECT id FROM person WHERE subject = 'official'"))
    return problem(connection, "RU-KHM", TOPIC, **{"owner_id": official, "since": TODAY - 7 * DAY, **columns})


def test_the_whole_way_of_a_problem(demo: Connection) -> None:
    page = screen(territory="RU-KHM", topic=TOPIC)
    assert "There are no problems in this territory and topic." in "".join(said(page))
    fill(page, "text_input", "Title", "Potholes come back")
    fill(page, "text_area", "What is wrong, and how it was noticed", "The third spring")
    fill(page, "date_input", "Appeals count since", TODAY - 7 * DAY)
    (owner,) = [box for box in page.selectbox if box.key == "open-problem-owner"]
    owner.set_value(next(option for option in owner.options if "Official" in option))
    press(page, "Open the problem")
    ((number, since),) = demo.execute(text("SELECT id, since FROM problem")).all()
    assert (since, page.query_params["problem"]) == (TODAY - 7 * DAY, str(number))
    texts = said(page)
    assert "The problem is opened." in texts
    # The one of a month before doesn't count.
    assert "2 appeals since the first day, 2 of them open" in texts
    assert "Nothing is to be done yet." in "".join(texts)

    for status, reason in (("confirmed", "Seen on the spot"), ("decided", "It pays to resurface")):
        in_form(page, "radio", "step-").set_value(status)
        in_form(page, "text_area", "step-").set_value(reason)
        press(page, "Take the step")
    assert stored(demo, number)["status"] == "decided"
    fill(page, "text_input", "What is to be done", "Resurface")
    fill(page, "text_input", "Or by whom", "Road office")
    in_form(page, "date_input", "add-remedy-").set_value(TODAY + 5 * DAY)
    in_form(page, "text_area", "add-remedy-").set_value("Cheaper than patching")
    press(page, "Add the remedy")
    in_form(page, "radio", "remedy-").set_value("due")
    in_form(page, "date_input", "remedy-").set_value(TODAY + 9 * DAY)
    in_form(page, "text_area", "remedy-").set_value("Rain")
    press(page, "Save the remedy")
    assert demo.scalar(text("SELECT due FROM problem_remedy")) == TODAY + 9 * DAY
    in_form(page, "text_area", "remedy-").set_value("Two layers")
    press(page, "Save the remedy")
    assert demo.scalar(text("SELECT note FROM problem_remedy")) == "Two layers"
    fill(page, "text_area", "Comment", "Looks good")
    press(page, "Add the comment")
    kinds = [kind for _who, kind, _why in history(demo, number)]
    assert kinds == [
        *("opened", "moved", "moved", "remedy_added", "remedy_due_changed", "remedy_done", "comment"),
    ]
    shown = said(page)
    for reason in ("The third spring", "Seen on the spot", "It pays to resurface", "Rain", "Two layers", "Looks good"):
        assert reason in shown, reason
    assert "**Confirmed → Decided**" in "".join(shown)


def test_a_step_without_a_reason_and_one_on_an_old_version_are_refused_in_words(demo: Connection) -> None:
    number = a_problem(demo)
    page = screen(problem=str(number))
    press(page, "Take the step")
    assert [error.value for error in page.error] == ["A reason is needed."]
    in_form(page, "text_area", "step-").set_value("Seen on the spot")
    demo.execute(text("UPDATE problem SET version = 7"))
    press(page, "Take the step")
    assert [error.value for error in page.error] == ["Somebody has changed the problem meanwhile."]
    assert (stored(demo, number)["status"], history(demo, number)) == ("found", [])
    # What was typed stays, and counts now that the present state was shown.
    press(page, "Take the step")
    assert history(demo, number) == [("Official of the Ural district", "moved", "Seen on the spot")]


def test_a_surge_fills_in_what_the_problem_is_of_and_since_when(demo: Connection) -> None:
    starts = TODAY - 7 * DAY
    alarm(demo, TODAY - DAY, "RU-KHM", TOPIC)
    page = screen(territory="RU-KHM", topic=TOPIC, surge=starts.isoformat())
    assert in_form(page, "date_input", "open-problem-since").value == starts
    (section,) = [section for section in page.expander if section.label == "Open a problem"]
    assert section.proto.expanded
    fill(page, "text_input", "Title", "Potholes come back")
    fill(page, "text_area", "What is wrong, and how it was noticed", "A surge")
    press(page, "Open the problem")
    assert demo.execute(text("SELECT since, surge_starts FROM problem")).one() == (starts, starts)
    assert "surge" not in page.query_params
    # Of another topic there is none.
    page = screen(territory="RU-KHM", surge=starts.isoformat())
    assert f"surge={starts}" in "".join(said(page))


def test_the_board_has_a_column_a_status_and_says_what_is_next_and_what_is_late(demo: Connection) -> None:
    late = a_problem(demo, title="Late", status="in_progress")
    remedy(demo, late, TODAY - 2 * DAY, title="Resurface")
    remedy(demo, late, TODAY + 9 * DAY, title="Later")
    a_problem(demo, title="New", owner_id=None)
    a_problem(demo, title="Over", status="closed")
    a_problem(demo, title="Nothing in it", status="rejected")
    problem(demo, "XB", TOPIC, title="Elsewhere")
    problem(demo, "RU-KHM", "parks", title="Another topic")
    page = screen(topic=TOPIC)
    texts = said(page)
    # The bell has a link to the late one, too.
    protos = [link.proto for link in page.get("page_link") if "problem=" in link.proto.query_string]
    links = [proto.label for proto in protos if "was due" not in proto.label]
    assert links == ["**New**", "**Late**", "**Over**", "**Nothing in it**"]
    assert ":material/person: :orange[nobody yet]" in texts
    (due,) = [line for line in texts if line.endswith(": Resurface")]
    assert due.startswith(":red[:material/warning: overdue")
    assert not [line for line in texts if "Later" in line]
    assert texts.count(":gray[2 open appeals]") == 2
    assert [section.label for section in page.expander if "ended" in section.label] == ["2 problems have ended"]
    # Of another territory than the viewer's there is nothing, whatever the address says.
    assert "Potholes" not in "".join(said(screen(problem="999999")))


@pytest.mark.parametrize(
    ("role", "forms"),
    [
        ("staff", set()),
        ("administrator", {"Add the comment"}),
        ("manager", {"Add the comment", "Take the step", "Save the changes", "Add the remedy", "Save the remedy"}),
    ],
)
@pytest.mark.parametrize("deep", [False, True], ids=["app", "deep link"])
def test_each_role_is_offered_what_it_may(demo: Connection, role: str, forms: set[str], *, deep: bool) -> None:
    number = a_problem(demo)
    remedy(demo, number, TODAY)
    page = screen(role, deep_link=deep, problem=str(number))
    assert {button.label for button in page.button if (button.key or "").startswith("FormSubmitter")} == forms


def test_the_owner_without_the_right_to_decide_says_that_a_remedy_is_done(demo: Connection) -> None:
    staff = demo.scalar(text("SELECT id FROM person WHERE subject = 'staff'"))
    number = a_problem(demo, owner_id=staff)
    remedy(demo, number, TODAY)
    page = screen("staff", problem=str(number))
    assert in_form(page, "radio", "remedy-").options == ["It is done"]
    in_form(page, "text_area", "remedy-").set_value("Two layers")
    press(page, "Save the remedy")
    assert demo.scalar(text("SELECT note FROM problem_remedy")) == "Two layers"


def test_nothing_is_to_be_done_about_what_has_ended(demo: Connection) -> None:
    number = a_problem(demo, status="closed")
    remedy(demo, number, TODAY - 9 * DAY)
    page = screen(problem=str(number))
    assert in_form(page, "radio", "step-").options == ["Back to: Checked"]
    assert not [button for button in page.button if "remedy" in button.label]
    assert not [line for line in said(page) if ":red[" in line]


def test_texts_of_people_stay_plain(demo: Connection) -> None:
    number = a_problem(demo, title="**bold** [a](http://b)")
    event(demo, number, "comment", "**bold** [a](http://b)")
    for page in (screen(), screen(problem=str(number))):
        shown = [element.value for element in page.markdown] + [link.proto.label for link in page.get("page_link")]
        assert not [value for value in shown if "[a](http" in value]


@pytest.mark.parametrize("language", ["ru", "hr"])
def test_the_page_speaks_each_language(demo: Connection, language: str) -> None:
    number = a_problem(demo, status="in_progress")
    remedy(demo, number, TODAY - 2 * DAY)
    titles = {"ru": {"Меры", "Следующий шаг"}, "hr": {"Mjere", "Sljedeći korak"}}
    assert titles[language] <= set(panel_titles(screen(lang=language, problem=str(number))))


def test_a_remedy_that_is_done_says_why_its_effect_is_not_known_yet(demo: Connection) -> None:
    number = a_problem(demo, status="in_progress")
    remedy(demo, number, TODAY, is_done=True)
    remedy(demo, number, TODAY + DAY)
    texts = said(screen(problem=str(number)))
    assert [line for line in texts if "effect" in line] == [
        ":material/query_stats: The effect is not known yet: 0 whole weeks since, it takes 4."
    ]


def test_the_effect_of_a_remedy_has_a_sentence_what_it_rests_on_and_a_chart(demo: Connection) -> None:
    done_at = datetime.now(UTC) - 33 * DAY
    for day in range(1, 85):
        for _appeal in range(2):
            factories.appeal(demo, region="RU-KHM", topic=TOPIC, received_at=done_at - day * DAY)
    for day in range(28):
        if day % 7 < 2:
            factories.appeal(demo, region="RU-KHM", topic=TOPIC, received_at=done_at + (day + 2) * DAY)
    number = a_problem(demo, status="in_progress", since=done_at.date() - DAY)
    remedy(demo, number, TODAY, is_done=True)
    demo.execute(text("UPDATE problem_remedy SET done_at = :at"), {"at": done_at})
    page = screen(problem=str(number))
    texts = " ".join(said(page))
    assert "fewer appeals a week than before the problem (95% interval" in texts
    assert "1 week is left out" in texts
    assert "a season can't be told from an effect" in texts
    assert len(page.get("vega_lite_chart")) == 2


def test_a_problem_has_a_dossier_to_download_and_the_board_has_none(demo: Connection) -> None:
    number = a_problem(demo)

    def menus(page: AppTest) -> list[str]:
        return [block.proto.popover.label for block in page.get("popover")]

    assert "Problem dossier" in menus(screen("staff", problem=str(number)))
    assert "Problem dossier" not in menus(screen("staff"))
