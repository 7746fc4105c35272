"""The nightly search for surges and clusters of texts: the days missed, searched in a process of its own."""

import multiprocessing
import os
import signal
import traceback
from datetime import UTC, date, datetime, timedelta
from multiprocessing.connection import Connection
from typing import LiteralString
from zoneinfo import ZoneInfo

import psycopg

from otklik.detection.blas_threads import use_one_blas_thread

NIGHT_IMPORTS = timedelta(hours=4)
"""So much later the appeals of a day have been imported."""
DAY = timedelta(days=1)
CATCH_UP = 13 * DAY
"""How far before the last day a search of missed days begins."""
TIMEZONES_SQL: LiteralString = "SELECT DISTINCT timezone FROM territory WHERE level = 'region'"
LOWEST_PRIORITY = 19
TEXTS_MISSED_SQL: LiteralString = """
    SELECT EXISTS (SELECT FROM appeal WHERE body <> '') AND EXISTS (
        SELECT FROM territory WHERE level = 'country'
            AND NOT EXISTS (SELECT FROM text_cluster_run WHERE country_id = territory.id AND day >= %s))"""
SEARCHED_SQL: LiteralString = "SELECT max(day), EXISTS (SELECT FROM appeal) FROM detection_run"


class SearchEnded(Exception):
    """The process of the search ended before its end, as when the system is out of memory."""


def detect_missed_days(database_url: str) -> None:
    """Search the days up to the last one that nobody has searched yet, and the last one's texts; a job of the launcher.

    A process of its own does it. It has NumPy use one thread, which can't be said to a process that has imported NumPy
    already, and its memory is free again afterwards. Raises what the search raises, and SearchEnded.
    """
    with psycopg.connect(database_url) as connection:
        days, text_days = missed_days(connection), missed_text_days(connection)
    if not days and not text_days:
        return
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_search, args=(database_url, days, text_days, sender), name="surges", daemon=True)
    process.start()
    sender.close()
    try:
        error = receiver.recv()
    except EOFError:
        error = SearchEnded("The search for surges was ended from outside.")
    process.join()
    if error is not None:
        raise error


def missed_days(connection: psycopg.Connection, now: datetime | None = None) -> list[date]:
    """The days since the last search, at most those of the last fortnight; none while there is no appeal at all.

    A day is searched four hours after it was over everywhere. Without any search before, all days of the fortnight are
    missed: a surge that goes on has begun in one of them.
    """
    last = last_whole_day(connection, (now or datetime.now(UTC)) - NIGHT_IMPORTS)
    searched, has_appeals = connection.execute(SEARCHED_SQL).fetchone() or (None, False)
    if not has_appeals:
        return []
    first = last - CATCH_UP if searched is None else max(searched + DAY, last - CATCH_UP)
    return [first + n * DAY for n in range((last - first).days + 1)]


def missed_text_days(connection: psycopg.Connection, now: datetime | None = None) -> list[date]:
    """The last day, unless its texts have been searched or there is no text; earlier ones are within its fortnight."""
    last = last_whole_day(connection, (now or datetime.now(UTC)) - NIGHT_IMPORTS)
    is_missed = connection.execute(TEXTS_MISSED_SQL, (last,)).fetchone() == (True,)
    return [last] if is_missed else []


def last_whole_day(connection: psycopg.Connection, now: datetime | None = None) -> date:
    """The last day that is over in every region."""
    now = now or datetime.now(UTC)
    zones = [name for (name,) in connection.execute(TIMEZONES_SQL).fetchall()] or ["UTC"]
    return min(now.astimezone(ZoneInfo(name)).date() for name in zones) - timedelta(days=1)


def _search(database_url: str, days: list[date], text_days: list[date], sender: Connection) -> None:
    """Search the days and their texts, and send the error or None; in the process of the search."""
    # Ctrl-C in the terminal reaches all processes; the launcher stops its own in order.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(LOWEST_PRIORITY)  # the screens come first
    use_one_blas_thread()
    from otklik.detection.surge_search import detect_days  # noqa: PLC0415 -- imports NumPy

    try:
        with psycopg.connect(database_url) as connection:
            for _searched in detect_days(connection, days):
                pass
            if text_days:
                _search_texts(connection, text_days)
    except Exception as error:  # noqa: BLE001 -- the launcher reports it
        error.add_note(traceback.format_exc())  # the traceback itself can't be sent
        sender.send(error)
    else:
        sender.send(None)


def _search_texts(connection: psycopg.Connection, days: list[date]) -> None:
    from otklik.detection.text_clusters.day_search import detect_text_clusters  # noqa: PLC0415 -- 150 MB

    for _searched in detect_text_clusters(connection, days):
        pass
