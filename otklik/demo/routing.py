"""Under which rules an appeal goes, to whom, and until when."""

import numpy as np
from numpy.typing import NDArray

from otklik.demo.arrivals import Arrivals, GeneratorContext
from otklik.demo.catalogue_data import Ints
from otklik.demo.local_time import DAY_SECONDS, NEVER, Flags, end_of_day, hours_in_seconds, local_day
from otklik.demo.performance_profiles import PerformanceProfiles

REGIMES = ("ordinary", "law59", "fast")
ORDINARY, LAW59, FAST = range(len(REGIMES))
LAW59_SHARE = 0.08
EXTENDED_SHARE, DEFERRED_SHARE = 0.35, 0.05
"""Shares of the late ones, and of works that need a season."""
MAX_WORKING_DAYS = 5
"""Days: up to so many are working days."""
LONG_TOPIC_DAYS = 15
"""Days: appeals with as many can be extended, and shorter ones have 20 off the fast track."""


def draw_regimes(context: GeneratorContext, arrivals: Arrivals) -> Ints:
    """The fast track by topic; the law's thirty days where the applicant chose them."""
    fast_chance = context.catalogue.fact_values("fast")[arrivals.fact] * 1.15
    chance = context.rng.random(len(arrivals.fact))
    return np.where(chance < fast_chance, FAST, np.where(chance > 1 - LAW59_SHARE, LAW59, ORDINARY))


def draw_holders(context: GeneratorContext, arrivals: Arrivals, profiles: PerformanceProfiles) -> tuple[Ints, Ints]:
    """Who received it first, and who answers: some appeals go to the town's administration by mistake."""
    table = context.catalogue.holder_table()
    office_index = {row["office"]: i for i, row in enumerate(context.catalogue.offices)}
    right_office = np.array([office_index[row["office"]] for row in context.catalogue.facts])[arrivals.fact]
    wrong_office = np.where(right_office == office_index["city"], office_index["housing"], office_index["city"])
    is_misrouted = context.rng.random(len(arrivals.fact)) < profiles.redirected_share[arrivals.region]
    holder = table[right_office, arrivals.municipality]
    return np.where(is_misrouted, table[wrong_office, arrivals.municipality], holder), holder


def initial_deadlines(context: GeneratorContext, region: Ints, fact: Ints, regime: Ints, start: Ints) -> Ints:
    """The end of the last local day: working days up to five on the fast track, else calendar days.

    Under 59-FZ the last day is a working one.
    """
    days = context.catalogue.fact_values("days").astype(np.int64)[fact]
    day = local_day(context, region, start)
    fast_days = np.minimum(days, 10)
    in_working_days = fast_days <= MAX_WORKING_DAYS
    working = np.busday_offset(day, fast_days, roll="backward", holidays=context.public_holidays)
    day_count = np.where(
        regime == LAW59, 30, np.where(regime == FAST, fast_days, np.where(days < LONG_TOPIC_DAYS, 20, days))
    )
    last_day = np.where((regime == FAST) & in_working_days, working, day + day_count)
    return end_of_day(context, region, np.where(regime == LAW59, last_working_day(context, last_day), last_day))


def last_working_day(context: GeneratorContext, day: NDArray[np.datetime64]) -> NDArray[np.datetime64]:
    """The day, or the working day before."""
    return np.busday_offset(day, 0, roll="backward", holidays=context.public_holidays)


def draw_extensions(
    context: GeneratorContext, arrivals: Arrivals, regime: Ints, deadline: Ints, is_late: Flags
) -> tuple[Ints, Ints, Ints]:
    """When the time was extended or the appeal deferred, and the deadline then."""
    rng, n = context.rng, len(arrivals.fact)
    chance = rng.random(n)
    days = context.catalogue.fact_values("days")[arrivals.fact]
    is_extendable = (regime != FAST) & (days >= LONG_TOPIC_DAYS)
    is_extended = is_extendable & is_late & (chance < EXTENDED_SHARE)
    needs_season = np.isin([row["season"] for row in context.catalogue.facts], ("summer", "thaw"))[arrivals.fact]
    is_deferred = (
        ~is_extended & (regime == ORDINARY) & (days > LONG_TOPIC_DAYS) & needs_season & (chance < DEFERRED_SHARE)
    )
    extended_at = np.where(is_extended, deadline - hours_in_seconds(rng.uniform(7, 96, n)), NEVER)
    midway = arrivals.received + ((deadline - arrivals.received) * rng.uniform(0.3, 0.8, n)).astype(np.int64)
    deferred_at = np.where(is_deferred, midway, NEVER)
    extra_days = np.where(
        is_extended, np.where(regime == LAW59, 30, 15), np.where(is_deferred, rng.integers(45, 150, n), 0)
    )
    return extended_at, deferred_at, deadline + extra_days * DAY_SECONDS
