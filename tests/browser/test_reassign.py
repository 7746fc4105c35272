"""An official hands on what is overdue, as a person does it: choose, change a group, say why, do, read, undo."""

import re
from collections.abc import Callable, Iterator

import psycopg
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PageProblems
from tests.support.servers.running_app import RunningApp
from tests.support.waiting import wait_for

pytestmark = pytest.mark.serial

CHOSEN, MOVED, ALL = 40, 3, 45
COLD = 30
"""So many of the first chosen are on schools, the others on another topic, with other organisations."""
FROM, TO, ELSEWHERE, PROPOSED = "RU-KHM:health", "RU-KHM:roads", "RU-KHM:transport", "RU-KHM:ecology"
WHY = "The office is closed until further notice"
LATE = """
    INSERT INTO appeal (region_id, source_id, number, channel_id, topic_id, regime_id, status_id, received_at,
        deadline_at, first_holder_id, holder_id)
    SELECT r.id, (SELECT id FROM source WHERE code = 'demo'), 'LATE-' || lpad(n::text, 3, '0'),
        (SELECT id FROM channel WHERE code = 'portal'),
        (SELECT id FROM topic WHERE code = CASE WHEN n > %s THEN 'ecology.air.smoke' ELSE 'schools.meals.quality' END),
        (SELECT id FROM regime WHERE code = 'ordinary'), (SELECT id FROM status WHERE code = 'in_progress'),
        now() - interval '430 days', now() - interval '400 days' + n * interval '1 hour', o.id, o.id
    FROM generate_series(1, %s) AS n, territory AS r, organisation AS o WHERE r.code = 'RU-KHM' AND o.code = %s"""
CLOSED = """
    INSERT INTO appeal (region_id, source_id, number, channel_id, topic_id, regime_id, status_id, outcome_id,
        received_at, closed_at, first_holder_id, holder_id)
    SELECT r.id, (SELECT id FROM source WHERE code = 'demo'), 'DONE-' || o.code || n,
        (SELECT id FROM channel WHERE code = 'portal'), t.id, (SELECT id FROM regime WHERE code = 'ordinary'),
        (SELECT id FROM status WHERE code = 'answered'), (SELECT id FROM outcome WHERE code = 'resolved'),
        now() - interval '9 days', now() - interval '2 days', o.id, o.id
    FROM generate_series(1, 20) AS n, territory AS r, organisation AS o JOIN topic AS t ON (o.code, t.code) IN (
        ('RU-KHM:education', 'schools.meals.quality'), ('RU-KHM:ecology', 'ecology.air.smoke'))
    WHERE r.code = 'RU-KHM'"""
OURS = "(region_id, appeal_id) IN (SELECT region_id, id FROM appeal WHERE number LIKE 'LATE-%')"


@pytest.fixture
def late(app: RunningApp) -> Iterator[psycopg.Connection]:
    """Appeals of Ugra that are overdue longer than all others, and who closes such ones; gone after the test."""
    with psycopg.connect(app.database_url, autocommit=True) as connection:
        connection.execute(LATE, (COLD, ALL, FROM))
        connection.execute(CLOSED)
        yield connection
        connection.execute("ALTER TABLE event DISABLE TRIGGER event_is_append_only")
        connection.execute(f"DELETE FROM event WHERE {OURS}")
        connection.execute("ALTER TABLE event ENABLE TRIGGER event_is_append_only")
        connection.execute("DELETE FROM appeal WHERE number LIKE 'LATE-%' OR number LIKE 'DONE-%'")


def holders(connection: psycopg.Connection) -> dict[str, int]:
    """How many of the late appeals each organisation holds."""
    rows = connection.execute(
        "SELECT code, count(*) FROM appeal AS a JOIN organisation AS o ON o.id = holder_id"
        " WHERE number LIKE 'LATE-%' GROUP BY code"
    )
    return dict(rows.fetchall())


def somebody_moves(connection: psycopg.Connection, numbers: list[str]) -> None:
    """What the demo's official does meanwhile on another screen."""
    with connection.transaction():
        connection.execute(
            "SELECT set_config('otklik.person', id::text, true) FROM person"
            " WHERE issuer = 'demo' AND subject = 'official'"
        )
        connection.execute(
            "SELECT count(*) FROM (SELECT array_agg(region_id) AS r, array_agg(id) AS i, array_agg(updated_at) AS v"
            " FROM appeal WHERE number = ANY (%s)) AS a,"
            " handle_appeals(gen_random_uuid(), 'reassign', r, i, v, %s, 'Mine', false)",
            (numbers, f'{{"holder": "{ELSEWHERE}"}}'),
        )


