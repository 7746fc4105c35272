"""What narrows the list of open appeals besides the filters, and its order."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, func, literal, literal_column, or_, tuple_

from otklik.database import scope
from otklik.database.tables import appeal
from queries.core.conditions import within
from queries.core.reference import words
from queries.core.resolved_filters import Cut, clock, cut
from queries.filters import Filters
from queries.queue.search import hits

# The bands of ages: by the first day and the first day of the next one, as `queries.queue.ages` counts days.
AGES: dict[str, tuple[int, int | None]] = {"0": (0, 1), "1": (1, 3), "3": (3, 7), "7": (7, None)}
STATES = ("overdue", "at_risk", "within")
# By what it is sorted, and whether from the last to the first.
SORTS = {
    "deadline": ("deadline_at", False),
    "deadline_last": ("deadline_at", True),
    "oldest": ("received_at", False),
    "newest": ("received_at", True),
}
NEVER: ColumnElement[datetime] = literal_column("'infinity'::timestamptz")
ORDERS: dict[str, ColumnElement[Any]] = {
    # As the index has it.
    "deadline_at": case((appeal.c.deadline_at.is_(None), NEVER), else_=appeal.c.deadline_at),
    "received_at": appeal.c.received_at,
}


@dataclass(frozen=True)
class Wanted:
    """Which open appeals a list holds besides the filters, and in which order: codes; empty is any."""

    state: str = ""
    stage: str = ""
    age: str = ""
    words: str = ""
    sort: str = "deadline"


USUAL = Wanted()


def conditions(filters: Filters, wanted: Wanted) -> list[ColumnElement[bool]]:
    """What an open appeal has to fulfil to stand in the list."""
    part, now, due = cut(filters), func.now(), ORDERS["deadline_at"]
    found: list[ColumnElement[bool]] = [appeal.c.closed_at.is_(None)]
    # All regions are no condition: without it the order's own index serves.
    viewer = scope.current()
    found += within(part, appeal)[1 if viewer and viewer.everywhere and filters.territory is None else 0 :]
    statuses = _statuses(wanted.stage)
    if statuses is not None:
        found.append(appeal.c.status_id.in_(statuses))
    if wanted.age:
        found.append(_aged(part, *AGES[wanted.age]))
    if wanted.state == "overdue":
        found.append(due < now)
    elif wanted.state:
        risk = appeal.c.risk_at
        found += [due >= now, risk < now if wanted.state == "at_risk" else or_(risk >= now, risk.is_(None))]
    if wanted.words:
        found.append(tuple_(appeal.c.region_id, appeal.c.id).in_(hits(part, wanted.words, statuses)))
    return found


def _statuses(stage: str) -> tuple[int, ...] | None:
    if not stage:
        return None
    status, stages = words("status", "en"), words("stage", "en")
    return tuple(int(one) for one in status.index[status["stage_id"].map(stages["code"]) == stage])


def _aged(part: Cut, first: int, following: int | None) -> ColumnElement[bool]:
    """Received so many local days ago, from the day that `queries.queue.ages` counts from."""
    today, _ = clock(part)
    zones: dict[str, list[int]] = {}
    for region, zone in zip(part.regions, part.zones, strict=True):
        zones.setdefault(zone, []).append(region)
    bands: list[ColumnElement[bool]] = []
    starts, ends = [], []
    for zone, regions in zones.items():
        band: list[ColumnElement[bool]] = [appeal.c.region_id.in_(regions)] if len(zones) > 1 else []
        # The youngest band has no end: a day that has begun in the east is not over in the west.
        if first:
            ends.append(_midnight(today - timedelta(days=first - 1), zone))
            band.append(appeal.c.received_at < ends[-1])
        if following is not None:
            starts.append(_midnight(today - timedelta(days=following - 1), zone))
            band.append(appeal.c.received_at >= starts[-1])
        bands.append(and_(*band))
    # Of all zones together: an index finds those.
    around = [appeal.c.received_at < max(ends)] if ends else []
    around += [appeal.c.received_at >= min(starts)] if starts else []
    return and_(or_(*bands), *around) if bands else literal(value=False)


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(zone))
