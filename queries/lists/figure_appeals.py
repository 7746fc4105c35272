"""The appeals behind a figure, those that count against it: the last step of the drill-down."""

from typing import Any, Literal

import pandas as pd
from sqlalchemy import ColumnElement, Select, and_, literal_column, not_, or_

from otklik.database.cubes.measures import MEASURE_BY_NAME
from otklik.database.tables import appeal, given_rating
from otklik.database.transactions import query_dataframe
from queries.cache.live import live
from queries.core.appeal_state import DeadlineState, is_in_state
from queries.core.conditions import filter_conditions
from queries.core.date_ranges import LISTED_MOMENTS, MomentColumn, latest_appeals
from queries.core.lacking_fields import lacking_fields
from queries.core.resolved_filters import ResolvedFilters, resolve
from queries.counts.state_sums import counted_days
from queries.filters import Filters
from queries.lists.appeal_rows import format_appeal_rows, select_appeals
from queries.metrics.catalogue import METRICS
from queries.metrics.unknown import unknown_field

FigureGroup = Literal[
    "late", "closed_late", "overdue", "at_risk", "open", "unsatisfied", "rated", "closed_rated", "reopened",
    "redirected", "unresolved", "closed", "received",
]  # fmt: skip
MAX_ROWS = 200
SATISFIED_RATING: ColumnElement[int] = literal_column("4")
METRICS_BY_GROUP: dict[FigureGroup, tuple[str, ...]] = {
    "late": ("on_time_rate", "breach_rate"),
    "closed_late": ("on_time", "closed_on_time_rate"),
    "overdue": ("overdue", "overdue_share"),
    "at_risk": ("at_risk",),
    "open": ("open", "within"),
    "unsatisfied": ("satisfaction", "rating_mean", "low_share"),
    "rated": ("rated",),
    "closed_rated": ("coverage",),
    "reopened": ("reopened_rate",),
    "redirected": ("redirect_rate", "first_assignment_rate"),
    "unresolved": ("resolved", "resolved_share", "resolution_rate"),
    "closed": ("closed", "answer_mean"),
}
"""The figures that each group counts against or makes up; behind all others are those received."""
OPEN_STATES: dict[FigureGroup, DeadlineState | None] = {
    "overdue": "overdue",
    "at_risk": "at_risk",
    "open": None,
}
IN_PERIOD: dict[FigureGroup, tuple[MomentColumn, ColumnElement[bool] | None]] = {
    "late": ("due_at", or_(appeal.c.closed_at.is_(None), MEASURE_BY_NAME["late"].condition)),
    "closed_late": ("closed_at", MEASURE_BY_NAME["late"].condition),
    "unsatisfied": ("rated_at", given_rating.c.rating < SATISFIED_RATING),
    "rated": ("rated_at", None),
    "closed_rated": ("closed_at", MEASURE_BY_NAME["closed_rated"].condition),
    "reopened": ("settled_at", MEASURE_BY_NAME["returned"].condition),
    "redirected": ("received_at", MEASURE_BY_NAME["redirected"].condition),
    "unresolved": ("closed_at", or_(appeal.c.outcome_id.is_(None), not_(MEASURE_BY_NAME["resolved"].condition))),
    "closed": ("closed_at", None),
    "received": ("received_at", None),
}
"""The moment that lies in the period, and what else holds."""


def figure_group(metric_id: str) -> FigureGroup:
    """Which appeals are behind a figure."""
    return next((group for group, metric_ids in METRICS_BY_GROUP.items() if metric_id in metric_ids), "received")


@live
def figure_appeals(filters: Filters, metric_id: str) -> pd.DataFrame:
    """The appeals behind a figure (`figure_group`), at most 200: those open now by their deadline, then others.

    The others are the last ones of the period, the lowest ratings first where the figure is one of ratings. Columns:
    number, received_at, deadline_at and closed_at (local), rating, topic, territory, organisation, channel, status.
    Without any, `attrs["unknown"]` is the field for want of which the figure is unknown, None where it is known.
    """
    group, resolved = figure_group(metric_id), resolve(filters)
    tables = [query_dataframe(_open_query(resolved, OPEN_STATES[group]))] if group in OPEN_STATES else []
    if group in IN_PERIOD and sum(map(len, tables)) < MAX_ROWS:
        tables.append(query_dataframe(_period_query(resolved, filters, *IN_PERIOD[group])))
    rows = pd.concat([table for table in tables if len(table)] or tables[:1]).head(MAX_ROWS).reset_index(drop=True)
    if group in ("unsatisfied", "rated", "closed_rated"):
        rows = rows.sort_values("rating", kind="stable").reset_index(drop=True)
    rows = format_appeal_rows(rows, filters.language)
    rows.attrs["unknown"] = unknown_field(METRICS[metric_id], lacking_fields(filters), {}) if rows.empty else None
    return rows


def _list_query(rating: ColumnElement[Any] = appeal.c.rating) -> Select[Any]:
    return select_appeals(appeal.c.received_at, appeal.c.deadline_at, appeal.c.closed_at, rating)


def _open_query(resolved: ResolvedFilters, state: DeadlineState | None) -> Select[Any]:
    """Open appeals in a state, or in any, the earliest deadline first."""
    conditions = [] if state is None else [is_in_state(state, appeal.c.deadline_at)]
    return (
        _list_query()
        .where(appeal.c.closed_at.is_(None), *filter_conditions(resolved, appeal), *conditions)
        .order_by(appeal.c.deadline_at, appeal.c.id)
        .limit(MAX_ROWS)
    )


def _period_query(
    resolved: ResolvedFilters, filters: Filters, moment: MomentColumn, condition: ColumnElement[bool] | None
) -> Select[Any]:
    """The last appeals whose moment lies in the period, latest first; of deadlines, those that have passed.

    Of ratings there is a row each, those of earlier answers included.
    """
    conditions = [] if condition is None else [condition]
    days = counted_days(resolved, moment, filters.start, filters.end)
    moment_column = LISTED_MOMENTS[moment]
    rating = given_rating.c.rating if moment == "rated_at" else appeal.c.rating
    columns = [appeal.c.region_id, appeal.c.id, moment_column.label("moment"), rating]
    keys = latest_appeals(resolved, moment, *days, columns, MAX_ROWS, *conditions).subquery()
    return (
        _list_query(keys.c.rating)
        .join(keys, and_(keys.c.region_id == appeal.c.region_id, keys.c.id == appeal.c.id))
        .order_by(keys.c.moment.desc(), appeal.c.id)
    )
