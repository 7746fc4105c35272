"""The bell on every page tells each person of their own, and forgets what they have read."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, text
from streamlit.testing.v1 import AppTest

from components.layout.notifications import notice_text
from otklik.database import people, scope
from otklik.i18n import LANGUAGES, set_language
from otklik.notifications.notices import MAX_NOTICES, mark_as_read, unread_notices
from tests.support import factories
from tests.support.app_pages import run_page

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
PASSED = "**The deadline has passed**"


@pytest.fixture
def told(connection: Connection) -> Connection:
    """Two appeals that have just passed their deadline: staff and officials who see them are told at once."""
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
            deadline_at=NOW - timedelta(minutes=1),
            topic="roads",
        )
    tell(connection)
    return connection


def tell(connection: Connection) -> None:
    connection.execute(text("UPDATE escalation_state SET evaluated_at = now() - interval '1 hour'"))
    connection.execute(text("SELECT escalate(now(), '0', '00:00', '00:00')"))


def bells(page: AppTest) -> list[str]:
    """What the bell says, and of which appeal."""
    of = [one.value for one in page.caption if " · roads · " in one.value]
    return [f"{one.proto.label} {said}" for one, said in zip(page.get("page_link"), of, strict=True)]


@pytest.mark.parametrize(
    ("person", "lines"),
    [
        ("staff", [f"{PASSED} X-1 · roads · XA", f"{PASSED} U-1 · roads · RU-KHM"]),
        ("official", [f"{PASSED} U-1 · roads · RU-KHM"]),
        ("manager", []),
        ("administrator", []),
    ],
)
@pytest.mark.usefixtures("told")
def test_each_person_is_told_of_their_own(person: str, lines: list[str]) -> None:
    page = run_page("queue", deep_link=False, **{"as": person})
    assert sorted(bells(page)) == sorted(lines)
    assert page.get("popover")[0].proto.popover.label == (
        f"{len(lines)} notice{'s' * (len(lines) != 1)}" if lines else "No notices"
    )


@pytest.mark.usefixtures("told")
def test_what_is_read_is_gone_for_who_read_it() -> None:
    page = run_page("queue", deep_link=False, **{"as": "staff"})
    (first, second) = [one.key for one in page.button if (one.key or "").startswith("notice-")]
    assert first
    page.button(key=first).click().run()
    assert [one.key for one in page.button if (one.key or "").startswith("notice-")] == [second]
    assert len(bells(run_page("queue", deep_link=False, **{"as": "staff"}))) == 1
    assert len(bells(run_page("queue", deep_link=False, **{"as": "official"}))) == 1
    page.button(key="notices-all").click().run()
    assert bells(page) == []
    assert bells(run_page("queue", deep_link=False, **{"as": "staff"})) == []


def test_what_is_closed_or_hidden_or_waits_for_the_morning_is_not_told(told: Connection) -> None:
    staff = people.person_of_sign_in(people.DEMO_ISSUER, "staff")
    assert staff
    with scope.acting_as(staff.scope):
        assert [one.number for one in unread_notices()] == ["X-1", "U-1"]
        assert [one.territory for one in unread_notices("ru")] == ["XA", "Югра"]
        told.execute(text("UPDATE notice SET shown_at = now() + interval '1 hour' WHERE appeal_id = 1"))
        assert [one.number for one in unread_notices()] == ["X-1"]
        assert mark_as_read() == 1
        told.execute(text("UPDATE notice SET shown_at = now(), read_at = NULL"))
        answered = "(SELECT id FROM status WHERE code = 'answered')"
        told.execute(text(f"UPDATE appeal SET closed_at = now(), status_id = {answered} WHERE number = 'U-1'"))
        assert [one.number for one in unread_notices()] == ["X-1"]
    with scope.acting_as(None):
        assert unread_notices() == []
        assert mark_as_read() == 0


def test_nobody_marks_anothers_notices(told: Connection) -> None:
    official = people.person_of_sign_in(people.DEMO_ISSUER, "official")
    assert official
    every = [number for (number,) in told.execute(text("SELECT id FROM notice"))]
    with scope.acting_as(official.scope):
        assert mark_as_read(every) == 1
    assert told.scalar(text("SELECT count(*) FROM notice WHERE read_at IS NULL")) == 2


@pytest.mark.usefixtures("told")
def test_many_are_counted_up_to_a_hundred(told: Connection) -> None:
    told.execute(
        text("""INSERT INTO notice (person_id, region_id, appeal_id, step_id, moment_at, shown_at)
            SELECT person_id, region_id, appeal_id, step_id, now() - make_interval(secs => n), now()
            FROM notice, generate_series(1, :most) AS n WHERE appeal_id = 1"""),
        {"most": MAX_NOTICES},
    )
    page = run_page("queue", deep_link=False, **{"as": "staff", "lang": "ru"})
    assert page.get("popover")[0].proto.popover.label == "99+ уведомлений"
    assert len(bells(page)) == 6


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_step_is_said_in_each_language(language: str) -> None:
    set_language(language)
    try:
        said = [
            notice_text("risk", timedelta(0)),
            notice_text("deadline", timedelta(0)),
            notice_text("deadline", 3 * DAY),
            notice_text("deadline", -2 * DAY),
            notice_text("transfer", timedelta(hours=24)),
        ]
    finally:
        set_language("en")
    assert (
        said
        == {
            "en": [
                "Four fifths of the time are used",
                "The deadline has passed",
                "Overdue by 3 days",
                "2 days left",
                "Untouched for 1 day since it was handed on",
            ],
            "ru": [
                "Использовано четыре пятых срока",
                "Срок истёк",
                "Просрочено на 3 дня",
                "Осталось 2 дня",
                "После передачи без движения: 1 день",
            ],
            "hr": [
                "Potrošene su četiri petine roka",
                "Rok je istekao",
                "Kasni 3 dana",
                "Još 2 dana",
                "Nakon predaje nitko nije reagirao: 1 dan",
            ],
        }[language]
    )
