"""Which closes fall on the last working day before their deadline, and which on the five before it.

The metric "Excess on the last day" compares them: closes at an even pace would not differ. Closes that are put off
until the last day, or made for its sake, bunch there: the excess over what the days before lead to expect is the
estimate of H. J. Kleven (2016), Annual Review of Economics 8, 435-464, here with the mean of the five working days
before as the counterfactual, which has each weekday once. That targets for waiting times are met in this way was shown
by G. Bevan and C. Hood (2006), Public Administration 84, 517-538.
"""

from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, ColumnElement, Integer, SmallInteger, case, cast, literal
from sqlalchemy.sql.elements import Grouping

from otklik.database.cubes.measures import MAX_MARGIN_DAYS
from otklik.deadlines.calendars import WorkingCalendar, territory_calendar
from queries.core.conditions import column_in
from queries.core.local_days import DAY
from queries.core.reference import jurisdictions

WORKING_DAYS_BEFORE = 5
Margins = tuple[int | None, ...]


class EdgeMargins(NamedTuple):
    """Local days from the last working day to the deadline, and from the first of the six.

    Both are NULL where holidays are so near that six working days take more than `MAX_MARGIN_DAYS`.
    """

    last: ColumnElement[Any]
    first: ColumnElement[Any]


def edge_margins(
    region_ids: tuple[int, ...], start: date, end: date, region: ColumnElement[Any], due_day: ColumnElement[Any]
) -> EdgeMargins:
    """The margins of rows of these regions with deadlines on the local days [start, end), by their calendars."""
    regions_by_margins: dict[tuple[Margins, Margins], list[int]] = {}
    for region_id, jurisdiction in jurisdictions(region_ids).items():
        margins = _margins_by_day(territory_calendar(*jurisdiction), start, end)
        regions_by_margins.setdefault(margins, []).append(region_id)
    # PostgreSQL counts the elements of an array from 1; beyond its ends there is NULL. A bound array needs brackets.
    position = cast(due_day - start, Integer) + 1
    last, first = (
        case(
            *(
                (column_in(region, regions), Grouping(literal(list(margins[which]), ARRAY(SmallInteger)))[position])
                for margins, regions in regions_by_margins.items()
            ),
            else_=None,
        )
        if regions_by_margins
        else literal(None, SmallInteger)
        for which in (0, 1)
    )
    return EdgeMargins(last, first)


@lru_cache(maxsize=512)
def _margins_by_day(calendar: WorkingCalendar, start: date, end: date) -> tuple[Margins, Margins]:
    """For each day of a deadline: the margins of its last working day, and of the fifth one before that."""
    days = [start + number * DAY for number in range((end - start).days)]
    pairs = [_day_margins(calendar, day) for day in days]
    return tuple(last for last, _ in pairs), tuple(first for _, first in pairs)


def _day_margins(calendar: WorkingCalendar, due_day: date) -> tuple[int | None, int | None]:
    margins = [back for back in range(MAX_MARGIN_DAYS + 1) if calendar.is_working_day(due_day - back * DAY)]
    return (margins[0], margins[WORKING_DAYS_BEFORE]) if len(margins) > WORKING_DAYS_BEFORE else (None, None)
