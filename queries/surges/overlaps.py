"""Rows that a surge overlaps: their territory and topic are its own, or lie within or around them."""

from typing import Any

import pandas as pd

from queries.core.reference import dimension_members


def without_overlaps(rows: pd.DataFrame, surge_rows: pd.DataFrame) -> pd.DataFrame:
    """The rows (territory_code, topic_code) whose territory and topic both are those of no surge, nor within or around.

    The same appeals would be shown twice.
    """
    paths = {dimension: _paths(dimension) for dimension in ("territory", "topic")}

    def overlaps_surge(row: object) -> bool:
        return any(
            all(
                _are_related(paths[dimension], getattr(row, f"{dimension}_code"), getattr(surge, f"{dimension}_code"))
                for dimension in paths
            )
            for surge in surge_rows.itertuples()
        )

    kept: pd.DataFrame = rows[[not overlaps_surge(row) for row in rows.itertuples()]]
    return kept


def _are_related(paths: dict[str, tuple[str, ...]], first: str, second: str) -> bool:
    return first in paths[second] or second in paths[first]


def _paths(dimension: str) -> dict[str, tuple[str, ...]]:
    """The codes from each member up to the top, by its code."""
    rows = dimension_members(dimension, "en")
    codes: dict[Any, str] = rows["code"].to_dict()
    parents: dict[Any, Any] = rows["parent_id"].to_dict()
    paths = {}
    for member, code in codes.items():
        path, current = [], member
        while not pd.isna(current):
            path.append(codes[current])
            current = parents[current]
        paths[code] = tuple(path)
    return paths
