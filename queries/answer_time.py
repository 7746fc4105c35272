"""How long answers took, from counts by buckets of time."""

import numpy as np
import pandas as pd
from sqlalchemy import func, select

from database.reading import frame
from database.tables import cube_answer
from queries.cut import cut
from queries.facts import counts
from queries.filters import Filters
from queries.live import live

# Bucket b holds answer times from 1.05^b - 1 minutes on: each 5 % wider than the one before.
WIDTH = 1.05
MINUTES_A_DAY = 1440


@live
def buckets(filters: Filters) -> pd.DataFrame:
    """One row a bucket: its bounds in days (`low`, `high`) and how many appeals closed in the period fall in it."""
    part = cut(filters)
    cells = counts(cube_answer, part, filters.start, filters.end, "bucket", "closed").subquery()
    total = func.sum(cells.c.appeals).label("appeals")
    answer = frame(select(cells.c.bucket, total).group_by(cells.c.bucket).order_by(cells.c.bucket))
    bucket = answer["bucket"].astype(float)
    answer["low"] = (WIDTH**bucket - 1) / MINUTES_A_DAY
    answer["high"] = (WIDTH ** (bucket + 1) - 1) / MINUTES_A_DAY
    return answer[["low", "high", "appeals"]]


def percentile(counts: pd.DataFrame, share: float) -> float | None:
    """The time in days within which `share` of the appeals were answered; within a bucket as if spread evenly.

    None for no appeals. The answer lies in the true one's bucket: the error is at most 5 % of it and 3 seconds.
    """
    total = float(counts["appeals"].sum()) if len(counts) else 0.0
    if not total:
        return None
    upto = counts["appeals"].astype(float).cumsum().to_numpy()
    at = int(np.searchsorted(upto, share * total))
    row = counts.iloc[at]
    before = upto[at] - float(row["appeals"])
    return float(row["low"] + (row["high"] - row["low"]) * (share * total - before) / float(row["appeals"]))
