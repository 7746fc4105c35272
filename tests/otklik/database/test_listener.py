"""A listener notices every committed change, and nothing else; many changes at once count as one."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from sqlalchemy import Connection, text

from otklik.database import listener as listening_module
from otklik.database.announcements import AUDIT_ANNOUNCEMENT, TRANSFERS_ANNOUNCEMENT, notices_announcement
from otklik.database.cubes.rollups import fold_cubes
from otklik.database.listener import APPEALS_CHANNEL, GATHER_SECONDS, ChangedRegions, Listener
from tests.support import factories
from tests.support.waiting import wait_for

ANOTHER = """
    INSERT INTO appeal (region_id, source_id, number, channel_id, topic_id, regime_id, status_id, first_holder_id,
        holder_id, received_at)
    SELECT region_id, source_id, 'another', channel_id, topic_id, regime_id, status_id, first_holder_id, holder_id,
        received_at
    FROM appeal"""


@pytest.fixture
def listener(connection: Connection) -> Listener:
    factories.appeal(connection)
    change_listener = Listener()
    wait_for(lambda: change_listener.data_version == 1, "the listener to listen")
    return change_listener


def wait_for_versions(listener: Listener, before: int) -> int:
    return wait_for(lambda: listener.data_version - before, "a new version")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE appeal SET reopened = 1",
        "DELETE FROM appeal",
        "TRUNCATE appeal CASCADE",
        ANOTHER,
    ],
    ids=lambda change: change.split()[0],
)
def test_every_kind_of_change_is_noticed(connection: Connection, listener: Listener, change: str) -> None:
    before = listener.data_version
    connection.execute(text(change))
    assert wait_for_versions(listener, before) == 1


def test_a_rollback_an_empty_update_and_a_fold_are_no_changes(
    connection: Connection, listener: Listener, url: str
) -> None:
    before = listener.data_version
    with psycopg.connect(url) as other:
        other.execute("UPDATE appeal SET reopened = 1")
        other.rollback()
        with other.transaction(force_rollback=True):
            other.execute("DELETE FROM appeal")
        other.execute("UPDATE appeal SET reopened = 1 WHERE false")
    fold_cubes(url)
    # Notifications come in the order of commits: one of the above would come before this one.
    connection.execute(text("UPDATE appeal SET reopened = 2"))
    assert wait_for_versions(listener, before) == 1


def test_a_changed_name_has_a_version_of_its_own(connection: Connection, listener: Listener) -> None:
    names_version = listener.names_version
    connection.execute(text("UPDATE appeal SET reopened = 1"))
    wait_for(lambda: listener.data_version > 1, "a new version")
    assert listener.names_version == names_version
    before = listener.data_version
    connection.execute(text("UPDATE topic SET name = name || ' '"))
    assert wait_for_versions(listener, before) == 1
    assert listener.names_version == names_version + 1


def test_a_burst_of_changes_counts_as_a_few(listener: Listener, url: str) -> None:
    before, began_at = listener.data_version, time.monotonic()

    def change(_which: int) -> None:
        with psycopg.connect(url) as other:
            other.execute("UPDATE appeal SET reopened = reopened + 1")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(change, range(60)))
    wait_for(lambda: listener.data_version > before, "a new version")
    # Changes are gathered: no two versions are closer together than that, however busy the machine is.
    versions, seconds = listener.data_version - before, time.monotonic() - began_at
    assert versions <= 1 + seconds / GATHER_SECONDS


@contextmanager
def open_write(url: str) -> Iterator[psycopg.Connection]:
    """A transaction that has added an appeal and isn't committed yet."""
    with psycopg.connect(url) as connection:
        connection.execute(ANOTHER.replace("'another'", "gen_random_uuid()") + " LIMIT 1")
        yield connection


def test_a_write_during_another_ones_notification_is_noticed_without_waiting_for_it(
    listener: Listener, url: str
) -> None:
    with open_write(url), open_write(url) as second:
        before = listener.data_version
        second.commit()
        assert wait_for_versions(listener, before) == 1


def test_a_change_that_nobody_announces_is_noticed_within_five_seconds(
    connection: Connection, listener: Listener
) -> None:
    before = listener.data_version
    # As after a notification that was lost.
    connection.execute(text("INSERT INTO region_change (region_id) SELECT id FROM territory LIMIT 1"))
    assert wait_for_versions(listener, before) == 1
    longest = listening_module.IDLE_SECONDS + listening_module.WAIT_SECONDS
    assert longest < 5, "the screens still have to be drawn then"


