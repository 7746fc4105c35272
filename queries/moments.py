"""The appeals of which a moment falls in the days of a screen, by the index of each region and that moment."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import ARRAY, ColumnElement, FromClause, Integer, Select, and_, func, literal, select

from database.reading import frame
from database.tables import appeal, instant
from queries.cut import Cut
from queries.facts import chosen

Moment = Literal["received_at", "closed_at"]


def within_days(part: Cut, moment: Moment, start: date, end: date) -> FromClause:
    """The regions of the part joined with their appeals whose `moment` lies in the local days [start, end).

    The instants of each region's own midnights are worked out once: no row's local day is, and no row is sorted.
    """
    days = func.unnest(*midnights(part, start, end))
    day = days.table_valued("region_id", "since", "until").render_derived("day")
    at = appeal.c[moment]
    return day.join(
        appeal, and_(appeal.c.region_id == day.c.region_id, at >= day.c.since, at < day.c.until, *chosen(part, appeal))
    )


def of_days(part: Cut, moment: Moment, start: date, end: date, *columns: Any) -> Select[Any]:  # noqa: ANN401 -- columns
    """One row an appeal whose `moment` lies in the local days [start, end), with these columns."""
    return select(*columns).select_from(within_days(part, moment, start, end))


def midnights(part: Cut, start: date, end: date) -> tuple[ColumnElement[Any], ...]:
    """The regions of the part, and when these days begin in each of them: three arrays."""
    zones = [ZoneInfo(name) for name in part.zones]
    bounds = [literal(_midnights(day, zones), ARRAY(instant)) for day in (start, end)]
    return literal(list(part.regions), ARRAY(Integer)), *bounds


def _midnights(day: date, zones: list[ZoneInfo]) -> list[datetime]:
    return [datetime.combine(day, time.min, zone) for zone in zones]


def latest(
    part: Cut,
    moment: Moment,
    start: date,
    end: date,
    columns: Sequence[Any],
    most: int,
    *conditions: ColumnElement[bool],
) -> Select[Any]:
    """The appeals of `of_days` for which the conditions hold, the last ones first, at most so many.

    Looked for in the last days first and then in four times as many, so that a long period isn't read to its start.
    """
    days = 1
    while True:
        first = max(start, end - timedelta(days=days))
        question = (
            of_days(part, moment, first, end, *columns)
            .where(*conditions)
            .order_by(appeal.c[moment].desc(), appeal.c.id)
            .limit(most)
        )
        if first <= start or _has(question, most):
            return question
        days *= 4


def _has(question: Select[Any], most: int) -> bool:
    """Whether so many appeals are found."""
    found = question.with_only_columns(appeal.c.id, maintain_column_froms=True).order_by(None).subquery()
    return bool(frame(select(func.count() == most).select_from(found)).iat[0, 0])
