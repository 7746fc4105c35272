"""Queries of the overview page: how the whole territory is doing."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import func, select

from otklik.database.cubes.cube_tables import cube_hour
from otklik.database.tables import appeal
from otklik.database.transactions import query_dataframe
from otklik.small_numbers import MIN_CASES
from queries.cache.live import live
from queries.core.conditions import filter_conditions
from queries.core.facts import count_cells
from queries.core.reference import dimension_members
from queries.core.resolved_filters import resolve
from queries.filters import Filters
from queries.lists.appeal_rows import format_appeal_rows, select_appeals
from queries.metrics.catalogue import PERIOD_METRICS
from queries.metrics.metric import MetricValue
from queries.summaries.breakdown import breakdown
from queries.summaries.daily import daily_measures
from queries.summaries.metric_values import metric_values

KPI_IDS = (
    *("received", "resolved", "resolution_rate", "on_time_rate"),
    *("overdue", "at_risk", "satisfaction", "answer_median"),
)
MAX_NEWEST = 12
RANKING_MEASURES = ("received", "on_time", "late", "overdue")
WEEKS_COMPARED = 4


@live
def kpis(filters: Filters) -> list[MetricValue]:
    """The metrics of `KPI_IDS`, in that order."""
    return metric_values(filters, KPI_IDS)


@live
def flow_by_day(filters: Filters) -> pd.DataFrame:
    """One row per day of the period up to today: day, received, closed, backlog (open at its end; now, for today)."""
    by_day = daily_measures(filters)
    return by_day[["received", "closed"]].assign(backlog=by_day["open"]).rename_axis("day").reset_index()


@live
def received_by_hour(filters: Filters) -> pd.DataFrame:
    """One row per hour of the local day: hour, `today` (appeals received), `usual`.

    `usual` is the mean of the same hour on the same weekday of the last four weeks. Today is the day in the time zone
    of the topmost territory; regions further east are ahead. `today` is NaN for hours that have begun in no region.
    """
    resolved = resolve(filters)
    now = datetime.now(UTC)
    today = now.astimezone(ZoneInfo(_timezone_name(resolved.territories))).date()
    last_hour = max(
        (_last_started_hour(now.astimezone(ZoneInfo(timezone)), today) for timezone in resolved.timezones), default=-1
    )
    compared_days = [today, *(today - timedelta(weeks=week) for week in range(1, WEEKS_COMPARED + 1))]
    cells = count_cells(
        cube_hour, resolved, compared_days[-1], today + timedelta(days=1), "hour", "received"
    ).subquery()
    hour_rows = query_dataframe(
        select(cells.c.day, cells.c.hour, func.sum(cells.c.appeals).label("appeals"))
        .where(cells.c.day.in_(compared_days))
        .group_by(cells.c.day, cells.c.hour)
    )
    counts_by_day = hour_rows.astype({"appeals": float}).pivot_table(
        index="hour", columns="day", values="appeals", fill_value=0
    )
    counts_by_day = counts_by_day.reindex(index=range(24), columns=compared_days, fill_value=0)
    today_counts = counts_by_day[today].where(counts_by_day.index <= last_hour)
    return pd.DataFrame(
        {
            "hour": counts_by_day.index,
            "today": today_counts,
            "usual": counts_by_day[compared_days[1:]].mean(axis="columns"),
        }
    )


def _last_started_hour(local_time: datetime, today: date) -> int:
    """The last hour of `today` that has begun at a local time: -1 before that day, 23 after it."""
    return local_time.hour if local_time.date() == today else 23 if local_time.date() > today else -1


def _timezone_name(territory_ids: tuple[int, ...]) -> str:
    return str(dimension_members("territory", "en")["timezone"][territory_ids[0]]) if territory_ids else "UTC"


@live
def topic_ranking(filters: Filters, limit: int = 10) -> pd.DataFrame:
    """One row per topic a step below the chosen one, most received first.

    Columns: code, name, received, on_time, on_time_rate (NaN where nothing was due), due, small (fewer than 30 due).
    """
    return _rank_rows(breakdown(filters, "topic", measures=RANKING_MEASURES), limit)


@live
def territory_ranking(filters: Filters, limit: int = 100) -> pd.DataFrame:
    """One row per territory a step below the chosen one, most received first.

    Columns: code, name, received, on_time, on_time_rate (NaN where nothing was due), due, small (fewer than 30 due).
    """
    return _rank_rows(breakdown(filters, "territory", measures=RANKING_MEASURES), limit)


def _rank_rows(member_rows: pd.DataFrame, limit: int) -> pd.DataFrame:
    due: pd.Series = PERIOD_METRICS["on_time_rate"].cases(member_rows)
    ranked_rows: pd.DataFrame = member_rows[["code", "name", "received", "on_time", "on_time_rate"]].assign(
        due=due, small=due < MIN_CASES
    )
    return ranked_rows[ranked_rows["received"] + due > 0].head(limit).reset_index(drop=True)


@live
def newest_appeals(filters: Filters) -> pd.DataFrame:
    """The 12 appeals received last, whatever the period, newest first.

    Columns: number, received_at (local), topic, territory, organisation, channel, status.
    """
    rows = query_dataframe(
        select_appeals(appeal.c.received_at)
        .where(*filter_conditions(resolve(filters), appeal))
        .order_by(appeal.c.received_at.desc(), appeal.c.id.desc())
        .limit(MAX_NEWEST)
    )
    return format_appeal_rows(rows, filters.language)
