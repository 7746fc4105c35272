"""The surges that go on or have just ended, and up to which day they have been searched for."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pandas as pd
from sqlalchemy import Select, and_, func, select

from otklik.database.announcements import SURGES_ANNOUNCEMENT
from otklik.database.tables import detection_run, surge_alarm, surge_episode
from otklik.database.transactions import query_dataframe
from queries.cache.live import live_with
from queries.core.local_days import DAY, running_day
from queries.core.reference import dimension_members
from queries.core.resolved_filters import ResolvedFilters, resolve, subtree_ids
from queries.filters import Filters
from queries.surges.places import surge_places

RECENT_DAYS = 14
"""An episode without an alarm for longer is over: another alarm would begin a new one."""
MAX_SURGES = 5
MAX_SEARCH_AGE = timedelta(hours=4 + 36)
"""A day is searched four hours after it was over everywhere, the next one a day later: 36 hours are too long ago."""
ROW_COLUMNS = ("territory_id", "topic_id", "starts", "last_alarm", "peak")
ALARM_COLUMNS = ("window_days", "observed", "usual_low", "usual_high")


@dataclass(frozen=True)
class Surges:
    """What is known of surges in the territories and topics of some filters.

    `searched_day`: the last day that was searched in all countries shown, None before the first search. `is_current`:
    whether that is no longer ago than it should be. `rows`: those of `surges`, at most a few of `total`.
    """

    searched_day: date | None
    is_current: bool
    rows: pd.DataFrame
    total: int


@live_with(SURGES_ANNOUNCEMENT)
def surges(filters: Filters, limit: int = MAX_SURGES) -> Surges:
    """The episodes within the filters' territories and topics: those that go on first, then the largest excess.

    A surge is one of all organisations, channels and regimes, whichever are chosen, and of days of its own: the period
    is ignored. One row per episode with an alarm in the fortnight up to the last day that was searched; columns:
    territory_id, topic_id, territory and topic (their names), their codes, `starts` (the first day of the first
    window), `last_alarm`, `peak` (the day with the least probable count), `is_going_on` (an alarm on the last day that
    was searched), and of the last alarm `first_day` and `window_days` of its window, `observed` in it, `usual_low` and
    `usual_high` (nine of ten such windows without a surge lie between), and those of `surge_places`.
    """
    resolved = resolve(filters)
    runs = query_dataframe(_runs_query()).set_index("country_id")["day"]
    days = [runs.get(country) for country in _countries(resolved)]
    searched_days = [day for day in days if day is not None]
    searched_day = min(searched_days) if searched_days and len(searched_days) == len(days) else None
    day_then = running_day(resolved, datetime.now(UTC) - MAX_SEARCH_AGE)[0]
    episodes = _shown_episodes(query_dataframe(_episodes_query()), runs, resolved)
    return Surges(
        searched_day,
        searched_day is not None and searched_day >= day_then,
        _described(episodes.head(limit), filters),
        len(episodes),
    )


@live_with(SURGES_ANNOUNCEMENT)
def ongoing_surges(filters: Filters) -> pd.DataFrame:
    """One row per episode within the filters' territories and topics that goes on: territory_id, topic_id, starts.

    As those of `surges`, of all organisations, channels, regimes and days.
    """
    runs = query_dataframe(_runs_query()).set_index("country_id")["day"]
    episodes = _shown_episodes(query_dataframe(_episodes_query()), runs, resolve(filters))
    ongoing: pd.DataFrame = episodes.loc[episodes["is_going_on"], ["territory_id", "topic_id", "starts"]]
    return ongoing.reset_index(drop=True)


def _runs_query() -> Select[tuple[object, ...]]:
    """One row per country that was searched: country_id, and the last day."""
    return select(detection_run.c.country_id, func.max(detection_run.c.day).label("day")).group_by("country_id")


def _episodes_query() -> Select[tuple[object, ...]]:
    """One row per episode in the viewer's scope: country_id, `ROW_COLUMNS`, `ALARM_COLUMNS`, expected."""
    latest = and_(
        surge_alarm.c.territory_id == surge_episode.c.territory_id,
        surge_alarm.c.topic_id == surge_episode.c.topic_id,
        surge_alarm.c.day == surge_episode.c.last_alarm,
    )
    return select(
        surge_episode.c.country_id,
        *(surge_episode.c[name] for name in ROW_COLUMNS),
        *(surge_alarm.c[name] for name in (*ALARM_COLUMNS, "expected")),
    ).join_from(surge_episode, surge_alarm, latest)


def _countries(resolved: ResolvedFilters) -> set[int]:
    """The topmost territories above those shown."""
    parents = dimension_members("territory", "en")["parent_id"].to_dict()
    countries = set()
    for territory_id in resolved.territories:
        top = territory_id
        while not pd.isna(parent := parents[top]):
            top = int(parent)
        countries.add(top)
    return countries


def _shown_episodes(episodes: pd.DataFrame, runs: "pd.Series[date]", resolved: ResolvedFilters) -> pd.DataFrame:
    """The recent episodes within the filters, in their order, with `is_going_on`."""
    shown = subtree_ids(resolved.territories, dimension_members("territory", "en")["parent_id"])
    within = episodes["territory_id"].isin(shown)
    if resolved.topics is not None:
        within &= episodes["topic_id"].isin(resolved.topics)
    episodes = episodes[within]
    age = pd.to_datetime(episodes["country_id"].map(runs)) - pd.to_datetime(episodes["last_alarm"])
    episodes = episodes.assign(is_going_on=age == timedelta(0), excess=episodes["observed"] - episodes["expected"])[
        age < timedelta(days=RECENT_DAYS)
    ]
    return episodes.sort_values(["is_going_on", "excess", "territory_id"], ascending=[False, False, True])


def _described(episodes: pd.DataFrame, filters: Filters) -> pd.DataFrame:
    """The episodes with names, codes and places, in their order."""
    rows = episodes[[*ROW_COLUMNS, *ALARM_COLUMNS, "is_going_on"]].reset_index(drop=True)
    for dimension in ("territory", "topic"):
        members = dimension_members(dimension, filters.language).loc[rows[f"{dimension}_id"]]
        rows[dimension], rows[f"{dimension}_code"] = members["name"].array, members["code"].array
    rows["first_day"] = [
        last - (window - 1) * DAY for last, window in zip(rows["last_alarm"], rows["window_days"].tolist(), strict=True)
    ]
    places = [
        surge_places(Filters(first_day, last_alarm + DAY, "none", territory, topic))
        for first_day, last_alarm, territory, topic in zip(
            *(rows[name] for name in ("first_day", "last_alarm", "territory_code", "topic_code")), strict=True
        )
    ]
    return rows.assign(
        received=pd.Series([place.received for place in places], dtype="int64"),
        place_level=pd.Series([place.level for place in places], dtype="object"),
        place_count=pd.Series([place.place_count for place in places], dtype="int64"),
    )
