"""Appeals by the age at which they were closed, from the appeals themselves, where no cube can answer."""

from typing import Any

from sqlalchemy import Date, Select, func, literal, select

from otklik.database.cubes.cube_tables import close_age
from queries.closing_ages.from_cubes import KINDS, AgeWindow, grouped
from queries.core.cube_routing import select_from_view
from queries.core.facts import appeal_facts
from queries.core.local_days import utc_bounds
from queries.core.resolved_filters import ResolvedFilters


def counts_query(resolved: ResolvedFilters, window: AgeWindow, by: str | None) -> Select[Any]:
    """One row per member, like those of `queries.closing_ages.from_cubes.counts_query`."""
    received = _received_query(resolved, window, by).subquery("received")
    closed = _closed_query(resolved, window, by).subquery("closed")
    ages = range(window.horizon + 1)
    totals = [received.c.total_0, *(closed.c[f"total_{n}"] for n in range(2 * len(ages)))]
    still_open = (
        received.c[f"total_{1 + age}"] - func.coalesce(closed.c[f"total_{2 * len(ages) + age}"], 0) for age in ages[:-1]
    )
    return select(received.c.member, *totals, *still_open).select_from(
        received.outerjoin(closed, closed.c.member == received.c.member)
    )


def _received_query(resolved: ResolvedFilters, window: AgeWindow, by: str | None) -> Select[Any]:
    """One row per member: the appeals received, and those of each day too late to be as old as the horizon."""
    start, last, as_of, horizon = window
    facts = appeal_facts(resolved, start, last, ("day", "received"), *((by,) if by else ())).subquery()
    keys = [facts.c[by]] if by else []
    seen = (literal(as_of, Date) - facts.c.day).label("seen")
    cells = select(*keys, facts.c.received, seen).where(facts.c.received != 0).subquery("cells")
    by_day = [f"coalesce(sum(cells.received) FILTER (WHERE cells.seen = {age}), 0)" for age in range(horizon)]
    return grouped(cells, by, ["sum(cells.received)", *by_day])


def _closed_query(resolved: ResolvedFilters, window: AgeWindow, by: str | None) -> Select[Any]:
    """One row per member: appeals resolved at each age, closed otherwise at each, and of each late day."""
    start, last, as_of, horizon = window
    first_moment, last_moment = utc_bounds(start, last, resolved.timezones)
    rows = (
        select_from_view(close_age, resolved, (by,) if by else (), ("day", "age", *KINDS))
        .where(
            close_age.c.at >= first_moment,
            close_age.c.at < last_moment,
            close_age.c.day >= start,
            close_age.c.day < last,
            close_age.c.age <= horizon,
        )
        .subquery()
    )
    cells = select(*rows.c, (literal(as_of, Date) - rows.c.day).label("seen")).subquery("cells")
    ages = range(horizon + 1)
    totals = [
        *(
            f"sum(cells.{kind}) FILTER (WHERE cells.age = {age} AND cells.seen >= {age})"
            for kind in KINDS
            for age in ages
        ),
        *(
            f"sum(cells.resolved + cells.other) FILTER (WHERE cells.seen = {age} AND cells.age <= {age})"
            for age in ages[:-1]
        ),
    ]
    return grouped(cells, by, totals)
