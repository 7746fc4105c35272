"""Each metric equals a count in plain Python, after any changes to the appeals and with any filters."""

from dataclasses import replace
from datetime import UTC, date, datetime
from random import Random
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
import streamlit
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select, text

from otklik.database.cubes.measures import SETTLED_MEASURES
from otklik.database.cubes.rollups import fold_cubes
from queries.core.resolved_filters import resolve
from queries.counts.aggregates import sums_subquery
from queries.counts.state_sums import STATE_MEASURES, SUM_MEASURES
from queries.filters import Filters
from queries.metrics.catalogue import NOW_ONLY_METRICS, PERCENTILE_METRICS, PERIOD_METRICS, UNCOMPARED_METRICS
from queries.summaries.metric_values import metric_values
from queries.summaries.totals import period_totals
from tests.support.appeals.appeal_changes import Change, apply_change, change_lists
from tests.support.appeals.appeal_set import is_on_time
from tests.support.figures.oracle import DAY, Oracle
from tests.support.figures.reference_data import BASE_MOMENT, ReferenceData, appeal_rows, draft_appeal

TODAY = BASE_MOMENT.date()
# Years around the edge days, periods between edge days, the last week up to tomorrow, and one that is over.
PERIODS = [
    (date(2023, 12, 1), TODAY + 2 * DAY),
    (date(2023, 12, 31), date(2024, 1, 1)),
    (date(2024, 1, 1), date(2024, 3, 1)),
    (TODAY - 7 * DAY, TODAY + 2 * DAY),
    (TODAY - 7 * DAY, TODAY - 2 * DAY),
]
CHOICES: dict[str, list[Any]] = {
    "territory": [None, "X", "XE", "KAM", "MOW", "MOW-1", "NYC"],
    "topic": [None, "roads", "roads.surface", "housing.heat.cold"],
    "organisation": [None, "city"],
    "regime": [None, "law59"],
    "channel": [None, "app"],
}
stable = settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
periods = st.sampled_from(PERIODS).map(lambda period: Filters(*period))
# Filters that a cube can answer: at most one besides the territory.
single = st.builds(
    lambda filters, territory, field: replace(filters, territory=territory, **({field[0]: field[1]} if field else {})),
    periods,
    st.sampled_from(CHOICES["territory"]),
    st.sampled_from([None, *((name, codes[1]) for name, codes in CHOICES.items() if name != "territory")]),
)
# Any combination of filters; most of them no cube can answer.
any_of_all = st.builds(
    replace,
    periods,
    **{name: st.sampled_from(codes) for name, codes in CHOICES.items()},
)


def check(connection: Connection, world: ReferenceData, filters: Filters) -> None:
    """Check measures, metrics and those of the comparison period against the oracle."""
    streamlit.cache_data.clear()
    oracle = Oracle(world, appeal_rows(connection), datetime.now(UTC))
    today, filtered, compared = oracle.local_today(filters), oracle.filtered(filters), filters.comparison_filters()
    assert compared
    expected = filtered.metrics(filters.start, filters.end, today)
    shift = filters.start - compared.start
    earlier = filtered.at_same_clock(shift) if filters.end > today else filtered
    before = earlier.metrics(compared.start, compared.end, today, shift.days)
    before |= dict.fromkeys((*NOW_ONLY_METRICS, *UNCOMPARED_METRICS))
    counted, totals = filtered.measures(filters.start, filters.end), period_totals(filters)
    due = filtered.due_rows(filters.start, min(filters.end, today))
    counted |= {"due": len(due), "met": sum(map(is_on_time, due))}
    settled = filtered.measures(filters.start, min(filters.end, today))
    counted |= {name: settled[name] for name in SETTLED_MEASURES}
    names = set(SUM_MEASURES) - set(STATE_MEASURES)
    assert {name: totals[name] for name in names} == {name: counted[name] for name in names}, filters
    by_deadline = ("late_due", "on_time_due")
    query = select(sums_subquery(resolve(filters), filters.start, filters.end, measures=by_deadline))
    assert list(connection.execute(query).one()) == [counted[name] for name in by_deadline], filters
    for metric_value in metric_values(filters, PERIOD_METRICS):
        name = metric_value.metric.id
        assert metric_value.value == near(name, expected[name]), (name, filters)
        assert metric_value.previous == near(name, before[name]), (name, filters)


