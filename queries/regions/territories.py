"""Territories side by side: what the map, the list beside it and the table below it show."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Literal

import numpy as np
import pandas as pd
from sqlalchemy import Date, Select, cast, func, select

from otklik.database.tables import MEASURES
from otklik.database.transactions import columns
from queries.cache.live import known, live
from queries.cache.statements import built
from queries.core.aggregates import STATE
from queries.core.breakdown import all_of, breakdown
from queries.core.facts import facts
from queries.core.reference import words
from queries.core.resolved_filters import Cut, clock, cut
from queries.filters import Filters
from queries.metrics.catalogue import CATALOGUE, FIGURES, NOW_ONLY, PER_HEAD, PERCENTILES
from queries.metrics.data_quality import DOUBTS
from queries.metrics.metric import FEW
from queries.regions.points import middles
from queries.resolution.performance import compared

Level = Literal["territory", "region"]
# What a territory can be coloured by: every figure of the catalogue that its sums make up, the most asked first.
FIRST = ("on_time_rate", "received", PER_HEAD.id, "open", "overdue", "resolution_rate", "answer_mean", "satisfaction")
APART = (*PERCENTILES, "oldest_open", "time_allowed", "fast_share", *DOUBTS)
SHOWN = (*FIRST, *(one for one in CATALOGUE if one not in (*FIRST, *APART)))
TABLE = (
    *("received", "open", "overdue", "on_time_rate", "resolution_rate", "answer_mean"),
    *("reopened_rate", "satisfaction", "coverage", "rating_mean"),
)


HOLDERS = ("received", "open", "overdue", "on_time_rate")
HELD = ("received", "on_time", "late", "open", "overdue")


@live
def opened(filters: Filters) -> str | None:
    """The code of the territory whose parts are shown: the chosen one, or deeper while it has one part alone."""
    places = words("territory", "en")
    shown, parts = filters.territory, list(cut(filters).children)
    while len(parts) == 1 and places["level"][parts[0]] != "municipality":
        shown = str(places["code"][parts[0]])
        parts = [int(one) for one in places.index[places["parent_id"] == parts[0]]]
    return shown


@live
def territories(filters: Filters, level: Level) -> pd.DataFrame:
    """One row a territory a step below (or every region), also where nothing happened, by id; most received first.

    Columns: code, name, population, lon, lat, regions (codes of those at or below it; none for a municipality), the
    measures, the state, and every figure of the catalogue that these and the inhabitants make up.
    """
    found, part = breakdown(filters, level), cut(filters)
    places = words("territory", filters.language)
    shown = places[places.index.isin(part.regions if level == "region" else part.children)]
    at = found.index.get_indexer(shown.index)
    # Of a territory where nothing happened (-1) there are no rows: the last value is its own.
    counted = {name: np.append(found[name].to_numpy(), 0)[at] for name in (*MEASURES, *STATE)}
    now_only = {name: found[name].reindex(shown.index) for name in NOW_ONLY}
    figures = [one for one in FIGURES.values() if one.id not in (*PERCENTILES, *NOW_ONLY, *counted)]
    population = shown["population"].to_numpy(dtype=float)
    where = shown[["lon", "lat"]]
    if where["lon"].isna().any() and part.steps_to_municipalities:
        where = where.fillna(middles(Filters(filters.start, filters.end, territory=filters.territory)))
    under = _regions()
    rows = {
        **{name: shown[name] for name in ("code", "name", "population")},
        **{name: where[name] for name in ("lon", "lat")},
        **counted,
        **now_only,
        **all_of([*figures, PER_HEAD], counted | {"population": population}),
        "regions": [under.get(one, ()) for one in shown.index.tolist()],
    }
    first, names = counted["received"], shown["name"].tolist()
    order = sorted(range(len(shown)), key=lambda one: (-first[one], names[one]))
    return pd.DataFrame(rows, index=shown.index).take(order)


@known
def _regions() -> dict[int, tuple[str, ...]]:
    """For each territory the codes of the regions at or below it."""
    places = words("territory", "en")
    above = {one: None if pd.isna(parent) else int(parent) for one, parent in places["parent_id"].items()}
    under: dict[int, tuple[str, ...]] = {}
    for region, code in places.loc[places["level"] == "region", "code"].sort_index().items():
        at = int(region)  # type: ignore[call-overload]
        while at is not None:
            under[at] = (*under.get(at, ()), code)
            at = above.get(at)
    return under


@live
def coloured(filters: Filters, level: Level, figure: str) -> pd.DataFrame:
    """The territories with one figure: value, cases, previous, change and whether they are too few; surest first.

    `cases` is the denominator (the count itself of a count). `change` is the difference from the period compared
    with, of a count its share of that; NaN where there is none. Few: a share or mean of fewer than 30 cases
    (`few`), for a change also of the period before, of a count fewer than 30 then (`change_few`).
    """
    one, rows, other = CATALOGUE[figure], territories(filters, level), filters.compared()
    value, cases = rows[figure].to_numpy(dtype=float), np.asarray(one.cases(rows), dtype=float)
    previous, least = np.full(len(rows), np.nan), cases
    if other:
        before = territories(other, level).reindex(rows.index)
        previous = before[figure].to_numpy(dtype=float)
        # Inhabitants are no cases: of what is received for each of them, those received are.
        least = before["received"].to_numpy() if one is PER_HEAD else np.asarray(one.cases(before), dtype=float)
    change = value - previous
    if not one.denominator:
        change = np.divide(change, previous, out=np.full(len(rows), np.nan), where=previous > 0)
    few = (cases < FEW) & (one.denominator is not None and one is not PER_HEAD)
    told = {"value": value, "cases": cases, "previous": previous, "change": change}
    rows = rows.assign(**told, few=few, change_few=few | (least < FEW))
    return rows.take(np.argsort(few, kind="stable"))


@live
def table(filters: Filters, level: Level) -> pd.DataFrame:
    """One row a territory: code, name, the figures of `TABLE`, small; see `resolution.compared`."""
    return compared(territories(filters, level), TABLE)


@live
def holders(filters: Filters, most: int = 200) -> pd.DataFrame:
    """One row an organisation: code, name, the figures of `HOLDERS`, small; see `resolution.compared`."""
    return compared(breakdown(filters, "organisation", names=HELD), HOLDERS).head(most)


@live
def open_by_day(filters: Filters, level: Level, most: int = 6) -> pd.DataFrame:
    """Open at the end of each local day, of the territories with most overdue (then open) appeals.

    One row a territory and day: code, name, day, open, overdue (of the territory, at the period's end); worst first.
    """
    part = cut(filters)
    if level == "region":
        part = replace(part, children=part.regions, steps_to_municipalities=False)
    worst = territories(filters, level).sort_values(["overdue", "open"], ascending=False, kind="stable")
    worst = worst[worst["open"] > 0].head(most)
    place = {one: at for at, one in enumerate(worst.index.tolist())}
    counted = columns(_changes(part, filters.start, filters.end, tuple(place))) if place else {}
    at = [(day - filters.start).days for day in counted.get("day", ())]
    # The days up to today; some zone of a country may be a day ahead of the others.
    last = max([(clock(part)[0] - filters.start).days, *at])
    shown = max(0, min(last + 1, (filters.end - filters.start).days))
    changes = np.zeros((len(place), shown + 1), dtype=np.int64)
    for one, day, change in zip(counted.get("territory_id", ()), at, counted.get("change", ()), strict=True):
        changes[place[one], min(day, shown)] += change
    # Back from how things stand at the end: what came later was not open yet, what left later still was.
    changes[:, -1] = 0
    later = changes[:, ::-1].cumsum(axis=1)[:, ::-1][:, 1:]
    still = worst["open"].to_numpy()[:, None] - later
    told = {name: worst[name].repeat(shown).array for name in ("code", "name", "overdue")}
    days = [filters.start + timedelta(days=n) for n in range(shown)] * len(worst)
    rows = {"code": told["code"], "name": told["name"], "day": days, "open": still.ravel(), "overdue": told["overdue"]}
    return pd.DataFrame(rows)


@built
def _changes(part: Cut, start: date, end: date, territories: tuple[int, ...]) -> Select[Any]:
    """One row a territory and day: by how much more are open."""
    cells = facts(part, start, end, "territory_id").subquery()
    change = func.sum(cells.c.received - cells.c.closed).label("change")
    keys = (cells.c.territory_id, cells.c.day)
    question: Select[Any] = select(cells.c.territory_id, cast(cells.c.day, Date).label("day"), change)
    return question.where(cells.c.territory_id.in_(territories)).group_by(*keys)


@live
def ground(filters: Filters) -> tuple[str, ...]:
    """The codes of the regions that are shown."""
    places = words("territory", "en")
    return tuple(places["code"].loc[list(cut(filters).regions)])


@live
def has_districts(filters: Filters) -> bool:
    """Whether the parts of the shown territory have regions of their own."""
    part = cut(filters)
    return not set(part.regions) & set(part.children) and len(part.children) > 1 and not part.steps_to_municipalities


@live
def has_parts(filters: Filters) -> bool:
    """Whether there are territories below the chosen one."""
    return bool(cut(filters).children)