def test_one_writer_at_a_time_notifies(connection: Connection, url: str) -> None:
    factories.appeal(connection)
    with psycopg.connect(url, autocommit=True) as listening:
        listening.execute(f"LISTEN {APPEALS_CHANNEL}")
        with open_write(url) as first, open_write(url) as second:
            second.commit()
            assert list(listening.notifies(timeout=0)) == []
            first.commit()
        assert len(list(listening.notifies(timeout=20, stop_after=1))) == 1


def test_changes_are_looked_for_while_writers_are_open_and_else_seldom(
    connection: Connection, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.appeal(connection)
    monkeypatch.setattr(listening_module, "OPEN_WRITERS_SECONDS", 0.0)
    monkeypatch.setattr(listening_module, "IDLE_SECONDS", 10.0**9)
    with psycopg.connect(url, autocommit=True) as reader:
        regions = ChangedRegions(reader)

        def is_quiet() -> bool:
            # Writers of other tests' databases on the same server are open ones too.
            return regions.changed() is not None and not regions.is_look_due()

        wait_for(is_quiet, "the end of other tests' work")
        with open_write(url) as first, open_write(url) as second:
            assert not regions.is_look_due(), "nobody has asked since they began"
            second.commit()
            assert regions.changed()
            assert regions.is_look_due(), "the first one is open"
            first.commit()
            assert regions.changed()
        wait_for(is_quiet, "the end of other tests' work, and of looking for changes")


def test_a_crossing_is_noticed_while_changes_elsewhere_go_on(
    connection: Connection, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening_module, "CROSSING_SECONDS", 0)
    monkeypatch.setattr(listening_module, "IDLE_SECONDS", 10.0**9)
    announced: list[frozenset[int] | None] = []
    listener.on_change(announced.append)
    overdue = factories.appeal(connection, region="XB", deadline_at=datetime.now(UTC) + timedelta(seconds=1))

    def crossed_while_changing() -> bool:
        # Another region's: a listener that hears of a change each time it waits still looks for crossings.
        connection.execute(text(f"UPDATE appeal SET reopened = reopened + 1 WHERE region_id <> {overdue.region_id}"))
        return datetime.now(UTC) > overdue_at and frozenset({overdue.region_id}) in announced

    overdue_at = datetime.now(UTC) + timedelta(seconds=1)
    wait_for(crossed_while_changing, "the region of the appeal that became overdue")


@pytest.mark.parametrize(
    ("change", "announcements"),
    [
        (
            (
                "INSERT INTO notice (person_id, region_id, appeal_id, step_id, moment_at, shown_at)"
                " SELECT 7, region_id, id, 1, now(), now() FROM appeal"
            ),
            frozenset({notices_announcement(7)}),
        ),
        ("UPDATE notice SET read_at = now()", frozenset({notices_announcement(8)})),
        ("SELECT audit_append('tried', 'thing 1', 'because', NULL, NULL)", frozenset({AUDIT_ANNOUNCEMENT})),
        (
            (
                "INSERT INTO operation_row (operation, region_id, appeal_id, refused)"
                " SELECT operation.key, region_id, appeal.id, 'cap' FROM appeal, operation"
            ),
            frozenset({TRANSFERS_ANNOUNCEMENT}),
        ),
    ],
    ids=["added notice", "read notice", "audit", "transfer"],
)
def test_what_is_announced_is_no_change_of_the_data(
    connection: Connection, listener: Listener, change: str, announcements: frozenset[str]
) -> None:
    connection.execute(
        text(
            "INSERT INTO notice (person_id, region_id, appeal_id, step_id, moment_at, shown_at)"
            " SELECT 8, region_id, id, 1, now() - interval '1 day', now() FROM appeal"
        )
    )
    connection.execute(
        text(
            "INSERT INTO operation (key, person_id, actor, kind, fields, reason, request)"
            " SELECT gen_random_uuid(), min(id), 'Anna', 'reassign', '{}', 'because', '' FROM person"
        )
    )
    announced: list[frozenset[str]] = []
    wait_for(lambda: listener.data_version == 1, "the listener to listen")
    listener.on_announcements(announced.append)
    connection.execute(text(change))
    wait_for(lambda: announcements <= frozenset().union(*announced), "the announcement")
    assert listener.data_version == 1


@pytest.mark.parametrize(
    "change",
    [
        "INSERT INTO event (region_id, appeal_id, kind, actor) SELECT region_id, id, 'note', 'Anna' FROM appeal",
        (
            "INSERT INTO transfer_allowed (region_id, appeal_id, allowed_by, reason)"
            " SELECT region_id, id, (SELECT min(id) FROM person), 'because' FROM appeal"
        ),
    ],
    ids=["note", "transfer"],
)
def test_what_is_added_to_an_appeal_changes_its_region(
    connection: Connection, changes: list[frozenset[int] | None], change: str
) -> None:
    region_id = connection.scalar(text("SELECT region_id FROM appeal"))
    connection.execute(text(change))
    wait_for(lambda: frozenset({region_id}) in changes, "the change of its region")


def test_a_connection_that_was_cut_comes_back_with_a_new_version(connection: Connection, listener: Listener) -> None:
    before = listener.data_version
    ended = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE application_name = 'otklik listener' AND datname = current_database()"
    )
    connection.execute(text(ended))
    wait_for(lambda: listener.data_version > before and not listener.is_disconnected, "the listener to come back")
    version = listener.data_version
    connection.execute(text("UPDATE appeal SET reopened = 3"))
    assert wait_for_versions(listener, version) >= 1


