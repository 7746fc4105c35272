"""How regions and organisations differ: pace, punctuality, quality of answers."""

from dataclasses import dataclass

import numpy as np

from otklik.demo.arrivals import GeneratorContext
from otklik.demo.catalogue_data import UGRA, Floats, Ints
from otklik.demo.planted_problems import PlantedProblem, planted_problems

GROWING_BACKLOG_REGIONS = ("RU-SAR", "RU-ROS", "RU-DA", "RU-IRK")
"""Regions that answer ever more slowly: their backlog grows."""


@dataclass(frozen=True)
class PerformanceProfiles:
    """By position: of regions, or of organisations (`Sheets.holders`)."""

    pace: Floats
    """Region: share of the time to the deadline that a punctual answer takes, mean."""
    late_share: Floats
    """Region: share of answers after the deadline."""
    rejected_share: Floats
    """Region: share that the moderator rejects."""
    redirected_share: Floats
    """Region."""
    resolved_share: Floats
    """Region: share of answers that say the matter is resolved."""
    rated_share: Floats
    """Region: share of answers that the applicant rates."""
    has_growing_backlog: Floats
    """Region: 1 where the backlog grows."""
    slowness_factor: Floats
    """Organisation: factor of the time taken."""
    late_factor: Floats
    """Organisation: factor of the late share."""
    rating_bonus: Floats
    """Organisation: what its answers add to a rating."""
    formal_answer_problems: list[tuple[int, PlantedProblem]]
    """Organisations with formal answers, as planted."""
    slow_answer_problems: list[tuple[int, PlantedProblem]]
    """Organisations with slow answers, as planted."""


def draw_profiles(context: GeneratorContext) -> PerformanceProfiles:
    """Ugra is the country's quickest, as announced; the others vary."""
    rng, catalogue = context.rng, context.catalogue
    region_count, holder_codes = len(catalogue.regions), catalogue.holder_codes()
    holder_indexes = {code: i for i, code in enumerate(holder_codes)}
    pace = rng.uniform(0.42, 0.6, region_count)
    late_share = 0.03 + 0.12 * rng.beta(1.3, 2.6, region_count)
    rejected_share = rng.uniform(0.02, 0.06, region_count)
    resolved_share = rng.uniform(0.74, 0.9, region_count)
    growing = np.isin([row["code"] for row in catalogue.regions], GROWING_BACKLOG_REGIONS).astype(float)
    ugra = catalogue.region_index(UGRA)
    pace[ugra], late_share[ugra], rejected_share[ugra], resolved_share[ugra] = 0.11, 0.011, 0.004, 0.989
    problems = [
        (holder_indexes[problem.organisation], problem)
        for problem in planted_problems(context.as_of)
        if problem.organisation
    ]
    return PerformanceProfiles(
        pace=pace,
        late_share=late_share,
        rejected_share=rejected_share,
        redirected_share=rng.uniform(0.03, 0.11, region_count),
        resolved_share=resolved_share,
        rated_share=rng.uniform(0.15, 0.25, region_count),
        has_growing_backlog=growing,
        slowness_factor=rng.lognormal(0.0, 0.18, len(holder_codes)),
        late_factor=rng.lognormal(0.0, 0.5, len(holder_codes)),
        rating_bonus=rng.normal(0.0, 0.35, len(holder_codes)),
        formal_answer_problems=[(i, problem) for i, problem in problems if problem.kind == "formal_answers"],
        slow_answer_problems=[(i, problem) for i, problem in problems if problem.kind == "slow_answers"],
    )


def received_during(context: GeneratorContext, region: Ints, received: Ints, problem: PlantedProblem) -> Ints:
    """Positions of the appeals received while a problem lasts, in their local days."""
    local_day = ((received + context.utc_offset[region]) // 86_400).astype("datetime64[D]")
    return np.flatnonzero((local_day >= np.datetime64(problem.starts)) & (local_day < np.datetime64(problem.ends)))
