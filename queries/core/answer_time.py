"""How long answers took, from counts by buckets of time."""

from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, func, select

from otklik.database.tables import cube_answer
from otklik.database.transactions import columns
from queries.cache.live import live
from queries.cache.statements import built
from queries.core.facts import counts
from queries.core.resolved_filters import Cut, cut
from queries.filters import Filters

# Bucket b holds answer times from 1.05^b - 1 minutes on: each 5 % wider than the one before.
WIDTH = 1.05
MINUTES_A_DAY = 1440


class Buckets(NamedTuple):
    """The bounds of each bucket in days, and how many appeals fall in it; the fastest first."""

    low: NDArray[np.float64]
    high: NDArray[np.float64]
    appeals: NDArray[np.float64]


@live
def buckets(filters: Filters) -> Buckets:
    """The answer times of the appeals closed in the period."""
    found = columns(_counts(cut(filters), filters.start, filters.end))
    bucket, appeals = (np.array(found[name], dtype=float) for name in ("bucket", "appeals"))
    low, high = ((WIDTH**at - 1) / MINUTES_A_DAY for at in (bucket, bucket + 1))
    return Buckets(low, high, appeals)


@built
def _counts(part: Cut, start: date, end: date) -> Select[Any]:
    cells = counts(cube_answer, part, start, end, "bucket", "closed").subquery()
    total = func.sum(cells.c.appeals).label("appeals")
    return select(cells.c.bucket, total).group_by(cells.c.bucket).order_by(cells.c.bucket)


def percentile(counts: Buckets, share: float) -> float | None:
    """The time in days within which `share` of the appeals were answered; within a bucket as if spread evenly.

    None for no appeals. The answer lies in the true one's bucket: the error is at most 5 % of it and 3 seconds.
    """
    upto = counts.appeals.cumsum()
    if not len(upto) or not upto[-1]:
        return None
    wanted = share * upto[-1]
    at = int(np.searchsorted(upto, wanted))
    before, low = upto[at] - counts.appeals[at], counts.low[at]
    return float(low + (counts.high[at] - low) * (wanted - before) / counts.appeals[at])
