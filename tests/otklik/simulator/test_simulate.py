"""The simulator changes demo appeals one by one, each with an event in its history."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread

import numpy as np
import psycopg
import pytest
from psycopg.rows import dict_row
from sqlalchemy import Connection, text

from otklik.demo.load import load_demo_data
from otklik.simulator.endings import STEPS
from otklik.simulator.new_appeal import AppealGenerator
from otklik.simulator.simulate import APPLICATION_NAME, NoDemoData, run_simulator
from otklik.simulator.steps import StepContext
from tests.support import factories
from tests.support.waiting import wait_for

pytestmark = pytest.mark.slow

SIMULATED = text("SELECT count(*) FROM appeal WHERE number LIKE 'S-%'")


@contextmanager
def running_simulator(url: str) -> Iterator[tuple[list[str], Event]]:
    reports: list[str] = []
    stop = Event()
    thread = Thread(target=run_simulator, args=(url, 200, 1, stop, reports.append), daemon=True)
    thread.start()
    try:
        yield reports, stop
    finally:
        stop.set()
        thread.join(20)
    assert not thread.is_alive()


def test_the_simulator_runs_until_it_is_stopped(url: str, connection: Connection) -> None:
    load_demo_data(url, 2000)
    before = connection.scalar(text("SELECT max(id) FROM event"))
    kinds = text("SELECT count(DISTINCT kind) FROM event WHERE id > :before")
    with running_simulator(url) as (reports, _):
        wait_for(lambda: (connection.scalar(kinds, {"before": before}) or 0) >= 5, "five kinds of change")
    assert "received" in reports[-1]
    assert connection.scalar(SIMULATED)
    # Nothing changes after the stop.
    count = connection.scalar(text("SELECT count(*) FROM event"))
    connected = text(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = :n AND datname = current_database()"
    )
    # The server takes a moment to end a connection.
    wait_for(lambda: connection.scalar(connected, {"n": APPLICATION_NAME}) == 0, "the simulator's connection to end")
    assert connection.scalar(text("SELECT count(*) FROM event")) == count


def test_each_new_appeal_has_its_history(url: str, connection: Connection) -> None:
    load_demo_data(url, 300)
    with running_simulator(url):
        wait_for(lambda: (connection.scalar(SIMULATED) or 0) >= 20, "twenty new appeals")
    with_receipt = text(
        "SELECT count(*) FROM appeal JOIN event ON (event.region_id, appeal_id) = (appeal.region_id, appeal.id)"
        " WHERE number ~ '^S-20[0-9]{2}-[0-9]{7}$' AND kind = 'received' AND at = received_at"
    )
    assert connection.scalar(with_receipt) == connection.scalar(SIMULATED)


def test_the_simulator_waits_for_a_lost_database(url: str, connection: Connection) -> None:
    load_demo_data(url, 300)
    terminate = text(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE application_name = :name AND datname = current_database()"
    )
    with running_simulator(url) as (reports, _):
        wait_for(lambda: connection.scalar(SIMULATED), "a new appeal")
        assert connection.scalar(terminate, {"name": APPLICATION_NAME}) == 1
        wait_for(lambda: "The database is away: waiting for it to come back." in reports, "the report that it is away")
        count = connection.scalar(SIMULATED) or 0
        wait_for(lambda: (connection.scalar(SIMULATED) or 0) > count, "another new appeal")


def test_appeals_of_other_sources_stay_unchanged(url: str, connection: Connection) -> None:
    with pytest.raises(NoDemoData, match="otklik demo"):
        run_simulator(url)
    load_demo_data(url, 100)
    factories.appeal(connection, region="RU-KHM", status="on_approval", topic="roads", holder="RU-KHM:roads")
    with running_simulator(url):
        wait_for(lambda: (connection.scalar(SIMULATED) or 0) >= 20, "twenty new appeals")
    assert connection.execute(text("SELECT status FROM report.appeals WHERE source = 'otklik'")).all() == [
        ("on_approval",)
    ]


@pytest.mark.parametrize("name", STEPS)
def test_a_step_is_one_change_with_one_event(url: str, connection: Connection, name: str) -> None:
    load_demo_data(url, 100)
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
    # The demo gives this region, the smallest, none of a hundred appeals: this is its only one.
    columns = columns and {"source": "demo", "received_at": now - timedelta(days=1), **columns}
    holder = "RU-NEN:roads"
    key = factories.appeal(connection, region="RU-NEN", topic="roads", holder=holder, **columns) if columns else None
    event_count = connection.scalar(text("SELECT count(*) FROM event"))
    with psycopg.connect(url, row_factory=dict_row) as own_connection:
        rng = np.random.default_rng(1)
        assert STEPS[name][0](StepContext(own_connection, rng, AppealGenerator(rng), "RU-NEN")) is True
    assert connection.scalar(text("SELECT count(*) FROM event")) == (event_count or 0) + 1
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


def test_a_step_without_a_suitable_appeal_does_nothing(url: str) -> None:
    load_demo_data(url, 1)
    with psycopg.connect(url, row_factory=dict_row) as own_connection:
        rng = np.random.default_rng(1)
        context = StepContext(own_connection, rng, AppealGenerator(rng), "RU-NEN")
        assert not any(step(context) for name, (step, _) in STEPS.items() if name != "received")
