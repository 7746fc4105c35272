"""Sums of measures over a period, and the state at its end: the numbers that every metric is made of."""

from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Subquery,
    cast,
    func,
    select,
    union_all,
)

from otklik.database.cubes.measures import MEASURES, SETTLED_MEASURES, ZERO
from queries.cache.statements import cached_statement
from queries.core.facts import summable_facts
from queries.core.local_days import DAY, is_period_over
from queries.core.resolved_filters import ResolvedFilters
from queries.counts.recorded_stocks import recorded_stock
from queries.counts.state_sums import (
    CLOSED_DUE_MEASURES,
    DUE_MEASURES,
    STATE_MEASURES,
    SUM_MEASURES,
    By,
    closed_due,
    current_state,
    days_over,
    group_columns,
    pad_measures,
    past_state,
)

AnySelect = Select[Any]


@cached_statement
def sums_query(
    resolved: ResolvedFilters,
    start: date,
    end: date,
    by: By = None,
    measures: tuple[str, ...] = SUM_MEASURES,
    *,
    with_record: bool = True,
) -> AnySelect:
    """The statement for `sums_subquery`, cached."""
    return select(sums_subquery(resolved, start, end, by, measures, with_record=with_record))


def sums_subquery(
    resolved: ResolvedFilters,
    start: date,
    end: date,
    by: By = None,
    measures: tuple[str, ...] = SUM_MEASURES,
    *,
    with_record: bool = True,
) -> Subquery:
    """One row per value of `by` (a single row without it): the named measures of the local days [start, end).

    With several columns in `by`, one per combination of their values. State measures are those at the end of the
    period: exact to the day for a period that is over, to the second (now) for one that isn't. `risked` is only right
    for now. Of the measures by the day of the deadline, ask for `due` and `met`, which count those of days that are
    over; so do `SETTLED_MEASURES`. Without `by`, open and overdue at the end of a day that was recorded are those of
    the record, unless `with_record` is false: then they are counted back from what is known now.
    """
    period_measures, state_measures, due_measures = (
        tuple(name for name in measures if name in group) for group in (MEASURES, STATE_MEASURES, DUE_MEASURES)
    )
    selects: list[AnySelect] = []
    fact_measures = (*period_measures, *(CLOSED_DUE_MEASURES if due_measures else ()))
    if fact_measures and (start < end or not (state_measures or due_measures)):
        cells = summable_facts(resolved, start, end, *group_columns(by), measures=fact_measures).subquery()
        sums: dict[str, Any] = {name: name for name in period_measures}
        selects += [pad_measures(cells, by, sums | (closed_due(cells) if due_measures else {}), measures)]
    days = days_over(resolved, start, end)
    settled_measures = tuple(name for name in period_measures if name in SETTLED_MEASURES)
    if (due_measures or settled_measures) and days[1] < end:
        # What counts when its day is over was counted with the others: one pass over all cells is faster than two.
        late_measures = (*settled_measures, *(CLOSED_DUE_MEASURES if due_measures else ()))
        cells = summable_facts(resolved, days[1], end, *group_columns(by), measures=late_measures).subquery()
        counted = {name: cells.c[name] for name in settled_measures} | (closed_due(cells) if due_measures else {})
        selects += [pad_measures(cells, by, {name: -total for name, total in counted.items()}, measures)]
    if state_measures or due_measures:
        selects += (
            past_state(resolved, end, by, measures, days)
            if state_measures and is_period_over(resolved, end)
            else current_state(resolved, by, measures, days)
        )
    rows = union_all(*selects).subquery()
    keys = [rows.c[key] for key in group_columns(by)]
    # One select has one row per key already. Summing it again would yield numerics, slow to add up and to fetch.
    totals: list[ColumnElement[Any]] = [
        rows.c[name] if len(selects) == 1 else func.sum(rows.c[name]) for name in measures
    ]
    if state_measures and with_record and not by and is_period_over(resolved, end):
        recorded = recorded_stock(resolved, end - DAY)
        totals = [
            func.coalesce(recorded[name], total) if name in recorded else total
            for name, total in zip(measures, totals, strict=True)
        ]
    columns = [
        cast(func.coalesce(total, ZERO), BigInteger).label(name) for name, total in zip(measures, totals, strict=True)
    ]
    query = select(*keys, *columns)
    return (query if len(selects) == 1 else query.group_by(*keys)).subquery("sums")
