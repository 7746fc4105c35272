"""The bell tells of a new surge once: those who see its place, until each has marked it as read."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, text
from streamlit.testing.v1 import AppTest

from otklik.database.access import people, scope
from otklik.notifications.model import SurgeKey, UnreadNotices
from otklik.notifications.notices import mark_as_read, mark_surge_as_read, unread_notices
from tests.support import factories
from tests.support.appeals.surges import alarm, searched
from tests.support.screens.app_pages import run_page

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
MIDNIGHT = NOW.replace(hour=0, minute=0, second=0, microsecond=0)
YESTERDAY = NOW.date() - DAY


@pytest.fixture
def surge(connection: Connection) -> Connection:
    """A surge in a region that staff and the official see, and one that only staff see; nobody has quiet hours."""
    factories.territory(connection, "RU-FD-URAL", "district")
    factories.territory(connection, "RU-KHM", "region", "RU-FD-URAL", names={"ru": "Югра"})
    people.create_demo_people(connection)
    factories.appeal(connection)
    connection.execute(
        text('INSERT INTO setting VALUES (\'escalation_quiet_hours\', \'{"from": "00:00", "until": "00:00"}\')')
    )
    for territory, observed in (("RU-KHM", 9), ("XA", 7)):
        alarm(connection, YESTERDAY, territory, observed=observed)
    return connection


def as_person(name: str) -> people.Person:
    person = people.person_of_sign_in(people.DEMO_ISSUER, name)
    assert person
    return person


def unread_of(name: str) -> UnreadNotices:
    with scope.acting_as(as_person(name).scope):
        return unread_notices(MIDNIGHT)


def territories_of(name: str) -> list[str]:
    return [notice.territory_code for notice in unread_of(name).surges]


def bell_label(page: AppTest) -> str:
    return str(page.get("popover")[0].proto.popover.label)


@pytest.mark.usefixtures("surge")
def test_a_surge_is_told_to_those_who_see_its_place_until_they_have_read_it() -> None:
    assert territories_of("staff") == ["RU-KHM", "XA"]
    assert territories_of("official") == ["RU-KHM"]
    (notice,) = unread_of("official").surges
    with scope.acting_as(as_person("official").scope):
        assert mark_surge_as_read(notice.key) == 1
        assert mark_surge_as_read(notice.key) == 0
    assert territories_of("official") == []
    with scope.acting_as(as_person("staff").scope):
        assert mark_as_read() == 2
    assert territories_of("staff") == []
    with scope.acting_as(None):
        assert unread_notices(MIDNIGHT).surges == ()
        assert mark_as_read() == 0


@pytest.mark.usefixtures("surge")
def test_more_surges_than_are_listed_are_counted() -> None:
    with scope.acting_as(as_person("staff").scope):
        unread = unread_notices(MIDNIGHT, limit=1)
    assert ([notice.territory_code for notice in unread.surges], unread.new_count) == (["RU-KHM"], 2)


def test_a_surge_that_goes_on_is_no_news_and_another_one_is(surge: Connection) -> None:
    with scope.acting_as(as_person("official").scope):
        mark_as_read()
    alarm(surge, YESTERDAY + DAY, "RU-KHM")
    assert territories_of("official") == []
    alarm(surge, YESTERDAY + 16 * DAY, "RU-KHM")
    assert [notice.key.day for notice in unread_of("official").surges] == [YESTERDAY + 16 * DAY]


def test_what_ended_a_fortnight_ago_is_not_told(surge: Connection) -> None:
    searched(surge, YESTERDAY + 13 * DAY)
    assert territories_of("official") == ["RU-KHM"]
    searched(surge, YESTERDAY + 14 * DAY)
    assert territories_of("official") == []


def test_a_surge_of_the_days_before_is_counted_with_the_backlog(surge: Connection) -> None:
    surge.execute(text("ALTER TABLE detection_run DISABLE TRIGGER detection_is_append_only"))
    surge.execute(text("UPDATE detection_run SET ran_at = :then"), {"then": MIDNIGHT - DAY})
    surge.execute(text("ALTER TABLE detection_run ENABLE TRIGGER detection_is_append_only"))
    unread = unread_of("official")
    assert (unread.surges, unread.new_count, unread.backlog_count) == ((), 0, 1)


@pytest.mark.parametrize(("hours", "is_told"), [(("00:00", "23:59:59.999999"), False), (("00:00", "00:00"), True)])
def test_quiet_hours_of_the_place_hold_a_surge_back(
    surge: Connection, hours: tuple[str, str], *, is_told: bool
) -> None:
    surge.execute(
        text(
            "UPDATE setting SET value = jsonb_build_object('from', CAST(:start AS text), 'until', CAST(:end AS text))"
        ),
        {"start": hours[0], "end": hours[1]},
    )
    assert bool(territories_of("official")) is is_told


def test_nobody_marks_a_surge_as_read_that_is_none_or_elsewhere(surge: Connection) -> None:
    elsewhere = unread_of("staff").surges[1].key
    with scope.acting_as(as_person("official").scope):
        assert mark_surge_as_read(elsewhere) == 0
        assert mark_surge_as_read(SurgeKey(1, 1, YESTERDAY - 99 * DAY)) == 0
    assert surge.scalar(text("SELECT count(*) FROM surge_read")) == 0


@pytest.mark.usefixtures("surge")
def test_the_bell_links_to_the_appeals_of_a_surge_and_marks_it() -> None:
    page = run_page("queue", deep_link=False, **{"as": "official", "lang": "en"})
    assert bell_label(page) == "1 notice"
    (link,) = [link.proto for link in page.get("page_link") if "usual" in link.proto.label]
    assert link.label == "**9 appeals within 7 days; usual 0–4**"
    first = (YESTERDAY - 6 * DAY).isoformat()
    assert f"territory=RU-KHM&topic=roads.surface&figure=received&period=range&from={first}" in link.query_string
    (key,) = [key for button in page.button if (key := button.key or "").startswith("surge-")]
    page.button(key=key).click().run()
    assert bell_label(page) == "No notices"
    assert bell_label(run_page("queue", deep_link=False, **{"as": "staff", "lang": "en"})) == "2 notices"
