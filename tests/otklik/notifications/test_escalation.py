"""Who is told of what, once, at which hour: the ladder of escalation on appeals of both sides of each step."""

import threading
from datetime import UTC, datetime, time, timedelta

import psycopg
import pytest
from sqlalchemy import Connection, text

from otklik.database import people, scope
from otklik.database.transactions import query_dataframe, write_transaction
from otklik.notifications.escalation import (
    EscalationStep,
    escalate,
    escalation_ladder,
    quiet_hours,
    save_quiet_hours,
    save_step,
)
from tests.support import factories
from tests.support.waiting import wait_for

NOW = datetime(2026, 7, 1, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SECOND = timedelta(seconds=1)
LAST = NOW - HOUR
"""When the ladder was looked at before."""


@pytest.fixture
def country(connection: Connection) -> Connection:
    """Two regions, an official of each, and the demo's staff and administrator, who see everything."""
    for region, zone in (("XA", "UTC"), ("XB", "Asia/Kamchatka")):
        factories.territory(connection, region, timezone=zone)
        add(connection, region.lower(), "official", region)
    reset(connection, LAST)
    return connection


def add(connection: Connection, name: str, role: str, *places: str) -> int:
    facts: dict[str, object] = {"email": f"{name}@example.org", "name": name, "role": role, "territories": places}
    return people.save_person_as_owner(connection, None, facts)


def reset(connection: Connection, moment: datetime) -> None:
    connection.execute(text("UPDATE escalation_state SET evaluated_at = :moment"), {"moment": moment})


def tell(connection: Connection, at: datetime = NOW) -> int | None:
    found: int | None = connection.scalar(text("SELECT escalate(:at)"), {"at": at})
    return found


def told(connection: Connection) -> list[tuple[str, str, str]]:
    """Number, step and person of each notice."""
    rows = connection.execute(
        text("""SELECT number, code, person.name FROM notice
            JOIN appeal AS a ON a.region_id = notice.region_id AND a.id = appeal_id
            JOIN escalation_step AS s ON s.id = step_id JOIN person ON person.id = person_id ORDER BY 1, 2, 3""")
    )
    return [(number, code, name) for number, code, name in rows]


def appeal(connection: Connection, number: str, deadline: datetime | None, **columns: object) -> factories.AppealKey:
    """Received ten days before its deadline; not touched lately."""
    received = (deadline or NOW) - 10 * DAY
    given = {"updated_at": received, "received_at": received, "deadline_at": deadline, **columns}
    return factories.appeal(connection, number=number, holder="office", **given)  # type: ignore[arg-type]


def close(connection: Connection, number: str) -> None:
    answered = "(SELECT id FROM status WHERE code = 'answered')"
    statement = f"UPDATE appeal SET closed_at = :now, status_id = {answered} WHERE number = :number"
    connection.execute(text(statement), {"now": NOW, "number": number})


def test_each_step_tells_its_roles_within_their_territories(country: Connection) -> None:
    appeal(country, "AT-RISK", NOW + 2 * DAY)
    appeal(country, "IN-TIME", NOW + 2 * DAY + SECOND)
    appeal(country, "OVER", NOW, region="XB")
    appeal(country, "ALMOST", NOW + SECOND, region="XB", updated_at=NOW - 9 * DAY)
    appeal(country, "THREE", NOW - 3 * DAY)
    appeal(country, "TEN", NOW - 10 * DAY)
    appeal(country, "NEVER", None)
    appeal(country, "DONE", NOW, closed_at=NOW - DAY)
    add(country, "khan", "manager", "XA")
    assert tell(country) == 7
    assert told(country) == [
        ("AT-RISK", "risk", "Centre staff"),
        ("OVER", "overdue", "Centre staff"),
        ("OVER", "overdue", "xb"),
        ("TEN", "overdue_10", "Administrator"),
        ("TEN", "overdue_10", "khan"),
        ("THREE", "overdue_3", "khan"),
        ("THREE", "overdue_3", "xa"),
    ]


def test_nobody_is_told_twice_of_the_same(country: Connection) -> None:
    key = appeal(country, "OVER", NOW)
    assert tell(country) == 2
    for later in (NOW + 30 * SECOND, NOW + 5 * HOUR):
        assert tell(country, later) == 0
    # Looked at again from before, and touched meanwhile.
    country.execute(text("UPDATE appeal SET updated_at = :now"), {"now": NOW + 5 * HOUR})
    reset(country, LAST)
    assert tell(country, NOW + 6 * HOUR) == 0
    # Another deadline is another ladder.
    country.execute(
        text("UPDATE appeal SET deadline_at = :later, updated_at = :now WHERE id = :id"),
        {"later": NOW + 7 * HOUR, "now": NOW + 6 * HOUR, "id": key.id},
    )
    assert tell(country, NOW + 7 * HOUR) == 2
    assert len(told(country)) == 4


def test_it_looks_again_after_a_while_only(country: Connection) -> None:
    appeal(country, "OVER", NOW)
    assert tell(country, LAST + 19 * SECOND) is None
    assert tell(country, LAST + 20 * SECOND) == 0
    assert tell(country, NOW) == 2


def test_who_arrives_or_changes_when_it_is_past_a_step_is_told_of_for_two_days(country: Connection) -> None:
    appeal(country, "OLD", NOW - 2 * DAY, updated_at=NOW)
    appeal(country, "NEW", NOW - 2 * DAY + SECOND, updated_at=NOW)
    appeal(country, "BEFORE", NOW - DAY, updated_at=LAST - 11 * 60 * SECOND)
    assert tell(country) == 2
    assert {number for number, _, _ in told(country)} == {"NEW"}


def test_a_person_who_is_disabled_or_sees_it_no_more_is_told_nothing(country: Connection, url: str) -> None:
    appeal(country, "OVER", NOW)
    gone = add(country, "gone", "official", "XA")
    people.save_person_as_owner(country, gone, {"is_active": False})
    moved = add(country, "moved", "official", "XA")
    assert tell(country) == 3
    assert {name for _, _, name in told(country)} == {"Centre staff", "xa", "moved"}
    people.save_person_as_owner(country, moved, {"territories": ["XB"]})
    seen = people.person_of_sign_in("issuer", "moved", "moved@example.org")
    assert seen
    with scope.acting_as(seen.scope):
        assert query_dataframe(text("SELECT * FROM notice")).empty
    other = people.person_of_sign_in("issuer", "xa", "xa@example.org")
    assert other
    with scope.acting_as(other.scope):
        assert len(query_dataframe(text("SELECT * FROM notice"))) == 1
        with write_transaction() as mine:
            assert mine.scalar(text("SELECT read_notices(NULL)")) in {0, 1}
    assert url


def test_quiet_hours_are_those_of_the_region(country: Connection) -> None:
    """At 9 in UTC it is 21 in Kamchatka; at 11, 23: nobody is told before 8 in the morning there."""
    appeal(country, "HERE", NOW + 2 * HOUR)
    appeal(country, "FAR", NOW + 2 * HOUR, region="XB")
    assert tell(country, NOW + 2 * HOUR) == 4
    shown = country.execute(
        text("""SELECT DISTINCT number, shown_at FROM notice
            JOIN appeal AS a ON a.region_id = notice.region_id AND a.id = appeal_id ORDER BY 1 DESC""")
    )
    assert [tuple(row) for row in shown] == [("HERE", NOW + 2 * HOUR), ("FAR", NOW + 11 * HOUR)]


@pytest.mark.parametrize(
    ("instant", "hours", "expected"),
    [
        ("2026-03-01 18:59+00", ("22:00", "08:00"), "2026-03-01 18:59+00"),
        ("2026-03-01 19:00+00", ("22:00", "08:00"), "2026-03-02 05:00+00"),
        ("2026-03-02 04:59+00", ("22:00", "08:00"), "2026-03-02 05:00+00"),
        ("2026-03-02 05:00+00", ("22:00", "08:00"), "2026-03-02 05:00+00"),
        ("2026-03-01 22:30+00", ("01:00", "05:00"), "2026-03-02 02:00+00"),
        ("2026-03-01 20:00+00", ("01:00", "05:00"), "2026-03-01 20:00+00"),
        ("2026-03-01 20:00+00", ("08:00", "08:00"), "2026-03-01 20:00+00"),
    ],
)
def test_the_end_of_quiet_hours_in_moscow(
    connection: Connection, instant: str, hours: tuple[str, str], expected: str
) -> None:
    asked = "SELECT after_quiet(:at, 'Europe/Moscow', CAST(:start AS time), CAST(:end AS time)) = :expected"
    values = {"at": instant, "start": hours[0], "end": hours[1], "expected": expected}
    assert connection.scalar(text(asked.replace(":at", "CAST(:at AS timestamptz)")), values) is True


def test_in_new_york_a_night_may_be_an_hour_shorter(connection: Connection) -> None:
    asked = "SELECT after_quiet('2026-03-08 03:00+00', 'America/New_York', '22:00', '08:00') = '2026-03-08 12:00+00'"
    assert connection.scalar(text(asked)) is True


def test_what_nobody_touches_after_a_transfer_is_flagged_until_somebody_does(country: Connection) -> None:
    moved = {"before": {"holder": "a"}, "after": {"holder": "office"}}
    keys = {name: appeal(country, name, NOW + 9 * DAY) for name in ("LIES", "TOUCHED", "FRESH", "SAME")}
    for name, before in {"LIES": DAY, "TOUCHED": DAY, "FRESH": DAY - SECOND, "SAME": DAY}.items():
        facts = {**moved, "before": {"holder": "office"}} if name == "SAME" else moved
        factories.event(country, keys[name], "redirected", at=NOW - before, **facts)
    factories.event(country, keys["TOUCHED"], "note", at=NOW - HOUR)
    assert tell(country) == 2
    assert told(country) == [("LIES", "untouched", "Centre staff"), ("LIES", "untouched", "xa")]
    holder = factories.organisation(country)
    flagged = "SELECT * FROM untouched_transfer"
    assert query_dataframe(text(flagged)).to_dict("records") == [
        {"region_id": keys["LIES"].region_id, "appeal_id": keys["LIES"].id, "moved_at": NOW - DAY, "holder_id": holder}
    ]
    with scope.acting_as(None):
        assert query_dataframe(text(flagged)).empty
    assert tell(country, NOW + SECOND * 30) == 2
    assert len(query_dataframe(text(flagged))) == 2
    factories.event(country, keys["LIES"], "note", at=NOW + HOUR)
    close(country, "FRESH")
    assert query_dataframe(text(flagged)).empty
    tell(country, NOW + HOUR)
    assert country.scalar(text("SELECT count(*) FROM untouched")) == 0


def test_old_notices_go_and_nobody_has_to_read_of_what_is_done(country: Connection) -> None:
    appeal(country, "OVER", NOW)
    appeal(country, "OTHER", NOW)
    tell(country)
    close(country, "OVER")
    tell(country, NOW + HOUR)
    unread = "SELECT number, read_at IS NULL FROM notice JOIN appeal AS a ON a.id = appeal_id GROUP BY 1, 2 ORDER BY 1"
    assert [tuple(row) for row in country.execute(text(unread))] == [("OTHER", True), ("OVER", False)]
    tell(country, NOW + 30 * DAY)
    assert len(told(country)) >= 4
    tell(country, NOW + 31 * DAY)
    assert not [one for one in told(country) if one[1] == "overdue"]


def test_one_of_several_processes_evaluates(country: Connection, url: str) -> None:
    appeal(country, "OVER", NOW)
    found: list[int | None] = []

    def other() -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            row = connection.execute("SELECT escalate(%s)", (NOW,)).fetchone()
            found.append(row[0] if row else -1)

    with psycopg.connect(url) as first:
        assert first.execute("SELECT escalate(%s)", (NOW,)).fetchone() == (2,)
        thread = threading.Thread(target=other)
        thread.start()
        wait_for(lambda: found, "the other process to be sent away")
        thread.join()
    assert found == [None]
    assert len(told(country)) == 2


def test_the_job_tells_by_the_clock_and_the_settings(country: Connection, url: str) -> None:
    clock = datetime.now(UTC)
    appeal(country, "OVER", clock - SECOND)
    with psycopg.connect(url) as connection:
        save_quiet_hours(connection, time(0), time(0))
    reset(country, clock - HOUR)
    escalate(url)
    escalate(url)
    assert [number for number, _, _ in told(country)] == ["OVER", "OVER"]
    assert country.scalar(text("SELECT bool_and(shown_at = told_at) FROM notice")) is True


def test_the_ladder_is_data(country: Connection, url: str) -> None:
    with psycopg.connect(url) as connection:
        before = escalation_ladder(connection)
        assert [step.code for step in before] == ["untouched", "risk", "overdue", "overdue_3", "overdue_10"]
        assert quiet_hours(connection) == (time(22), time(8))
        for step in before:
            save_step(
                connection, EscalationStep(step.code, step.moment, step.after, step.roles, step.waits, is_active=False)
            )
        save_step(connection, EscalationStep("soon", "deadline", -DAY, ["administrator"], waits=False))
        with pytest.raises(psycopg.errors.CheckViolation), connection.transaction():
            save_step(connection, EscalationStep("never", "risk", -DAY, ["administrator"]))
    try:
        appeal(country, "SOON", NOW + DAY)
        appeal(country, "LATER", NOW + DAY + SECOND)
        assert tell(country) == 1
        assert told(country) == [("SOON", "soon", "Administrator")]
    finally:
        country.execute(text("DELETE FROM notice"))
        with psycopg.connect(url) as connection:
            for step in before:
                save_step(connection, step)
