"""A live query runs once per change and minute; while the database is away, its last result is returned."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

import psycopg
import pytest
import streamlit
from sqlalchemy import Connection, func, literal, select, text

from otklik.database.access import scope
from otklik.database.engine import engine, restricted_url
from otklik.database.migrate import migrate
from otklik.database.server.embedded import EmbeddedServer
from otklik.database.transactions import query_dataframe
from otklik.errors import QueryTimeout
from queries import filter_options
from queries.cache import live as lives
from queries.cache.live import as_of, change_listener, data_version, is_database_away, live
from queries.cache.timed import timed
from tests.queries.core.test_resolved_filters import LATELY
from tests.support import factories
from tests.support.figures.oracle import DAY
from tests.support.servers.data_folders import data_folder_with_cluster
from tests.support.waiting import wait_for

pytestmark = pytest.mark.second_server

Moment = tuple[str, str, object]
Query = Callable[..., Moment]
NEWS = "NOTIFY otklik_appeals"


@live
def asked_at(about: object) -> datetime:
    """The moment at which the database ran the query: another one each time."""
    assert about is not None
    return datetime.fromisoformat(str(query_dataframe(select(func.clock_timestamp().label("now")))["now"].iloc[0]))


@live
def also_asked_at(about: object) -> datetime:
    """A second query with the body of `asked_at`."""
    assert about is not None
    return datetime.fromisoformat(str(query_dataframe(select(func.clock_timestamp().label("now")))["now"].iloc[0]))


def moment(about: str = "this", *, of: str = "all") -> Moment:
    """The arguments, and the moment at which the database ran the query."""
    return about, of, query_dataframe(select(func.clock_timestamp().label("now")))["now"].iloc[0]


@live
def slow(seconds: float) -> float:
    """A query that is cancelled when it takes longer than 50 ms."""
    return float(query_dataframe(select(literal(1).label("one"), func.pg_sleep(seconds)), seconds=0.05)["one"].iloc[0])


@live
def wrong(about: object) -> object:
    """A query that fails by itself, while the connection is fine."""
    return query_dataframe(select(text("1 / (1 - length(:about)) AS one")).params(about=str(about)))


@pytest.fixture
def quiet(url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database without pending notifications, and no minute that could end."""
    monkeypatch.setattr(lives, "TICK_SECONDS", 10**10)
    data_version()
    wait_for(lambda: data_version() and not is_database_away(), "the listener")
    tell(url)
    return url


def tell(url: str) -> None:
    """Notify of a change, and wait until the listener has noticed."""
    before = data_version()
    with psycopg.connect(url) as connection:
        connection.execute(NEWS)
    wait_for(lambda: data_version() > before, "the news")


def test_a_live_query_runs_again_only_after_a_change(quiet: str) -> None:
    first = asked_at("this")
    assert asked_at("this") == first
    tell(quiet)
    assert asked_at("this") > first


def test_reference_data_are_queried_again_when_a_name_changes(quiet: str, connection: Connection) -> None:
    factories.topic(connection, "a", name="Roads")
    version_before = change_listener().names_version
    connection.execute(text("UPDATE topic SET name = 'Streets' WHERE code = 'a'"))
    wait_for(lambda: change_listener().names_version > version_before, "the news")
    assert filter_options.topics(LATELY)["name"].tolist() == ["Streets"]
    version_after = change_listener().names_version
    tell(quiet)
    assert change_listener().names_version == version_after


@pytest.mark.usefixtures("quiet")
def test_a_live_query_runs_again_when_the_minute_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    first = asked_at("this")
    assert asked_at("this") == first
    monkeypatch.setattr(lives, "TICK_SECONDS", 0.05)
    wait_for(lambda: asked_at("this") > first, "the next answer")


@pytest.mark.usefixtures("quiet")
def test_other_filters_functions_and_viewers_have_results_of_their_own() -> None:
    moments = [
        *(asked_at(filters) for filters in (LATELY, replace(LATELY, territory="a"), replace(LATELY, topic="a"))),
        asked_at(replace(LATELY, start=LATELY.start - DAY)),
        also_asked_at(LATELY),
    ]
    with scope.acting_as(None):
        moments.append(asked_at(LATELY))
    assert sorted(set(moments)) == moments


@pytest.mark.usefixtures("quiet")
def test_an_argument_by_name_or_position_has_the_same_result() -> None:
    first = asked_at("this")
    assert asked_at(about="this") == first
    assert asked_at(about="that") > first


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("cached", [live, timed])
def test_a_keyword_only_argument_is_part_of_the_key(cached: Callable[[Query], Query]) -> None:
    query = cached(moment)
    assert query()[:2] == ("this", "all")
    assert query() == query("this") == query(of="all") == query(of="all", about="this")
    assert query(of="one")[:2] == ("this", "one")
    assert query(of="one") == query("this", of="one")
    assert query("that", of="one")[:2] == ("that", "one")


@pytest.mark.usefixtures("quiet")
def test_a_timeout_is_raised_each_time_and_not_cached() -> None:
    for _ in range(2):
        with pytest.raises(QueryTimeout):
            slow(30)
    assert not is_database_away()
    assert slow(0) == 1


@pytest.mark.usefixtures("quiet")
def test_a_failing_query_does_not_mean_that_the_database_is_away() -> None:
    assert wrong("ab") is not None
    with pytest.raises(Exception, match="division by zero"):
        wrong("a")
    assert not is_database_away()


@dataclass
class Apart:
    """A server that can be stopped and started again."""

    stop: Callable[[], None]
    start: Callable[[], None]


def forget() -> None:
    """Forget connections and caches, so that the next query connects again."""
    engine().dispose()
    engine.cache_clear()
    change_listener.cache_clear()
    streamlit.cache_data.clear()


@pytest.fixture
def apart(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Apart]:
    with (
        data_folder_with_cluster() as data,
        EmbeddedServer(data) as server,
        monkeypatch.context() as environ,
        scope.acting_as(None),
    ):
        migrate(server.url)
        environ.setattr(lives, "TICK_SECONDS", 10**10)
        assert url != server.url
        forget()
        environ.setenv("OTKLIK_ADDRESS", restricted_url(server.url))
        wait_for(lambda: data_version() and not is_database_away(), "the listener")
        yield Apart(server.stop, server.ensure_running)
        forget()


def test_while_the_database_is_away_the_last_results_are_returned(apart: Apart) -> None:
    before, first = data_version(), asked_at("this")
    apart.stop()
    wait_for(is_database_away, "the loss to be noticed")
    assert asked_at("this") == first
    assert is_database_away()
    since = as_of()
    assert as_of() == since
    # A query that never ran has no last result.
    with pytest.raises(Exception, match="connection"):
        asked_at("that")
    apart.start()
    wait_for(lambda: not is_database_away(), "the database to be found again")
    assert data_version() > before
    assert as_of() > since
    assert asked_at("this") > first


def test_the_first_query_notices_the_loss_at_once(apart: Apart) -> None:
    """The cache has no result of this version, and the listener may not have noticed the loss yet."""
    first = asked_at("this")
    apart.stop()
    streamlit.cache_data.clear()
    assert asked_at("this") == first
    assert is_database_away()
