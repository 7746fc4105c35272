"""The cells of the matrix: each topic in each territory, with its harm and marks."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from queries.cache.background import background_timed
from queries.cache.timed import timed
from queries.core.lacking_fields import lacking_of_territories
from queries.core.reference import dimension_members
from queries.core.topic_labels import topic_labels
from queries.filters import Filters
from queries.matrix.axes import Axes, CellLevel, matrix_axes
from queries.matrix.counts import WeeklyCounts, period_counts, weekly_counts
from queries.matrix.harm import PARTS, harm_index, harm_parts, sure_side
from queries.matrix.persistence_and_spread import persistence, spread
from queries.summaries.totals import period_totals

INDEX = "harm"
SHOWN_VALUES = (INDEX, *PARTS)
"""What a cell is coloured by: the index, or one of its parts."""


@dataclass(frozen=True)
class Matrix:
    """The rows of `cells`, one per topic and territory shown, those of a topic together; both by their ids.

    Columns: topic_code, topic, territory_code, territory, received, expected; for each of `SHOWN_VALUES` NAME (the
    ratio of observed to expected, shrunk towards 1; the index is their geometric mean), NAME_low and NAME_high (its
    95 % bounds) and NAME_side (1 above and -1 below 1 beyond chance, else 0), all NaN where it is unknown; for each
    part NAME_observed, NAME_expected and NAME_cases; known_parts, weeks_above, is_persistent, places_before,
    places_now (NaN where there are no places below) and is_spreading.

    `level`: that of the territories; None where nothing lies below the chosen one. `weeks`: how many of the last twelve
    have any appeals, from `weeks_start` on. `unplaced`: appeals received that are in none of the territories shown.
    """

    cells: pd.DataFrame
    level: CellLevel | None
    weeks: int
    weeks_start: date
    unplaced: int


@background_timed
def matrix(filters: Filters) -> Matrix:
    """The matrix of the filters' period, at most ten minutes old. Raises Counting on a page while there is none yet."""
    axes = matrix_axes(filters)
    counts, weekly = period_counts(axes, filters), cached_weekly_counts(filters)
    parts = harm_parts(counts, lacking_of_territories(axes.territories))
    index, low, high, known = harm_index(parts)
    lasting, spreading = persistence(weekly), spread(axes, weekly)
    volume = parts["volume"]
    columns: dict[str, NDArray[Any]] = {"received": volume.observed, "expected": volume.expected}
    columns |= {INDEX: index, f"{INDEX}_low": low, f"{INDEX}_high": high}
    columns[f"{INDEX}_side"] = sure_side(low, high, volume.cases)
    for name, part in parts.items():
        columns |= {name: part.ratio, f"{name}_low": part.low, f"{name}_high": part.high, f"{name}_side": part.side}
        columns |= {f"{name}_observed": part.observed, f"{name}_expected": part.expected, f"{name}_cases": part.cases}
    columns |= {"known_parts": known, "weeks_above": lasting.weeks_above, "is_persistent": lasting.is_persistent}
    columns |= {"places_before": spreading.places_before, "places_now": spreading.places_now}
    columns["is_spreading"] = spreading.is_spreading
    unplaced = max(0, period_totals(filters)["received"] - int(counts.received.sum()))
    return Matrix(_named_cells(axes, filters, columns), axes.level, lasting.weeks, weekly.start, unplaced)


@timed
def cached_weekly_counts(filters: Filters) -> WeeklyCounts:
    """The weekly counts of the matrix, for its marks and for the trend of a cell."""
    return weekly_counts(matrix_axes(filters), filters)


def _named_cells(axes: Axes, filters: Filters, columns: dict[str, NDArray[Any]]) -> pd.DataFrame:
    """One row per cell with the codes and names of its topic and territory, and the columns."""
    topic_codes = dimension_members("topic", "en")["code"].reindex(axes.topics)
    territories = dimension_members("territory", filters.language).loc[list(axes.territories)]
    rows, columns_count = axes.shape
    names = {
        "topic_code": np.repeat(topic_codes.to_numpy(), columns_count),
        "topic": np.repeat(topic_labels(filters.language).reindex(axes.topics).to_numpy(), columns_count),
        "territory_code": np.tile(territories["code"].to_numpy(), rows),
        "territory": np.tile(territories["name"].to_numpy(), rows),
    }
    return pd.DataFrame(names | {name: array.ravel() for name, array in columns.items()})
