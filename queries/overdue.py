"""Appeals past their deadline or close to it, whom they are with, and who could take them."""

from dataclasses import replace
from datetime import timedelta
from typing import Literal

import pandas as pd
from sqlalchemy import Select, column, func, select, table, text, tuple_

from otklik.database.tables import appeal
from otklik.database.transactions import frame
from queries.cache.live import live
from queries.core.aggregates import STATE
from queries.core.appeal_rows import appeals, named
from queries.core.breakdown import breakdown
from queries.core.conditions import within
from queries.core.metric_values import answers
from queries.core.resolved_filters import clock, cut
from queries.filters import Filters
from queries.metrics.metric import Answer
from queries.queue.ages import oldest
from queries.queue.open_counts import standing

State = Literal["overdue", "at_risk", "untouched"]
LISTED = 1000
LATELY = 28
untouched_transfer = table("untouched_transfer", column("region_id"), column("appeal_id"), column("moved_at"))


@live
def figures(filters: Filters) -> list[Answer]:
    """Overdue, at risk, the share overdue, the oldest open."""
    current_filters = replace(filters, end=max(filters.end, clock(cut(filters))[0] + timedelta(days=1)), compare="none")
    return [*answers(current_filters, ("overdue", "at_risk", "overdue_share")), oldest(filters)]


@live
def by(filters: Filters, dimension: Literal["organisation", "territory", "topic"], limit: int = 12) -> pd.DataFrame:
    """One row a member that has overdue appeals or some at risk: code, name, open, within, at_risk, overdue,
    overdue_share; most overdue first."""  # noqa: D205, D209 -- a row of columns
    member_rows = breakdown(standing(filters), dimension, of="open", names=STATE)
    member_rows = member_rows[(member_rows["overdue"] > 0) | (member_rows["at_risk"] > 0)]
    worst_rows = member_rows.sort_values(["overdue", "at_risk", "name"], ascending=[False, False, True]).head(limit)
    return worst_rows[["code", "name", "open", "within", "at_risk", "overdue", "overdue_share"]].reset_index(drop=True)


@live
def capacity(filters: Filters, limit: int = 100) -> pd.DataFrame:
    """One row an organisation that holds or lately closed something: code, name, open, overdue, closed_a_day, days.

    `closed_a_day` is over the last 28 whole days; `days` how long what it holds would take at that pace, NaN where it
    closed nothing. Who would be through soonest first.
    """
    today = clock(cut(filters))[0]
    recent_filters = replace(filters, start=today - timedelta(days=LATELY), end=today, compare="none")
    open_rows = breakdown(standing(filters), "organisation", of="open", names=STATE)
    closed_rows = breakdown(recent_filters, "organisation", of="closed", names=("closed",))
    names = pd.concat([open_rows[["code", "name"]], closed_rows[["code", "name"]]])
    organisation_rows = names[~names.index.duplicated()].assign(
        open=open_rows["open"], overdue=open_rows["overdue"], closed_a_day=closed_rows["closed"] / LATELY
    )
    organisation_rows["closed_a_day"] = organisation_rows["closed_a_day"].fillna(0)
    organisation_rows[["open", "overdue"]] = organisation_rows[["open", "overdue"]].fillna(0).astype("int64")
    organisation_rows = organisation_rows[(organisation_rows["open"] > 0) | (organisation_rows["closed_a_day"] > 0)]
    days_to_clear = organisation_rows["open"] / organisation_rows["closed_a_day"].where(
        organisation_rows["closed_a_day"] > 0
    )
    return (
        organisation_rows.assign(days=days_to_clear)
        .sort_values(["days", "closed_a_day", "name"], ascending=[True, False, True])
        .head(limit)
        .reset_index(drop=True)
    )


@live
def late(filters: Filters, late_state: State) -> pd.DataFrame:
    """Open appeals past their deadline, longest first, close to it, nearest first, or handed on and untouched since.

    At most 1,000. Columns: region_id, id, updated_at (UTC; the version for an action), number, received_at and
    deadline_at (local), topic, territory, organisation, channel, status.
    """
    rows = frame(_late(late_state).where(appeal.c.closed_at.is_(None), *within(cut(filters), appeal)).limit(LISTED))
    version_column = rows.pop("updated_at")
    return named(rows, filters.language).assign(updated_at=version_column)


def _late(late_state: State) -> Select[tuple[object, ...]]:
    deadline_at = appeal.c.deadline_at
    query = appeals(appeal.c.region_id, appeal.c.id, appeal.c.updated_at, appeal.c.received_at, deadline_at)
    if late_state == "overdue":
        return query.where(deadline_at < func.now()).order_by(deadline_at, appeal.c.id)
    if late_state == "at_risk":
        return query.where(deadline_at >= func.now(), appeal.c.risk_at < func.now()).order_by(deadline_at, appeal.c.id)
    untouched_transfers = select(untouched_transfer.c.region_id, untouched_transfer.c.appeal_id)
    return query.where(tuple_(appeal.c.region_id, appeal.c.id).in_(untouched_transfers)).order_by(
        deadline_at, appeal.c.id
    )


@live
def transfers_asked() -> pd.DataFrame:
    """One row a transfer that waits for an administrator's word, the first asked first.

    Columns: region_id, appeal_id, number, at (UTC), actor, reason, holder and new_holder (codes). Empty for who may not
    give it.
    """
    return frame(text("SELECT * FROM transfer_asked ORDER BY at"))
