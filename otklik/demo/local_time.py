"""Instants and local days: seconds since 1970, UTC, and calendar days of a region's own time zone."""

import numpy as np
from numpy.typing import NDArray

from otklik.demo.arrivals import GeneratorContext
from otklik.demo.catalogue_data import Floats, Ints

NEVER = np.int64(2**60)
"""What doesn't happen. What lies after now hasn't happened yet."""
DAY_SECONDS = 86_400
HOUR_SECONDS = 3_600
Flags = NDArray[np.bool_]


def hours_in_seconds(count: Floats, max_hours: float = np.inf) -> Ints:
    """Hours as seconds."""
    return np.asarray(np.minimum(count, max_hours) * HOUR_SECONDS).astype(np.int64)


def local_day(context: GeneratorContext, region: Ints, instant: Ints) -> NDArray[np.datetime64]:
    """The calendar day in the region's own time zone."""
    return ((instant + context.utc_offset[region]) // DAY_SECONDS).astype("datetime64[D]")


def end_of_day(context: GeneratorContext, region: Ints, day: NDArray[np.datetime64]) -> Ints:
    """The last second of a local day."""
    return np.asarray((day.astype(np.int64) + 1) * DAY_SECONDS - 1 - context.utc_offset[region])
