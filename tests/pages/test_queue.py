"""The queue's page shows what is open in the database, from `app.py` and by a deep link."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection

from components.words import LANGUAGES
from tests import factories
from tests.pages.screens import panels, screen, tiles

DAY = timedelta(days=1)
NOTHING = ":gray[Nothing is open with these filters.]"


@pytest.fixture
def appeals(connection: Connection) -> None:
    """One within its time with a point, one at risk, two overdue of which one is somebody else's."""
    now = datetime.now(UTC)
    factories.appeal(connection, number="FINE", received_at=now - DAY, deadline_at=now + 9 * DAY, lon=69.0, lat=61.0)
    factories.appeal(connection, number="RISK", received_at=now - 9 * DAY, deadline_at=now + DAY / 2)
    factories.appeal(connection, number="OVER", received_at=now - 9 * DAY, deadline_at=now - 3 * DAY / 2, holder="city")
    factories.appeal(connection, number="LONG", received_at=now - 30 * DAY, deadline_at=now - 41 * DAY / 2)


@pytest.mark.usefixtures("appeals")
@pytest.mark.parametrize("deep", [False, True])
def test_the_tiles_say_what_is_open(deep: bool) -> None:  # noqa: FBT001 -- pytest hands it over
    shown = tiles(screen("queue", deep=deep))
    assert list(shown) == ["Open", "Within time", "At risk", "Overdue", "Overdue share", "Oldest open"]
    assert list(shown.values()) == ["4", "1", "1", "2", ":gray[15–85%]", "30 d"]


@pytest.mark.usefixtures("appeals")
def test_the_overdue_are_listed_longest_first_and_say_how_long() -> None:
    (table,) = screen("queue").dataframe
    assert table.value[["number", "time"]].to_numpy().tolist() == [
        ["LONG", "overdue by 20 days"],
        ["OVER", "overdue by 1 day"],
    ]


@pytest.mark.usefixtures("appeals")
def test_a_filter_in_the_address_narrows_every_panel() -> None:
    page = screen("queue", organisation="city")
    assert tiles(page)["Open"] == "1"
    assert page.dataframe[0].value["number"].tolist() == ["OVER"]


@pytest.mark.usefixtures("appeals")
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_panel_speaks_the_language_of_the_address(language: str) -> None:
    page = screen("queue", lang=language)
    assert len(set(panels(page))) == 6
    said = {"en": "overdue by 20 days", "ru": "просрочено на 20 дней", "hr": "kasni 20 dana"}
    assert page.dataframe[0].value["time"].iloc[0] == said[language]


@pytest.mark.usefixtures("appeals")
@pytest.mark.parametrize("deep", [False, True])
def test_who_may_not_see_the_queue_is_told_so_and_sees_nothing(deep: bool) -> None:  # noqa: FBT001 -- as above
    page = screen("queue", deep=deep, **{"as": "administrator"})
    assert [one.value for one in page.error] == ["This page is not open to you."]
    assert not page.metric
    assert not page.dataframe
    assert page.radio(key="person").value == "administrator"


@pytest.mark.usefixtures("connection")
def test_an_empty_queue_is_said_in_words() -> None:
    page = screen("queue")
    said = [one.value for one in page.markdown]
    assert said.count(NOTHING) == 4
    assert ":gray[Nothing is overdue with these filters.]" in said
    assert not page.dataframe
