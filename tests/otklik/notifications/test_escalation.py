"""The escalation ladder: who is notified of which appeal at which time, on both sides of each step."""

import threading
from datetime import UTC, datetime, time, timedelta

import psycopg
import pytest
from sqlalchemy import Connection, text

from otklik.database.access import people, scope
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
"""The time of the last run."""


@pytest.fixture
def country(connection: Connection) -> Connection:
    """Two regions with an official each, and the demo's staff and administrator, who see everything."""
    for region, zone in (("XA", "UTC"), ("XB", "Asia/Kamchatka")):
        factories.territory(connection, region, timezone=zone)
        add_person(connection, region.lower(), "official", region)
    set_last_run(connection, LAST)
    return connection


def add_person(connection: Connection, name: str, role: str, *places: str) -> int:
    facts: dict[str, object] = {"email": f"{name}@example.org", "name": name, "role": role, "territories": places}
    return people.save_person_as_owner(connection, None, facts)


def set_last_run(connection: Connection, moment: datetime) -> None:
    connection.execute(text("UPDATE escalation_state SET evaluated_at = :moment"), {"moment": moment})


def run_escalation(connection: Connection, at: datetime = NOW) -> int | None:
    results: int | None = connection.scalar(text("SELECT escalate(:at)"), {"at": at})
    return results


def notices(connection: Connection) -> list[tuple[str, str, str]]:
    """Appeal number, step and person of each notice, sorted."""
    rows = connection.execute(
        text("""SELECT number, code, person.name FROM notice
            JOIN appeal AS a ON a.region_id = notice.region_id AND a.id = appeal_id
            JOIN escalation_step AS s ON s.id = step_id JOIN person ON person.id = person_id ORDER BY 1, 2, 3""")
    )
    return [(number, code, name) for number, code, name in rows]


def appeal(connection: Connection, number: str, deadline: datetime | None, **columns: object) -> factories.AppealKey:
    """An appeal received ten days before its deadline and not changed since."""
    received = (deadline or NOW) - 10 * DAY
    given = {"updated_at": received, "received_at": received, "deadline_at": deadline, **columns}
    return factories.appeal(connection, number=number, holder="office", **given)  # type: ignore[arg-type]


def close(connection: Connection, number: str) -> None:
    answered = "(SELECT id FROM status WHERE code = 'answered')"
    statement = f"UPDATE appeal SET closed_at = :now, status_id = {answered} WHERE number = :number"
    connection.execute(text(statement), {"now": NOW, "number": number})


def test_each_step_notifies_its_roles_within_their_territories(country: Connection) -> None:
    appeal(country, "AT-RISK", NOW + 2 * DAY)
    appeal(country, "IN-TIME", NOW + 2 * DAY + SECOND)
    appeal(country, "OVER", NOW, region="XB")
    appeal(country, "ALMOST", NOW + SECOND, region="XB", updated_at=NOW - 9 * DAY)
    appeal(country, "THREE", NOW - 3 * DAY)
    appeal(country, "TEN", NOW - 10 * DAY)
    appeal(country, "NEVER", None)
    appeal(country, "DONE", NOW, closed_at=NOW - DAY)
    add_person(country, "khan", "manager", "XA")
    assert run_escalation(country) == 7
    assert notices(country) == [
        ("AT-RISK", "risk", "Centre staff"),
        ("OVER", "overdue", "Centre staff"),
        ("OVER", "overdue", "xb"),
        ("TEN", "overdue_10", "Administrator"),
        ("TEN", "overdue_10", "khan"),
        ("THREE", "overdue_3", "khan"),
        ("THREE", "overdue_3", "xa"),
    ]


