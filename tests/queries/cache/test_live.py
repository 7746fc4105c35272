"""An answer is asked once a change and a minute; while the database is away, the last one stands."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

import psycopg
import pytest
import streamlit
from sqlalchemy import Connection, func, literal, select, text

from otklik.database import scope
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
from tests.support.databases import shared_temp_folder
from tests.support.oracle import DAY
from tests.support.waiting import wait_for

Moment = tuple[str, str, object]
Query = Callable[..., Moment]
NEWS = "NOTIFY otklik_appeals"


@live
def asked_at(about: object) -> datetime:
    """When the database was asked: another moment each time."""
    assert about is not None
    return datetime.fromisoformat(str(query_dataframe(select(func.clock_timestamp().label("now")))["now"].iloc[0]))


@live
def also_asked_at(about: object) -> datetime:
    """A second query with the body of `asked_at`."""
    assert about is not None
    return datetime.fromisoformat(str(query_dataframe(select(func.clock_timestamp().label("now")))["now"].iloc[0]))


def moment(about: str = "this", *, of: str = "all") -> Moment:
    """What was asked, and when."""
    return about, of, query_dataframe(select(func.clock_timestamp().label("now")))["now"].iloc[0]


@live
def slow(seconds: float) -> float:
    """So long that it is cut off."""
    return float(query_dataframe(select(literal(1).label("one"), func.pg_sleep(seconds)), seconds=0.05)["one"].iloc[0])


@live
def wrong(about: object) -> object:
    """A question that is at fault, and not the connection."""
    return query_dataframe(select(text("1 / (1 - length(:about)) AS one")).params(about=str(about)))


@pytest.fixture
def quiet(url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """No news on the way, and no minute about to end."""
    monkeypatch.setattr(lives, "TICK_SECONDS", 10**10)
    data_version()
    wait_for(lambda: data_version() and not is_database_away(), "the listener")
    tell(url)
    return url


def tell(url: str) -> None:
    """Bring news, and wait until it is heard."""
    before = data_version()
    with psycopg.connect(url) as connection:
        connection.execute(NEWS)
    wait_for(lambda: data_version() > before, "the news")


def test_an_answer_is_asked_again_after_a_change_alone(quiet: str) -> None:
    first = asked_at("this")
    assert asked_at("this") == first
    tell(quiet)
    assert asked_at("this") > first


def test_names_are_asked_again_when_something_is_called_otherwise(quiet: str, connection: Connection) -> None:
    factories.topic(connection, "a", name="Roads")
    version_before = change_listener().names_version
    connection.execute(text("UPDATE topic SET name = 'Streets' WHERE code = 'a'"))
    wait_for(lambda: change_listener().names_version > version_before, "the news")
    assert filter_options.topics(LATELY)["name"].tolist() == ["Streets"]
    version_after = change_listener().names_version
    tell(quiet)
    assert change_listener().names_version == version_after


@pytest.mark.usefixtures("quiet")
def test_an_answer_is_asked_again_when_the_minute_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    first = asked_at("this")
    assert asked_at("this") == first
    monkeypatch.setattr(lives, "TICK_SECONDS", 0.05)
    wait_for(lambda: asked_at("this") > first, "the next answer")


@pytest.mark.usefixtures("quiet")
def test_other_filters_other_functions_and_other_viewers_have_their_own_answers() -> None:
    moments = [
        *(asked_at(filters) for filters in (LATELY, replace(LATELY, territory="a"), replace(LATELY, topic="a"))),
        asked_at(replace(LATELY, start=LATELY.start - DAY)),
        also_asked_at(LATELY),
    ]
    with scope.acting_as(None):
        moments.append(asked_at(LATELY))
    assert sorted(set(moments)) == moments


@pytest.mark.usefixtures("quiet")
def test_a_name_given_or_not_is_the_same_question() -> None:
    first = asked_at("this")
    assert asked_at(about="this") == first
    assert asked_at(about="that") > first


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("cached", [live, timed])
def test_a_name_without_a_place_is_a_part_of_the_question(cached: Callable[[Query], Query]) -> None:
    query = cached(moment)
    assert query()[:2] == ("this", "all")
    assert query() == query("this") == query(of="all") == query(of="all", about="this")
    assert query(of="one")[:2] == ("this", "one")
    assert query(of="one") == query("this", of="one")
    assert query("that", of="one")[:2] == ("that", "one")


@pytest.mark.usefixtures("quiet")
def test_what_takes_too_long_is_said_each_time_and_not_kept() -> None:
    for _ in range(2):
        with pytest.raises(QueryTimeout):
            slow(30)
    assert not is_database_away()
    assert slow(0) == 1


@pytest.mark.usefixtures("quiet")
def test_a_question_at_fault_is_no_database_away() -> None:
    assert wrong("ab") is not None
    with pytest.raises(Exception, match="division by zero"):
        wrong("a")
    assert not is_database_away()


@dataclass
class Apart:
    """A server of its own that can go away and come back."""

    stop: Callable[[], None]
    start: Callable[[], None]


def forget() -> None:
    """Let the next question find its database anew."""
    engine().dispose()
    engine.cache_clear()
    change_listener.cache_clear()
    streamlit.cache_data.clear()


@pytest.fixture
def apart(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Apart]:
    with (
        shared_temp_folder() as data,
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


def test_while_the_database_is_away_the_last_answers_stand(apart: Apart) -> None:
    before, first = data_version(), asked_at("this")
    apart.stop()
    wait_for(is_database_away, "the loss to be noticed")
    assert asked_at("this") == first
    assert is_database_away()
    since = as_of()
    assert as_of() == since
    # What was never asked has no last answer.
    with pytest.raises(Exception, match="connection"):
        asked_at("that")
    apart.start()
    wait_for(lambda: not is_database_away(), "the database to be found again")
    assert data_version() > before
    assert as_of() > since
    assert asked_at("this") > first


def test_who_asks_first_notices_the_loss_at_once(apart: Apart) -> None:
    """The cache has no answer of this version, and the listener may not have noticed yet."""
    first = asked_at("this")
    apart.stop()
    streamlit.cache_data.clear()
    assert asked_at("this") == first
    assert is_database_away()
