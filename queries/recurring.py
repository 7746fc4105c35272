"""Recurring problems: the places and topics from which most appeals come."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
from sqlalchemy import SelectBase, func, literal_column, select, union_all

from database.reading import frame
from database.tables import cube_town
from queries.blocks import blocks
from queries.breakdown import each
from queries.cut import Cut, cut
from queries.facts import among, facts_of_appeals, fresh, held_by, of_blocks, sums_of
from queries.figures import FIGURES
from queries.filters import Filters
from queries.live import live
from queries.reference import words
from queries.resolution import sure

MEASURED = ("received", "received_resolved", "closed", "reopened")
# The length of the cells of municipalities.
TOWN_DAYS = 16


@live
def cells(filters: Filters, most: int = 15) -> pd.DataFrame:
    """The cells of a territory (a step below the chosen one) and a topic that received most: one row each.

    Columns: territory, topic, above (the topic above it, or nothing), received, before (in the period compared with,
    NaN without one), resolution_rate, reopened_rate (NaN over fewer than 30).
    """
    part, other = cut(filters), filters.compared()
    found = _sums(part, filters, MEASURED, most)
    before = _sums(_of(part, found.index), other, MEASURED[:1]) if other and len(found) else None
    territory, topic = words("territory", filters.language), words("topic", filters.language)
    places, about = found.index.get_level_values(0), found.index.get_level_values(1)
    above = topic["parent_id"].reindex(about).map(topic["name"])
    rows = pd.DataFrame(
        {
            "territory": territory["name"].reindex(places).to_numpy(),
            "topic": topic["name"].reindex(about).to_numpy(),
            "above": above.fillna("").to_numpy(),
            "received": found["received"].to_numpy(),
            "before": np.nan if before is None else before["received"].reindex(found.index, fill_value=0).to_numpy(),
        }
    )
    for name in ("resolution_rate", "reopened_rate"):
        rows[name] = sure(found.assign(**{name: each(FIGURES[name], found)}), name).to_numpy()
    return rows


def _of(part: Cut, cells: pd.Index) -> Cut:
    """The part in which these territories and topics lie."""
    children, topics = (tuple(sorted({int(one) for one in cells.get_level_values(level)})) for level in (0, 1))
    return replace(part, children=children, topics=topics)


def _sums(part: Cut, filters: Filters, measures: tuple[str, ...], most: int | None = None) -> pd.DataFrame:
    """Measures of each territory and topic that received something, by both ids; or of those that received most."""
    rows = _cells(part, filters.start, filters.end, measures).subquery()
    keys = (rows.c.territory_id, rows.c.topic_id)
    received = func.sum(rows.c.received)
    question = select(*keys, *(func.sum(rows.c[name]).label(name) for name in measures)).group_by(*keys)
    found = frame(question.having(received > 0).order_by(received.desc(), *keys).limit(most)).astype("int64")
    return found.set_index(["territory_id", "topic_id"])


def _cells(part: Cut, start: date, end: date, measures: tuple[str, ...]) -> SelectBase:
    """One row a cell (or an appeal's moment), added or taken away: territory, topic, measures.

    Of municipalities the cells are of sixteen days: the days at the ends come from the appeals, by their index.
    """
    by = ("territory_id", "topic_id")
    found = blocks(start, end, (TOWN_DAYS,))
    whole = [block for block in found if block.span == TOWN_DAYS]
    if not whole or not _are_towns(part) or not held_by(replace(part, topics=None)):
        return sums_of(part, start, end, *by, measures=measures)
    ends = []
    for block in found:
        if block.span == 1:
            # The index of the region's days finds them; that of topics beside it takes longer than to sort them out.
            rows = facts_of_appeals(replace(part, topics=None), block.first, block.last, measures, *by)
            day = rows.offset(literal_column("0")).subquery()
            of = [among(day.c.topic_id, part.topics)] if part.topics is not None else []
            counts = ((day.c[name] * block.sign) for name in measures)
            ends.append(select(*(day.c[key] for key in by), *counts).where(*of))
    return union_all(
        of_blocks(cube_town, whole, part, by, measures),
        fresh(part, whole[0].first, whole[0].last, by, measures),
        *ends,
    )


def _are_towns(part: Cut) -> bool:
    """Whether every territory a step below is a municipality."""
    levels = words("territory", "en")["level"]
    return bool(part.children) and all(levels[one] == "municipality" for one in part.children)
