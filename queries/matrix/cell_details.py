"""What stands behind one cell of the matrix: its weeks, places, organisations, and cells like it elsewhere."""

from dataclasses import replace
from datetime import timedelta

import pandas as pd

from queries.core.reference import dimension_members
from queries.counts.state_sums import SUM_MEASURES
from queries.filters import Filters
from queries.lists.figure_appeals import figure_appeals
from queries.matrix.axes import matrix_axes
from queries.matrix.cells import INDEX, cached_weekly_counts
from queries.matrix.counts import WEEK_DAYS
from queries.matrix.harm import SHARE_METRICS, expected_counts
from queries.problems.board import board
from queries.problems.decided import remedies_elsewhere
from queries.summaries.breakdown import breakdown
from queries.summaries.league_table import league_rows

__all__ = [
    "cell_filters",
    "organisations_in",
    "places_in",
    "problems_in",
    "remedies_elsewhere",
    "sample_appeals",
    "similar_cells",
    "weekly_trend",
]
SIMILAR_CELLS = 5
MAX_ORGANISATIONS = 15
DETAIL_METRICS = ("received", "open", "on_time_rate", "reopened_rate", "low_share")
# The measures that those metrics need.
DETAIL_MEASURES = tuple(name for name in SUM_MEASURES if name not in ("overdue", "risked", "answer_seconds"))


def cell_filters(filters: Filters, topic_code: str, territory_code: str) -> Filters:
    """The filters narrowed to a cell, without a comparison."""
    return replace(filters, topic=topic_code, territory=territory_code, compare="none")


def weekly_trend(filters: Filters, topic_code: str, territory_code: str) -> pd.DataFrame:
    """One row per week of a cell, oldest first: day (its first one), received, expected."""
    axes, weekly = matrix_axes(filters), cached_weekly_counts(filters)
    topic_codes, territory_codes = (dimension_members(name, "en")["code"] for name in ("topic", "territory"))
    row = [topic_codes[topic_id] for topic_id in axes.topics].index(topic_code)
    column = [territory_codes[territory_id] for territory_id in axes.territories].index(territory_code)
    return pd.DataFrame(
        {
            "day": [weekly.start + timedelta(days=WEEK_DAYS * week) for week in range(len(weekly.received))],
            "received": weekly.received[:, row, column].astype("int64"),
            "expected": expected_counts(weekly.received)[:, row, column],
        }
    )


def similar_cells(cells: pd.DataFrame, topic_code: str, territory_code: str) -> pd.DataFrame:
    """The rows of other cells of the same topic and of the same territory, five of each, the highest index first."""
    is_topic, is_territory = cells["topic_code"] == topic_code, cells["territory_code"] == territory_code
    ranked = [
        cells[mask].nlargest(SIMILAR_CELLS, INDEX) for mask in (is_topic & ~is_territory, is_territory & ~is_topic)
    ]
    return pd.concat(ranked, ignore_index=True)


def sample_appeals(filters: Filters, value: str) -> pd.DataFrame:
    """The appeals behind what a cell is coloured by: those that count against it, else those received."""
    return figure_appeals(filters, SHARE_METRICS.get(value, "received"))  # type: ignore[call-overload]


def places_in(filters: Filters) -> pd.DataFrame:
    """One row per territory below the filters' own: the columns of a league table, with `DETAIL_METRICS`."""
    return league_rows(breakdown(filters, "territory", measures=DETAIL_MEASURES), DETAIL_METRICS)


def organisations_in(filters: Filters) -> pd.DataFrame:
    """One row per organisation that holds most of the filters' appeals: as `places_in`."""
    return league_rows(breakdown(filters, "organisation", MAX_ORGANISATIONS, measures=DETAIL_MEASURES), DETAIL_METRICS)


def problems_in(filters: Filters) -> pd.DataFrame:
    """One row per problem in the territory and of the topic of the filters, and below both: as the board's."""
    return board(filters).rows