def test_a_reported_loss_ends_when_the_database_answers(listener: Listener) -> None:
    before = listener.data_version
    listener.mark_disconnected()
    assert listener.is_disconnected
    assert listener.as_of <= datetime.now(UTC)
    wait_for(lambda: not listener.is_disconnected, "the listener to find the database there")
    assert listener.data_version > before


def test_the_moment_of_the_data_stands_still_while_the_database_is_away(listener: Listener) -> None:
    assert listener.as_of > datetime.now(UTC).replace(year=2020)
    listener.mark_disconnected()
    as_of = listener.as_of
    listener.mark_disconnected()
    assert listener.as_of == as_of or not listener.is_disconnected


@pytest.fixture
def changes(listener: Listener) -> list[frozenset[int] | None]:
    """The regions of each change that the listener announces from now on."""
    announced: list[frozenset[int] | None] = []
    listener.on_change(announced.append)
    return announced


def test_a_change_announces_the_regions_that_it_changed(
    connection: Connection, changes: list[frozenset[int] | None]
) -> None:
    key = factories.appeal(connection, region="XB")
    wait_for(lambda: changes, "the new region, which concerns every screen")
    connection.execute(text(f"UPDATE appeal SET reopened = 2 WHERE region_id = {key.region_id}"))
    wait_for(lambda: frozenset({key.region_id}) in changes, "the change of one region")
    connection.execute(text("UPDATE appeal SET reopened = 1"))
    all_regions = frozenset(connection.execute(text("SELECT DISTINCT region_id FROM appeal")).scalars())
    assert len(all_regions) == 2
    wait_for(lambda: all_regions in changes, "the change of both regions")


@pytest.mark.parametrize(
    "change", ["TRUNCATE appeal CASCADE", "UPDATE topic SET name = name || ' '", "UPDATE person SET changed_at = now()"]
)
def test_what_concerns_every_screen_announces_no_region(
    connection: Connection, changes: list[frozenset[int] | None], change: str
) -> None:
    connection.execute(text(change))
    wait_for(lambda: changes, "the change")
    assert changes == [None]


def test_a_long_transaction_is_announced_after_changes_that_began_later(url: str, connection: Connection) -> None:
    first = factories.appeal(connection)
    with psycopg.connect(url, autocommit=True) as reader, psycopg.connect(url) as long_writer:
        regions = ChangedRegions(reader)
        long_writer.execute("UPDATE appeal SET reopened = 1")
        second = factories.appeal(connection, region="XB")
        assert regions.changed() == frozenset({second.region_id})
        assert regions.changed() == frozenset()
        long_writer.commit()
        assert regions.changed() == frozenset({first.region_id})


def test_an_appeal_that_becomes_overdue_changes_its_region(
    url: str, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("otklik.database.listener.CROSSING_SECONDS", 0)
    with psycopg.connect(url, autocommit=True) as reader:
        regions = ChangedRegions(reader)
        current_time = datetime.now(UTC)
        overdue = factories.appeal(connection, deadline_at=current_time + timedelta(seconds=0.5))
        factories.appeal(connection, region="XB", deadline_at=current_time + timedelta(hours=1))
        wait_for(lambda: datetime.now(UTC) > current_time + timedelta(seconds=0.5), "the deadline")
        assert regions.crossed() == frozenset({overdue.region_id})
        assert regions.crossed() == frozenset()


def test_changes_are_forgotten_after_ten_minutes(url: str, connection: Connection) -> None:
    factories.appeal(connection)
    with psycopg.connect(url, autocommit=True) as owner:
        assert owner.execute("SELECT forget_region_changes()").fetchone() == (0,)
        owner.execute("UPDATE region_change SET changed_at = now() - interval '11 minutes'")
        assert owner.execute("SELECT forget_region_changes()").fetchone() == (1,)
