"""The notification bell: each person sees their own notices until they mark them as read."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, text
from streamlit.testing.v1 import AppTest

from components.layout.auto_refresh import DRAWN_STATES, SUBSCRIPTION_KEY
from components.layout.notifications import BELL_FRAGMENT
from otklik.database.access import people, scope
from otklik.database.announcements import notices_announcement
from otklik.notifications.model import UnreadNotices
from otklik.notifications.notices import mark_as_read, unread_notices
from tests.support import factories
from tests.support.screens.app_pages import run_page
from tests.support.waiting import wait_for

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
MIDNIGHT = NOW.replace(hour=0, minute=0, second=0, microsecond=0)
JUST_PASSED = max(NOW - timedelta(minutes=1), MIDNIGHT)
"""Today: the tests' browser is in UTC."""
PASSED = "**The deadline has passed**"


@pytest.fixture
def notified(connection: Connection) -> Connection:
    """Two appeals that have just passed their deadline; staff and officials who see them have been notified."""
    factories.territory(connection, "RU-FD-URAL", "district", timezone="Asia/Yekaterinburg")
    factories.territory(connection, "RU-KHM", "region", "RU-FD-URAL", "Asia/Yekaterinburg", names={"ru": "Югра"})
    people.create_demo_people(connection)
    for number, region in (("U-1", "RU-KHM"), ("X-1", "XA")):
        factories.appeal(
            connection,
            number=number,
            region=region,
            holder="office",
            received_at=NOW - 9 * DAY,
            deadline_at=JUST_PASSED,
            topic="roads",
        )
    escalate(connection)
    return connection


def escalate(connection: Connection) -> None:
    connection.execute(text("UPDATE escalation_state SET evaluated_at = now() - interval '1 hour'"))
    connection.execute(text("SELECT escalate(now(), '0', '00:00', '00:00')"))


def notice_lines(page: AppTest) -> list[str]:
    """The text of each notice in the bell, with its appeal."""
    captions = [caption.value for caption in page.caption if " · roads · " in caption.value]
    return [f"{link.proto.label} {caption}" for link, caption in zip(page.get("page_link"), captions, strict=True)]


def mark_buttons(page: AppTest) -> list[str]:
    """The keys of the buttons that mark one notice as read."""
    return [key for button in page.button if (key := button.key or "").startswith("notice-")]


@pytest.mark.parametrize(
    ("person", "lines"),
    [
        ("staff", [f"{PASSED} X-1 · roads · XA", f"{PASSED} U-1 · roads · RU-KHM"]),
        ("official", [f"{PASSED} U-1 · roads · RU-KHM"]),
        ("manager", []),
        ("administrator", []),
    ],
)
@pytest.mark.usefixtures("notified")
def test_each_person_sees_their_own_notices(person: str, lines: list[str]) -> None:
    page = run_page("queue", deep_link=False, **{"as": person})
    assert sorted(notice_lines(page)) == sorted(lines)
    assert page.get("popover")[0].proto.popover.label == (
        f"{len(lines)} notice{'s' * (len(lines) != 1)}" if lines else "No notices"
    )


@pytest.mark.usefixtures("notified")
def test_a_notice_marked_as_read_is_gone_for_that_person_alone() -> None:
    page = run_page("queue", deep_link=False, **{"as": "staff"})
    first, second = mark_buttons(page)
    page.button(key=first).click().run()
    assert mark_buttons(page) == [second]
    assert len(notice_lines(run_page("queue", deep_link=False, **{"as": "staff"}))) == 1
    assert len(notice_lines(run_page("queue", deep_link=False, **{"as": "official"}))) == 1
    page.button(key="notices-all").click().run()
    assert notice_lines(page) == []
    assert notice_lines(run_page("queue", deep_link=False, **{"as": "staff"})) == []


