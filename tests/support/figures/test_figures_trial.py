"""With random filters, every figure of the pages is what plain Python counts; what isn't would be reported."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import psycopg
import pytest
from sqlalchemy import Connection, text

from otklik.database.cubes.rollups import fold_cubes
from otklik.demo.load import load_demo_data
from queries.filters import Filters
from tests.support.appeals.appeal_changes import Change, apply_change
from tests.support.figures.day_record import load_day_record
from tests.support.figures.figure_differences import compare_figures
from tests.support.figures.figures_trial import compare_sets
from tests.support.figures.oracle import Oracle
from tests.support.figures.reference_data import appeal_rows, build_reference_data, draft_appeal, load_reference_data

DAY = timedelta(days=1)
RECORDED_DAYS = 20
MOMENT_COLUMNS = ("received_at", "deadline_at", "closed_at", "rated_at", "first_answered_at", "first_returned_at")
KINDS = {"total", "previous", "member", "previous of member", "day", "now", "now of member"}


def fill_and_record(connection: Connection, url: str, last_days_ago: int = 0) -> None:
    """Appeals at the edges of days, the record of the last weeks, and changes since that these days don't show.

    The record ends `last_days_ago` days earlier than it could.
    """
    reference = build_reference_data(connection)
    pick = Random(7).randrange  # noqa: S311 -- data for tests
    with psycopg.connect(url, autocommit=True) as writer:
        apply_change(writer, reference, Change("insert", 0, tuple(map(draft_appeal, range(240))), ()))
        # Half of what came lately came on the same weekday of the week before.
        moved = ", ".join(f"{column} = {column} - interval '168 hours'" for column in MOMENT_COLUMNS)
        writer.execute(f"UPDATE appeal SET {moved} WHERE id % 2 = 0 AND received_at > now() - interval '5 days'")
        fold_cubes(url)
        for ago in range(RECORDED_DAYS, last_days_ago - 1, -1):
            writer.execute("SELECT record_day_stocks(now() - %s * interval '1 day')", [ago])
        for kind in ("reopen", "edit", "close", "edit all"):
            drafts = tuple(draft_appeal(pick(10**6)) for _ in range(20))
            apply_change(writer, reference, Change(kind, pick(60), drafts, ("deadline_at",)))


@pytest.mark.slow
def test_days_that_go_on_are_compared_with_days_of_the_record(connection: Connection, url: str) -> None:
    fill_and_record(connection, url)
    record = load_day_record(connection)
    oracle = Oracle(load_reference_data(connection), appeal_rows(connection), datetime.now(UTC))
    today = oracle.local_today(Filters(date.min, date.min))
    assert record.is_complete(oracle, Filters(date.min, date.min), today - 8 * DAY)
    for start, territory in ((today, None), (today - 6 * DAY, "XE")):
        filters = Filters(start, oracle.now.date() + DAY, territory=territory)
        assert compare_figures(oracle, record, filters, Random(1)).differences == [], filters  # noqa: S311 -- a sample


@pytest.mark.slow
def test_days_without_a_record_are_counted_back_from_what_is_known_now(connection: Connection, url: str) -> None:
    """Not from the record of the day before the first: a backlog would be as it stood then and changes of since."""
    fill_and_record(connection, url, last_days_ago=4)
    record = load_day_record(connection)
    oracle = Oracle(load_reference_data(connection), appeal_rows(connection), datetime.now(UTC))
    today = oracle.local_today(Filters(date.min, date.min))
    for start, end in ((today - 3 * DAY, today + DAY), (today - 7 * DAY, today), (today - 30 * DAY, today - 8 * DAY)):
        filters = Filters(start, end)
        assert compare_figures(oracle, record, filters, Random(1)).differences == [], filters  # noqa: S311 -- a sample


@pytest.mark.slow
def test_among_appeals_at_the_edges_of_days_no_figure_differs(connection: Connection, url: str) -> None:
    fill_and_record(connection, url)
    tally = compare_sets(connection, 5, seed=2)
    assert tally.differences == []
    assert set(tally.compared) >= KINDS
    assert min(tally.compared[kind] for kind in KINDS) > 10


@pytest.mark.slow
def test_of_a_demo_no_figure_differs(connection: Connection, url: str) -> None:
    load_demo_data(url, 2000)
    tally = compare_sets(connection, 4, seed=1)
    assert tally.differences == []
    assert sum(tally.compared.values()) > 2000


@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        ("rating = 6 - rating", {"satisfaction", "rating_mean"}),
        ("deadline_at = deadline_at - interval '40 days'", {"on_time_rate", "closed_on_time_rate"}),
        ("closed_at = closed_at + interval '20 days'", {"answer_mean", "answer_median", "resolved_share"}),
        ("first_returned_at = first_answered_at + interval '9 days'", {"reopened_rate"}),
    ],
)
def test_a_figure_that_differs_is_reported(connection: Connection, url: str, change: str, kinds: set[str]) -> None:
    reference = build_reference_data(connection)
    with psycopg.connect(url, autocommit=True) as writer:
        apply_change(writer, reference, Change("insert", 0, tuple(map(draft_appeal, range(120))), ()))
    oracle = Oracle(load_reference_data(connection), appeal_rows(connection), datetime.now(UTC))
    connection.execute(text(f"UPDATE appeal SET {change} WHERE closed_at < now() - interval '60 days'"))
    filters = Filters(date(2023, 12, 1), oracle.now.date() + DAY, compare="none")
    differences = compare_figures(oracle, load_day_record(connection), filters, Random(1)).differences  # noqa: S311
    assert all(any(f": {kind} is" in line for line in differences) for kind in kinds), differences
