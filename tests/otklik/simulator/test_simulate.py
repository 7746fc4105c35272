from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread

import numpy as np
import psycopg
import pytest
from psycopg.rows import dict_row
from sqlalchemy import Connection, text

from otklik import demo
from otklik.demo.new_appeal import AppealGenerator
from otklik.simulator.endings import STEPS
from otklik.simulator.simulate import APPLICATION_NAME, NoDemoData, run_simulator
from otklik.simulator.steps import StepContext
from tests.support import factories
from tests.support.waiting import wait_for

SIMULATED = text("SELECT count(*) FROM appeal WHERE number LIKE 'S-%'")


@contextmanager
def playing(url: str) -> Iterator[tuple[list[str], Event]]:
    said: list[str] = []
    stop = Event()
    player = Thread(target=run_simulator, args=(url, 200, 1, stop, said.append), daemon=True)
    player.start()
    try:
        yield said, stop
    finally:
        stop.set()
        player.join(20)
    assert not player.is_alive()


def test_the_day_goes_on_until_it_is_stopped(url: str, connection: Connection) -> None:
    demo.load_demo_data(url, 2000)
    before = connection.scalar(text("SELECT max(id) FROM event"))
    kinds = text("SELECT count(DISTINCT kind) FROM event WHERE id > :before")
    with playing(url) as (said, _):
        wait_for(lambda: (connection.scalar(kinds, {"before": before}) or 0) >= 5, "five kinds of change")
    assert "received" in said[-1]
    assert connection.scalar(SIMULATED)
    # Stopped: the last change is the last.
    count = connection.scalar(text("SELECT count(*) FROM event"))
    connected = text(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = :n AND datname = current_database()"
    )
    # The server takes a moment to see a connection off.
    wait_for(lambda: connection.scalar(connected, {"n": APPLICATION_NAME}) == 0, "the player's connection to end")
    assert connection.scalar(text("SELECT count(*) FROM event")) == count


def test_each_new_appeal_has_its_history(url: str, connection: Connection) -> None:
    demo.load_demo_data(url, 300)
    with playing(url):
        wait_for(lambda: (connection.scalar(SIMULATED) or 0) >= 20, "twenty new appeals")
    told = text(
        "SELECT count(*) FROM appeal JOIN event ON (event.region_id, appeal_id) = (appeal.region_id, appeal.id)"
        " WHERE number ~ '^S-20[0-9]{2}-[0-9]{7}$' AND kind = 'received' AND at = received_at"
    )
    assert connection.scalar(told) == connection.scalar(SIMULATED)


def test_a_lost_database_is_waited_for(url: str, connection: Connection) -> None:
    demo.load_demo_data(url, 300)
    cut = text("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = :name")
    with playing(url) as (said, _):
        wait_for(lambda: connection.scalar(SIMULATED), "a new appeal")
        assert connection.scalar(cut, {"name": APPLICATION_NAME}) == 1
        wait_for(lambda: "The database is away: waiting for it to come back." in said, "word that it is away")
        count = connection.scalar(SIMULATED) or 0
        wait_for(lambda: (connection.scalar(SIMULATED) or 0) > count, "another new appeal")


def test_appeals_that_are_no_demo_are_left_alone(url: str, connection: Connection) -> None:
    with pytest.raises(NoDemoData, match="otklik demo"):
        run_simulator(url)
    demo.load_demo_data(url, 100)
    factories.appeal(connection, region="RU-KHM", status="on_approval", topic="roads", holder="RU-KHM:roads")
    with playing(url):
        wait_for(lambda: (connection.scalar(SIMULATED) or 0) >= 20, "twenty new appeals")
    assert connection.execute(text("SELECT status FROM report.appeals WHERE source = 'otklik'")).all() == [
        ("on_approval",)
    ]


@pytest.mark.parametrize("name", STEPS)
def test_a_step_is_one_change_with_its_line_of_history(url: str, connection: Connection, name: str) -> None:
    demo.load_demo_data(url, 100)
    now = connection.execute(text("SELECT now()")).scalar_one()
    columns = {
        "moderated": {"status": "received"},
        "handed on": {"status": "on_coordination"},
        "drafted": {"status": "reconsideration"},
        "answered": {"status": "on_approval"},
        "rated": {"closed_at": now},
        "redirected": {"status": "in_progress"},
        "extended": {"status": "in_progress", "deadline_at": now + timedelta(days=1)},
        "re-opened": {"closed_at": now, "rating": 1},
    }.get(name)
    # A hundred appeals leave this region, the smallest, without one: this is the only one there.
    columns = columns and {"source": "demo", "received_at": now - timedelta(days=1), **columns}
    holder = "RU-NEN:roads"
    key = factories.appeal(connection, region="RU-NEN", topic="roads", holder=holder, **columns) if columns else None
    lines = connection.scalar(text("SELECT count(*) FROM event"))
    with psycopg.connect(url, row_factory=dict_row) as own:
        rng = np.random.default_rng(1)
        assert STEPS[name][0](StepContext(own, rng, AppealGenerator(rng), "RU-NEN")) is True
    assert connection.scalar(text("SELECT count(*) FROM event")) == (lines or 0) + 1
    row = connection.execute(
        text(
            "SELECT kind, appeal.is_open, reopened, after->>'status' IN (status.code) IS NOT FALSE AS agrees, appeal.id"
            " FROM event JOIN appeal ON (appeal.region_id, appeal.id) = (event.region_id, appeal_id)"
            " JOIN status ON status.id = status_id ORDER BY event.id DESC LIMIT 1"
        )
    ).one()
    assert row.agrees
    assert key is None or row.id == key.id
    assert row.is_open == (name not in {"answered", "rated"})
    assert row.reopened == (name == "re-opened")


def test_no_step_where_nothing_waits(url: str) -> None:
    demo.load_demo_data(url, 1)
    with psycopg.connect(url, row_factory=dict_row) as own:
        rng = np.random.default_rng(1)
        turn = StepContext(own, rng, AppealGenerator(rng), "RU-NEN")
        assert not any(step(turn) for name, (step, _) in STEPS.items() if name != "received")
