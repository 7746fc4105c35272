"""Open and overdue at the end of past days, as they were recorded then."""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Date, Integer, ScalarSelect, Select, and_, cast, func, literal, select

from otklik.database.tables import relation, territory_above, timestamptz
from otklik.database.transactions import query_columns
from queries.cache.statements import cached_statement
from queries.core.conditions import column_in
from queries.core.local_days import DAY
from queries.core.resolved_filters import ResolvedFilters

recorded_day = relation("recorded_day", region_id=Integer, day=Date, midnight=timestamptz, recorded_at=timestamptz)
day_stock = relation("day_stock", territory_id=Integer, day=Date, open=Integer, overdue=Integer)


class Stock(NamedTuple):
    """How many appeals were open, and how many of them overdue."""

    open: int
    overdue: int


def recorded_stock(resolved: ResolvedFilters, day: date) -> dict[str, ScalarSelect[int]]:
    """`open` and `overdue` at the end of a day as scalar subqueries: NULL where it isn't recorded in all regions shown.

    Empty with a filter besides the territory: the record has no topics, holders, channels and regimes.
    """
    if not has_record(resolved):
        return {}
    days = stocks_by_day(resolved, day, day + DAY).subquery("recorded")
    return {name: select(days.c[name]).scalar_subquery() for name in Stock._fields}


def has_record(resolved: ResolvedFilters) -> bool:
    """Whether days of these filters can be recorded: without topics, holders, channels and regimes."""
    return bool(resolved.regions) and not resolved.selected_ids()


def stocks_by_day(resolved: ResolvedFilters, start: date, end: date) -> Select[Any]:
    """One row per day in [start, end) that is recorded in all regions shown: day, open, overdue."""
    days = _complete_days(resolved, start, end).subquery("days")
    territory_ids = (*resolved.municipalities, *resolved.whole_regions)
    is_shown = and_(day_stock.c.day == days.c.day, column_in(day_stock.c.territory_id, territory_ids))
    sums = (_sum(day_stock.c[name]) for name in Stock._fields)
    return select(days.c.day, *sums).select_from(days.outerjoin(day_stock, is_shown)).group_by(days.c.day)


def recorded_stocks_by_territory(resolved: ResolvedFilters, start: date, end: date) -> dict[date, dict[int, Stock]]:
    """The stock of each territory a step below those shown that had any, for the days of `stocks_by_day`."""
    if not has_record(resolved):
        return {}
    columns = query_columns(_member_stocks_query(resolved, start, end))
    stocks: dict[date, dict[int, Stock]] = {}
    for day, territory_id, open_count, overdue in zip(
        *(columns[name] for name in ("day", "territory_id", "open", "overdue")), strict=True
    ):
        members = stocks.setdefault(day, {})
        if territory_id is not None:
            members[int(territory_id)] = Stock(int(open_count), int(overdue))
    return stocks


def _complete_days(resolved: ResolvedFilters, start: date, end: date) -> Select[Any]:
    day = recorded_day.c
    return (
        select(day.day)
        .where(column_in(day.region_id, resolved.regions), day.day >= start, day.day < end)
        .group_by(day.day)
        .having(func.count() == literal(len(resolved.regions)))
    )


@cached_statement
def _member_stocks_query(resolved: ResolvedFilters, start: date, end: date) -> Select[Any]:
    """One row per day that is complete and member with a stock: day, territory_id (None without any), open, overdue."""
    days = _complete_days(resolved, start, end).subquery("days")
    # Rows of regions make up the territories above; a municipality has its own.
    counted_ids = resolved.children if resolved.steps_to_municipalities else resolved.regions
    members = (
        select(territory_above.c.above_id.label("territory_id"), day_stock.c.day, day_stock.c.open, day_stock.c.overdue)
        .join_from(day_stock, territory_above, territory_above.c.territory_id == day_stock.c.territory_id)
        .where(
            column_in(day_stock.c.territory_id, counted_ids),
            column_in(territory_above.c.above_id, resolved.children),
            day_stock.c.day >= start,
            day_stock.c.day < end,
        )
        .subquery("members")
    )
    return (
        select(days.c.day, members.c.territory_id, *(_sum(members.c[name]) for name in Stock._fields))
        .select_from(days.outerjoin(members, members.c.day == days.c.day))
        .group_by(days.c.day, members.c.territory_id)
    )


def _sum(column: ColumnElement[int]) -> ColumnElement[int]:
    return cast(func.coalesce(func.sum(column), 0), BigInteger).label(str(column.key))
