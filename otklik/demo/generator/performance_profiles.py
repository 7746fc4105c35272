"""How regions and organisations differ in pace, punctuality and quality of answers."""

from dataclasses import dataclass

import numpy as np

from otklik.demo.catalogue_data import UGRA, Floats, Ints
from otklik.demo.generator.context import GeneratorContext, local_day
from otklik.demo.generator.planted_problems import PlantedProblem, planted_problems

GROWING_BACKLOG_REGIONS = ("RU-SAR", "RU-ROS", "RU-DA", "RU-IRK")
"""Regions that answer more slowly each week, so that their backlog grows."""

LAST_DAY_ORGANISATIONS, AT_ONCE_ORGANISATIONS = 0.06, 0.03
"""The shares of organisations that wait for the last day, and that close messages as they arrive."""


@dataclass(frozen=True)
class PerformanceProfiles:
    """Values of each region, or of each organisation in the order of `CatalogueData.holder_codes`."""

    pace: Floats
    """Region: mean share of the available time that a punctual answer takes."""
    late_share: Floats
    """Region: share of answers after the deadline."""
    rejected_share: Floats
    """Region: share of appeals that the moderator rejects."""
    redirected_share: Floats
    """Region: share of appeals that go to a wrong office first."""
    resolved_share: Floats
    """Region: share of answers with the outcome "resolved"."""
    rated_share: Floats
    """Region: share of answers that applicants rate."""
    has_growing_backlog: Floats
    """Region: 1 where the backlog grows."""
    slowness_factor: Floats
    """Organisation: factor on the time that answers take."""
    late_factor: Floats
    """Organisation: factor on the share of late answers."""
    rating_bonus: Floats
    """Organisation: added to the score that decides a rating."""
    last_day_share: Floats
    """Organisation: share of punctual answers that wait for the last day."""
    at_once_share: Floats
    """Organisation: share of ordinary messages that a program closes as they arrive."""
    formal_answer_problems: list[tuple[int, PlantedProblem]]
    """Organisations and their planted problems of formal answers."""
    slow_answer_problems: list[tuple[int, PlantedProblem]]
    """Organisations and their planted problems of slow answers."""


def draw_profiles(context: GeneratorContext) -> PerformanceProfiles:
    """Draw the profiles; Ugra's are fixed to the fastest in the country, as announced."""
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
        last_day_share=np.where(rng.random(len(holder_codes)) < LAST_DAY_ORGANISATIONS, 0.35, 0.0),
        at_once_share=np.where(rng.random(len(holder_codes)) < AT_ONCE_ORGANISATIONS, 0.15, 0.0),
        formal_answer_problems=[(i, problem) for i, problem in problems if problem.kind == "formal_answers"],
        slow_answer_problems=[(i, problem) for i, problem in problems if problem.kind == "slow_answers"],
    )


def received_during(context: GeneratorContext, region: Ints, received: Ints, problem: PlantedProblem) -> Ints:
    """Positions of the appeals received while a problem lasts, by local days."""
    day = local_day(context, region, received)
    return np.flatnonzero((day >= np.datetime64(problem.starts)) & (day < np.datetime64(problem.ends)))
