"""Territories side by side: what the map, the list beside it and the table below it show."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Literal

import pandas as pd
from sqlalchemy import Date, cast, func, select

from database.reading import frame
from database.tables import MEASURES
from queries.breakdown import all_of, breakdown
from queries.cut import clock, cut
from queries.doubts import DOUBTS
from queries.facts import facts
from queries.figure import FEW
from queries.figures import CATALOGUE, FIGURES, NOW_ONLY, PER_HEAD, PERCENTILES
from queries.filters import Filters
from queries.live import live
from queries.points import middles
from queries.reference import words
from queries.resolution import compared
from queries.sums import STATE

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
    found = breakdown(filters, level)
    part = cut(filters)
    places = words("territory", filters.language)
    shown = places[places.index.isin(part.regions if level == "region" else part.children)]
    rows = shown[["code", "name", "population", "lon", "lat"]].join(found.drop(columns=["code", "name"]), how="left")
    if rows["lon"].isna().any() and part.steps_to_municipalities:
        rows = rows.fillna(middles(Filters(filters.start, filters.end, territory=filters.territory)))
    counted = [*MEASURES, *STATE]
    rows[counted] = rows[counted].fillna(0).astype("int64")
    shown_too = [one for one in FIGURES.values() if one.id not in (*PERCENTILES, *NOW_ONLY, *counted)]
    under = _regions(places)
    rows = rows.assign(**all_of([*shown_too, PER_HEAD], rows[[*counted, "population"]].astype({"population": float})))
    rows["regions"] = [tuple(under.get(one, ())) for one in rows.index.tolist()]
    return rows.sort_values(["received", "name"], ascending=[False, True])


def _regions(places: pd.DataFrame) -> dict[int, list[str]]:
    """For each territory the codes of the regions at or below it."""
    above = {one: None if pd.isna(parent) else int(parent) for one, parent in places["parent_id"].items()}
    under: dict[int, list[str]] = {}
    for region, code in places.loc[places["level"] == "region", "code"].sort_index().items():
        at = int(region)  # type: ignore[call-overload]
        while at is not None:
            under.setdefault(at, []).append(code)
            at = above.get(at)
    return under


@live
def coloured(filters: Filters, level: Level, figure: str) -> pd.DataFrame:
    """The territories with one figure: value, cases, previous, change and whether they are too few; surest first.

    `cases` is the denominator (the count itself of a count). `change` is the difference from the period compared
    with, of a count its share of that; NaN where there is none. Few: a share or mean of fewer than 30 cases
    (`few`), for a change also of the period before, of a count fewer than 30 then (`change_few`).
    """
    one = CATALOGUE[figure]
    rows = territories(filters, level)
    rows = rows.assign(value=rows[figure].astype(float), cases=one.cases(rows).astype(float))
    other = filters.compared()
    before = territories(other, level).reindex(rows.index) if other else None
    rows["previous"] = before[figure].astype(float) if before is not None else float("nan")
    least = one.cases(before).astype(float) if before is not None else rows["cases"]
    difference = rows["value"] - rows["previous"]
    rows["change"] = difference if one.denominator else difference / rows["previous"].where(rows["previous"] > 0)
    # Inhabitants are no cases: of what is received for each of them, those received are.
    rows["few"] = (rows["cases"] < FEW) if one.denominator and one is not PER_HEAD else False
    least = before["received"] if one is PER_HEAD and before is not None else least
    rows["change_few"] = rows["few"] | (least < FEW)
    return rows.sort_values("few", kind="stable")


@live
def table(filters: Filters, level: Level) -> pd.DataFrame:
    """One row a territory: code, name, the figures of `TABLE`, small; see `resolution.compared`."""
    return compared(territories(filters, level), TABLE)


@live
def holders(filters: Filters, most: int = 200) -> pd.DataFrame:
    """One row an organisation: code, name, the figures of `HOLDERS`, small; see `resolution.compared`."""
    return compared(breakdown(filters, "organisation"), HOLDERS).head(most)


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
    if worst.empty:
        return pd.DataFrame(columns=["code", "name", "day", "open", "overdue"])
    cells = facts(part, filters.start, filters.end, "territory_id").subquery()
    change = func.sum(cells.c.received - cells.c.closed).label("change")
    day = cast(cells.c.day, Date).label("day")
    found = frame(
        select(cells.c.territory_id, day, change)
        .where(cells.c.territory_id.in_([int(one) for one in worst.index]))
        .group_by(cells.c.territory_id, cells.c.day)
    )
    changes = found.pivot_table(index="day", columns="territory_id", values="change", aggfunc="sum").astype(float)
    days = _days(filters, clock(part)[0], changes.index)
    changes = changes.reindex(index=days, columns=list(worst.index)).fillna(0.0)
    # Back from how things stand at the end: what came later was not open yet, what left later still was.
    later = changes[::-1].cumsum()[::-1].shift(-1, fill_value=0.0)
    left = worst["open"] - later
    rows = left.rename_axis("day").reset_index().melt("day", var_name="id", value_name="open")
    rows["open"] = rows["open"].astype("int64")
    names = worst[["code", "name", "overdue"]]
    return rows.join(names, on="id")[["code", "name", "day", "open", "overdue"]]


def _days(filters: Filters, today: date, counted: pd.Index) -> list[date]:
    """The days of the period up to today; some zone of a country may be a day ahead of the others."""
    last = min(max([today, *counted]), filters.end - timedelta(days=1))
    return [filters.start + timedelta(days=n) for n in range((last - filters.start).days + 1)]


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
