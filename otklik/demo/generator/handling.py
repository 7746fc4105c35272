"""The planned course of an appeal up to its first answer: steps, deadlines and the instant of the answer."""

from dataclasses import dataclass

import numpy as np

from otklik.demo.catalogue_data import Floats, Ints
from otklik.demo.generator.arrivals import Arrivals
from otklik.demo.generator.context import (
    DAY_SECONDS,
    HOUR_SECONDS,
    NEVER,
    Flags,
    GeneratorContext,
    hours_in_seconds,
)
from otklik.demo.generator.doubtful_records import AT_ONCE_SECONDS, move_to_last_days
from otklik.demo.generator.office_hours import move_into_office_hours
from otklik.demo.generator.performance_profiles import PerformanceProfiles, received_during
from otklik.demo.generator.planted_problems import PlantedProblem
from otklik.demo.generator.routing import (
    LAW59,
    ORDINARY,
    draw_extensions,
    draw_holders,
    draw_regimes,
    has_deadlines,
    initial_deadlines,
)

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
    """The deadline as set at first, or planned where there is none."""
    has_deadline: Flags
    extended_at: Ints
    deferred_at: Ints
    extended_deadline: Ints
    """The deadline after any extension or deferral."""
    answered_at: Ints
    is_rejected: Flags
    is_formal: Flags
    """Whether the appeal is closed as explained without being looked into."""
    return_factor: Floats
    """How many times as often as others the answer is returned."""
    is_at_once: Flags
    """Whether the appeal is closed as explained the moment it arrives, as only a program does."""


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
    slowdown = _problem_factor(context, arrivals, profiles.slow_answer_problems, holder)
    planned_at = arrivals.received + ((planned_at - arrivals.received) * slowdown).astype(np.int64)
    is_late |= planned_at > extended_deadline
    planned_at = move_to_last_days(
        context, arrivals.region, planned_at, extended_deadline, profiles.last_day_share[holder]
    )
    earliest_at = np.where(redirected_at < NEVER, redirected_at, coordinated_at) + hours_in_seconds(
        rng.lognormal(0.5, 0.9, n), 30
    )
    answered_at = _draw_answer_times(context, arrivals, planned_at, earliest_at, extended_deadline, is_late)
    return_factor = _problem_factor(context, arrivals, profiles.formal_answer_problems, holder)
    is_formal = return_factor > 1
    answered_at = np.where(is_formal, coordinated_at + hours_in_seconds(rng.lognormal(1.8, 0.5, n), 24), answered_at)
    is_at_once = (rng.random(n) < profiles.at_once_share[holder]) & (regime == ORDINARY) & ~is_formal & ~is_rejected
    moderated_at = np.where(is_at_once, arrivals.received + AT_ONCE_SECONDS // 2, moderated_at)
    answered_at = np.where(is_at_once, arrivals.received + AT_ONCE_SECONDS, answered_at)
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
        has_deadline=has_deadlines(context, arrivals.fact, regime),
        extended_at=extended_at,
        deferred_at=deferred_at,
        extended_deadline=np.where(np.minimum(extended_at, deferred_at) < NEVER, extended_deadline, deadline),
        answered_at=answered_at,
        is_rejected=is_rejected,
        is_formal=is_formal,
        return_factor=return_factor,
        is_at_once=is_at_once,
    )


def _problem_factor(
    context: GeneratorContext, arrivals: Arrivals, problems: list[tuple[int, PlantedProblem]], holder: Ints
) -> Floats:
    """The factor of the planted problem of each appeal's organisation while that lasts; otherwise 1."""
    factor = np.ones(len(holder))
    for organisation, problem in problems:
        affected = received_during(context, arrivals.region, arrivals.received, problem)
        factor[affected[holder[affected] == organisation]] = problem.factor
    return factor


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
    is_late = rng.random(n) < np.minimum(late_chance, 0.75)
    pace = np.clip(profiles.pace[arrivals.region] * slowness, 0.04, 0.8)
    punctual_at = arrivals.received + (time_allowed * rng.beta(pace * 2.6, (1 - pace) * 2.6)).astype(np.int64)
    idle_time = np.where(rng.random(n) < IDLE_SHARE, rng.uniform(10, 90, n) * DAY_SECONDS, 0)
    overrun = rng.exponential(0.3, n) * time_allowed * np.minimum(slowness, 2) + idle_time
    return is_late, punctual_at, overrun.astype(np.int64)


def _draw_answer_times(
    context: GeneratorContext, arrivals: Arrivals, planned_at: Ints, earliest_at: Ints, deadline: Ints, is_late: Flags
) -> Ints:
    """When planned answers are sent: in office hours of working days, except some urgent ones."""
    earliest_late_at = np.where(planned_at > deadline, deadline + HOUR_SECONDS, 0)
    sent_at = move_into_office_hours(
        context,
        arrivals.region,
        planned_at,
        np.where(is_late, np.maximum(earliest_at, earliest_late_at), earliest_at),
        np.where(is_late, NEVER, deadline),
    )
    is_urgent = context.catalogue.answer_days()[arrivals.fact] <= MAX_URGENT_DAYS
    at_any_hour = is_urgent & (context.rng.random(len(planned_at)) < AROUND_THE_CLOCK_SHARE)
    return np.where(at_any_hour, np.maximum(planned_at, earliest_at), sent_at)
