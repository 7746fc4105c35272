"""A rating of an answer that a later one replaced stays counted on its day; a correction replaces the old one."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import streamlit
from sqlalchemy import Connection, text

from otklik.database.access import people, scope
from otklik.database.cubes.rollups import cube_differences, fold_cubes
from otklik.database.transactions import query_dataframe
from queries.filters import Filters
from queries.satisfaction import ratings
from queries.satisfaction.low_ratings import low_rated_appeals
from queries.summaries.breakdown import breakdown
from tests.support import factories
from tests.support.factories import AppealKey

DAY = timedelta(days=1)
NOON = datetime(2024, 3, 10, 12, tzinfo=UTC)
FIRST_WEEK, SECOND_WEEK = (Filters(date(2024, 3, day), date(2024, 3, day + 7)) for day in (8, 15))


@pytest.fixture
def appeal_key(connection: Connection) -> AppealKey:
    """An appeal received on 8 March, closed on 9 March, rated 2 on 10 March."""
    return factories.appeal(
        connection, received_at=NOON - 2 * DAY, closed_at=NOON - DAY, rating=2, rated_at=NOON, reopened=0
    )


def change(connection: Connection, key: AppealKey, **columns: Any) -> None:  # noqa: ANN401 -- a row's columns have no common type
    columns |= {
        "status_id": status_id(connection, "reconsideration" if columns.get("closed_at", 0) is None else "answered")
    }
    assignments = ", ".join(f"{name} = :{name}" for name in columns)
    connection.execute(
        text(f"UPDATE appeal SET {assignments} WHERE (region_id, id) = (:region, :id)"),
        {**columns, "region": key.region_id, "id": key.id},
    )


def status_id(connection: Connection, code: str) -> int:
    return int(connection.execute(text("SELECT id FROM status WHERE code = :code"), {"code": code}).scalar_one())


def reopen(connection: Connection, key: AppealKey, **columns: Any) -> None:  # noqa: ANN401 -- as above
    change(connection, key, closed_at=None, outcome_id=None, reopened=1, **columns)


def spread(filters: Filters) -> list[int]:
    """How many ratings of 1 to 5 were given; asked of the database each time."""
    streamlit.cache_data.clear()
    return ratings.rating_distribution(filters)["appeals"].tolist()


def test_a_rating_stays_counted_while_its_appeal_is_open_again(connection: Connection, appeal_key: AppealKey) -> None:
    reopen(connection, appeal_key)
    assert spread(FIRST_WEEK) == [0, 1, 0, 0, 0]
    assert low_rated_appeals(FIRST_WEEK)["fate"].tolist() == ["open"]


def test_a_second_rating_does_not_overwrite_the_first(connection: Connection, url: str, appeal_key: AppealKey) -> None:
    reopen(connection, appeal_key)
    change(connection, appeal_key, closed_at=NOON + 6 * DAY, rating=5, rated_at=NOON + 7 * DAY)
    assert spread(FIRST_WEEK) == [0, 1, 0, 0, 0]
    assert spread(SECOND_WEEK) == [0, 0, 0, 0, 1]
    assert low_rated_appeals(FIRST_WEEK)["rating"].tolist() == [2]
    fold_cubes(url)
    assert spread(FIRST_WEEK) == [0, 1, 0, 0, 0]
    assert not list(cube_differences(url))


def test_a_rating_counts_on_its_own_day_and_not_on_that_of_the_answer(connection: Connection) -> None:
    factories.appeal(
        connection,
        received_at=NOON - 2 * DAY,
        closed_at=NOON - DAY,
        rating=4,
        rated_at=datetime(2024, 3, 15, tzinfo=UTC),
    )
    assert spread(FIRST_WEEK) == [0] * 5
    assert spread(SECOND_WEEK) == [0, 0, 0, 1, 0]
    # Rated is a share of those closed, whenever the rating came.
    coverage = {value.metric.id: value for value in ratings.kpis(FIRST_WEEK)}["satisfaction"].coverage
    assert coverage == 1.0


def test_a_rating_changed_without_a_new_answer_is_corrected(connection: Connection, appeal_key: AppealKey) -> None:
    change(connection, appeal_key, rating=3)
    assert spread(FIRST_WEEK) == [0, 0, 1, 0, 0]
    change(connection, appeal_key, rating=None, rated_at=None)
    assert spread(FIRST_WEEK) == [0] * 5


def test_a_rating_that_is_gone_since_the_appeal_is_open_again_stays(
    connection: Connection, appeal_key: AppealKey
) -> None:
    reopen(connection, appeal_key, rating=None, rated_at=None)
    assert spread(FIRST_WEEK) == [0, 1, 0, 0, 0]


def test_earlier_ratings_follow_their_appeal(connection: Connection, url: str, appeal_key: AppealKey) -> None:
    reopen(connection, appeal_key)
    change(connection, appeal_key, closed_at=NOON + 6 * DAY, rating=5, rated_at=NOON + 7 * DAY)
    change(connection, appeal_key, topic_id=factories.topic(connection, "housing"))
    assert breakdown(FIRST_WEEK, "topic").set_index("code")["rated_2"].to_dict() == {"housing": 1}
    moved = AppealKey(factories.territory(connection, "XB"), appeal_key.id)
    change(connection, appeal_key, region_id=moved.region_id)
    fold_cubes(url)
    assert not list(cube_differences(url))
    assert breakdown(FIRST_WEEK, "region").set_index("code")["rated_2"].get("XB") == 1
    connection.execute(text("DELETE FROM appeal WHERE (region_id, id) = (:region_id, :id)"), moved._asdict())
    assert spread(FIRST_WEEK) == [0] * 5
    assert not list(cube_differences(url))


def test_only_those_who_see_an_appeal_see_its_earlier_ratings(connection: Connection, appeal_key: AppealKey) -> None:
    reopen(connection, appeal_key, rating=None, rated_at=None)
    factories.territory(connection, "XB")
    for region, seen in (("XA", 1), ("XB", 0)):
        facts = {"email": f"{region}@example.org", "name": region, "role": "manager", "territories": (region,)}
        people.save_person_as_owner(connection, None, facts)
        person = people.person_of_sign_in("https://id.example.org", region, f"{region}@example.org")
        assert person
        with scope.acting_as(person.scope):
            assert len(query_dataframe(text("SELECT * FROM earlier_rating"))) == seen
