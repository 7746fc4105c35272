"""Under which rules an appeal goes, to whom, and until when."""

import numpy as np
from numpy.typing import NDArray

from otklik.demo.arrivals import Arrivals, World
from otklik.demo.office_hours import DAY, NEVER, Flags, end_of, hours, local_day
from otklik.demo.people import Habits
from otklik.demo.sheets import Ints

REGIMES = ("ordinary", "law59", "fast")
ORDINARY, LAW59, FAST = range(len(REGIMES))
LAW59_SHARE = 0.08
EXTENDED, DEFERRED = 0.35, 0.05
"""Shares of the late ones, and of works that need a season."""
WORKING = 5
"""Days: up to so many are working days."""
LONG = 15
"""Days: appeals with as many can be extended, and shorter ones have 20 off the fast track."""


def regimes(w: World, a: Arrivals) -> Ints:
    """The fast track by topic; the law's thirty days where the applicant chose them."""
    fast = w.data.fact("fast")[a.fact] * 1.15
    chance = w.rng.random(len(a.fact))
    return np.where(chance < fast, FAST, np.where(chance > 1 - LAW59_SHARE, LAW59, ORDINARY))


def holders(w: World, a: Arrivals, h: Habits) -> tuple[Ints, Ints]:
    """Who received it first, and who answers: some appeals go to the town's administration by mistake."""
    table = w.data.holder_table()
    office = {row["office"]: i for i, row in enumerate(w.data.offices)}
    right = np.array([office[row["office"]] for row in w.data.facts])[a.fact]
    wrong = np.where(right == office["city"], office["housing"], office["city"])
    astray = w.rng.random(len(a.fact)) < h.redirected[a.region]
    holder = table[right, a.municipality]
    return np.where(astray, table[wrong, a.municipality], holder), holder


def deadlines(w: World, region: Ints, fact: Ints, regime: Ints, start: Ints) -> Ints:
    """The end of the last local day: working days up to five on the fast track, else calendar days.

    Under 59-FZ the last day is a working one.
    """
    days = w.data.fact("days").astype(np.int64)[fact]
    day = local_day(w, region, start)
    fast = np.minimum(days, 10)
    soon = fast <= WORKING
    working = np.busday_offset(day, fast, roll="backward", holidays=w.free)
    length = np.where(regime == LAW59, 30, np.where(regime == FAST, fast, np.where(days < LONG, 20, days)))
    last = np.where((regime == FAST) & soon, working, day + length)
    return end_of(w, region, np.where(regime == LAW59, working_day(w, last), last))


def working_day(w: World, day: NDArray[np.datetime64]) -> NDArray[np.datetime64]:
    """The day, or the working day before."""
    return np.busday_offset(day, 0, roll="backward", holidays=w.free)


def more_time(w: World, a: Arrivals, regime: Ints, deadline: Ints, is_late: Flags) -> tuple[Ints, Ints, Ints]:
    """When the time was extended or the appeal deferred, and the deadline then."""
    rng, n = w.rng, len(a.fact)
    chance = rng.random(n)
    days = w.data.fact("days")[a.fact]
    long = (regime != FAST) & (days >= LONG)
    extend = long & is_late & (chance < EXTENDED)
    works = np.isin([row["season"] for row in w.data.facts], ("summer", "thaw"))[a.fact]
    defer = ~extend & (regime == ORDINARY) & (days > LONG) & works & (chance < DEFERRED)
    extended = np.where(extend, deadline - hours(rng.uniform(7, 96, n)), NEVER)
    part_way = a.received + ((deadline - a.received) * rng.uniform(0.3, 0.8, n)).astype(np.int64)
    deferred = np.where(defer, part_way, NEVER)
    more = np.where(extend, np.where(regime == LAW59, 30, 15), np.where(defer, rng.integers(45, 150, n), 0))
    return extended, deferred, deadline + more * DAY
