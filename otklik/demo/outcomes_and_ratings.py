"""How answers end, how applicants rate them, and what comes back."""

from dataclasses import dataclass

import numpy as np

from otklik.demo.arrivals import Arrivals, GeneratorContext
from otklik.demo.catalogue_data import Floats, Ints
from otklik.demo.handling import Handling
from otklik.demo.local_time import DAY_SECONDS, HOUR_SECONDS, NEVER, end_of_day, hours_in_seconds, local_day
from otklik.demo.performance_profiles import PerformanceProfiles
from otklik.demo.routing import LAW59, last_working_day

OUTCOMES = ("resolved", "explained", "refused", "referred", "withdrawn", "rejected", "duplicate")
RESOLVED, EXPLAINED, REFUSED, REFERRED, WITHDRAWN, REJECTED, DUPLICATE = range(len(OUTCOMES))
RESOLVED_ON_RETURN_SHARE, RATED_AGAIN_SHARE, DUPLICATE_SHARE = 0.75, 0.5, 0.25
"""Shares: of returned appeals resolved then, of those rated once more, of rejected ones that were there already."""


@dataclass
class Answers:
    """From the first answer on; positions in OUTCOMES, instants as in handling."""

    outcome: Ints
    """Once closed."""
    first_outcome: Ints
    """Of the answer that came back, where one did."""
    rating: Ints
    """0: none (yet)."""
    rated_at: Ints
    reopened_at: Ints
    closed_at: Ints
    current_deadline: Ints
    """The deadline that holds now."""


def generate_answers(
    context: GeneratorContext, arrivals: Arrivals, handling: Handling, profiles: PerformanceProfiles
) -> Answers:
    """What became of every appeal by now."""
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
    rated_at = np.where(is_rated, handling.answered_at + hours_in_seconds(rng.lognormal(1.9, 1.3, n)), NEVER)
    is_returned = (
        is_rated & (rating <= 2) & (rng.random(n) < np.where(handling.is_formal, 0.9, 0.3)) & (outcome != REFUSED)
    )
    reopened_at = np.where(is_returned, rated_at + hours_in_seconds(rng.uniform(0.5, 30, n)), NEVER)
    is_reopened = is_returned & (reopened_at <= context.now)

    days = np.minimum(context.catalogue.fact_values("days").astype(np.int64)[arrivals.fact], 15)
    reopened_day = local_day(context, arrivals.region, np.where(is_reopened, reopened_at, arrivals.received))
    last_day = reopened_day + np.where(handling.regime == LAW59, 30, np.maximum(days, 5))
    new_deadline = end_of_day(
        context, arrivals.region, np.where(handling.regime == LAW59, last_working_day(context, last_day), last_day)
    )
    time_share = np.where(on_time, rng.beta(1.5, 2.5, n), rng.beta(2, 2, n) * 1.5)
    time_share *= np.maximum(profiles.pace[arrivals.region], 0.25) / 0.45
    closed_at = np.where(
        is_reopened,
        reopened_at + hours_in_seconds(1 + time_share * (new_deadline - reopened_at) / HOUR_SECONDS),
        handling.answered_at,
    )
    outcome = np.where(is_reopened & (rng.random(n) < RESOLVED_ON_RETURN_SHARE), RESOLVED, outcome)
    # Half of those who get a second answer rate that one.
    is_rated_again = is_reopened & (closed_at <= context.now) & (rng.random(n) < RATED_AGAIN_SHARE)
    rated_again_at = closed_at + hours_in_seconds(rng.lognormal(1.9, 1.0, n))
    is_rated_again &= rated_again_at <= context.now
    rating = np.where(is_rated_again, np.minimum(rating + rng.integers(0, 4, n), 5), rating)
    rated_at = np.where(is_rated_again, rated_again_at, rated_at)
    rating = np.where(rated_at <= context.now, rating, 0)
    return Answers(
        outcome,
        first_outcome,
        rating,
        rated_at,
        reopened_at,
        closed_at,
        np.where(is_reopened, new_deadline, handling.extended_deadline),
    )


