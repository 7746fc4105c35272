"""Hearing of changes: one connection a process listens, so that screens ask only when there is news."""

import contextlib
import threading
import time
from datetime import UTC, datetime

import psycopg

from otklik.database.engine import current_database_url
from otklik.errors import DatabaseUnavailable

Connection = psycopg.Connection[tuple[object, ...]]
APPEALS_CHANNEL = "otklik_appeals"
NAMES_CHANNEL = "otklik_words"
# News within this time are one piece of news: a thousand changes a second cost as much as three.
GATHER_SECONDS = 0.15
RETRY_SECONDS = 1.0
# How long silence may last before the connection is asked whether it still lives, and whether something is unsaid.
SILENCE_SECONDS = 0.5
# The transactions that change appeals and send no word of it.
UNANNOUNCED_WRITERS_SQL = """
    SELECT virtualtransaction FROM pg_locks WHERE locktype = 'advisory'
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND (classid, objid) = (hashtext('otklik')::oid, hashtext('unsaid')::oid)"""


class Listener:
    """The version of the data and of what things are called, and whether the database answers.

    All change in the background.
    """

    def __init__(self) -> None:
        """Start to listen."""
        self.data_version = 0
        self.names_version = 0
        self.is_disconnected = False
        self._last_heard_at = datetime.now(UTC)
        self._thread = threading.Thread(target=self._listen, name="otklik listener", daemon=True)
        self._thread.start()

    @property
    def as_of(self) -> datetime:
        """The moment up to which everything that happened is known: now, unless the database is away."""
        return self._last_heard_at if self.is_disconnected else datetime.now(UTC)

    def mark_disconnected(self) -> None:
        """Somebody else noticed that the database is away."""
        if not self.is_disconnected:
            self._last_heard_at = datetime.now(UTC)
            self.is_disconnected = True

    def _listen(self) -> None:
        while True:
            with (
                contextlib.suppress(psycopg.Error, DatabaseUnavailable),
                psycopg.connect(
                    current_database_url(), autocommit=True, application_name="otklik listener", connect_timeout=5
                ) as connection,
            ):
                connection.execute(f"LISTEN {APPEALS_CHANNEL}")
                connection.execute(f"LISTEN {NAMES_CHANNEL}")
                unannounced = UnannouncedChanges(connection)
                # What happened while nobody listened is news as well.
                self._bump_versions({APPEALS_CHANNEL, NAMES_CHANNEL})
                self._receive_notifications(connection, unannounced)
            self.mark_disconnected()
            time.sleep(RETRY_SECONDS)

    def _receive_notifications(self, connection: Connection, unannounced: "UnannouncedChanges") -> None:
        while True:
            if channels := {
                notification.channel for notification in connection.notifies(timeout=SILENCE_SECONDS, stop_after=1)
            }:
                time.sleep(GATHER_SECONDS)
                self._bump_versions(
                    channels | {notification.channel for notification in connection.notifies(timeout=0)}
                )
            # Where somebody lost another connection, this one lives, so the database is back.
            elif unannounced.have_changed() or self.is_disconnected:
                self._bump_versions({APPEALS_CHANNEL})

    def _bump_versions(self, channels: set[str]) -> None:
        # What is called otherwise is shown otherwise: first the words, so that no answer has the old ones.
        self.names_version += NAMES_CHANNEL in channels
        self.data_version += 1
        self.is_disconnected = False


class UnannouncedChanges:
    """Changes whose writers sent no word, since another was just sending it.

    They are counted before they are committed. So a count that moved is news, and so is the end of each who was
    writing then: all of them hold a lock that hinders nobody.
    """

    def __init__(self, connection: Connection) -> None:
        """Remember what there is by now."""
        self._connection = connection
        self._count = self._read_count()
        self._writers = self._read_writers()

    def have_changed(self) -> bool:
        """Whether something may have been committed since this was last asked."""
        count = self._read_count()
        if count == self._count and not self._writers:
            return False
        # After the count, so that whoever moved it is among them, or has ended.
        writers = self._read_writers()
        has_changed = count != self._count or not self._writers <= writers
        self._count, self._writers = count, writers
        return has_changed

    def _read_count(self) -> object:
        return self._connection.execute("SELECT last_value FROM unsaid").fetchone()

    def _read_writers(self) -> set[object]:
        return {writer for (writer,) in self._connection.execute(UNANNOUNCED_WRITERS_SQL)}
