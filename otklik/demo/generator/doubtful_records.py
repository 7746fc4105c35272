"""Records that raise doubts, as the page of data quality shows them: answers for the figures, and wrong dates."""

import numpy as np

from otklik.demo.catalogue_data import Floats, Ints
from otklik.demo.generator.context import (
    DAY_SECONDS,
    HOUR_SECONDS,
    GeneratorContext,
    hours_in_seconds,
    last_working_day,
    local_day,
)

AT_ONCE_SECONDS = 40
"""The time after which programs of some organisations close an appeal."""
MISDATED_SHARE = 0.004
"""The share of appeals that were registered after their close, by the date that somebody typed."""


def move_to_last_days(context: GeneratorContext, region: Ints, planned_at: Ints, deadline: Ints, share: Floats) -> Ints:
    """Move a share of the punctual answers to the last working day up to their deadline."""
    is_moved = (planned_at <= deadline) & (context.rng.random(len(planned_at)) < share)
    noon = last_working_day(context, local_day(context, region, deadline)).astype(np.int64) * DAY_SECONDS
    noon += 12 * HOUR_SECONDS - context.utc_offset[region]
    return np.where(is_moved, np.maximum(noon, planned_at), planned_at)


def recorded_registrations(context: GeneratorContext, registered_at: Ints, closed_at: Ints) -> Ints:
    """The instants of registration as they were typed: a few of them lie after the close."""
    rng, n = context.rng, len(registered_at)
    typed_at = closed_at + hours_in_seconds(rng.uniform(1, 72, n))
    return np.where((rng.random(n) < MISDATED_SHARE) & (typed_at <= context.now), typed_at, registered_at)
