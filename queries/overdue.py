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
    now = replace(filters, end=max(filters.end, clock(cut(filters))[0] + timedelta(days=1)), compare="none")
    return [*answers(now, ("overdue", "at_risk", "overdue_share")), oldest(filters)]


@live
def by(filters: Filters, kind: Literal["organisation", "territory", "topic"], most: int = 12) -> pd.DataFrame:
    """One row a member that has overdue appeals or some at risk: code, name, open, within, at_risk, overdue,
    overdue_share; most overdue first."""  # noqa: D205, D209 -- a row of columns
    found = breakdown(standing(filters), kind, of="open", names=STATE)
    found = found[(found["overdue"] > 0) | (found["at_risk"] > 0)]
    kept = found.sort_values(["overdue", "at_risk", "name"], ascending=[False, False, True]).head(most)
    return kept[["code", "name", "open", "within", "at_risk", "overdue", "overdue_share"]].reset_index(drop=True)


@live
def capacity(filters: Filters, most: int = 100) -> pd.DataFrame:
    """One row an organisation that holds or lately closed something: code, name, open, overdue, closed_a_day, days.

    `closed_a_day` is over the last 28 whole days; `days` how long what it holds would take at that pace, NaN where it
    closed nothing. Who would be through soonest first.
    """
    today = clock(cut(filters))[0]
    lately = replace(filters, start=today - timedelta(days=LATELY), end=today, compare="none")
    now = breakdown(standing(filters), "organisation", of="open", names=STATE)
    closed = breakdown(lately, "organisation", of="closed", names=("closed",))
    names = pd.concat([now[["code", "name"]], closed[["code", "name"]]])
    found = names[~names.index.duplicated()].assign(
        open=now["open"], overdue=now["overdue"], closed_a_day=closed["closed"] / LATELY
    )
    found["closed_a_day"] = found["closed_a_day"].fillna(0)
    found[["open", "overdue"]] = found[["open", "overdue"]].fillna(0).astype("int64")
    found = found[(found["open"] > 0) | (found["closed_a_day"] > 0)]
    days = found["open"] / found["closed_a_day"].where(found["closed_a_day"] > 0)
    return (
        found.assign(days=days)
        .sort_values(["days", "closed_a_day", "name"], ascending=[True, False, True])
        .head(most)
        .reset_index(drop=True)
    )


@live
def late(filters: Filters, state: State) -> pd.DataFrame:
    """Open appeals past their deadline, longest first, close to it, nearest first, or handed on and untouched since.

    At most 1,000. Columns: region_id, id, updated_at (UTC; the version for an action), number, received_at and
    deadline_at (local), topic, territory, organisation, channel, status.
    """
    rows = frame(_late(state).where(appeal.c.closed_at.is_(None), *within(cut(filters), appeal)).limit(LISTED))
    versions = rows.pop("updated_at")
    return named(rows, filters.language).assign(updated_at=versions)


def _late(state: State) -> Select[tuple[object, ...]]:
    moment = appeal.c.deadline_at
    rows = appeals(appeal.c.region_id, appeal.c.id, appeal.c.updated_at, appeal.c.received_at, moment)
    if state == "overdue":
        return rows.where(moment < func.now()).order_by(moment, appeal.c.id)
    if state == "at_risk":
        return rows.where(moment >= func.now(), appeal.c.risk_at < func.now()).order_by(moment, appeal.c.id)
    handed_on = select(untouched_transfer.c.region_id, untouched_transfer.c.appeal_id)
    return rows.where(tuple_(appeal.c.region_id, appeal.c.id).in_(handed_on)).order_by(moment, appeal.c.id)


@live
def transfers_asked() -> pd.DataFrame:
    """One row a transfer that waits for an administrator's word, the first asked first.

    Columns: region_id, appeal_id, number, at (UTC), actor, reason, holder and new_holder (codes). Empty for who may not
    give it.
    """
    return frame(text("SELECT * FROM transfer_asked ORDER BY at"))
