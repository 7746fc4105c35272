"""How regions and organisations differ: pace, punctuality, quality of answers."""

from dataclasses import dataclass

import numpy as np

from otklik.demo.arrivals import World
from otklik.demo.problems import Problem, planted
from otklik.demo.sheets import UGRA, Floats, Ints

GROWING = ("RU-SAR", "RU-ROS", "RU-DA", "RU-IRK")
"""Regions that answer ever more slowly: their backlog grows."""


@dataclass(frozen=True)
class Habits:
    """By position: of regions, or of organisations (`Sheets.holders`)."""

    pace: Floats
    """Region: share of the time to the deadline that a punctual answer takes, mean."""
    late: Floats
    """Region: share of answers after the deadline."""
    rejected: Floats
    """Region: share that the moderator rejects."""
    redirected: Floats
    """Region."""
    resolved: Floats
    """Region: share of answers that say the matter is resolved."""
    rated: Floats
    """Region: share of answers that the applicant rates."""
    growing: Floats
    """Region: 1 where the backlog grows."""
    slow: Floats
    """Organisation: factor of the time taken."""
    unpunctual: Floats
    """Organisation: factor of the late share."""
    quality: Floats
    """Organisation: what its answers add to a rating."""
    formal: list[tuple[int, Problem]]
    """Organisations with formal answers, as planted."""
    dragging: list[tuple[int, Problem]]
    """Organisations with slow answers, as planted."""


def habits(w: World) -> Habits:
    """Ugra is the country's quickest, as announced; the others vary."""
    rng, data = w.rng, w.data
    regions, holders = len(data.regions), data.holders()
    position = {code: i for i, code in enumerate(holders)}
    pace = rng.uniform(0.42, 0.6, regions)
    late = 0.03 + 0.12 * rng.beta(1.3, 2.6, regions)
    rejected = rng.uniform(0.02, 0.06, regions)
    resolved = rng.uniform(0.74, 0.9, regions)
    growing = np.isin([row["code"] for row in data.regions], GROWING).astype(float)
    ugra = data.region(UGRA)
    pace[ugra], late[ugra], rejected[ugra], resolved[ugra] = 0.11, 0.011, 0.004, 0.989
    problems = [(position[p.organisation], p) for p in planted(w.as_of) if p.organisation]
    return Habits(
        pace=pace,
        late=late,
        rejected=rejected,
        redirected=rng.uniform(0.03, 0.11, regions),
        resolved=resolved,
        rated=rng.uniform(0.15, 0.25, regions),
        growing=growing,
        slow=rng.lognormal(0.0, 0.18, len(holders)),
        unpunctual=rng.lognormal(0.0, 0.5, len(holders)),
        quality=rng.normal(0.0, 0.35, len(holders)),
        formal=[(i, p) for i, p in problems if p.kind == "formal_answers"],
        dragging=[(i, p) for i, p in problems if p.kind == "slow_answers"],
    )


def during(w: World, region: Ints, received: Ints, problem: Problem) -> Ints:
    """Positions of the appeals received while a problem lasts, in their local days."""
    day = ((received + w.offset[region]) // 86_400).astype("datetime64[D]")
    return np.flatnonzero((day >= np.datetime64(problem.starts)) & (day < np.datetime64(problem.ends)))
