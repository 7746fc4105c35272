"""Listening for changes of the database: one connection per process, so that screens query only after a change."""

import threading
import time
from datetime import UTC, datetime

import psycopg

from otklik.database.engine import current_database_url
from otklik.database.outage import outage
from otklik.errors import DatabaseUnavailable

Connection = psycopg.Connection[tuple[object, ...]]
APPEALS_CHANNEL = "otklik_appeals"
NAMES_CHANNEL = "otklik_words"
# Changes within this time count as one: a thousand changes a second cost as much as a few.
GATHER_SECONDS = 0.15
RETRY_SECONDS = 1.0
# After this time without a notification the connection is checked, and unannounced changes are looked for.
SILENCE_SECONDS = 0.5
# The open transactions that changed appeals and won't notify.
UNANNOUNCED_WRITERS_SQL = """
    SELECT virtualtransaction FROM pg_locks WHERE locktype = 'advisory'
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND (classid, objid) = (hashtext('otklik')::oid, hashtext('unsaid')::oid)"""


class Listener:
    """The version of the data and of the names of things, and whether the database answers.

    A thread updates them: a version grows with every change that was noticed.
    """

    def __init__(self) -> None:
        """Start the thread."""
        self.data_version = 0
        self.names_version = 0
        self.is_disconnected = False
        self._last_heard_at = datetime.now(UTC)
        self._thread = threading.Thread(target=self._listen, name="otklik listener", daemon=True)
        self._thread.start()

    @property
    def as_of(self) -> datetime:
        """The moment up to which every change is known: now, unless the database is away."""
        return self._last_heard_at if self.is_disconnected else datetime.now(UTC)

    def mark_disconnected(self) -> None:
        """Note that another connection found the database away."""
        if not self.is_disconnected:
            self._last_heard_at = datetime.now(UTC)
            self.is_disconnected = True

    def _listen(self) -> None:
        while True:
            try:
                with psycopg.connect(
                    current_database_url(), autocommit=True, application_name="otklik listener", connect_timeout=5
                ) as connection:
                    connection.execute(f"LISTEN {APPEALS_CHANNEL}")
                    connection.execute(f"LISTEN {NAMES_CHANNEL}")
                    unannounced = UnannouncedChanges(connection)
                    # Anything may have changed while nobody listened.
                    self._bump_versions({APPEALS_CHANNEL, NAMES_CHANNEL})
                    self._receive_notifications(connection, unannounced)
            except (psycopg.Error, DatabaseUnavailable) as error:
                outage.note_failure(error)
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
            # If another connection was lost: this one answers, so the database is back.
            elif unannounced.have_changed() or self.is_disconnected:
                self._bump_versions({APPEALS_CHANNEL})

    def _bump_versions(self, channels: set[str]) -> None:
        # Names first: a result of the new data version must not be cached with old names.
        self.names_version += NAMES_CHANNEL in channels
        self.data_version += 1
        self.is_disconnected = False


class UnannouncedChanges:
    """Changes whose transactions sent no notification, because another one was sending it at that moment.

    Such a transaction increments a counter before it commits, and holds a shared advisory lock until then. So data may
    have changed when the counter moved, and when one of those lock holders ended.
    """

    def __init__(self, connection: Connection) -> None:
        """Remember the counter and the transactions of this moment."""
        self._connection = connection
        self._count = self._read_count()
        self._writers = self._read_writers()

    def have_changed(self) -> bool:
        """Whether something may have been committed since the last call."""
        count = self._read_count()
        if count == self._count and not self._writers:
            return False
        # Read after the counter: a transaction that moved it is among these, or has ended.
        writers = self._read_writers()
        has_changed = count != self._count or not self._writers <= writers
        self._count, self._writers = count, writers
        return has_changed

    def _read_count(self) -> object:
        return self._connection.execute("SELECT last_value FROM unsaid").fetchone()

    def _read_writers(self) -> set[object]:
        return {writer for (writer,) in self._connection.execute(UNANNOUNCED_WRITERS_SQL)}
