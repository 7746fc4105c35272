"""Where each appeal stands now: its status."""

import numpy as np

from otklik.demo.answers import WITHDRAWN, Answers
from otklik.demo.arrivals import Arrivals, GeneratorContext
from otklik.demo.handling import Handling
from otklik.demo.office_hours import NEVER, Flags, hours_in_seconds
from otklik.demo.sheets import Ints

STATUSES = (
    "received", "on_moderation", "on_coordination", "in_progress", "deferred", "extended",
    "reconsideration", "on_approval", "answered", "rejected", "withdrawn",
)  # fmt: skip


def current_statuses(context: GeneratorContext, arrivals: Arrivals, handling: Handling, answers: Answers) -> Ints:
    """Positions in STATUSES."""
    approval_at = answers.closed - hours_in_seconds(context.rng.lognormal(1.8, 0.9, len(arrivals.region)))
    moderation_started_at = arrivals.received + (handling.moderated - arrivals.received) // 3
    conditions: list[tuple[str, Flags]] = [
        ("received", moderation_started_at > context.now),
        ("on_moderation", handling.moderated > context.now),
        ("withdrawn", (answers.closed <= context.now) & (answers.outcome == WITHDRAWN)),
        ("rejected", (answers.closed <= context.now) & handling.rejected),
        ("answered", answers.closed <= context.now),
        ("reconsideration", answers.reopened <= context.now),
        ("on_coordination", (handling.coordinated > context.now) & (handling.coordinated < NEVER)),
        ("on_approval", approval_at <= context.now),
        ("deferred", handling.deferred <= context.now),
        ("extended", handling.extended <= context.now),
    ]
    return np.select(
        [condition for _, condition in conditions],
        [STATUSES.index(status) for status, _ in conditions],
        STATUSES.index("in_progress"),
    )


def current_deadlines(context: GeneratorContext, handling: Handling, answers: Answers) -> Ints:
    """The deadline as people see it now: an extension that isn't decided yet doesn't count."""
    is_extended = np.minimum(handling.extended, handling.deferred) <= context.now
    return np.where((answers.reopened <= context.now) | is_extended, answers.due, handling.deadline)