def _draw_outcomes(
    context: GeneratorContext, arrivals: Arrivals, handling: Handling, profiles: PerformanceProfiles
) -> Ints:
    rng, n = context.rng, len(arrivals.region)
    # A matter with a deadline of thirty days is more often one of law than of a broom.
    resolved_chance = profiles.resolved_share[arrivals.region]
    resolved_chance = np.where(
        context.catalogue.fact_values("days")[arrivals.fact] >= 30,
        resolved_chance - 0.6 * (1 - resolved_chance),
        resolved_chance,
    )
    other_outcome = rng.choice([EXPLAINED, REFUSED, REFERRED, WITHDRAWN], n, p=[0.7, 0.11, 0.14, 0.05])
    outcome = np.where(rng.random(n) < resolved_chance, RESOLVED, other_outcome)
    outcome = np.where(handling.is_formal, EXPLAINED, outcome)
    moderator_outcome = np.where(rng.random(n) < DUPLICATE_SHARE, DUPLICATE, REJECTED)
    return np.where(handling.is_rejected, moderator_outcome, outcome)


def _draw_ratings(
    context: GeneratorContext, arrivals: Arrivals, handling: Handling, profiles: PerformanceProfiles, outcome: Ints
) -> Ints:
    """1–5: worse the longer it took, worse past the deadline, and worst when nothing was done."""
    wait_days: Floats = (handling.answered_at - arrivals.received) / DAY_SECONDS
    score = 1.55 - 0.075 * np.minimum(wait_days, 25) - 0.9 * (handling.answered_at > handling.extended_deadline)
    score += profiles.rating_bonus[handling.holder] - np.where(outcome == RESOLVED, 0.0, 1.1) - 1.2 * handling.is_formal
    score += context.rng.logistic(0.0, 0.75, len(score))
    return 1 + np.searchsorted(np.array([-0.7, -0.2, 0.15, 0.65]), score)


def calibrate_ugra(context: GeneratorContext, arrivals: Arrivals, handling: Handling, answers: Answers) -> None:
    """Make exactly `a.target` of Ugra's last three months closed and resolved by now, with few changes."""
    sample = arrivals.calibration_sample
    is_resolved = (answers.closed_at[sample] <= context.now) & (answers.outcome[sample] == RESOLVED)
    surplus = int(np.count_nonzero(is_resolved)) - arrivals.resolved_target
    if surplus > 0:
        # Answers that nobody rated or returned may as well have been explanations.
        resolved_sample = sample[is_resolved]
        is_untouched = (answers.rating[resolved_sample] == 0) & (answers.reopened_at[resolved_sample] == NEVER)
        order = np.lexsort((context.rng.random(len(resolved_sample)), ~is_untouched))
        answers.outcome[resolved_sample[order[:surplus]]] = EXPLAINED
        return
    # First other outcomes, then what the moderator rejected, then the oldest that are still open.
    unresolved_sample = sample[~is_resolved]
    order = np.lexsort(
        (
            arrivals.received[unresolved_sample],
            answers.closed_at[unresolved_sample] > context.now,
            handling.is_rejected[unresolved_sample],
        )
    )
    to_resolve = unresolved_sample[order[:-surplus]] if surplus else unresolved_sample[:0]
    answered_at = arrivals.received[to_resolve] + ((context.now - arrivals.received[to_resolve]) * 0.9).astype(np.int64)
    handling.answered_at[to_resolve] = np.minimum(handling.answered_at[to_resolve], answered_at)
    answers.closed_at[to_resolve] = np.where(
        answers.closed_at[to_resolve] > context.now, answered_at, answers.closed_at[to_resolve]
    )
    answers.outcome[to_resolve] = RESOLVED
    handling.is_rejected[to_resolve] = False
