"""How far appeals have come, and what became of low ratings."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Connection

from queries.filters import Filters
from queries.resolution import funnel
from queries.satisfaction import low_rating_outcomes
from tests.support import factories

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
NOON = datetime(2024, 3, 10, 12, tzinfo=UTC)
MARCH = Filters(date(2024, 3, 1), date(2024, 4, 1))


def test_each_step_has_those_that_came_so_far(connection: Connection) -> None:
    for status in ("received", "on_moderation", "on_coordination", "in_progress", "reconsideration", "on_approval"):
        factories.appeal(connection, received_at=NOON, status=status)
        factories.appeal(connection, received_at=NOON - 30 * DAY, status=status)
    factories.appeal(connection, received_at=NOON, closed_at=NOON + DAY)
    factories.appeal(connection, received_at=NOON, closed_at=NOON + DAY, outcome="explained")
    rows = funnel.funnel_steps(MARCH)
    assert rows["code"].tolist() == ["received", "coordination", "execution", "approval", "closed", "resolved"]
    assert rows["appeals"].tolist() == [8, 6, 5, 3, 2, 1]
    assert rows["share"].tolist() == [n / 8 for n in (8, 6, 5, 3, 2, 1)]
    assert rows["name"][2] == "Execution"


@pytest.mark.usefixtures("connection")
def test_nothing_received_comes_nowhere() -> None:
    rows = funnel.funnel_steps(MARCH)
    assert rows["appeals"].tolist() == [0] * 6
    assert rows["share"].isna().all()
    assert low_rating_outcomes.outcome_counts(MARCH)["appeals"].tolist() == [0] * 6


def test_what_became_of_low_ratings(connection: Connection) -> None:
    closed = NOON + 9 * DAY

    def answered(rating: int | None, rated_at: datetime | None, reopened: int) -> None:
        factories.appeal(
            connection, received_at=NOON, closed_at=closed, rating=rating, rated_at=rated_at, reopened=reopened
        )

    for rating in (1, 2, 3, 5):
        answered(rating, closed, 0)
    answered(1, closed - SECOND, 1)
    answered(None, None, 1)
    for rating in (2, 3, 4, 5):
        answered(rating, closed, 1)
    factories.appeal(connection, received_at=NOON, rating=1, rated_at=NOON + DAY, reopened=1)
    factories.appeal(connection, received_at=NOON, rating=1, rated_at=NOON + 90 * DAY, reopened=1)
    rows = low_rating_outcomes.outcome_counts(MARCH).set_index("fate")["appeals"]
    assert rows.to_dict() == {"closed": 2, "open": 1, "unrated": 2, "low": 1, "middling": 1, "good": 2}
    assert low_rating_outcomes.outcome_counts(Filters(MARCH.start, MARCH.end, channel="app"))["appeals"].sum() == 0
