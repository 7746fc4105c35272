"""Planting surges: more appeals on a topic in a territory than it would have had."""

from dataclasses import dataclass

import numpy as np

from otklik.demo.catalogue_data import CatalogueData, Floats, Ints
from otklik.demo.generator.context import Flags
from otklik.demo.generator.planted_problems import PlantedProblem
from otklik.demo.generator.seasons import Days, month_index


@dataclass(frozen=True)
class AppealArrays:
    """The arrays that a surge changes in place, one element an appeal; `day` is a position on the axis of days."""

    day: Ints
    region: Ints
    municipality: Ints
    fact: Ints
    is_planted: Flags
    """Whether the appeal belongs to a problem, so that no other problem takes it."""


class UsualAppeals:
    """How many appeals would arrive without the planted problems."""

    def __init__(
        self,
        catalogue: CatalogueData,
        day_axis: Days,
        arrays: AppealArrays,
        topic_mix: Floats,
        weight_in_region: Floats,
    ) -> None:
        """Take what appeals are drawn by: `topic_mix` by region, month and fact; municipalities' weights by region."""
        self.catalogue, self.topic_mix, self.weight_in_region = catalogue, topic_mix, weight_in_region
        self.month = month_index(day_axis)
        cell = arrays.region * len(day_axis) + arrays.day
        shape = (len(catalogue.regions), len(day_axis))
        self.appeals_by_day = np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape)

    def by_day(self, problem: PlantedProblem) -> Floats:
        """The expected number of appeals on a problem's topic in its territory, for each day of the axis."""
        region, municipalities, facts = problem_positions(self.catalogue, problem)
        mix, weights = self.topic_mix[region], self.weight_in_region[region]
        topic_share = mix[:, facts].sum(axis=1) / mix.sum(axis=1)
        place_share = weights[municipalities].sum() / weights.sum()
        return np.asarray(self.appeals_by_day[region] * topic_share[self.month] * place_share)


def problem_positions(catalogue: CatalogueData, problem: PlantedProblem) -> tuple[int, list[int], Ints]:
    """The positions of a problem's region, of its municipalities and of its facts."""
    region = catalogue.region_index("-".join(problem.territory.split("-")[:2]))
    municipalities = [i for i, row in enumerate(catalogue.municipalities) if row["code"].startswith(problem.territory)]
    return region, municipalities, catalogue.facts_under(problem.topic or "")


def apply_surge(
    problem: PlantedProblem,
    arrays: AppealArrays,
    usual: UsualAppeals,
    day_axis: Days,
    fixed_days: Flags,
    rng: np.random.Generator,
) -> None:
    """Turn other appeals of the region into ones of the problem, so that the region's total stays.

    There are then `factor` times as many as usual on its topic in its territory, to the nearest whole number. Appeals
    aren't moved between `fixed_days` (the calibrated months) and the other days.
    """
    region, municipalities, facts = problem_positions(usual.catalogue, problem)
    expected_by_day = usual.by_day(problem)
    starts, ends = np.datetime64(problem.starts), np.datetime64(problem.ends)
    problem_days = (day_axis >= starts) & (day_axis < ends)
    on_topic = np.isin(arrays.fact, facts) & np.isin(arrays.municipality, municipalities)
    for day_mask in (fixed_days, ~fixed_days):
        window = np.flatnonzero(problem_days & day_mask)
        if not len(window):
            continue
        usual_count = int(np.count_nonzero(on_topic & (problem_days & day_mask)[arrays.day]))
        in_movable_days = day_mask[arrays.day] & (day_axis[arrays.day] < ends) | (day_mask & problem_days)[arrays.day]
        others = np.flatnonzero((arrays.region == region) & ~on_topic & ~arrays.is_planted & in_movable_days)
        expected = float(expected_by_day[window].sum())
        extra_count = min(max(round(problem.factor * expected) - usual_count, 0), len(others) // 4)
        moved = rng.choice(others, extra_count, replace=False)
        arrays.day[moved] = rng.choice(window, extra_count)
        arrays.fact[moved] = rng.choice(facts, extra_count)
        elsewhere = moved[~np.isin(arrays.municipality[moved], municipalities)]
        population = usual.catalogue.municipality_population[municipalities]
        arrays.municipality[elsewhere] = rng.choice(municipalities, len(elsewhere), p=population / population.sum())
        arrays.is_planted[moved] = True