def named(connection: psycopg.Connection, code: str) -> str:
    row = connection.execute("SELECT names->>'en' FROM organisation WHERE code = %s", (code,)).fetchone()
    assert row
    return str(row[0])


def press(page: Page, name: str | re.Pattern[str]) -> None:
    page.get_by_role("button", name=name).click()


def open_there(page: Page) -> int:
    """How many open appeals a queue's first tile counts."""
    tile = page.get_by_test_id("stMetric").filter(has_text="Open").first
    return int(tile.get_by_test_id("stMetricValue").inner_text())


@pytest.mark.usefixtures("app")
def test_forty_are_handed_on_but_for_those_that_moved_and_taken_back(
    late: psycopg.Connection, signed_in: Callable[..., Page], heard: PageProblems
) -> None:
    desk = signed_in("official", "/overdue?territory=RU-KHM")
    receiver = signed_in("manager", f"/queue?organisation={TO}")
    expect(receiver.get_by_text("As of").first).to_be_visible()
    before = open_there(receiver)
    # Choose forty: each topic has an organisation proposed.
    press(desk, f"Choose the first {CHOSEN}")
    expect(desk.get_by_text(f"{CHOSEN} appeals will change.")).to_be_visible()
    expect(desk.get_by_role("combobox", name=f"{CHOSEN - COLD} appeals to")).to_be_visible()
    # Another one for the larger group.
    box = desk.get_by_role("combobox", name=f"{COLD} appeals to")
    box.click()
    box.fill(named(late, TO))
    desk.get_by_role("option").filter(has_text=named(late, TO)).first.click()
    expect(desk.get_by_text(re.compile(f"^{re.escape(named(late, TO))}: closed"))).to_be_visible()
    # Before a press the form says that the reason is missing.
    expect(desk.get_by_text("Still missing: why")).to_be_visible()
    desk.get_by_role("textbox", name="Reason").fill(WHY)
    # Somebody else is quicker with three of them; the refreshed list has lost nothing of the choice.
    somebody_moves(late, [f"LATE-{n:03}" for n in range(1, MOVED + 1)])
    press(desk, re.compile(f"Reassign · {CHOSEN}"))
    done = CHOSEN - MOVED
    expect(desk.get_by_text(f"Reassigned: {done} appeals, {MOVED} refused")).to_be_visible()
    expect(desk.get_by_text("Official of the Ural district changed it meanwhile").first).to_be_visible()
    # The receiving organisation's queue shows them by itself.
    received = COLD - MOVED
    wait_for(lambda: open_there(receiver) == before + received, "them in the queue")
    press(receiver, re.compile(f"{received} new"))
    expect(receiver.get_by_text("LATE-004").first).to_be_attached()
    assert holders(late) == {FROM: ALL - CHOSEN, TO: received, PROPOSED: CHOSEN - COLD, ELSEWHERE: MOVED}
    # And back.
    press(desk, re.compile("Undo \\("))
    expect(desk.get_by_text(f"Undone: {done} appeals")).to_be_visible()
    wait_for(lambda: open_there(receiver) == before, "the queue without them")
    assert holders(late) == {FROM: ALL - MOVED, ELSEWHERE: MOVED}
    # History and audit tell it.
    told = late.execute(f"SELECT kind, reason, count(*) FROM event WHERE {OURS} GROUP BY 1, 2 ORDER BY 1, 2").fetchall()
    assert told == [("redirected", "Mine", MOVED), ("redirected", WHY, done), ("undone", WHY, done)]
    entries = late.execute(
        "SELECT action, reason, after->'done', after->'refused' FROM audit WHERE object LIKE 'operation%' ORDER BY id"
    ).fetchall()
    assert entries[-3:] == [
        ("appeals reassigned", "Mine", MOVED, 0),
        ("appeals reassigned", WHY, done, MOVED),
        ("undone", WHY, done, 0),
    ]
    assert heard.errors == []
