"""All that a wall shows, asked at one moment."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pandas as pd

from queries.core.local_days import DAY, running_day
from queries.core.reference import dimension_members
from queries.core.resolved_filters import ResolvedFilters, resolve
from queries.filters import Filters
from queries.metrics.metric import MetricValue
from queries.morning.deadlines import due_values
from queries.morning.feed import feed
from queries.morning.holders import holders_to_act
from queries.summaries.metric_values import metric_values
from queries.summaries.received_today import ReceivedToday, received_by_hour, top_timezone
from queries.surges.episodes import Surges, surges
from queries.wall.thresholds import State, Thresholds

LARGE_FIGURES = ("overdue", "overdue_59fz", "newly_overdue", "at_risk", "due_today")
TODAY_METRICS = ("overdue", "at_risk", "open", "received")


@dataclass(frozen=True)
class WallFigure:
    """A large figure with its state by the thresholds of the territory."""

    value: MetricValue
    state: State


@dataclass(frozen=True)
class WallPicture:
    """What a wall shows of some filters: figures in the order of their weight, and the tables of its panels.

    `received` is the number of appeals received on the running day; `received_state` compares what came today with what
    is usual by now. `by_hour` and `feed` are those of the overview, `holders` the organisations that must act first,
    `surges` those that go on or have just ended. `timezone`: that of the topmost territory shown, by whose clock the
    wall goes.
    """

    figures: list[WallFigure]
    received: MetricValue
    received_state: State
    by_hour: ReceivedToday
    holders: pd.DataFrame
    feed: pd.DataFrame
    surges: Surges
    timezone: str

    def figures_to_act(self) -> frozenset[str]:
        """The ids of the metrics whose state is "act"."""
        states = {figure.value.metric.id: figure.state for figure in self.figures}
        states[self.received.metric.id] = self.received_state
        return frozenset(metric for metric, state in states.items() if state == "act")


def wall_picture(filters: Filters, thresholds: Thresholds) -> WallPicture:
    """The picture as of now, whatever period the filters have."""
    resolved = resolve(filters)
    today, _ = running_day(resolved, datetime.now(UTC))
    today_filters = replace(filters, start=today, end=today + DAY, compare="none")
    values = {value.metric.id: value for value in metric_values(today_filters, TODAY_METRICS)}
    values |= {value.metric.id: value for value in due_values(today_filters)}
    codes = tuple(territory_chain(resolved))
    open_count = values["open"].value
    by_hour = received_by_hour(today_filters)
    usual_by_now = by_hour.usual_by_now[1] if by_hour.usual_by_now else None
    return WallPicture(
        figures=[
            WallFigure(values[figure], thresholds.of(figure, codes).state(_ratio(values[figure].value, open_count)))
            for figure in LARGE_FIGURES
            if figure in values
        ],
        received=values["received"],
        received_state=thresholds.of("received", codes).state(_ratio(by_hour.so_far, usual_by_now)),
        by_hour=by_hour,
        holders=holders_to_act(today_filters),
        feed=feed(today_filters),
        surges=surges(today_filters),
        timezone=wall_timezone(resolved),
    )


def wall_timezone(resolved: ResolvedFilters) -> str:
    """The name of the time zone by whose clock a wall goes: that of the first of the topmost territories."""
    return top_timezone(resolved.territories)


def territory_chain(resolved: ResolvedFilters) -> Iterator[str]:
    """The code of the topmost territory shown and those above it, nearest first; none where several are shown."""
    if len(resolved.territories) != 1:
        return
    rows = dimension_members("territory", "en")
    codes, parents = rows["code"].to_dict(), rows["parent_id"].to_dict()
    territory_id: float | None = resolved.territories[0]
    while territory_id in codes:
        yield str(codes[territory_id])
        territory_id = parents[territory_id]


def _ratio(value: float | None, base: float | None) -> float | None:
    """The quotient; 0 of nothing, None where it isn't known."""
    if value is None or base is None:
        return None
    return value / base if base else float(value > 0)
