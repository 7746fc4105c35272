"""Each day's measures and the state at its end, against a count in plain Python."""

from datetime import UTC, date, datetime, timedelta

import psycopg
import streamlit
from hypothesis import given, settings
from sqlalchemy import Connection, text

from queries.filters import Filters
from queries.summaries.daily import daily_measures
from queries.summaries.metric_values import metric_values
from tests.queries.counts.test_aggregates import TODAY, any_of_all, stable
from tests.support import factories
from tests.support.appeals.appeal_changes import Change, apply_change, change_lists
from tests.support.appeals.appeal_set import is_on_time
from tests.support.figures.oracle import DAY, Oracle
from tests.support.figures.reference_data import ReferenceData, appeal_rows

WEEK = Filters(TODAY - 7 * DAY, TODAY + 2 * DAY)


@settings(stable, max_examples=10)
@given(changes=change_lists(), filters=any_of_all)
def test_each_day_is_what_python_counts(
    connection: Connection, url: str, world: ReferenceData, changes: list[Change], filters: Filters
) -> None:
    connection.execute(text("TRUNCATE appeal CASCADE"))
    with psycopg.connect(url, autocommit=True) as other:
        for change in changes:
            apply_change(other, world, change)
    streamlit.cache_data.clear()
    oracle = Oracle(world, appeal_rows(connection), datetime.now(UTC))
    today, filtered = oracle.local_today(filters), oracle.filtered(filters)
    by_day = daily_measures(filters)
    for day, row in zip(list[date](by_day.index), by_day.to_dict("records"), strict=True):
        end = day + DAY
        state = end if end <= today else None
        due = filtered.due_rows(day, end)
        expected = (
            *(len(filtered.rows_within(moment, day, end)) for moment in ("received_at", "closed_at")),
            len(filtered.open_rows(state)),
            len(filtered.overdue_rows(state)),
            *((len(due), sum(map(is_on_time, due))) if state else (0, 0)),
        )
        names = ("received", "closed", "open", "overdue", "due", "met")
        assert tuple(row[name] for name in names) == expected, (day, filters)


def test_every_day_up_to_today_has_its_row(connection: Connection) -> None:
    factories.appeal(connection, received_at=datetime.now(UTC) - timedelta(days=3))
    by_day = daily_measures(WEEK)
    today = datetime.now(UTC).date()
    assert list(by_day.index) == [WEEK.start + n * DAY for n in range((today - WEEK.start).days + 1)]
    assert list(by_day["open"]) == [int(day >= today - 3 * DAY) for day in by_day.index]


def test_days_before_any_appeal_are_empty_and_days_ahead_none(connection: Connection) -> None:
    factories.appeal(connection)
    assert daily_measures(Filters(TODAY - 400 * DAY, TODAY - 398 * DAY)).to_numpy().sum() == 0
    assert len(daily_measures(Filters(TODAY - 400 * DAY, TODAY - 398 * DAY))) == 2
    assert daily_measures(Filters(TODAY + 30 * DAY, TODAY + 40 * DAY)).empty


def test_a_series_of_a_share_ends_at_its_value(connection: Connection) -> None:
    now = datetime.now(UTC)
    for age in (1, 2, 3):
        factories.appeal(connection, received_at=now - 5 * DAY, closed_at=now - age * DAY, rating=2 + age)
    (answer,) = metric_values(WEEK, ["satisfaction"])
    assert answer.series[-1] == answer.value == 2 / 3
    assert answer.series[0] is None
