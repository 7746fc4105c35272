"""What is due, what was missed since yesterday, and what is overdue under 59-FZ."""

from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, and_, case, cast, func, literal_column, select

from otklik.database.cubes.measures import ZERO
from otklik.database.tables import appeal
from otklik.database.transactions import query_columns
from queries.cache.live import live
from queries.cache.statements import cached_statement
from queries.core.appeal_state import has_passed
from queries.core.conditions import conditions_within_regions
from queries.core.date_ranges import midnight_arrays
from queries.core.lacking_fields import lacking_fields
from queries.core.local_days import DAY, running_day
from queries.core.resolved_filters import ResolvedFilters, resolve
from queries.counts.aggregates import sums_query
from queries.counts.due_days import DUE_RANGES, WEEK_DAYS
from queries.counts.open_facts import due_facts
from queries.filters import Filters
from queries.metrics.metric import MetricValue
from queries.metrics.morning import MORNING_METRICS
from queries.metrics.unknown import mask_unknown

METRIC_BY_RANGE = {"today": "due_today", "tomorrow": "due_tomorrow", "week": "due_week", "missed": "newly_overdue"}
LAW_59_REGIME = "law59"


@live
def due_values(filters: Filters) -> list[MetricValue]:
    """Due today, tomorrow and within 7 days; missed since yesterday; overdue under 59-FZ. The period is ignored.

    The last one only where no other regime is chosen. All are counted as of now, to the second.
    """
    sums = {name: int(values[0] or 0) for name, values in query_columns(_due_query(resolve(filters))).items()}
    lacking, named_sums = lacking_fields(filters), SimpleNamespace(**sums)
    # Deadlines that a source lacks may have been set by rules or people.
    known_sums = {"due": sum(sums.values())}
    metrics = [MORNING_METRICS[metric_id] for metric_id in METRIC_BY_RANGE.values()]
    values = [mask_unknown(MetricValue(metric, metric.value(named_sums)), lacking, known_sums) for metric in metrics]
    return [*values, *_overdue_by_law(filters, lacking)]


def _overdue_by_law(filters: Filters, lacking: frozenset[str]) -> list[MetricValue]:
    if filters.regime not in (None, LAW_59_REGIME):
        return []
    resolved = resolve(replace(filters, regime=LAW_59_REGIME))
    tomorrow = running_day(resolved)[0] + DAY
    ((overdue,),) = query_columns(sums_query(resolved, tomorrow, tomorrow, measures=("overdue",))).values()
    metric = MORNING_METRICS["overdue_59fz"]
    return [mask_unknown(MetricValue(metric, float(overdue)), lacking, {"overdue": overdue})]


@cached_statement
def _due_query(resolved: ResolvedFilters) -> Select[Any]:
    """One row: `due_CODE` for each range of `DUE_RANGES`.

    Whole days from the cube of open appeals; those whose deadline has passed since the running day began are read from
    the queue's index, and moved from what is due to what was missed.
    """
    today, _ = running_day(resolved)
    cells = due_facts(resolved).subquery()
    day = cells.c.deadline_day
    cell_sums = {
        code: func.sum(case((_in_days(day, today, first, end), cells.c.appeals), else_=ZERO))
        for code, (first, end, _) in DUE_RANGES.items()
    }
    by_day = (
        select(*(total.label(code) for code, total in cell_sums.items()))
        .where(day >= today - DAY, day < today + WEEK_DAYS * DAY)
        .subquery("by_day")
    )
    passed = _passed_query(resolved).subquery("passed")
    passed_sums = {
        "today": passed.c.of_today,
        "tomorrow": passed.c.of_tomorrow,
        "week": passed.c.of_today + passed.c.of_tomorrow,
        "missed": -(passed.c.of_today + passed.c.of_tomorrow),
    }
    columns: list[Any] = [
        cast(func.coalesce(by_day.c[code], ZERO) - passed_sums.get(code, ZERO), BigInteger).label(f"due_{code}")
        for code in DUE_RANGES
    ]
    return select(*columns).select_from(by_day.join(passed, literal_column("true")))


def _in_days(day: ColumnElement[date], today: date, first: int, end: int | None) -> ColumnElement[bool]:
    # What was missed has no end: of whole days only those that are over count.
    last = 0 if end is None else end
    return and_(day >= today + first * DAY, day < today + last * DAY)


def _passed_query(resolved: ResolvedFilters) -> Select[Any]:
    """One row: the open appeals whose deadline has passed since the running day began, by whether it was on that day.

    `of_tomorrow` are those of regions further east, where the next day has begun.
    """
    today, midnights = running_day(resolved)
    bounds = func.unnest(*midnight_arrays(resolved, today, today + DAY))
    days = bounds.table_valued("region_id", "since", "until").render_derived("day")
    deadline = appeal.c.deadline_at
    columns: list[Any] = [
        func.count().filter(deadline < days.c.until).label("of_today"),
        func.count().filter(deadline >= days.c.until).label("of_tomorrow"),
    ]
    return (
        select(*columns)
        .join_from(days, appeal, and_(appeal.c.region_id == days.c.region_id, deadline >= days.c.since))
        # With the earliest midnight as a constant the planner knows how few rows there are.
        .where(deadline >= min(midnights, default=datetime.now(UTC)), has_passed(deadline))
        .where(appeal.c.closed_at.is_(None), *conditions_within_regions(resolved, appeal))
    )
