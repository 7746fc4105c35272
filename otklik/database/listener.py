"""Listening for changes of the database: one connection per process, so that screens query only after a change."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

import psycopg
from psycopg.rows import dict_row, scalar_row

from otklik.database.engine import current_database_url
from otklik.database.outage import outage
from otklik.errors import DatabaseUnavailable

Connection = psycopg.Connection[tuple[object, ...]]
ChangeCallback = Callable[[frozenset[int] | None], None]
"""Called in the listener's thread with the ids of the regions that changed; None where everything may have."""
APPEALS_CHANNEL = "otklik_appeals"
NAMES_CHANNEL = "otklik_words"
PEOPLE_PAYLOAD = "people"
"""Of a notification on `APPEALS_CHANNEL`: somebody's rights, territories or devices changed."""
# Changes within this time count as one: a thousand changes a second cost as much as a few.
GATHER_SECONDS = 0.15
RETRY_SECONDS = 1.0
# After this time without a notification the connection is checked, and unannounced changes are looked for.
SILENCE_SECONDS = 0.5
# How often appeals that became overdue or at risk meanwhile are looked for.
CROSSING_SECONDS = 60.0
# The open transactions that changed appeals and won't notify.
UNANNOUNCED_WRITERS_SQL = """
    SELECT virtualtransaction FROM pg_locks WHERE locktype = 'advisory'
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND (classid, objid) = (hashtext('otklik')::oid, hashtext('unsaid')::oid)"""


class Listener:
    """The versions of the data, of the names of things and of people's rights, and whether the database answers.

    A thread updates them: a version grows with every change that was noticed.
    """

    def __init__(self) -> None:
        """Start the thread."""
        self.data_version = 0
        self.names_version = 0
        self.people_version = 0
        self.is_disconnected = False
        self._last_heard_at = datetime.now(UTC)
        self._callbacks: list[ChangeCallback] = []
        self._thread = threading.Thread(target=self._listen, name="otklik listener", daemon=True)
        self._thread.start()

    @property
    def as_of(self) -> datetime:
        """The moment up to which every change is known: now, unless the database is away."""
        return self._last_heard_at if self.is_disconnected else datetime.now(UTC)

    def on_change(self, callback: ChangeCallback) -> None:
        """Call this after each change, also when the database goes away; it must return at once."""
        self._callbacks.append(callback)

    def mark_disconnected(self) -> None:
        """Note that another connection found the database away."""
        if not self.is_disconnected:
            self._last_heard_at = datetime.now(UTC)
            self.is_disconnected = True
            self._announce(None)

    def _listen(self) -> None:
        while True:
            try:
                with psycopg.connect(
                    current_database_url(), autocommit=True, application_name="otklik listener", connect_timeout=5
                ) as connection:
                    connection.execute(f"LISTEN {APPEALS_CHANNEL}")
                    connection.execute(f"LISTEN {NAMES_CHANNEL}")
                    unannounced = UnannouncedChanges(connection)
                    changed_regions = ChangedRegions(connection)
                    # Anything may have changed while nobody listened.
                    self.people_version += 1
                    self._note_change(None, names_changed=True)
                    self._receive_notifications(connection, unannounced, changed_regions)
            except (psycopg.Error, DatabaseUnavailable) as error:
                outage.note_failure(error)
            self.mark_disconnected()
            time.sleep(RETRY_SECONDS)

    def _receive_notifications(
        self, connection: Connection, unannounced: "UnannouncedChanges", changed_regions: "ChangedRegions"
    ) -> None:
        while True:
            if notifications := list(connection.notifies(timeout=SILENCE_SECONDS, stop_after=1)):
                time.sleep(GATHER_SECONDS)
                notifications += connection.notifies(timeout=0)
                names_changed = any(notification.channel == NAMES_CHANNEL for notification in notifications)
                people_changed = any(notification.payload == PEOPLE_PAYLOAD for notification in notifications)
                regions = changed_regions.changed()
                self.people_version += people_changed
                self._note_change(None if names_changed or people_changed else regions, names_changed=names_changed)
            # If another connection was lost: this one answers, so the database is back.
            elif self.is_disconnected:
                self._note_change(None)
            elif unannounced.have_changed():
                self._note_change(changed_regions.changed())
            elif crossed_regions := changed_regions.crossed():
                self._note_change(crossed_regions)

    def _note_change(self, regions: frozenset[int] | None, *, names_changed: bool = False) -> None:
        # Names first: a result of the new data version must not be cached with old names.
        self.names_version += names_changed
        self.data_version += 1
        self.is_disconnected = False
        self._announce(regions)

    def _announce(self, regions: frozenset[int] | None) -> None:
        for callback in self._callbacks:
            callback(regions)


class ChangedRegions:
    """The regions whose appeals changed, by transactions or by passing a deadline as time goes by."""

    def __init__(self, connection: Connection) -> None:
        """Know of every change up to now."""
        self._connection = connection
        self._snapshot: object = None
        self._read()
        self._crossings_until = datetime.now(UTC)

    def changed(self) -> frozenset[int] | None:
        """The ids of the regions that committed transactions changed since the last call; None is every region."""
        region_ids = self._read()
        return None if None in region_ids else frozenset(filter(None, region_ids))

    def crossed(self) -> frozenset[int]:
        """The ids of the regions where an appeal became overdue or at risk; looks once in `CROSSING_SECONDS`."""
        after, until = self._crossings_until, datetime.now(UTC)
        if (until - after).total_seconds() < CROSSING_SECONDS:
            return frozenset()
        self._crossings_until = until
        cursor = self._connection.cursor(row_factory=scalar_row)
        region_ids = cursor.execute("SELECT regions_with_crossings(%s, %s)", [after, until]).fetchone()
        return frozenset(region_ids or ())

    def _read(self) -> list[int | None]:
        cursor = self._connection.cursor(row_factory=dict_row)
        cursor.execute(
            "SELECT snapshot::text, coalesce(region_ids, '{}') AS region_ids"
            " FROM regions_changed_since(coalesce(%s::pg_snapshot, pg_current_snapshot()))",
            [self._snapshot],
        )
        (row,) = cursor
        self._snapshot = row["snapshot"]
        return list(row["region_ids"])


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
