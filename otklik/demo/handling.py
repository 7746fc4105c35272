"""Who holds an appeal, when it is due, and when it is answered."""

from dataclasses import dataclass

import numpy as np

from otklik.demo.arrivals import Arrivals, World
from otklik.demo.office_hours import DAY, HOUR, NEVER, Flags, hours, local_day
from otklik.demo.people import Habits, during
from otklik.demo.routing import LAW59, deadlines, holders, more_time, regimes
from otklik.demo.sheets import Ints

KEPT = 0.8
"""The share of extended deadlines that are kept."""
AROUND_THE_CLOCK = 0.5
"""The share of urgent matters answered outside office hours, too."""
RESTED = 0.05
"""The share of late appeals that lie for weeks."""


@dataclass
class Handling:
    """The planned course of each appeal up to its first answer."""

    regime: Ints
    first_holder: Ints
    holder: Ints
    moderated: Ints
    coordinated: Ints
    redirected: Ints
    deadline: Ints
    """As set at first."""
    extended: Ints
    """When it was extended."""
    deferred: Ints
    due: Ints
    """The deadline after an extension or deferral."""
    answered: Ints
    rejected: Flags
    formal: Flags
    """Closed as explained, whatever the matter."""


def handling(w: World, a: Arrivals, h: Habits) -> Handling:
    """The course of every appeal."""
    rng, n = w.rng, len(a.region)
    regime = regimes(w, a)
    moderated = a.received + hours(0.04 + rng.lognormal(0.9, 0.8, n), 40)
    coordinated = moderated + hours(rng.lognormal(1.5, 0.8, n), 60)
    first, holder = holders(w, a, h)
    redirected = np.where(first == holder, NEVER, coordinated + hours(rng.lognormal(2.8, 0.6, n), 90))
    # What isn't registered yet counts from its receipt.
    registered = (regime == LAW59) & (moderated <= w.now)
    deadline = deadlines(w, a.region, a.fact, regime, np.where(registered, moderated, a.received))
    rejected = rng.random(n) < h.rejected[a.region]

    is_late, punctual, overrun = _pace(w, a, h, holder, first, deadline)
    extended, deferred, due = more_time(w, a, regime, deadline, is_late)
    plan = np.where(is_late, due + overrun, punctual)
    plan = np.where(deferred < NEVER, due - hours(rng.uniform(0, 480, n)), plan)
    # Most extensions are kept.
    kept = (extended < NEVER) & (rng.random(n) < KEPT)
    plan = np.where(kept, deadline + ((due - deadline) * rng.random(n)).astype(np.int64), plan)
    earliest = np.where(redirected < NEVER, redirected, coordinated) + hours(rng.lognormal(0.5, 0.9, n), 30)
    answered = np.maximum(_at_work(w, a, plan, due, is_late), earliest)
    formal = np.zeros(n, dtype=np.bool_)
    for organisation, problem in h.formal:
        hit = during(w, a.region, a.received, problem)
        formal[hit[holder[hit] == organisation]] = True
    answered = np.where(formal, coordinated + hours(rng.lognormal(1.8, 0.5, n), 24), answered)
    answered = np.where(rejected, moderated, answered)
    for plans in (coordinated, redirected, extended, deferred):
        plans[rejected | (plans >= answered)] = NEVER
    return Handling(
        regime=regime,
        first_holder=first,
        holder=np.where(redirected < NEVER, holder, first),
        moderated=moderated,
        coordinated=coordinated,
        redirected=redirected,
        deadline=deadline,
        extended=extended,
        deferred=deferred,
        due=np.where(np.minimum(extended, deferred) < NEVER, due, deadline),
        answered=answered,
        rejected=rejected,
        formal=formal,
    )


def _pace(w: World, a: Arrivals, h: Habits, holder: Ints, first: Ints, deadline: Ints) -> tuple[Flags, Ints, Ints]:
    """Which answers come late; when a punctual one comes, and how long after the deadline a late one (s)."""
    rng, n = w.rng, len(a.region)
    span = (deadline - a.received).astype(float)
    # Over the last ten weeks the regions with a growing backlog come to twice the time.
    growth = 1 + h.growing[a.region] * np.clip(1 - (w.now - a.received) / (70 * DAY), 0, 1)
    slow = h.slow[holder] * growth
    late = h.late[a.region] * h.unpunctual[holder] * growth**2 * np.where(first == holder, 1.0, 1.4)
    for organisation, problem in h.dragging:
        hit = during(w, a.region, a.received, problem)
        hit = hit[holder[hit] == organisation]
        slow[hit] *= problem.factor
        late[hit] = np.maximum(late[hit], 0.12) * problem.factor
    is_late = rng.random(n) < np.minimum(late, 0.75)
    pace = np.clip(h.pace[a.region] * slow, 0.04, 0.8)
    punctual = a.received + (span * rng.beta(pace * 2.6, (1 - pace) * 2.6)).astype(np.int64)
    lie = np.where(rng.random(n) < RESTED, rng.uniform(10, 90, n) * DAY, 0)
    overrun = rng.exponential(0.3, n) * span * np.minimum(slow, 2) + lie
    return is_late, punctual, overrun.astype(np.int64)


def _at_work(w: World, a: Arrivals, plan: Ints, due: Ints, is_late: Flags) -> Ints:
    """Answers leave in office hours of working days, those of emergency services at any time."""
    rng, n = w.rng, len(plan)
    day = local_day(w, a.region, plan)
    before = np.busday_offset(day, 0, roll="backward", holidays=w.free)
    after = np.busday_offset(day, 0, roll="forward", holidays=w.free)
    clock = ((8.5 + 9.5 * rng.beta(1.6, 1.7, n)) * HOUR).astype(np.int64) - w.offset[a.region]
    forward = after.astype(np.int64) * DAY + clock
    back = before.astype(np.int64) * DAY + clock
    moved = np.where(is_late | ((forward <= due) & (back < a.received)), forward, back)
    moved = np.where(is_late & (plan > due), np.maximum(moved, due + HOUR), moved)
    urgent = w.data.fact("days")[a.fact] <= 3  # noqa: PLR2004 - days: heating, water, ambulance
    return np.where(urgent & (rng.random(n) < AROUND_THE_CLOCK), plan, moved)
