"""What the generator works with: the catalogue, the clock, the random generator, and local days.

Instants are seconds since 1970, UTC. Appeals are arrays with one element each, in order of receipt.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from otklik.demo.catalogue_data import CatalogueData, Floats, Ints
from otklik.demo.generator.seasons import Days, months_before, public_holidays

DAY_SECONDS = 86_400
HOUR_SECONDS = 3_600
HISTORY_MONTHS = 13
NEVER = np.int64(2**60)
"""The instant of a step that doesn't happen. A step after `now` hasn't happened yet."""
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class GeneratorContext:
    """The catalogue, the clock and the random generator of a run."""

    catalogue: CatalogueData
    as_of: date
    now: int
    rng: np.random.Generator
    utc_offset: Ints
    """Seconds that each region's local time is ahead of UTC; Russia has had no summer time since 2014."""
    public_holidays: Days


def build_context(catalogue: CatalogueData, seed: int, as_of: date, now: datetime) -> GeneratorContext:
    """A run's context. Runs with equal seed, date and instant generate equal data."""
    offsets = [
        ZoneInfo(row["timezone"]).utcoffset(now.replace(tzinfo=None)) or timedelta() for row in catalogue.regions
    ]
    return GeneratorContext(
        catalogue=catalogue,
        as_of=as_of,
        now=int(now.timestamp()),
        rng=np.random.default_rng([seed, as_of.toordinal()]),
        utc_offset=np.array([int(offset.total_seconds()) for offset in offsets]),
        public_holidays=public_holidays(months_before(as_of, HISTORY_MONTHS), as_of),
    )


def hours_in_seconds(hours: Floats, max_hours: float = np.inf) -> Ints:
    """Hours, at most `max_hours`, as whole seconds."""
    return np.asarray(np.minimum(hours, max_hours) * HOUR_SECONDS).astype(np.int64)


def local_day(context: GeneratorContext, region: Ints, instant: Ints) -> Days:
    """The calendar day of an instant in the region's time zone."""
    return ((instant + context.utc_offset[region]) // DAY_SECONDS).astype("datetime64[D]")


def end_of_day(context: GeneratorContext, region: Ints, day: Days) -> Ints:
    """The last second of a day in the region's time zone."""
    return np.asarray((day.astype(np.int64) + 1) * DAY_SECONDS - 1 - context.utc_offset[region])


def last_working_day(context: GeneratorContext, day: Days) -> Days:
    """The day itself if it is a working day, otherwise the last one before it."""
    return np.busday_offset(day, 0, roll="backward", holidays=context.public_holidays)


def draw_by_group(weights: Floats, group: Ints, rng: np.random.Generator) -> Ints:
    """A random column of `weights` for each element, drawn by the weights in the row of its group."""
    cumulative = np.cumsum(weights, axis=1)
    cumulative /= cumulative[:, -1:]
    thresholds = (cumulative + np.arange(len(weights))[:, None]).ravel()
    # A random number that rounds to 1 would fall into the next row.
    position = np.searchsorted(thresholds, group + np.minimum(rng.random(len(group)), 1 - 1e-9), side="right")
    return np.asarray(position - group * weights.shape[1], dtype=np.int64)


def draw_positions(weights: Floats, size: int, rng: np.random.Generator) -> Ints:
    """`size` random positions, drawn by one list of weights."""
    return draw_by_group(weights[None, :], np.zeros(size, dtype=np.int64), rng)
