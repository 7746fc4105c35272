"""How appeals end, how applicants rate the answers, and which appeals are re-opened."""

from dataclasses import dataclass

import numpy as np

from otklik.demo.catalogue_data import Floats, Ints
from otklik.demo.generator.arrivals import Arrivals
from otklik.demo.generator.context import (
    DAY_SECONDS,
    HOUR_SECONDS,
    NEVER,
    GeneratorContext,
    end_of_day,
    hours_in_seconds,
    last_working_day,
    local_day,
)
from otklik.demo.generator.handling import Handling
from otklik.demo.generator.office_hours import move_into_office_hours
from otklik.demo.generator.performance_profiles import PerformanceProfiles
from otklik.demo.generator.routing import LAW59, LAW59_DAYS, reopened_days

OUTCOMES = ("resolved", "explained", "refused", "referred", "withdrawn", "rejected", "duplicate")
RESOLVED, EXPLAINED, REFUSED, REFERRED, WITHDRAWN, REJECTED, DUPLICATE = range(len(OUTCOMES))
RESOLVED_ON_RETURN_SHARE, RATED_AGAIN_SHARE, DUPLICATE_SHARE = 0.75, 0.5, 0.25
"""Shares of re-opened appeals that are then resolved or rated again, and of rejections as duplicates."""
MAX_RETURNED_RATING, RETURNED_SHARE = 2, 0.3
"""Only answers rated this low are returned, and of these so many."""


@dataclass
class Answers:
    """What follows the first answer. Outcomes are positions in `OUTCOMES`; steps that don't happen are at `NEVER`."""

    outcome: Ints
    """The outcome of the last answer."""
    first_outcome: Ints
    """The outcome of the first answer, which differs where an appeal was re-opened."""
    rating: Ints
    """1 to 5; 0 without a rating so far."""
    rated_at: Ints
    earlier_rating: Ints
    """The rating of the first answer where the second one was rated too, else 0."""
    earlier_rated_at: Ints
    reopened_at: Ints
    closed_at: Ints
    current_deadline: Ints
    """The deadline after extensions and re-opening."""


def generate_answers(
    context: GeneratorContext, arrivals: Arrivals, handling: Handling, profiles: PerformanceProfiles
) -> Answers:
    """Draw the answers, ratings and re-openings of every appeal."""
    rng, n = context.rng, len(arrivals.region)
    outcome = _draw_outcomes(context, arrivals, handling, profiles)
    first_outcome = outcome.copy()
    on_time = handling.answered_at <= handling.extended_deadline
    rating = _draw_ratings(context, arrivals, handling, profiles, outcome)
    formal_factor = 1 + 2.0 * handling.is_formal
    is_rated = (
        (rng.random(n) < profiles.rated_share[arrivals.region] * formal_factor)
        & ~handling.is_rejected
        & (outcome != WITHDRAWN)
    )
    may_return = (outcome != REFUSED) & handling.has_deadline & ~handling.is_rejected
    is_returned = is_rated & (rating <= MAX_RETURNED_RATING) & (rng.random(n) < RETURNED_SHARE) & may_return
    usual_count = int(np.count_nonzero(~handling.is_formal))
    usual_share = np.count_nonzero(is_returned & ~handling.is_formal) / max(usual_count, 1)
    is_returned = np.where(
        handling.is_formal, may_return & (rng.random(n) < handling.return_factor * usual_share), is_returned
    )
    is_rated |= is_returned
    rating = np.where(is_returned, np.minimum(rating, MAX_RETURNED_RATING), rating)
    rated_at = np.where(is_rated, handling.answered_at + hours_in_seconds(rng.lognormal(1.9, 1.3, n)), NEVER)
    planned_return_at = np.where(is_returned, rated_at, arrivals.received) + hours_in_seconds(rng.uniform(0.5, 30, n))
    reopened_at = np.where(
        is_returned, move_into_office_hours(context, arrivals.region, planned_return_at, rated_at), NEVER
    )
    is_reopened = is_returned & (reopened_at <= context.now)

    days = reopened_days(context.catalogue.answer_days()[arrivals.fact])
    reopened_day = local_day(context, arrivals.region, np.where(is_reopened, reopened_at, arrivals.received))
    last_day = reopened_day + np.where(handling.regime == LAW59, LAW59_DAYS, days)
    new_deadline = end_of_day(
        context, arrivals.region, np.where(handling.regime == LAW59, last_working_day(context, last_day), last_day)
    )
    time_share = np.where(on_time, rng.beta(1.5, 2.5, n), rng.beta(2, 2, n) * 1.5)
    time_share *= np.maximum(profiles.pace[arrivals.region], 0.25) / 0.45
    second_start = np.where(is_reopened, reopened_at, arrivals.received)
    planned_second_at = second_start + hours_in_seconds(1 + time_share * (new_deadline - second_start) / HOUR_SECONDS)
    second_at = move_into_office_hours(
        context,
        arrivals.region,
        planned_second_at,
        second_start + HOUR_SECONDS,
        np.where(planned_second_at > new_deadline, NEVER, new_deadline),
    )
    closed_at = np.where(is_reopened, second_at, handling.answered_at)
    outcome = np.where(is_reopened & (rng.random(n) < RESOLVED_ON_RETURN_SHARE), RESOLVED, outcome)
    is_rated_again = is_reopened & (closed_at <= context.now) & (rng.random(n) < RATED_AGAIN_SHARE)
    rated_again_at = closed_at + hours_in_seconds(rng.lognormal(1.9, 1.0, n))
    is_rated_again &= rated_again_at <= context.now
    earlier_rating, earlier_rated_at = np.where(is_rated_again, rating, 0), np.where(is_rated_again, rated_at, NEVER)
    rating = np.where(is_rated_again, np.minimum(rating + rng.integers(0, 4, n), 5), rating)
    rated_at = np.where(is_rated_again, rated_again_at, rated_at)
    rating = np.where(rated_at <= context.now, rating, 0)
    return Answers(
        outcome,
        first_outcome,
        rating,
        rated_at,
        earlier_rating,
        earlier_rated_at,
        reopened_at,
        closed_at,
        np.where(is_reopened, new_deadline, handling.extended_deadline),
    )


