"""How regions and organisations differ: pace, punctuality, quality of answers."""

from dataclasses import dataclass

import numpy as np

from otklik.demo.arrivals import GeneratorContext
from otklik.demo.problems import PlantedProblem, planted_problems
from otklik.demo.sheets import UGRA, Floats, Ints

GROWING_BACKLOG_REGIONS = ("RU-SAR", "RU-ROS", "RU-DA", "RU-IRK")
"""Regions that answer ever more slowly: their backlog grows."""


@dataclass(frozen=True)
class PerformanceProfiles:
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
    formal: list[tuple[int, PlantedProblem]]
    """Organisations with formal answers, as planted."""
    dragging: list[tuple[int, PlantedProblem]]
    """Organisations with slow answers, as planted."""


def draw_profiles(context: GeneratorContext) -> PerformanceProfiles:
    """Ugra is the country's quickest, as announced; the others vary."""
    rng, catalogue = context.rng, context.data
    region_count, holder_codes = len(catalogue.regions), catalogue.holders()
    holder_indexes = {code: i for i, code in enumerate(holder_codes)}
    pace = rng.uniform(0.42, 0.6, region_count)
    late_share = 0.03 + 0.12 * rng.beta(1.3, 2.6, region_count)
    rejected_share = rng.uniform(0.02, 0.06, region_count)
    resolved_share = rng.uniform(0.74, 0.9, region_count)
    growing = np.isin([row["code"] for row in catalogue.regions], GROWING_BACKLOG_REGIONS).astype(float)
    ugra = catalogue.region(UGRA)
    pace[ugra], late_share[ugra], rejected_share[ugra], resolved_share[ugra] = 0.11, 0.011, 0.004, 0.989
    problems = [
        (holder_indexes[problem.organisation], problem)
        for problem in planted_problems(context.as_of)
        if problem.organisation
    ]
    return PerformanceProfiles(
        pace=pace,
        late=late_share,
        rejected=rejected_share,
        redirected=rng.uniform(0.03, 0.11, region_count),
        resolved=resolved_share,
        rated=rng.uniform(0.15, 0.25, region_count),
        growing=growing,
        slow=rng.lognormal(0.0, 0.18, len(holder_codes)),
        unpunctual=rng.lognormal(0.0, 0.5, len(holder_codes)),
        quality=rng.normal(0.0, 0.35, len(holder_codes)),
        formal=[(i, problem) for i, problem in problems if problem.kind == "formal_answers"],
        dragging=[(i, problem) for i, problem in problems if problem.kind == "slow_answers"],
    )


def received_during(context: GeneratorContext, region: Ints, received: Ints, problem: PlantedProblem) -> Ints:
    """Positions of the appeals received while a problem lasts, in their local days."""
    local_day = ((received + context.offset[region]) // 86_400).astype("datetime64[D]")
    return np.flatnonzero((local_day >= np.datetime64(problem.starts)) & (local_day < np.datetime64(problem.ends)))
