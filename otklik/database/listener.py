"""Listening for changes of the database: one connection per process, so that screens query only after a change."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

import psycopg
from psycopg.rows import dict_row, scalar_row

from otklik.database.announcements import ANNOUNCEMENTS_CHANNEL
from otklik.database.engine import current_database_url
from otklik.database.outage import outage
from otklik.errors import DatabaseUnavailable

Connection = psycopg.Connection[tuple[object, ...]]
ChangeCallback = Callable[[frozenset[int] | None], None]
"""Called in the listener's thread with the ids of the regions that changed; None where everything may have."""
AnnouncementsCallback = Callable[[frozenset[str]], None]
"""Called in the listener's thread with announcements (`otklik.database.announcements`)."""
APPEALS_CHANNEL = "otklik_appeals"
NAMES_CHANNEL = "otklik_words"
PEOPLE_PAYLOAD = "people"
"""Of a notification on `APPEALS_CHANNEL`: somebody's rights, territories or devices changed."""
# Changes within this time count as one: a thousand changes a second cost as much as a few.
GATHER_SECONDS = 0.15
RETRY_SECONDS = 1.0
# How long to wait for a notification at a time, which asks the database for nothing.
WAIT_SECONDS = 0.5
# While transactions are open that may change appeals, their changes are looked for so often: of writers at the same
# time, only one announces its change.
OPEN_WRITERS_SECONDS = 0.5
# Without any, this often: a change that nobody announced is known within five seconds all the same.
IDLE_SECONDS = 3.0
# How often appeals that became overdue or at risk meanwhile are looked for.
CROSSING_SECONDS = 60.0


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
        self._announcement_callbacks: list[AnnouncementsCallback] = []
        self._thread = threading.Thread(target=self._listen, name="otklik listener", daemon=True)
        self._thread.start()

    @property
    def as_of(self) -> datetime:
        """The moment up to which every change is known: now, unless the database is away."""
        return self._last_heard_at if self.is_disconnected else datetime.now(UTC)

    def on_change(self, callback: ChangeCallback) -> None:
        """Call this after each change, also when the database goes away; it must return at once."""
        self._callbacks.append(callback)

    def on_announcements(self, callback: AnnouncementsCallback) -> None:
        """Call this after announcements have come; it must return at once."""
        self._announcement_callbacks.append(callback)

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
                    connection.execute(f"LISTEN {ANNOUNCEMENTS_CHANNEL}")
                    changed_regions = ChangedRegions(connection)
                    # Anything may have changed while nobody listened.
                    self.people_version += 1
                    self._note_change(None, names_changed=True)
                    self._receive_notifications(connection, changed_regions)
            except (psycopg.Error, DatabaseUnavailable) as error:
                outage.note_failure(error)
            self.mark_disconnected()
            time.sleep(RETRY_SECONDS)

    def _receive_notifications(self, connection: Connection, changed_regions: "ChangedRegions") -> None:
        while True:
            if notifications := list(connection.notifies(timeout=WAIT_SECONDS, stop_after=1)):
                time.sleep(GATHER_SECONDS)
                self._take_in([*notifications, *connection.notifies(timeout=0)], changed_regions)
            elif self.is_disconnected:
                # Another connection was lost: if this one answers, the database is back.
                changed_regions.changed()
                self._note_change(None)
            elif changed_regions.is_look_due() and (regions := changed_regions.changed()) != frozenset():
                self._note_change(regions)
            if crossed_regions := changed_regions.crossed():
                self._note_change(crossed_regions)

    def _take_in(self, notifications: list[psycopg.Notify], changed_regions: "ChangedRegions") -> None:
        channels = {notification.channel for notification in notifications}
        announcements = frozenset(item.payload for item in notifications if item.channel == ANNOUNCEMENTS_CHANNEL)
        if channels - {ANNOUNCEMENTS_CHANNEL}:
            people_changed = any(notification.payload == PEOPLE_PAYLOAD for notification in notifications)
            names_changed = NAMES_CHANNEL in channels
            regions = changed_regions.changed()
            self.people_version += people_changed
            self._note_change(None if names_changed or people_changed else regions, names_changed=names_changed)
        if announcements:
            for callback in self._announcement_callbacks:
                callback(announcements)

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
        self._snapshot = ""
        self._looked_at = 0.0
        self._read()
        self._crossings_until = datetime.now(UTC)

    def changed(self) -> frozenset[int] | None:
        """The ids of the regions that committed transactions changed since the last call; None is every region."""
        region_ids = self._read()
        return None if None in region_ids else frozenset(filter(None, region_ids))

    def is_look_due(self) -> bool:
        """Whether it is time to look for changes that nobody announced.

        A writer that doesn't announce its change meets another one that does, so it is open when that announcement is
        taken in, and is looked for until it has ended.
        """
        interval = OPEN_WRITERS_SECONDS if self._has_open_writers else IDLE_SECONDS
        return time.monotonic() - self._looked_at >= interval

    @property
    def _has_open_writers(self) -> bool:
        """Whether transactions that write were open at the last look: a snapshot is `xmin:xmax:` and their ids."""
        return not self._snapshot.endswith(":")

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
            [self._snapshot or None],
        )
        (row,) = cursor
        self._snapshot, self._looked_at = row["snapshot"], time.monotonic()
        return list(row["region_ids"])
