"""Recurring problems: the places and topics from which most appeals come."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import ARRAY, Integer, Select, SelectBase, case, func, literal, literal_column, select, union_all

from otklik.database.tables import appeal, cube_town, instant
from otklik.database.transactions import columns
from queries.cache.live import live
from queries.cache.statements import built
from queries.core.aggregates import ZERO
from queries.core.breakdown import all_of
from queries.core.conditions import among, beginnings
from queries.core.cube_routing import held_by
from queries.core.date_ranges import MEASURED
from queries.core.day_blocks import Block, blocks
from queries.core.facts import fresh, of_blocks, sums_of
from queries.core.reference import words
from queries.core.resolved_filters import Cut, cut
from queries.filters import Filters
from queries.metrics.catalogue import FIGURES
from queries.resolution.performance import sure

COUNTED = ("received", "received_resolved", "closed", "reopened")
BY = ("territory_id", "topic_id")
# The length of the cells of municipalities.
TOWN_DAYS = 16


@live
def cells(filters: Filters, most: int = 15) -> pd.DataFrame:
    """The cells of a territory (a step below the chosen one) and a topic that received most: one row each.

    Columns: territory, topic, above (the topic above it, or nothing), received, before (in the period compared with,
    NaN without one), resolution_rate, reopened_rate (NaN over fewer than 30).
    """
    part, other = cut(filters), filters.compared()
    towns = _are_towns(part)
    found = columns(_sums(part, filters.start, filters.end, COUNTED, most, towns=towns))
    places, about = (found.pop(key) for key in BY)
    then: dict[tuple[int, int], int] = {}
    if other and places:
        these = replace(part, children=tuple(sorted(set(places))), topics=tuple(sorted(set(about))))
        *both, received = columns(_sums(these, other.start, other.end, COUNTED[:1], towns=towns)).values()
        then = dict(zip(zip(*both, strict=True), received, strict=True))
    before = [then.get(cell, 0) if other else np.nan for cell in zip(places, about, strict=True)]
    territory, topic = words("territory", filters.language)["name"], words("topic", filters.language)
    above = topic["name"].reindex(topic["parent_id"].reindex(list(about)))
    counted = {name: np.array(values, dtype=np.int64) for name, values in found.items()}
    rates = all_of((FIGURES[name] for name in ("resolution_rate", "reopened_rate")), counted)
    return pd.DataFrame(
        {
            "territory": territory.reindex(list(places)).array,
            "topic": topic["name"].reindex(list(about)).array,
            "above": above.fillna("").array,
            "received": counted["received"],
            "before": before,
            **{name: sure(name, values, counted) for name, values in rates.items()},
        }
    )


def _are_towns(part: Cut) -> bool:
    """Whether every territory a step below is a municipality, and their cubes hold the part."""
    levels = words("territory", "en")["level"]
    towns = bool(part.children) and all(levels[one] == "municipality" for one in part.children)
    return towns and held_by(replace(part, topics=None))


@built
def _sums(
    part: Cut, start: date, end: date, measures: tuple[str, ...], most: int | None = None, *, towns: bool
) -> Select[Any]:
    """Measures of each territory and topic that received something, by both ids; or of those that received most."""
    rows = _cells(part, start, end, measures, towns=towns).subquery()
    keys = [rows.c[key] for key in BY]
    received = func.sum(rows.c.received)
    question = select(*keys, *(func.sum(rows.c[name]).label(name) for name in measures)).group_by(*keys)
    return question.having(received > 0).order_by(received.desc(), *keys).limit(most)


def _cells(part: Cut, start: date, end: date, measures: tuple[str, ...], *, towns: bool) -> SelectBase:
    """One row a cell (or an appeal's moment), added or taken away: territory, topic, measures.

    Of municipalities the cells are of sixteen days: the days at the ends come from the appeals, by their index.
    """
    found = blocks(start, end, (TOWN_DAYS,))
    whole = [block for block in found if block.span == TOWN_DAYS]
    if not whole or not towns:
        return sums_of(part, start, end, *BY, measures=measures)
    return union_all(
        of_blocks(cube_town, whole, part, BY, measures),
        fresh(part, whole[0].first, whole[0].last, BY, measures),
        *_ends(part, [block for block in found if block.span == 1], measures),
    )


def _ends(part: Cut, found: list[Block], measures: tuple[str, ...]) -> Iterator[Select[Any]]:
    """The same of the days at the ends, one row a moment of an appeal that counts for any of the measures."""
    days = [
        (region, block.sign, since, until)
        for block in found
        for region, since, until in zip(
            part.regions, beginnings(block.first, part.zones), beginnings(block.last, part.zones), strict=True
        )
    ]
    if not days:
        return
    lists: list[Any] = [
        literal(list(values), ARRAY(kind)) for values, kind in zip(zip(*days, strict=True), KINDS, strict=True)
    ]
    day = func.unnest(*lists).table_valued("region_id", "sign", "since", "until").render_derived("day")
    for moment, conditions in MEASURED.items():
        if conditions.keys().isdisjoint(measures):
            continue
        # The index of the region's days finds them; that of topics beside it takes longer than to sort them out.
        counts = {name: case((conditions[name], day.c.sign), else_=ZERO) for name in measures if name in conditions}
        cells = (
            select(appeal.c.municipality_id.label("territory_id"), appeal.c.topic_id)
            .add_columns(*(counts.get(name, ZERO).label(name) for name in measures))
            .where(appeal.c.region_id == day.c.region_id)
            .where(appeal.c[moment] >= day.c.since, appeal.c[moment] < day.c.until)
            .correlate(day)
            .offset(literal_column("0"))
            .lateral("cells")
        )
        of = [among(cells.c.topic_id, part.topics)] if part.topics is not None else []
        rows = select(*cells.c).select_from(day).join(cells, literal_column("true"))
        yield rows.where(among(cells.c.territory_id, part.children), *of)


KINDS: tuple[Any, ...] = (Integer, Integer, instant, instant)