def _draw_outcomes(
    context: GeneratorContext, arrivals: Arrivals, handling: Handling, profiles: PerformanceProfiles
) -> Ints:
    rng, n = context.rng, len(arrivals.region)
    # Topics with a month for the answer are more often legal questions than something to repair.
    resolved_chance = profiles.resolved_share[arrivals.region]
    resolved_chance = np.where(
        context.catalogue.answer_days()[arrivals.fact] >= LAW59_DAYS,
        resolved_chance - 0.6 * (1 - resolved_chance),
        resolved_chance,
    )
    other_outcome = rng.choice([EXPLAINED, REFUSED, REFERRED, WITHDRAWN], n, p=[0.7, 0.11, 0.14, 0.05])
    outcome = np.where(rng.random(n) < resolved_chance, RESOLVED, other_outcome)
    outcome = np.where(handling.is_formal | handling.is_at_once, EXPLAINED, outcome)
    moderator_outcome = np.where(rng.random(n) < DUPLICATE_SHARE, DUPLICATE, REJECTED)
    return np.where(handling.is_rejected, moderator_outcome, outcome)


def _draw_ratings(
    context: GeneratorContext, arrivals: Arrivals, handling: Handling, profiles: PerformanceProfiles, outcome: Ints
) -> Ints:
    """Ratings 1 to 5: lower for long waits, for late answers, and lowest for formal ones."""
    wait_days: Floats = (handling.answered_at - arrivals.received) / DAY_SECONDS
    score = 1.55 - 0.075 * np.minimum(wait_days, 25) - 0.9 * (handling.answered_at > handling.extended_deadline)
    score += profiles.rating_bonus[handling.holder] - np.where(outcome == RESOLVED, 0.0, 1.1) - 1.2 * handling.is_formal
    score += context.rng.logistic(0.0, 0.75, len(score))
    return 1 + np.searchsorted(np.array([-0.7, -0.2, 0.15, 0.65]), score)


def calibrate_ugra(context: GeneratorContext, arrivals: Arrivals, handling: Handling, answers: Answers) -> None:
    """Change a few outcomes so that exactly `resolved_target` appeals of the calibration sample are resolved."""
    sample = arrivals.calibration_sample
    is_resolved = (answers.closed_at[sample] <= context.now) & (answers.outcome[sample] == RESOLVED)
    surplus = int(np.count_nonzero(is_resolved)) - arrivals.resolved_target
    if surplus > 0:
        # Preferably answers without a rating or a re-opening, on which nothing else depends.
        resolved_sample = sample[is_resolved]
        is_untouched = (answers.rating[resolved_sample] == 0) & (answers.reopened_at[resolved_sample] == NEVER)
        order = np.lexsort((context.rng.random(len(resolved_sample)), ~is_untouched))
        answers.outcome[resolved_sample[order[:surplus]]] = EXPLAINED
        return
    # First closed appeals with another outcome, then the oldest open ones, rejected ones last.
    unresolved = sample[~is_resolved]
    is_open = answers.closed_at[unresolved] > context.now
    started_at = np.where(
        answers.reopened_at[unresolved] <= context.now, answers.reopened_at[unresolved], arrivals.received[unresolved]
    )
    planned_at = started_at + ((context.now - started_at) * 0.9).astype(np.int64)
    answered_at = move_into_office_hours(
        context, arrivals.region[unresolved], planned_at, started_at, np.int64(context.now)
    )
    order = np.lexsort(
        (
            arrivals.received[unresolved],
            is_open & (answered_at > context.now),
            is_open,
            handling.is_rejected[unresolved],
        )
    )
    chosen = order[:-surplus] if surplus else order[:0]
    answered_at = np.minimum(answered_at, context.now)
    to_resolve, to_answer = unresolved[chosen], unresolved[chosen[is_open[chosen]]]
    answers.closed_at[to_answer] = answered_at[chosen[is_open[chosen]]]
    handling.answered_at[to_answer] = np.minimum(handling.answered_at[to_answer], answers.closed_at[to_answer])
    answers.outcome[to_resolve] = RESOLVED
    handling.is_rejected[to_resolve] = False
