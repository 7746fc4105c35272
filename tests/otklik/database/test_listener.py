"""A listener hears what is committed, and nothing else; much at once is one piece of news."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime

import psycopg
import pytest
from sqlalchemy import Connection, text

from otklik.database.listener import APPEALS_CHANNEL, Listener, UnannouncedChanges
from otklik.database.rollups import fold_cubes
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
    made = Listener()
    wait_for(lambda: made.data_version == 1, "the listener to listen")
    return made


def heard(listener: Listener, before: int) -> int:
    return wait_for(lambda: listener.data_version - before, "news")


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
def test_every_kind_of_change_is_heard(connection: Connection, listener: Listener, change: str) -> None:
    before = listener.data_version
    connection.execute(text(change))
    assert heard(listener, before) == 1


def test_what_is_rolled_back_touches_nothing_or_is_upkeep_is_no_news(
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
    # Notifications come in the order of commits: were there one of the above, it would come before this one.
    connection.execute(text("UPDATE appeal SET reopened = 2"))
    assert heard(listener, before) == 1


def test_what_is_called_otherwise_is_news_of_its_own(connection: Connection, listener: Listener) -> None:
    words = listener.names_version
    connection.execute(text("UPDATE appeal SET reopened = 1"))
    wait_for(lambda: listener.data_version > 1, "news")
    assert listener.names_version == words
    before = listener.data_version
    connection.execute(text("UPDATE topic SET name = name || ' '"))
    assert heard(listener, before) == 1
    assert listener.names_version == words + 1


def test_a_burst_of_changes_is_little_news(listener: Listener, url: str) -> None:
    before = listener.data_version

    def change(_which: int) -> None:
        with psycopg.connect(url) as other:
            other.execute("UPDATE appeal SET reopened = reopened + 1")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(change, range(60)))
    # The last of it is heard as well: a change after the burst comes on top.
    wait_for(lambda: listener.data_version > before, "news")
    assert listener.data_version - before <= 30


@contextmanager
def writing(url: str) -> Iterator[psycopg.Connection]:
    """A transaction that changes an appeal of its own and is not committed yet."""
    with psycopg.connect(url) as one:
        one.execute(ANOTHER.replace("'another'", "gen_random_uuid()") + " LIMIT 1")
        yield one


def test_who_writes_while_another_sends_word_is_heard_without_waiting_for_it(listener: Listener, url: str) -> None:
    with writing(url), writing(url) as second:
        wait_for(lambda: listener.data_version > 1, "the change that is counted before it is committed")
        before = listener.data_version
        second.commit()
        assert heard(listener, before) >= 1


def test_one_writer_at_a_time_sends_word(connection: Connection, url: str) -> None:
    factories.appeal(connection)
    with psycopg.connect(url, autocommit=True) as ears:
        ears.execute(f"LISTEN {APPEALS_CHANNEL}")
        with writing(url) as first, writing(url) as second:
            second.commit()
            assert list(ears.notifies(timeout=0)) == []
            first.commit()
        assert len(list(ears.notifies(timeout=20, stop_after=1))) == 1


def test_what_is_unsaid_is_looked_for_until_all_who_wrote_then_have_ended(connection: Connection, url: str) -> None:
    factories.appeal(connection)
    with psycopg.connect(url, autocommit=True) as ears:
        unsaid = UnannouncedChanges(ears)
        with writing(url) as first, writing(url) as second, writing(url) as third:
            assert unsaid.have_changed()
            for one in (second, third):
                assert not unsaid.have_changed()
                one.commit()
                assert unsaid.have_changed()
            # The first sent word, and so does everybody after it.
            first.commit()
        with writing(url) as alone:
            alone.commit()
        assert not unsaid.have_changed()


def test_a_connection_that_is_cut_comes_back_with_news(connection: Connection, listener: Listener) -> None:
    before = listener.data_version
    ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'otklik listener'"
    connection.execute(text(ended))
    wait_for(lambda: listener.data_version > before and not listener.is_disconnected, "the listener to come back")
    version = listener.data_version
    connection.execute(text("UPDATE appeal SET reopened = 3"))
    assert heard(listener, version) >= 1


def test_who_was_told_of_a_loss_notices_that_the_database_is_there(listener: Listener) -> None:
    before = listener.data_version
    listener.mark_disconnected()
    assert listener.is_disconnected
    assert listener.as_of <= datetime.now(UTC)
    wait_for(lambda: not listener.is_disconnected, "the listener to find the database there")
    assert listener.data_version > before


def test_while_the_database_is_away_the_moment_known_stands_still(listener: Listener) -> None:
    assert listener.as_of > datetime.now(UTC).replace(year=2020)
    listener.mark_disconnected()
    known = listener.as_of
    listener.mark_disconnected()
    assert listener.as_of == known or not listener.is_disconnected
