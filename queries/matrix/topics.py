"""Systemic against acute: how lasting and how widespread each topic's excess is."""

import pandas as pd

from queries.matrix.cells import Matrix

EXCESS_PARTS = ("volume", "late")
"""The parts that weeks are counted by."""


def topic_reach(result: Matrix) -> pd.DataFrame:
    """One row per topic with a cell whose volume or late ratio is above 1 beyond chance, most widespread first.

    Columns: topic_code, topic, territories (so many such cells), breadth (their share of all territories shown),
    persistence (the mean share of the last weeks in which their ratio was above 1).
    """
    cells = result.cells
    is_excess = (cells[[f"{part}_side" for part in EXCESS_PARTS]] > 0).any(axis=1)
    territory_count = cells["territory_code"].nunique()
    topics = cells[is_excess].groupby(["topic_code", "topic"], sort=False)
    rows = topics["weeks_above"].agg(["size", "mean"]).reset_index()
    return pd.DataFrame(
        {
            "topic_code": rows["topic_code"],
            "topic": rows["topic"],
            "territories": rows["size"],
            "breadth": rows["size"] / max(territory_count, 1),
            "persistence": rows["mean"] / max(result.weeks, 1),
        }
    ).sort_values(["breadth", "persistence", "topic"], ascending=[False, False, True], ignore_index=True)
