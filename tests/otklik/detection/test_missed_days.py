"""The nightly search takes the days that it has missed, in a process of its own of the lowest priority."""

import multiprocessing
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest
from sqlalchemy import Connection, text

from otklik.detection.missed_days import SearchEnded, detect_missed_days, last_whole_day, missed_days
from tests.support import factories

RUN_SQL = (
    "INSERT INTO detection_run (country_id, day, cells, threshold, code_version) VALUES (:country, :day, 0, 0, '1')"
)
SEARCH = """
import os, sys
from multiprocessing import Pipe
from otklik.detection.missed_days import _search
assert "numpy" not in sys.modules, "too late to say how many threads it has"
receiver, sender = Pipe(duplex=False)
_search("host=/nowhere", [], [], sender)
import numpy
numpy.linalg.solve(numpy.eye(300), numpy.ones((300, 300)))
print(type(receiver.recv()).__name__, len(os.listdir("/proc/self/task")), os.nice(0))
"""


def test_a_day_is_searched_four_hours_after_its_end_everywhere(connection: Connection, url: str) -> None:
    factories.territory(connection, "XA", timezone="Asia/Kamchatka")
    factories.territory(connection, "XB", timezone="Europe/Kaliningrad")
    factories.appeal(connection)
    with psycopg.connect(url) as owner:
        assert last_whole_day(owner, datetime(2026, 3, 2, 21, 59, tzinfo=UTC)) == date(2026, 3, 1)
        assert last_whole_day(owner, datetime(2026, 3, 2, 22, 0, tzinfo=UTC)) == date(2026, 3, 2)
        assert missed_days(owner, datetime(2026, 3, 3, 1, 59, tzinfo=UTC))[-1] == date(2026, 3, 1)
        assert missed_days(owner, datetime(2026, 3, 3, 2, 0, tzinfo=UTC))[-1] == date(2026, 3, 2)


@pytest.mark.parametrize(("days_since", "missed"), [(0, 0), (1, 1), (3, 3), (40, 14), (None, 14)])
def test_the_days_of_a_fortnight_since_the_last_search_are_missed(
    connection: Connection, url: str, days_since: int | None, missed: int
) -> None:
    country = factories.territory(connection, "XC", "country")
    factories.appeal(connection)
    with psycopg.connect(url) as owner:
        last = last_whole_day(owner, datetime.now(UTC) - timedelta(hours=4))
    if days_since is not None:
        connection.execute(text(RUN_SQL), {"country": country, "day": last - timedelta(days=days_since)})
    with psycopg.connect(url) as owner:
        assert missed_days(owner) == [last - timedelta(days=n) for n in reversed(range(missed))]


def test_the_launcher_searches_what_was_missed_in_another_process(connection: Connection, url: str) -> None:
    detect_missed_days(url)
    # Nothing has been imported yet.
    assert connection.scalars(text("SELECT day FROM detection_run")).all() == []
    factories.territory(connection, "XC", "country")
    factories.appeal(connection, body="Pothole")
    with psycopg.connect(url) as owner:
        days = missed_days(owner)
    detect_missed_days(url)
    assert connection.scalars(text("SELECT DISTINCT day FROM text_cluster_run")).all() == days[-1:]
    assert connection.scalars(text("SELECT DISTINCT day FROM detection_run ORDER BY day")).all() == days
    assert multiprocessing.active_children() == []


def test_an_error_of_the_search_reaches_the_launcher(connection: Connection, url: str) -> None:
    factories.territory(connection, "XC", "country")
    factories.appeal(connection)
    connection.execute(text("ALTER TABLE detection_run ADD CONSTRAINT refused CHECK (day < '2000-01-01')"))
    try:
        with pytest.raises(psycopg.errors.CheckViolation) as raised:
            detect_missed_days(url)
    finally:
        connection.execute(text("ALTER TABLE detection_run DROP CONSTRAINT refused"))
    assert "surge_search.py" in "".join(raised.value.__notes__)


def test_a_search_that_is_killed_is_an_error(connection: Connection, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    factories.appeal(connection)
    start = multiprocessing.context.SpawnProcess.start

    def start_and_kill(process: multiprocessing.context.SpawnProcess) -> None:
        start(process)
        process.kill()

    monkeypatch.setattr(multiprocessing.context.SpawnProcess, "start", start_and_kill)
    with pytest.raises(SearchEnded):
        detect_missed_days(url)


def test_the_search_has_one_thread_for_linear_algebra_and_waits_for_the_screens() -> None:
    process = subprocess.run([sys.executable, "-c", SEARCH], capture_output=True, text=True, check=False)
    assert process.stdout.split() == ["OperationalError", "1", "19"], process.stderr
