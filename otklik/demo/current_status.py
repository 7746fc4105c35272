"""Where each appeal stands now: its status."""

import numpy as np

from otklik.demo.arrivals import Arrivals, GeneratorContext
from otklik.demo.catalogue_data import Ints
from otklik.demo.handling import Handling
from otklik.demo.local_time import NEVER, Flags, hours_in_seconds
from otklik.demo.outcomes_and_ratings import WITHDRAWN, Answers

STATUSES = (
    "received", "on_moderation", "on_coordination", "in_progress", "deferred", "extended",
    "reconsideration", "on_approval", "answered", "rejected", "withdrawn",
)  # fmt: skip


def current_statuses(context: GeneratorContext, arrivals: Arrivals, handling: Handling, answers: Answers) -> Ints:
    """Positions in STATUSES."""
    approval_at = answers.closed_at - hours_in_seconds(context.rng.lognormal(1.8, 0.9, len(arrivals.region)))
    moderation_started_at = arrivals.received + (handling.moderated_at - arrivals.received) // 3
    conditions: list[tuple[str, Flags]] = [
        ("received", moderation_started_at > context.now),
        ("on_moderation", handling.moderated_at > context.now),
        ("withdrawn", (answers.closed_at <= context.now) & (answers.outcome == WITHDRAWN)),
        ("rejected", (answers.closed_at <= context.now) & handling.is_rejected),
        ("answered", answers.closed_at <= context.now),
        ("reconsideration", answers.reopened_at <= context.now),
        ("on_coordination", (handling.coordinated_at > context.now) & (handling.coordinated_at < NEVER)),
        ("on_approval", approval_at <= context.now),
        ("deferred", handling.deferred_at <= context.now),
        ("extended", handling.extended_at <= context.now),
    ]
    return np.select(
        [condition for _, condition in conditions],
        [STATUSES.index(status) for status, _ in conditions],
        STATUSES.index("in_progress"),
    )


def current_deadlines(context: GeneratorContext, handling: Handling, answers: Answers) -> Ints:
    """The deadline as people see it now: an extension that isn't decided yet doesn't count."""
    is_extended = np.minimum(handling.extended_at, handling.deferred_at) <= context.now
    return np.where((answers.reopened_at <= context.now) | is_extended, answers.current_deadline, handling.deadline)
