"""How answers end, how applicants rate them, and what comes back."""

from dataclasses import dataclass

import numpy as np

from otklik.demo.arrivals import Arrivals, World
from otklik.demo.handling import Handling
from otklik.demo.office_hours import DAY, HOUR, NEVER, end_of, hours, local_day
from otklik.demo.people import Habits
from otklik.demo.routing import LAW59, working_day
from otklik.demo.sheets import Floats, Ints

OUTCOMES = ("resolved", "explained", "refused", "referred", "withdrawn", "rejected", "duplicate")
RESOLVED, EXPLAINED, REFUSED, REFERRED, WITHDRAWN, REJECTED, DUPLICATE = range(len(OUTCOMES))
MENDED, RATED_AGAIN, DUPLICATES = 0.75, 0.5, 0.25
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
    rated: Ints
    reopened: Ints
    closed: Ints
    due: Ints
    """The deadline that holds now."""


def answers(w: World, a: Arrivals, c: Handling, h: Habits) -> Answers:
    """What became of every appeal by now."""
    rng, n = w.rng, len(a.region)
    outcome = _outcomes(w, a, c, h)
    first_outcome = outcome.copy()
    on_time = c.answered <= c.due
    rating = _ratings(w, a, c, h, outcome)
    formal = 1 + 2.0 * c.formal
    asked = (rng.random(n) < h.rated[a.region] * formal) & ~c.rejected & (outcome != WITHDRAWN)
    rated = np.where(asked, c.answered + hours(rng.lognormal(1.9, 1.3, n)), NEVER)
    back = asked & (rating <= 2) & (rng.random(n) < np.where(c.formal, 0.9, 0.3)) & (outcome != REFUSED)  # noqa: PLR2004
    reopened = np.where(back, rated + hours(rng.uniform(0.5, 30, n)), NEVER)
    again = back & (reopened <= w.now)

    days = np.minimum(w.data.fact("days").astype(np.int64)[a.fact], 15)
    back_on = local_day(w, a.region, np.where(again, reopened, a.received))
    last = back_on + np.where(c.regime == LAW59, 30, np.maximum(days, 5))
    due_again = end_of(w, a.region, np.where(c.regime == LAW59, working_day(w, last), last))
    share = np.where(on_time, rng.beta(1.5, 2.5, n), rng.beta(2, 2, n) * 1.5)
    share *= np.maximum(h.pace[a.region], 0.25) / 0.45
    closed = np.where(again, reopened + hours(1 + share * (due_again - reopened) / HOUR), c.answered)
    outcome = np.where(again & (rng.random(n) < MENDED), RESOLVED, outcome)
    # Half of those who get a second answer rate that one.
    twice = again & (closed <= w.now) & (rng.random(n) < RATED_AGAIN)
    second = closed + hours(rng.lognormal(1.9, 1.0, n))
    twice &= second <= w.now
    rating = np.where(twice, np.minimum(rating + rng.integers(0, 4, n), 5), rating)
    rated = np.where(twice, second, rated)
    rating = np.where(rated <= w.now, rating, 0)
    return Answers(outcome, first_outcome, rating, rated, reopened, closed, np.where(again, due_again, c.due))


def _outcomes(w: World, a: Arrivals, c: Handling, h: Habits) -> Ints:
    rng, n = w.rng, len(a.region)
    # A matter with a deadline of thirty days is more often one of law than of a broom.
    chance = h.resolved[a.region]
    chance = np.where(w.data.fact("days")[a.fact] >= 30, chance - 0.6 * (1 - chance), chance)  # noqa: PLR2004 - days
    other = rng.choice([EXPLAINED, REFUSED, REFERRED, WITHDRAWN], n, p=[0.7, 0.11, 0.14, 0.05])
    outcome = np.where(rng.random(n) < chance, RESOLVED, other)
    outcome = np.where(c.formal, EXPLAINED, outcome)
    moderator = np.where(rng.random(n) < DUPLICATES, DUPLICATE, REJECTED)
    return np.where(c.rejected, moderator, outcome)


def _ratings(w: World, a: Arrivals, c: Handling, h: Habits, outcome: Ints) -> Ints:
    """1–5: worse the longer it took, worse past the deadline, and worst when nothing was done."""
    wait: Floats = (c.answered - a.received) / DAY
    mood = 1.55 - 0.075 * np.minimum(wait, 25) - 0.9 * (c.answered > c.due)
    mood += h.quality[c.holder] - np.where(outcome == RESOLVED, 0.0, 1.1) - 1.2 * c.formal
    mood += w.rng.logistic(0.0, 0.75, len(mood))
    return 1 + np.searchsorted(np.array([-0.7, -0.2, 0.15, 0.65]), mood)


def calibrate(w: World, a: Arrivals, c: Handling, r: Answers) -> None:
    """Make exactly `a.target` of Ugra's last three months closed and resolved by now, with few changes."""
    mine = a.calibrated
    is_resolved = (r.closed[mine] <= w.now) & (r.outcome[mine] == RESOLVED)
    over = int(np.count_nonzero(is_resolved)) - a.target
    if over > 0:
        # Answers that nobody rated or returned may as well have been explanations.
        spare = mine[is_resolved]
        quiet = (r.rating[spare] == 0) & (r.reopened[spare] == NEVER)
        order = np.lexsort((w.rng.random(len(spare)), ~quiet))
        r.outcome[spare[order[:over]]] = EXPLAINED
        return
    # First other outcomes, then what the moderator rejected, then the oldest that are still open.
    rest = mine[~is_resolved]
    order = np.lexsort((a.received[rest], r.closed[rest] > w.now, c.rejected[rest]))
    hit = rest[order[:-over]] if over else rest[:0]
    soon = a.received[hit] + ((w.now - a.received[hit]) * 0.9).astype(np.int64)
    c.answered[hit] = np.minimum(c.answered[hit], soon)
    r.closed[hit] = np.where(r.closed[hit] > w.now, soon, r.closed[hit])
    r.outcome[hit] = RESOLVED
    c.rejected[hit] = False
