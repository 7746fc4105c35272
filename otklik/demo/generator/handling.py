"""The planned course of an appeal up to its first answer: steps, deadlines and the instant of the answer."""

from dataclasses import dataclass

import numpy as np

from otklik.demo.catalogue_data import Ints
from otklik.demo.generator.arrivals import Arrivals
from otklik.demo.generator.context import (
    DAY_SECONDS,
    HOUR_SECONDS,
    NEVER,
    Flags,
    GeneratorContext,
    hours_in_seconds,
    last_working_day,
    local_day,
)
from otklik.demo.generator.performance_profiles import PerformanceProfiles, received_during
from otklik.demo.generator.routing import LAW59, draw_extensions, draw_holders, draw_regimes, initial_deadlines

EXTENSION_KEPT_SHARE = 0.8
"""The share of extended deadlines that are met."""
AROUND_THE_CLOCK_SHARE = 0.5
"""The share of urgent appeals answered at any hour."""
IDLE_SHARE = 0.05
"""The share of late appeals that lie untouched for weeks."""
MAX_URGENT_DAYS = 3
"""Topics with at most this many days for an answer are urgent."""


@dataclass
class Handling:
    """The course of each appeal. Steps that don't happen are at `NEVER`; regimes and holders are positions."""

    regime: Ints
    first_holder: Ints
    holder: Ints
    moderated_at: Ints
    coordinated_at: Ints
    redirected_at: Ints
    deadline: Ints
    """The deadline as set at first."""
    extended_at: Ints
    deferred_at: Ints
    extended_deadline: Ints
    """The deadline after any extension or deferral."""
    answered_at: Ints
    is_rejected: Flags
    is_formal: Flags
    """Whether the appeal is closed as explained without being looked into."""


def plan_handling(context: GeneratorContext, arrivals: Arrivals, profiles: PerformanceProfiles) -> Handling:
    """Draw the course of every appeal."""
    rng, n = context.rng, len(arrivals.region)
    regime = draw_regimes(context, arrivals)
    moderated_at = arrivals.received + hours_in_seconds(0.04 + rng.lognormal(0.9, 0.8, n), 40)
    coordinated_at = moderated_at + hours_in_seconds(rng.lognormal(1.5, 0.8, n), 60)
    first_holder, holder = draw_holders(context, arrivals, profiles)
    redirected_at = np.where(
        first_holder == holder, NEVER, coordinated_at + hours_in_seconds(rng.lognormal(2.8, 0.6, n), 90)
    )
    # Under 59-FZ the time counts from registration, or until then from receipt.
    is_registered = (regime == LAW59) & (moderated_at <= context.now)
    deadline = initial_deadlines(
        context, arrivals.region, arrivals.fact, regime, np.where(is_registered, moderated_at, arrivals.received)
    )
    is_rejected = rng.random(n) < profiles.rejected_share[arrivals.region]

    is_late, punctual_at, overrun = _draw_pace(context, arrivals, profiles, holder, first_holder, deadline)
    extended_at, deferred_at, extended_deadline = draw_extensions(context, arrivals, regime, deadline, is_late)
    planned_at = np.where(is_late, extended_deadline + overrun, punctual_at)
    planned_at = np.where(deferred_at < NEVER, extended_deadline - hours_in_seconds(rng.uniform(0, 480, n)), planned_at)
    keeps_extension = (extended_at < NEVER) & (rng.random(n) < EXTENSION_KEPT_SHARE)
    planned_at = np.where(
        keeps_extension, deadline + ((extended_deadline - deadline) * rng.random(n)).astype(np.int64), planned_at
    )
    earliest_at = np.where(redirected_at < NEVER, redirected_at, coordinated_at) + hours_in_seconds(
        rng.lognormal(0.5, 0.9, n), 30
    )
    answered_at = np.maximum(
        _within_office_hours(context, arrivals, planned_at, extended_deadline, is_late), earliest_at
    )
    is_formal = np.zeros(n, dtype=np.bool_)
    for organisation, problem in profiles.formal_answer_problems:
        affected = received_during(context, arrivals.region, arrivals.received, problem)
        is_formal[affected[holder[affected] == organisation]] = True
    answered_at = np.where(is_formal, coordinated_at + hours_in_seconds(rng.lognormal(1.8, 0.5, n), 24), answered_at)
    answered_at = np.where(is_rejected, moderated_at, answered_at)
    for step_at in (coordinated_at, redirected_at, extended_at, deferred_at):
        step_at[is_rejected | (step_at >= answered_at)] = NEVER
    return Handling(
        regime=regime,
        first_holder=first_holder,
        holder=np.where(redirected_at < NEVER, holder, first_holder),
        moderated_at=moderated_at,
        coordinated_at=coordinated_at,
        redirected_at=redirected_at,
        deadline=deadline,
        extended_at=extended_at,
        deferred_at=deferred_at,
        extended_deadline=np.where(np.minimum(extended_at, deferred_at) < NEVER, extended_deadline, deadline),
        answered_at=answered_at,
        is_rejected=is_rejected,
        is_formal=is_formal,
    )