def test_notices_of_closed_appeals_and_those_held_back_are_not_shown(notified: Connection) -> None:
    staff = people.person_of_sign_in(people.DEMO_ISSUER, "staff")
    assert staff
    with scope.acting_as(staff.scope):
        assert sorted(notice.number for notice in unread_notices(MIDNIGHT).newest) == ["U-1", "X-1"]
        assert sorted(notice.territory for notice in unread_notices(MIDNIGHT, "ru").newest) == ["XA", "Югра"]
        notified.execute(text("UPDATE notice SET shown_at = now() + interval '1 hour' WHERE appeal_id = 1"))
        assert [notice.number for notice in unread_notices(MIDNIGHT).newest] == ["X-1"]
        assert mark_as_read() == 1
        notified.execute(text("UPDATE notice SET shown_at = now(), read_at = NULL"))
        answered = "(SELECT id FROM status WHERE code = 'answered')"
        notified.execute(text(f"UPDATE appeal SET closed_at = now(), status_id = {answered} WHERE number = 'U-1'"))
        assert [notice.number for notice in unread_notices(MIDNIGHT).newest] == ["X-1"]
    with scope.acting_as(None):
        assert unread_notices(MIDNIGHT) == UnreadNotices([], 0, 0)
        assert mark_as_read() == 0


def test_nobody_marks_the_notices_of_another_person(notified: Connection) -> None:
    official = people.person_of_sign_in(people.DEMO_ISSUER, "official")
    assert official
    notice_ids = [notice_id for (notice_id,) in notified.execute(text("SELECT id FROM notice"))]
    with scope.acting_as(official.scope):
        assert mark_as_read(notice_ids) == 1
    assert notified.scalar(text("SELECT count(*) FROM notice WHERE read_at IS NULL")) == 2


@pytest.mark.usefixtures("notified")
def test_the_bell_counts_what_crossed_today_and_has_a_line_for_the_days_before(notified: Connection) -> None:
    """What an import brought late is no news: it made the bell say "99+"."""
    notified.execute(
        text("""INSERT INTO notice (person_id, region_id, appeal_id, step_id, moment_at, shown_at)
            SELECT person_id, region_id, appeal_id, step_id, :midnight - make_interval(secs => n), now()
            FROM notice, generate_series(1, 150) AS n WHERE appeal_id = 1"""),
        {"midnight": MIDNIGHT},
    )
    page = run_page("queue", deep_link=False, **{"as": "staff", "lang": "ru"})
    assert page.get("popover")[0].proto.popover.label == "2 уведомления"
    assert len(notice_lines(page)) == 2
    assert "150 непрочитанных уведомлений за прошлые дни" in [caption.value for caption in page.caption]
    page.button(key="notices-all").click().run()
    assert page.get("popover")[0].proto.popover.label == "Нет уведомлений"


def test_more_of_today_than_are_listed_are_counted(notified: Connection) -> None:
    notified.execute(
        text("""INSERT INTO notice (person_id, region_id, appeal_id, step_id, moment_at, shown_at)
            SELECT person_id, region_id, appeal_id, step_id, :now + make_interval(secs => n), now()
            FROM notice, generate_series(1, 150) AS n WHERE appeal_id = 1"""),
        {"now": NOW},
    )
    page = run_page("queue", deep_link=False, **{"as": "staff"})
    assert page.get("popover")[0].proto.popover.label == "152 notices"
    assert len(notice_lines(page)) == 6
    assert "Today, the newest, and 146 more" in [caption.value for caption in page.caption]


def test_new_and_read_notices_are_announced_to_the_open_pages_of_their_person_alone(notified: Connection) -> None:
    """No page asks: what it shows is compared with what was announced."""
    official = people.person_of_sign_in(people.DEMO_ISSUER, "official")
    assert official
    pages = {name: run_page("queue", deep_link=False, **{"as": name}) for name in ("staff", "official")}
    drawn = {name: page.session_state[DRAWN_STATES][BELL_FRAGMENT] for name, page in pages.items()}
    subscribed = {name: page.session_state[SUBSCRIPTION_KEY] for name, page in pages.items()}
    assert notices_announcement(official.id) in subscribed["official"].announcements
    assert notices_announcement(official.id) not in subscribed["staff"].announcements
    versions = {name: subscription.version for name, subscription in subscribed.items()}
    with scope.acting_as(official.scope):
        assert mark_as_read() == 1
    wait_for(
        lambda: subscribed["official"].version > versions["official"], "word of the notice that was read elsewhere"
    )
    state_now, drawn_state = drawn["official"]
    assert state_now() != drawn_state
    assert subscribed["staff"].version == versions["staff"]
    notified.execute(text("DELETE FROM notice"))
    escalate(notified)
    wait_for(lambda: subscribed["staff"].version > versions["staff"], "word of the new notice")
    state_now, drawn_state = drawn["staff"]
    assert state_now() != drawn_state