def near(name: str, value: float | None) -> object:
    """What a metric may be: the exact value, or for percentiles of times one in the same bucket."""
    if value is None:
        return None
    if name in PERCENTILE_METRICS:
        # Within the same bucket: each 5 % (of the time and a minute) wide.
        return pytest.approx(value, abs=0.0501 * value + 3.1 / 86400)
    return pytest.approx(value, abs=1e-9)


@stable
@given(changes=change_lists("fold"), filter_choices=st.tuples(periods, single, single, single, any_of_all, any_of_all))
def test_every_figure_is_what_python_counts(
    connection: Connection, url: str, world: ReferenceData, changes: list[Change], filter_choices: tuple[Filters, ...]
) -> None:
    connection.execute(text("TRUNCATE appeal CASCADE"))
    with psycopg.connect(url, autocommit=True) as other:
        for change in changes:
            if change.kind == "fold":
                fold_cubes(url)
            else:
                apply_change(other, world, change)
    for filters in filter_choices:
        check(connection, world, filters)
    fold_cubes(url)
    check(connection, world, filter_choices[0])


@pytest.mark.parametrize("seed", range(2))
def test_among_many_appeals_any_combination_of_filters_is_what_python_counts(
    connection: Connection, url: str, world: ReferenceData, seed: int
) -> None:
    drafts = tuple(draft_appeal(1000 * seed + seed_offset) for seed_offset in range(250))
    with psycopg.connect(url, autocommit=True) as other:
        apply_change(other, world, Change("insert", 0, drafts, ()))
    if seed % 2:
        fold_cubes(url)
    pick = Random(seed).choice  # noqa: S311 - which combinations
    for period in PERIODS:
        filters = Filters(*period)
        check(connection, world, filters)
        check(connection, world, replace(filters, **{name: pick(codes) for name, codes in CHOICES.items()}))
        two = {name: pick(CHOICES[name][1:]) for name in Random(seed).sample(sorted(CHOICES), 2)}  # noqa: S311 - which
        check(connection, world, replace(filters, **two))


@stable
@given(
    changes=change_lists(),
    filters=any_of_all,
    by=st.sampled_from(["topic_id", "territory_id", "holder_id", "channel_id"]),
)
def test_the_parts_are_what_python_counts_of_each(
    connection: Connection, url: str, world: ReferenceData, changes: list[Change], filters: Filters, by: str
) -> None:
    connection.execute(text("TRUNCATE appeal CASCADE"))
    with psycopg.connect(url, autocommit=True) as other:
        for change in changes:
            apply_change(other, world, change)
    streamlit.cache_data.clear()
    rows = connection.execute(select(sums_subquery(resolve(filters), filters.start, filters.end, by))).mappings().all()
    oracle = Oracle(world, appeal_rows(connection), datetime.now(UTC))
    today, filtered = oracle.local_today(filters), oracle.filtered(filters)
    names = ("received", "closed", "resolved", "open", "overdue", "on_time_rate")
    expected = {}
    for key, figures in filtered.grouped(by, filters).items():
        counted = figures.metrics(filters.start, filters.end, today)
        expected[key] = {name: counted[name] for name in names}
    actual = {row[by]: {name: PERIOD_METRICS[name].value(SimpleNamespace(**row)) for name in names} for row in rows}
    nothing = dict.fromkeys(names, 0) | {"on_time_rate": None}
    assert {key: row for key, row in actual.items() if row != nothing} == {
        key: row for key, row in expected.items() if row != nothing
    }
