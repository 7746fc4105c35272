"""The figures that the pages show with a set of filters, against those that the oracle expects."""

from datetime import UTC, datetime
from random import Random

import streamlit

from queries.filters import Filters
from queries.metrics.catalogue import NOW_ONLY_METRICS, PERIOD_METRICS
from queries.regions.levels import has_districts
from queries.resolution.fast_track import fast_track_share
from queries.summaries.breakdown import breakdown
from queries.summaries.dimensions import Dimension
from queries.summaries.metric_values import metric_values
from tests.support.figures import catalogue_oracle
from tests.support.figures.day_record import DayRecord
from tests.support.figures.figure_expectations import GROUP_KEYS, Expectations
from tests.support.figures.figure_tally import Tally
from tests.support.figures.oracle import Oracle
from tests.support.figures.panel_differences import compare_inhabitants, compare_morning, compare_quality

MAX_DAYS = 6
"""Of a longer series, so many days are drawn."""


def compare_figures(oracle: Oracle, record: DayRecord, filters: Filters, generator: Random) -> Tally:
    """Ask for every figure with these filters and compare it; `oracle` has all appeals, `record` the recorded days.

    Its clock is set to that of the queries. Raises what a query raises.
    """
    streamlit.cache_data.clear()
    oracle = Oracle(oracle.reference, oracle.rows, datetime.now(UTC))
    expectations, tally = Expectations(oracle, filters, record), Tally()
    for compare in (_compare_totals, _compare_members, compare_morning, compare_quality, compare_inhabitants):
        compare(expectations, tally)
    _compare_days(expectations, tally, generator)
    return tally


def asked_dimensions(filters: Filters) -> list[Dimension]:
    """The dimensions that pages show with these filters: all regions only where districts lie above them."""
    return [dimension for dimension in GROUP_KEYS if dimension != "region" or has_districts(filters)]


def _compare_totals(expectations: Expectations, tally: Tally) -> None:
    filters, period = expectations.filters, expectations.comparison
    compared = filters.comparison_filters()
    shown_period = (compared.start, compared.end, compared.days_ago) if compared else None
    expected_period = (period.start, period.end, period.days_ago) if period else None
    if shown_period != expected_period:
        tally.differences.append(f"comparison period: {shown_period}, expected {expected_period}")
    values = [*metric_values(filters, PERIOD_METRICS), fast_track_share(filters)]
    expected, previous = expectations.total(), expectations.previous()
    for figures, days in ((expected, filters), (previous, period)):
        if days:
            fast = {"fast_share": catalogue_oracle.fast_share(expectations.oracle, days.start, days.end)}
            figures.update(expectations.masked(fast, expected))
    tally.compare("total", "", {value.metric.id: value.value for value in values}, expected)
    if period:
        tally.compare("previous", "", {value.metric.id: value.previous for value in values}, previous)


def _compare_members(expectations: Expectations, tally: Tally) -> None:
    filters, compared = expectations.filters, expectations.filters.comparison_filters()
    for dimension in asked_dimensions(filters):
        for kind, period_filters, is_earlier in (("member", filters, False), ("previous of member", compared, True)):
            if period_filters is None:
                continue
            rows = breakdown(period_filters, dimension, with_resolved_share=True)
            names = [name for name in PERIOD_METRICS if name in rows]
            expected = expectations.by_member(dimension, earlier=is_earlier)
            shown_rows = dict(zip(rows.index.tolist(), rows[names].to_dict("records"), strict=True))
            unknown = dict.fromkeys(NOW_ONLY_METRICS if is_earlier else ())
            for id_, known in expected.items():
                figures = known | unknown
                shown = shown_rows.pop(id_, None)
                # Members without anything have no row.
                zero = {name: 0 if figures[name] is not None and name in COUNTS else None for name in names}
                tally.compare(kind, (dimension, id_), shown or zero, figures)
            tally.differences += [f"{kind} {dimension} {id_}: not expected" for id_ in shown_rows]


def _compare_days(expectations: Expectations, tally: Tally, generator: Random) -> None:
    filters = expectations.filters
    for day in catalogue_oracle.each_day(
        filters.start, filters.end, MAX_DAYS, lambda days: generator.sample(range(days), MAX_DAYS)
    ):
        offset, expected = (day - filters.start).days, expectations.of_day(day)
        shown = {
            value.metric.id: value.series[offset]
            for value in metric_values(filters, PERIOD_METRICS)
            if len(value.series) > offset
        }
        tally.compare("day", day, shown, expected)


COUNTS = {name for name, metric in PERIOD_METRICS.items() if metric.denominator is None}
