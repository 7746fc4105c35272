"""Appeals past their deadline or close to it, who holds them, and which organisations could take them."""

from dataclasses import replace
from typing import Any, Literal

import pandas as pd
from sqlalchemy import ColumnElement, column, func, select, table, text, tuple_

from otklik.database.tables import appeal
from otklik.database.transactions import query_dataframe
from queries.cache.live import live
from queries.core.appeal_state import is_in_state
from queries.core.conditions import filter_conditions
from queries.core.lacking_fields import mark_unknown_deadlines
from queries.core.local_days import through_running_day
from queries.core.resolved_filters import resolve
from queries.counts.state_sums import STATE_MEASURES
from queries.filters import Filters
from queries.lists.appeal_rows import format_appeal_rows, select_appeals
from queries.lists.ordering import DEFAULT_SORT, SORT_OPTIONS, sort_value
from queries.metrics.metric import MetricValue
from queries.summaries.breakdown import breakdown
from queries.summaries.metric_values import metric_values
from queries.summaries.open_ages import oldest_open

LateState = Literal["overdue", "at_risk", "untouched"]
LateDimension = Literal["organisation", "territory", "topic"]
MAX_ROWS = 1000
MAX_MEMBERS = 12
"""Rows of the tables of late appeals by what they have in common."""
untouched_transfer = table("untouched_transfer", column("region_id"), column("appeal_id"), column("moved_at"))


@live
def kpis(filters: Filters) -> list[MetricValue]:
    """Overdue, at risk and the overdue share, all now, and the age of the oldest open appeal."""
    current_filters = replace(through_running_day(filters), compare="none")
    return [*metric_values(current_filters, ("overdue", "at_risk", "overdue_share")), oldest_open(filters)]


@live
def late_by_dimension(filters: Filters, dimension: LateDimension, limit: int = MAX_MEMBERS) -> pd.DataFrame:
    """One row per member that has overdue appeals or appeals at risk, most overdue first.

    Columns: code, name, open, within, at_risk, overdue, overdue_share.
    """
    member_rows = breakdown(filters.without_period(), dimension, rank_by="open", measures=STATE_MEASURES)
    member_rows = member_rows[(member_rows["overdue"] > 0) | (member_rows["at_risk"] > 0)]
    worst_rows = member_rows.sort_values(["overdue", "at_risk", "name"], ascending=[False, False, True]).head(limit)
    worst_rows = worst_rows[["code", "name", "open", "within", "at_risk", "overdue", "overdue_share"]]
    return mark_unknown_deadlines(worst_rows.reset_index(drop=True), filters)


@live
def late_appeals(filters: Filters, late_state: LateState, sort: str = DEFAULT_SORT) -> pd.DataFrame:
    """Open appeals that are overdue, at risk, or untouched since they were transferred; the earliest deadline first.

    `sort`: another order, of queries.lists.ordering.

    At most 1,000. Columns: region_id, id, number, received_at and deadline_at (local), topic, territory, organisation,
    channel, status, updated_at (UTC; the version for an action).
    """
    # The plain deadline has an index, and is the same order: missing ones come last, as infinite ones do.
    order_column = appeal.c.deadline_at if sort == DEFAULT_SORT else sort_value(sort, filters.language).sql
    order_columns: tuple[ColumnElement[Any], ...] = (order_column, appeal.c.id)
    if SORT_OPTIONS[sort][1]:
        order_columns = tuple(order_column.desc() for order_column in order_columns)
    query = select_appeals(
        appeal.c.region_id, appeal.c.id, appeal.c.updated_at, appeal.c.received_at, appeal.c.deadline_at
    )
    rows = query_dataframe(query.where(*_late_conditions(filters, late_state)).order_by(*order_columns).limit(MAX_ROWS))
    version_column = rows.pop("updated_at")
    return mark_unknown_deadlines(format_appeal_rows(rows, filters.language).assign(updated_at=version_column), filters)


@live
def late_count(filters: Filters, late_state: LateState) -> int:
    """The number of appeals that `late_appeals` would list without a limit."""
    query = select(func.count().label("appeals")).select_from(appeal).where(*_late_conditions(filters, late_state))
    return int(query_dataframe(query)["appeals"].iloc[0])


def _late_conditions(filters: Filters, late_state: LateState) -> list[ColumnElement[bool]]:
    if late_state == "untouched":
        untouched_transfers = select(untouched_transfer.c.region_id, untouched_transfer.c.appeal_id)
        condition: ColumnElement[bool] = tuple_(appeal.c.region_id, appeal.c.id).in_(untouched_transfers)
    else:
        condition = is_in_state(late_state, appeal.c.deadline_at)
    return [condition, appeal.c.closed_at.is_(None), *filter_conditions(resolve(filters), appeal)]


@live
def requested_transfers() -> pd.DataFrame:
    """One row per transfer that waits for an administrator's approval, oldest request first.

    Columns: region_id, appeal_id, number, at (UTC), actor, reason, holder and new_holder (codes). Empty for viewers who
    can't approve.
    """
    return query_dataframe(text("SELECT * FROM transfer_asked ORDER BY at"))
