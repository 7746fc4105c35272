"""The thresholds that hold now: those that administrators have set, over those of the file and the defaults."""

import pandas as pd

from otklik.database.access import wall_thresholds
from queries.cache.live import reference_data
from queries.wall.thresholds import Threshold, Thresholds, file_thresholds


def current_thresholds() -> Thresholds:
    """The thresholds by figure and territory. Raises InvalidSetting."""
    by_figure = {figure: dict(by_territory) for figure, by_territory in file_thresholds().by_figure.items()}
    for row in stored_thresholds().to_dict("records"):
        # A figure that the wall no longer has keeps its row.
        if row["figure"] in by_figure:
            by_figure[row["figure"]][row["territory"]] = Threshold(row["watch"], row["act"])
    return Thresholds(by_figure)


@reference_data
def stored_thresholds() -> pd.DataFrame:
    """Those that administrators have set; columns: otklik.database.access.wall_thresholds.all_thresholds."""
    return wall_thresholds.all_thresholds()
