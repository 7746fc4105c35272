"""What the head of the centre looks at in the morning."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import func, select

from otklik.database.tables import appeal, cube_hour
from otklik.database.transactions import frame
from queries.cache.live import live
from queries.core.appeal_rows import appeals, named
from queries.core.breakdown import breakdown
from queries.core.conditions import within
from queries.core.daily import days
from queries.core.facts import counts
from queries.core.metric_values import answers
from queries.core.reference import words
from queries.core.resolved_filters import cut
from queries.filters import Filters
from queries.metrics.catalogue import FIGURES
from queries.metrics.metric import FEW, Answer

TILES = (
    *("received", "resolved", "resolution_rate", "on_time_rate"),
    *("overdue", "at_risk", "satisfaction", "answer_median"),
)
ROWS = 12
RANKED = ("received", "on_time", "late", "overdue")
WEEKS = 4


@live
def figures(filters: Filters) -> list[Answer]:
    """The figures of the morning: received, resolved, their rates, what is late, how satisfied people are."""
    return answers(filters, TILES)


@live
def daily(filters: Filters) -> pd.DataFrame:
    """One row a day: received, closed, and the backlog (open at the end of the day, now for today)."""
    by_day = days(filters)
    return by_day[["received", "closed"]].assign(backlog=by_day["open"]).rename_axis("day").reset_index()


@live
def hourly(filters: Filters) -> pd.DataFrame:
    """One row an hour of the local day: received today (none for hours that have begun nowhere yet), and usually.

    Usually: the mean of the same hour over the last four days of the same name. Today is the centre's day; a region
    ahead of it has got to its later hours, or through them all.
    """
    part = cut(filters)
    at = datetime.now(UTC)
    today = at.astimezone(ZoneInfo(_zone(part.territories))).date()
    latest = max((_hour(at.astimezone(ZoneInfo(zone)), today) for zone in part.zones), default=-1)
    wanted = [today, *(today - timedelta(weeks=week) for week in range(1, WEEKS + 1))]
    cells = counts(cube_hour, part, wanted[-1], today + timedelta(days=1), "hour", "received").subquery()
    found = frame(
        select(cells.c.day, cells.c.hour, func.sum(cells.c.appeals).label("appeals"))
        .where(cells.c.day.in_(wanted))
        .group_by(cells.c.day, cells.c.hour)
    )
    wide = found.astype({"appeals": float}).pivot_table(index="hour", columns="day", values="appeals", fill_value=0)
    wide = wide.reindex(index=range(24), columns=wanted, fill_value=0)
    so_far = wide[today].where(wide.index <= latest)
    return pd.DataFrame({"hour": wide.index, "today": so_far, "usual": wide[wanted[1:]].mean(axis="columns")})


def _hour(local: datetime, today: date) -> int:
    """The last hour of a day that has begun by a local clock: -1 before the day, 23 after it."""
    return local.hour if local.date() == today else 23 if local.date() > today else -1


def _zone(territories: tuple[int, ...]) -> str:
    return str(words("territory", "en")["timezone"][territories[0]]) if territories else "UTC"


@live
def topics(filters: Filters, most: int = 10) -> pd.DataFrame:
    """One row a topic below the chosen one (or a category), most received first.

    Columns: code, name, received, on_time, due, on_time_rate (NaN where none is due), small (fewer than 30 are due).
    """
    return _ranked(breakdown(filters, "topic", names=RANKED), most)


@live
def territories(filters: Filters, most: int = 100) -> pd.DataFrame:
    """One row a territory a step below the chosen one, with the columns of `topics`."""
    return _ranked(breakdown(filters, "territory", names=RANKED), most)


def _ranked(found: pd.DataFrame, most: int) -> pd.DataFrame:
    due: pd.Series = FIGURES["on_time_rate"].cases(found)
    ranked: pd.DataFrame = found[["code", "name", "received", "on_time", "on_time_rate"]].assign(
        due=due, small=due < FEW
    )
    return ranked[ranked["received"] + due > 0].head(most).reset_index(drop=True)


@live
def newest(filters: Filters) -> pd.DataFrame:
    """The appeals that arrived last, whatever the period: number, when (local time), topic, place, holder, status."""
    rows = frame(
        appeals(appeal.c.received_at)
        .where(*within(cut(filters), appeal))
        .order_by(appeal.c.received_at.desc(), appeal.c.id.desc())
        .limit(ROWS)
    )
    return named(rows, filters.language)
