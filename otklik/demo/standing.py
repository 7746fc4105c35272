"""Where each appeal stands now: its status."""

import numpy as np

from otklik.demo.answers import WITHDRAWN, Answers
from otklik.demo.arrivals import Arrivals, World
from otklik.demo.handling import Handling
from otklik.demo.office_hours import NEVER, Flags, hours
from otklik.demo.sheets import Ints

STATUSES = (
    "received", "on_moderation", "on_coordination", "in_progress", "deferred", "extended",
    "reconsideration", "on_approval", "answered", "rejected", "withdrawn",
)  # fmt: skip


def statuses(w: World, a: Arrivals, c: Handling, r: Answers) -> Ints:
    """Positions in STATUSES."""
    approval = r.closed - hours(w.rng.lognormal(1.8, 0.9, len(a.region)))
    looked_at = a.received + (c.moderated - a.received) // 3
    stands: list[tuple[str, Flags]] = [
        ("received", looked_at > w.now),
        ("on_moderation", c.moderated > w.now),
        ("withdrawn", (r.closed <= w.now) & (r.outcome == WITHDRAWN)),
        ("rejected", (r.closed <= w.now) & c.rejected),
        ("answered", r.closed <= w.now),
        ("reconsideration", r.reopened <= w.now),
        ("on_coordination", (c.coordinated > w.now) & (c.coordinated < NEVER)),
        ("on_approval", approval <= w.now),
        ("deferred", c.deferred <= w.now),
        ("extended", c.extended <= w.now),
    ]
    return np.select(
        [where for _, where in stands],
        [STATUSES.index(status) for status, _ in stands],
        STATUSES.index("in_progress"),
    )


def deadline_now(w: World, c: Handling, r: Answers) -> Ints:
    """The deadline as people see it now: an extension that isn't decided yet doesn't count."""
    moved = np.minimum(c.extended, c.deferred) <= w.now
    return np.where((r.reopened <= w.now) | moved, r.due, c.deadline)
