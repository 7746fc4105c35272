"""First answers are kept at a re-opening; a return counts within a week, on the day on which that is over."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import streamlit
from sqlalchemy import Connection, text

from otklik.database.cubes.rollups import cube_differences, fold_cubes
from queries.filters import Filters
from queries.metrics.metric import MetricValue
from queries.summaries.metric_values import metric_values
from tests.support import factories
from tests.support.factories import AppealKey

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
MARCH, APRIL = Filters(date(2024, 3, 1), date(2024, 4, 1)), Filters(date(2024, 4, 1), date(2024, 5, 1))
NOON = datetime(2024, 3, 10, 12, tzinfo=UTC)


def reopened_rate(filters: Filters = MARCH) -> MetricValue:
    """The figure, asked of the database each time."""
    streamlit.cache_data.clear()
    return metric_values(filters, ["reopened_rate"])[0]


def answered(connection: Connection, first: datetime, returned: datetime | None = None, **columns: Any) -> AppealKey:  # noqa: ANN401 -- a row's columns have no common type
    """An appeal that was answered, and re-opened unless `returned` is None; then it is open or closed again."""
    kept: dict[str, Any] = (
        {} if returned is None else {"reopened": 1, "first_answered_at": first, "first_returned_at": returned}
    )
    closed_at = columns.pop("closed_at", first if returned is None else None)
    return factories.appeal(connection, received_at=first - DAY, closed_at=closed_at, **kept, **columns)


def test_a_return_counts_within_a_week_and_whatever_became_of_the_appeal(connection: Connection) -> None:
    answered(connection, NOON)
    answered(connection, NOON, NOON + 7 * DAY)
    answered(connection, NOON, NOON + 7 * DAY + SECOND)
    answered(connection, NOON, NOON + 2 * DAY, closed_at=NOON + 60 * DAY)
    assert (reopened_rate().numerator, reopened_rate().denominator) == (2, 4)


def test_a_past_month_stays_what_it_was(connection: Connection) -> None:
    key = answered(connection, NOON)
    answered(connection, NOON, NOON + DAY)
    late = answered(connection, datetime(2024, 3, 28, tzinfo=UTC))
    before = reopened_rate()
    assert (before.numerator, before.denominator) == (1, 2)
    # The last week of March counts in April, when its returns are known.
    assert reopened_rate(APRIL).denominator == 1
    reopening = (
        "UPDATE appeal SET reopened = 1, closed_at = NULL, outcome_id = NULL, status_id = %s WHERE id IN (%s, %s)"
    )
    status = connection.execute(text("SELECT id FROM status WHERE code = 'reconsideration'")).scalar_one()
    connection.execute(text(reopening % (status, key.id, late.id)))
    assert (reopened_rate().numerator, reopened_rate().denominator) == (1, 2)
    assert reopened_rate(APRIL).denominator == 1


def test_an_answer_of_less_than_a_week_ago_does_not_count_yet(connection: Connection) -> None:
    now = datetime.now(UTC)
    recent = Filters((now - 20 * DAY).date(), (now + DAY).date())
    answered(connection, now - 6.5 * DAY, now - 6 * DAY)
    assert reopened_rate(recent).value is None
    answered(connection, now - 9 * DAY)
    answered(connection, now - 9 * DAY, now - 8 * DAY)
    assert reopened_rate(recent).value == 0.5


def test_the_first_answer_is_kept_by_its_re_opening(connection: Connection, url: str) -> None:
    key = factories.appeal(connection, received_at=NOON - DAY, closed_at=NOON, outcome="explained")
    connection.execute(
        text(
            "UPDATE appeal SET reopened = 1, closed_at = :again, outcome_id = (SELECT id FROM outcome WHERE resolved)"
            " WHERE (region_id, id) = (:region_id, :id)"
        ),
        {"again": NOON + 5 * DAY, **key._asdict()},
    )
    kept = "SELECT first_answered_at, first_returned_at, code FROM appeal JOIN outcome ON outcome.id = first_outcome_id"
    # By the next answer at the latest.
    assert connection.execute(text(kept)).all() == [(NOON, NOON + 5 * DAY, "explained")]
    assert reopened_rate().value == 1
    connection.execute(text("UPDATE appeal SET reopened = 2, closed_at = :later"), {"later": NOON + 9 * DAY})
    assert connection.execute(text(kept)).one()[0] == NOON
    fold_cubes(url)
    assert not list(cube_differences(url))
    connection.execute(text("UPDATE appeal SET reopened = 0"))
    assert connection.scalar(text("SELECT count(first_answered_at) FROM appeal")) == 0
    assert not list(cube_differences(url))


@pytest.mark.parametrize(("known", "rate", "unknown"), [(0, None, "first_answer"), (1, 0.25, None), (2, 0.4, None)])
def test_with_too_little_history_the_rate_is_unknown_and_not_nought(
    connection: Connection, known: int, rate: float | None, unknown: str | None
) -> None:
    for returned in (None, None, None, *[NOON + DAY] * known):
        answered(connection, NOON, returned)
    factories.appeal(connection, received_at=NOON, closed_at=NOON + DAY, reopened=1)
    assert (reopened_rate().value, reopened_rate().unknown) == (rate, unknown)
