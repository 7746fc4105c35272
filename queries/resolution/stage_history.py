"""The way of appeals through their stages, from their events: time in each stage, redirects, extensions.

Imported appeals have no history. The queries read the last appeals closed in the period that have one.
"""

from typing import Any

import pandas as pd
from sqlalchemy import and_, select

from otklik.database.tables import appeal, event
from otklik.database.transactions import query_dataframe
from queries.cache.background import background_timed
from queries.cache.timed import timed
from queries.core.date_ranges import latest_appeals
from queries.core.local_days import DAY_SECONDS
from queries.core.reference import dimension_members
from queries.core.resolved_filters import resolve
from queries.filters import Filters
from queries.lists.appeal_rows import format_appeal_rows, select_appeals

MAX_APPEALS = 2000  # closed in the period, the last ones
MAX_ROWS = 50
# The status of an appeal before its first event that names one.
FIRST_STATUS = "received"
UNINFORMATIVE_KINDS = ("received", "imported", "rated", "note")


@timed
def event_history(filters: Filters) -> pd.DataFrame:
    """One row per event of the last 2,000 appeals closed in the period, by appeal, then in the order of events.

    Columns: appeal (id), at, kind, status and holder (codes after the event; None where unchanged), was (the holder
    before), closed_at.
    """
    columns: list[Any] = [appeal.c.region_id, appeal.c.id, appeal.c.closed_at]
    last_closed = latest_appeals(resolve(filters), "closed_at", filters.start, filters.end, columns, MAX_APPEALS).cte(
        "last"
    )
    same_appeal = and_(event.c.region_id == last_closed.c.region_id, event.c.appeal_id == last_closed.c.id)
    columns = [
        last_closed.c.id.label("appeal"),
        event.c.at,
        event.c.kind,
        event.c.after["status"].astext.label("status"),
        event.c.before["holder"].astext.label("was"),
        event.c.after["holder"].astext.label("holder"),
        last_closed.c.closed_at,
    ]
    return query_dataframe(
        select(*columns).join_from(last_closed, event, same_appeal).order_by(last_closed.c.id, event.c.at, event.c.id)
    )


@background_timed
def stage_durations(filters: Filters) -> pd.DataFrame:
    """One row per stage before the last, in order: name, appeals that were in it, median and p90 of the days in it.

    The days of an appeal that came back to a stage are added up. NaN for a stage in which no appeal was.
    """
    events = event_history(filters)
    # Appeals that were only imported have no history.
    events = events[events["appeal"].isin(_appeals_with_history(events))]
    statuses, stage_names = (
        dimension_members("status", filters.language),
        dimension_members("stage", filters.language).sort_values("position"),
    )
    stage_by_status = statuses.set_index("code")["stage_id"]
    status_codes = events["status"].where(events["kind"] != "received", FIRST_STATUS)
    stage_ids = status_codes.map(stage_by_status).groupby(events["appeal"]).ffill()
    # Without any event the columns have no type of time yet.
    began_at, closed_at = (pd.to_datetime(events[name], utc=True) for name in ("at", "closed_at"))
    ended_at = began_at.groupby(events["appeal"]).shift(-1).fillna(closed_at)
    days = (ended_at - began_at).dt.total_seconds().clip(lower=0) / DAY_SECONDS
    stays = pd.DataFrame({"appeal": events["appeal"], "stage": stage_ids, "days": days}).dropna()
    days_by_stage = stays.groupby(["stage", "appeal"])["days"].sum().groupby("stage")
    stage_statistics = days_by_stage.agg(appeals="size", median="median", p90=lambda values: values.quantile(0.9))
    stage_rows = stage_names.iloc[:-1][["name"]].join(stage_statistics)
    return stage_rows.assign(appeals=stage_rows["appeals"].fillna(0).astype("int64")).reset_index(drop=True)


def _appeals_with_history(events: pd.DataFrame) -> list[int]:
    """The ids of the appeals with an event that says more than that they came, as an import's doesn't."""
    return sorted({int(appeal_id) for appeal_id in events.loc[~events["kind"].isin(UNINFORMATIVE_KINDS), "appeal"]})


@background_timed
def movement_counts(filters: Filters) -> dict[str, int]:
    """The number of appeals with a history (`known`), and how many of these were moved, by kind of movement.

    `redirected` at least once, `twice` or more, `back` to an organisation that held it before (A → B → A), `extended`.
    """
    events = event_history(filters)
    events = events[events["appeal"].isin(_appeals_with_history(events))]
    holder_rows = _holder_sequence(events)
    redirect_counts = holder_rows[holder_rows["n"] > 0].groupby("appeal").size()
    return {
        "known": len(_appeals_with_history(events)),
        "redirected": len(redirect_counts),
        "twice": int((redirect_counts > 1).sum()),
        "back": int(holder_rows.loc[holder_rows["back"], "appeal"].nunique()),
        "extended": int(events.loc[events["kind"] == "extended", "appeal"].nunique()),
    }


def _holder_sequence(events: pd.DataFrame) -> pd.DataFrame:
    """One row per holder of each appeal, in order: appeal, n (0 for the first), holder, back (held it before)."""
    arrivals = events[events["holder"].notna()]
    initial_holders = arrivals[arrivals["was"].notna()].drop_duplicates("appeal")
    first_holders = pd.concat(
        [arrivals[arrivals["was"].isna()], initial_holders.assign(holder=initial_holders["was"])]
    ).drop_duplicates("appeal")
    rows = pd.concat([first_holders, arrivals[arrivals["was"].notna() & (arrivals["was"] != arrivals["holder"])]])
    rows = rows.sort_values(["appeal", "at"], kind="stable")
    rows = rows.assign(n=rows.groupby("appeal").cumcount(), back=rows.duplicated(["appeal", "holder"]))
    return rows[["appeal", "n", "holder", "back"]]


@background_timed
def circular_redirects(filters: Filters) -> pd.DataFrame:
    """The appeals that came back to an organisation that held them before, the last closed first, at most 50.

    Columns: number, received_at, closed_at (local), way (names of the organisations in order), topic, territory,
    organisation, channel, status.
    """
    holder_rows = _holder_sequence(event_history(filters))
    returned_ids = sorted({int(appeal_id) for appeal_id in holder_rows.loc[holder_rows["back"], "appeal"]})
    organisation_names = dimension_members("organisation", filters.language).set_index("code")["name"]
    routes = (
        holder_rows.assign(name=holder_rows["holder"].map(organisation_names)).groupby("appeal")["name"].agg(" → ".join)
    )
    query = select_appeals(appeal.c.id, appeal.c.received_at, appeal.c.closed_at).where(
        appeal.c.id.in_(returned_ids), appeal.c.region_id.in_(resolve(filters).regions)
    )
    rows = query_dataframe(query.order_by(appeal.c.closed_at.desc()).limit(MAX_ROWS))
    return format_appeal_rows(rows.assign(way=rows["id"].map(routes)).drop(columns="id"), filters.language)
