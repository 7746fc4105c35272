"""Recurring problems: the places and topics from which most appeals come."""

import numpy as np
import pandas as pd
from sqlalchemy import func, select

from database.reading import frame
from queries.breakdown import each
from queries.cut import cut
from queries.facts import facts
from queries.figures import FIGURES
from queries.filters import Filters
from queries.live import live
from queries.reference import words
from queries.resolution import sure

MEASURED = ("received", "received_resolved", "closed", "reopened")


@live
def cells(filters: Filters, most: int = 15) -> pd.DataFrame:
    """The cells of a territory (a step below the chosen one) and a topic that received most: one row each.

    Columns: territory, topic, above (the topic above it, or nothing), received, before (in the period compared with,
    NaN without one), resolution_rate, reopened_rate (NaN over fewer than 30).
    """
    found = _sums(filters).nlargest(most, "received", keep="first")
    other = filters.compared()
    before = _sums(other, sorted(set(found.index.get_level_values(1)))) if other and len(found) else None
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


def _sums(filters: Filters, topics: list[int] | None = None) -> pd.DataFrame:
    """The measures of each territory and topic, by both ids; of all topics or of these."""
    cells = facts(cut(filters), filters.start, filters.end, "territory_id", "topic_id").subquery()
    keys = (cells.c.territory_id, cells.c.topic_id)
    question = select(*keys, *(func.sum(cells.c[name]).label(name) for name in MEASURED)).group_by(*keys)
    if topics is not None:
        question = question.where(cells.c.topic_id.in_(topics))
    found = frame(question.having(func.sum(cells.c.received) > 0)).astype("int64")
    return found.set_index(["territory_id", "topic_id"])
