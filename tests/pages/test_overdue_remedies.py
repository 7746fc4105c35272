"""Overdue remedies: on the overview and in the bell, for those who decide about them or own the problem."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, text
from streamlit.testing.v1 import AppTest

from otklik.database.access import people, scope
from otklik.notifications.notices import mark_as_read, mark_remedy_as_read, unread_notices
from queries.filters import Filters
from queries.morning.overdue_remedies import overdue_remedies
from tests.support import factories
from tests.support.appeals.problems import DAY, person_scope, problem, remedy
from tests.support.appeals.surges import alarm
from tests.support.screens.app_pages import run_page

NOW = datetime.now(UTC)
TODAY = NOW.date()


@pytest.fixture
def late(connection: Connection) -> Connection:
    """A problem with an overdue remedy, another that isn't, in the territory of the demo's people; no quiet hours."""
    factories.territory(connection, "RU-FD-URAL", "district")
    factories.territory(connection, "RU-KHM", "region", "RU-FD-URAL", name="Ugra")
    factories.topic(connection, "parks")
    people.create_demo_people(connection)
    factories.appeal(connection, region="RU-KHM")
    connection.execute(
        text('INSERT INTO setting VALUES (\'escalation_quiet_hours\', \'{"from": "00:00", "until": "00:00"}\')')
    )
    number = problem(connection, "RU-KHM", status="in_progress")
    remedy(connection, number, TODAY - 2 * DAY, title="Resurface")
    remedy(connection, number, TODAY + 2 * DAY, title="Inspect")
    return connection


def own(connection: Connection, subject: str) -> None:
    """Make one of the demo's people the owner of every problem."""
    connection.execute(
        text("UPDATE problem SET owner_id = (SELECT id FROM person WHERE subject = :subject)"), {"subject": subject}
    )


def links(page: AppTest) -> dict[str, str]:
    """The labels of the links to problems with the queries of their addresses."""
    protos = [element.proto for element in page.get("page_link")]
    return {proto.label: proto.query_string for proto in protos if "Resurface" in proto.label or "remed" in proto.label}


def overview(role: str, **params: str) -> AppTest:
    return run_page("overview", deep_link=False, **{"as": role, "lang": "en", **params})


def bell_label(page: AppTest) -> str:
    return str(page.get("popover")[0].proto.popover.label)


def test_the_overview_says_what_is_overdue_to_those_who_decide(late: Connection) -> None:
    problem_id = late.scalar(text("SELECT id FROM problem"))
    shown = links(overview("official"))
    assert next(iter(shown)) == ":red[:material/event_busy: **1 remedy is overdue**]"
    (query,) = [query for label, query in shown.items() if label.startswith("Resurface · Ugra")]
    assert f"problem={problem_id}" in query
    assert not [label for label in shown if "Inspect" in label]
    for role in ("staff", "administrator"):
        assert links(overview(role)) == {}
    # Of another topic nothing is overdue.
    assert links(overview("official", topic="parks")) == {}


def test_the_owner_is_told_without_deciding(late: Connection) -> None:
    own(late, "staff")
    assert len(links(overview("staff"))) == 2
    assert bell_label(run_page("queue", deep_link=False, **{"as": "staff", "lang": "en"})) == "1 notice"


@pytest.mark.parametrize("change", ["done_at = now(), note = 'Done'", "due = CURRENT_DATE + 1"])
def test_what_is_done_or_put_off_is_not_overdue(late: Connection, change: str) -> None:
    late.execute(text(f"UPDATE problem_remedy SET {change} WHERE title = 'Resurface'"))
    assert links(overview("official")) == {}


def test_the_query_narrows_by_territory_and_topic_and_has_the_longest_overdue_first(late: Connection) -> None:
    factories.territory(late, "XB")
    remedy(late, problem(late, "XB", "parks"), TODAY - 9 * DAY, title="Plant")

    def titles(territory: str | None = None, topic: str | None = None) -> list[str]:
        return list(overdue_remedies(Filters(TODAY, TODAY + DAY, "none", territory, topic))["title"])

    assert titles() == ["Plant", "Resurface"]
    assert titles("RU-FD-URAL") == titles(topic="roads") == ["Resurface"]
    assert titles("XB", "roads") == []
    with scope.acting_as(person_scope(late, "official", "XB")):
        assert titles() == ["Plant"]


def test_the_bell_tells_of_it_once_and_links_to_the_problem(late: Connection) -> None:
    problem_id = late.scalar(text("SELECT id FROM problem"))
    page = run_page("queue", deep_link=False, **{"as": "official", "lang": "en"})
    assert bell_label(page) == "1 notice"
    (link,) = [link.proto for link in page.get("page_link") if "overdue, was due" in link.proto.label]
    assert f"problem={problem_id}" in link.query_string
    (key,) = [key for button in page.button if (key := button.key or "").startswith("remedy-notice-")]
    page.button(key=key).click().run()
    assert bell_label(page) == "No notices"
    assert bell_label(run_page("queue", deep_link=False, **{"as": "manager", "lang": "en"})) == "1 notice"


def test_notices_are_marked_one_by_one_or_all_at_once(late: Connection) -> None:
    number = late.scalar(text("SELECT id FROM problem"))
    assert isinstance(number, int)
    remedy(late, number, TODAY - 3 * DAY, title="Patch")
    official = people.person_of_sign_in(people.DEMO_ISSUER, "official")
    assert official
    with scope.acting_as(official.scope):
        unread = unread_notices(NOW, limit=1)
        assert ([notice.title for notice in unread.remedies], unread.new_count) == (["Patch"], 2)
        assert (mark_remedy_as_read(unread.remedies[0].id), mark_remedy_as_read(unread.remedies[0].id)) == (1, 0)
        assert [notice.title for notice in unread_notices(NOW).remedies] == ["Resurface"]
        assert (mark_as_read(), unread_notices(NOW).remedies) == (1, ())


def test_a_surge_of_the_overview_leads_to_a_new_problem_for_those_who_may_open_one(late: Connection) -> None:
    alarm(late, TODAY - DAY, "RU-KHM", "roads.surface")
    for role, may_open in (("official", True), ("staff", False)):
        page = overview(role)
        opening = [link.proto for link in page.get("page_link") if "Open a problem" in link.proto.label]
        assert bool(opening) is may_open
        for link in opening:
            starts = (TODAY - 7 * DAY).isoformat()
            assert f"territory=RU-KHM&topic=roads.surface&surge={starts}" in link.query_string