def _draw_pace(
    context: GeneratorContext,
    arrivals: Arrivals,
    profiles: PerformanceProfiles,
    holder: Ints,
    first_holder: Ints,
    deadline: Ints,
) -> tuple[Flags, Ints, Ints]:
    """Which answers are late, the instants of punctual ones, and the seconds by which others miss the deadline."""
    rng, n = context.rng, len(arrivals.region)
    time_allowed = (deadline - arrivals.received).astype(float)
    # Over the last ten weeks, regions with a growing backlog slow down to twice their usual time.
    growth = 1 + profiles.has_growing_backlog[arrivals.region] * np.clip(
        1 - (context.now - arrivals.received) / (70 * DAY_SECONDS), 0, 1
    )
    slowness = profiles.slowness_factor[holder] * growth
    late_chance = (
        profiles.late_share[arrivals.region]
        * profiles.late_factor[holder]
        * growth**2
        * np.where(first_holder == holder, 1.0, 1.4)
    )
    for organisation, problem in profiles.slow_answer_problems:
        affected = received_during(context, arrivals.region, arrivals.received, problem)
        affected = affected[holder[affected] == organisation]
        slowness[affected] *= problem.factor
        late_chance[affected] = np.maximum(late_chance[affected], 0.12) * problem.factor
    is_late = rng.random(n) < np.minimum(late_chance, 0.75)
    pace = np.clip(profiles.pace[arrivals.region] * slowness, 0.04, 0.8)
    punctual_at = arrivals.received + (time_allowed * rng.beta(pace * 2.6, (1 - pace) * 2.6)).astype(np.int64)
    idle_time = np.where(rng.random(n) < IDLE_SHARE, rng.uniform(10, 90, n) * DAY_SECONDS, 0)
    overrun = rng.exponential(0.3, n) * time_allowed * np.minimum(slowness, 2) + idle_time
    return is_late, punctual_at, overrun.astype(np.int64)


def _within_office_hours(
    context: GeneratorContext, arrivals: Arrivals, planned_at: Ints, deadline: Ints, is_late: Flags
) -> Ints:
    """Move planned answers into office hours of working days, except some urgent ones."""
    rng, n = context.rng, len(planned_at)
    day = local_day(context, arrivals.region, planned_at)
    working_day_before = last_working_day(context, day)
    working_day_after = np.busday_offset(day, 0, roll="forward", holidays=context.public_holidays)
    second_of_day = ((8.5 + 9.5 * rng.beta(1.6, 1.7, n)) * HOUR_SECONDS).astype(np.int64) - context.utc_offset[
        arrivals.region
    ]
    later_at = working_day_after.astype(np.int64) * DAY_SECONDS + second_of_day
    earlier_at = working_day_before.astype(np.int64) * DAY_SECONDS + second_of_day
    sent_at = np.where(is_late | ((later_at <= deadline) & (earlier_at < arrivals.received)), later_at, earlier_at)
    sent_at = np.where(is_late & (planned_at > deadline), np.maximum(sent_at, deadline + HOUR_SECONDS), sent_at)
    is_urgent = context.catalogue.fact_values("days")[arrivals.fact] <= MAX_URGENT_DAYS
    return np.where(is_urgent & (rng.random(n) < AROUND_THE_CLOCK_SHARE), planned_at, sent_at)