def test_nobody_is_notified_twice_of_one_step_and_deadline(country: Connection) -> None:
    key = appeal(country, "OVER", NOW)
    assert run_escalation(country) == 2
    for later in (NOW + 30 * SECOND, NOW + 5 * HOUR):
        assert run_escalation(country, later) == 0
    # The same period again, with the appeal changed meanwhile.
    country.execute(text("UPDATE appeal SET updated_at = :now"), {"now": NOW + 5 * HOUR})
    set_last_run(country, LAST)
    assert run_escalation(country, NOW + 6 * HOUR) == 0
    # A new deadline starts the ladder again.
    country.execute(
        text("UPDATE appeal SET deadline_at = :later, updated_at = :now WHERE id = :id"),
        {"later": NOW + 7 * HOUR, "now": NOW + 6 * HOUR, "id": key.id},
    )
    assert run_escalation(country, NOW + 7 * HOUR) == 2
    assert len(notices(country)) == 4


def test_a_run_within_twenty_seconds_does_nothing(country: Connection) -> None:
    appeal(country, "OVER", NOW)
    assert run_escalation(country, LAST + 19 * SECOND) is None
    assert run_escalation(country, LAST + 20 * SECOND) == 0
    assert run_escalation(country, NOW) == 2


def test_an_appeal_that_arrives_past_a_step_is_notified_for_two_days(country: Connection) -> None:
    appeal(country, "OLD", NOW - 2 * DAY, updated_at=NOW)
    appeal(country, "NEW", NOW - 2 * DAY + SECOND, updated_at=NOW)
    appeal(country, "BEFORE", NOW - DAY, updated_at=LAST - 11 * 60 * SECOND)
    assert run_escalation(country) == 2
    assert {number for number, _, _ in notices(country)} == {"NEW"}


def test_a_disabled_person_or_one_without_the_territory_gets_no_notice(country: Connection, url: str) -> None:
    appeal(country, "OVER", NOW)
    disabled = add_person(country, "gone", "official", "XA")
    people.save_person_as_owner(country, disabled, {"is_active": False})
    moved = add_person(country, "moved", "official", "XA")
    assert run_escalation(country) == 3
    assert {name for _, _, name in notices(country)} == {"Centre staff", "xa", "moved"}
    people.save_person_as_owner(country, moved, {"territories": ["XB"]})
    seen = people.person_of_sign_in("issuer", "moved", "moved@example.org")
    assert seen
    with scope.acting_as(seen.scope):
        assert query_dataframe(text("SELECT * FROM notice")).empty
    other = people.person_of_sign_in("issuer", "xa", "xa@example.org")
    assert other
    with scope.acting_as(other.scope):
        assert len(query_dataframe(text("SELECT * FROM notice"))) == 1
        with write_transaction() as transaction:
            assert transaction.scalar(text("SELECT read_notices(NULL)")) in {0, 1}
    assert url


def test_quiet_hours_are_those_of_the_region(country: Connection) -> None:
    """11 in UTC is 23 in Kamchatka, where notices are held back until 8 in the morning."""
    appeal(country, "HERE", NOW + 2 * HOUR)
    appeal(country, "FAR", NOW + 2 * HOUR, region="XB")
    assert run_escalation(country, NOW + 2 * HOUR) == 4
    shown_times = country.execute(
        text("""SELECT DISTINCT number, shown_at FROM notice
            JOIN appeal AS a ON a.region_id = notice.region_id AND a.id = appeal_id ORDER BY 1 DESC""")
    )
    assert [tuple(row) for row in shown_times] == [("HERE", NOW + 2 * HOUR), ("FAR", NOW + 11 * HOUR)]


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
    statement = "SELECT after_quiet(:at, 'Europe/Moscow', CAST(:start AS time), CAST(:end AS time)) = :expected"
    values = {"at": instant, "start": hours[0], "end": hours[1], "expected": expected}
    assert connection.scalar(text(statement.replace(":at", "CAST(:at AS timestamptz)")), values) is True


def test_in_new_york_a_night_may_be_an_hour_shorter(connection: Connection) -> None:
    statement = (
        "SELECT after_quiet('2026-03-08 03:00+00', 'America/New_York', '22:00', '08:00') = '2026-03-08 12:00+00'"
    )
    assert connection.scalar(text(statement)) is True


