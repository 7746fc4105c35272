"""Moving what officials do into office hours of working days."""

import numpy as np

from otklik.demo.catalogue_data import Ints
from otklik.demo.generator.context import (
    DAY_SECONDS,
    HOUR_SECONDS,
    NEVER,
    Flags,
    GeneratorContext,
    last_working_day,
    local_day,
)
from otklik.demo.generator.seasons import Days

OPENS_AT, CLOSES_AT = 8.5, 18.0
"""The office hours, as hours of the local day."""


def move_into_office_hours(
    context: GeneratorContext, region: Ints, planned_at: Ints, not_before: Ints, latest_at: Ints | np.int64 = NEVER
) -> Ints:
    """Instants in office hours near the planned ones, after `not_before`, and up to `latest_at` where that leaves time.

    What is planned for a day off is done on one of the five working days around it, so that none of them stands out.
    """
    rng, n = context.rng, len(planned_at)
    second = ((OPENS_AT + (CLOSES_AT - OPENS_AT) * rng.beta(1.6, 1.7, n)) * HOUR_SECONDS).astype(np.int64)
    day = local_day(context, region, planned_at)
    is_day_off = ~np.is_busday(day, holidays=context.public_holidays)

    def instant(working_day: Days) -> Ints:
        return np.asarray(working_day.astype(np.int64) * DAY_SECONDS + second - context.utc_offset[region])

    def is_possible(at: Ints) -> Flags:
        return (at > not_before) & (at <= latest_at)

    days_around = np.where(is_day_off, rng.integers(-2, 3, n), 0)
    near_at = instant(np.busday_offset(day, days_around, roll="backward", holidays=context.public_holidays))
    before_at = instant(last_working_day(context, day))
    # The first of the days on or after `not_before` with time left.
    earliest_day = local_day(context, region, not_before)
    first_at, next_at = (
        instant(np.busday_offset(earliest_day + days, 0, roll="forward", holidays=context.public_holidays))
        for days in (0, 1)
    )
    first_at = np.where(first_at > not_before, first_at, next_at)
    return np.select([is_possible(near_at), is_possible(before_at)], [near_at, before_at], first_at)