def test_an_untouched_transfer_is_listed_until_something_happens(country: Connection) -> None:
    moved = {"before": {"holder": "a"}, "after": {"holder": "office"}}
    keys = {name: appeal(country, name, NOW + 9 * DAY) for name in ("LIES", "TOUCHED", "FRESH", "SAME")}
    for name, before in {"LIES": DAY, "TOUCHED": DAY, "FRESH": DAY - SECOND, "SAME": DAY}.items():
        facts = {**moved, "before": {"holder": "office"}} if name == "SAME" else moved
        factories.event(country, keys[name], "redirected", at=NOW - before, **facts)
    factories.event(country, keys["TOUCHED"], "note", at=NOW - HOUR)
    assert run_escalation(country) == 2
    assert notices(country) == [("LIES", "untouched", "Centre staff"), ("LIES", "untouched", "xa")]
    holder = factories.organisation(country)
    flagged = "SELECT * FROM untouched_transfer"
    assert query_dataframe(text(flagged)).to_dict("records") == [
        {"region_id": keys["LIES"].region_id, "appeal_id": keys["LIES"].id, "moved_at": NOW - DAY, "holder_id": holder}
    ]
    with scope.acting_as(None):
        assert query_dataframe(text(flagged)).empty
    assert run_escalation(country, NOW + SECOND * 30) == 2
    assert len(query_dataframe(text(flagged))) == 2
    factories.event(country, keys["LIES"], "note", at=NOW + HOUR)
    close(country, "FRESH")
    assert query_dataframe(text(flagged)).empty
    run_escalation(country, NOW + HOUR)
    assert country.scalar(text("SELECT count(*) FROM untouched")) == 0


def test_old_notices_are_deleted_and_those_of_closed_appeals_marked_as_read(country: Connection) -> None:
    appeal(country, "OVER", NOW)
    appeal(country, "OTHER", NOW)
    run_escalation(country)
    close(country, "OVER")
    run_escalation(country, NOW + HOUR)
    unread = "SELECT number, read_at IS NULL FROM notice JOIN appeal AS a ON a.id = appeal_id GROUP BY 1, 2 ORDER BY 1"
    assert [tuple(row) for row in country.execute(text(unread))] == [("OTHER", True), ("OVER", False)]
    run_escalation(country, NOW + 30 * DAY)
    assert len(notices(country)) >= 4
    run_escalation(country, NOW + 31 * DAY)
    assert not [notice for notice in notices(country) if notice[1] == "overdue"]


def test_one_process_at_a_time_runs(country: Connection, url: str) -> None:
    appeal(country, "OVER", NOW)
    results: list[int | None] = []

    def other() -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            row = connection.execute("SELECT escalate(%s)", (NOW,)).fetchone()
            results.append(row[0] if row else -1)

    with psycopg.connect(url) as first:
        assert first.execute("SELECT escalate(%s)", (NOW,)).fetchone() == (2,)
        thread = threading.Thread(target=other)
        thread.start()
        wait_for(lambda: results, "the other process to give up")
        thread.join()
    assert results == [None]
    assert len(notices(country)) == 2


def test_the_job_uses_the_clock_and_the_settings(country: Connection, url: str) -> None:
    clock = datetime.now(UTC)
    appeal(country, "OVER", clock - SECOND)
    with psycopg.connect(url) as connection:
        save_quiet_hours(connection, time(0), time(0))
    set_last_run(country, clock - HOUR)
    escalate(url)
    escalate(url)
    assert [number for number, _, _ in notices(country)] == ["OVER", "OVER"]
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
        assert run_escalation(country) == 1
        assert notices(country) == [("SOON", "soon", "Administrator")]
    finally:
        country.execute(text("DELETE FROM notice"))
        with psycopg.connect(url) as connection:
            for step in before:
                save_step(connection, step)
