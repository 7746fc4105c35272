"""How many appeals each region gets, calibrated to the announced figures: 9,181 received, 8,768 resolved.

The figures are those of Ugra's last three months: the local days (Asia/Yekaterinburg) of the half-open range
[as_of - 3 months, as_of), where as_of is the date in `demo_run`. With the default number of appeals

    SELECT count(*) AS received, count(*) FILTER (WHERE outcome.resolved) AS resolved
    FROM demo_run
    JOIN territory ON territory.code = 'RU-KHM'
    JOIN appeal ON appeal.region_id = territory.id
        AND received_at >= (as_of - interval '3 months') AT TIME ZONE territory.timezone
        AND received_at < as_of::timestamp AT TIME ZONE territory.timezone
    LEFT JOIN outcome ON outcome.id = appeal.outcome_id

gives 9181 and 8768 for any seed and date. With more appeals than the default, Ugra keeps this true rate and the other
regions share the rest by population and activity, until they have Ugra's rate per inhabitant on average, at about
3.5 million appeals.
Beyond that all regions grow together. With fewer appeals than the default all shrink together, these two figures in
proportion.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from otklik.demo.catalogue_data import UGRA, CatalogueData, Floats, Ints
from otklik.demo.generator.context import draw_positions
from otklik.demo.generator.seasons import Days, months_before

DEFAULT_APPEALS = 200_000
UGRA_RECEIVED, UGRA_RESOLVED = 9181, 8768
QUARTER_MONTHS = 3
ACTIVITY_SEED = 15


@dataclass(frozen=True)
class AppealVolume:
    """How many appeals to generate."""

    appeals_by_region: Ints
    ugra_in_quarter: int
    """Appeals received in Ugra's last three months."""
    ugra_resolved: int
    """How many of these are resolved by now."""
    in_quarter: NDArray[np.bool_]
    """Whether each day of the axis belongs to the three months."""

    def draw_ugra_days(self, day_weight: Floats, ugra: int, rng: np.random.Generator) -> Ints:
        """Positions of days on the axis, one for each of Ugra's appeals; `ugra_in_quarter` are in the three months."""
        inside = draw_positions(np.where(self.in_quarter, day_weight, 0.0), self.ugra_in_quarter, rng)
        outside = draw_positions(
            np.where(self.in_quarter, 0.0, day_weight), int(self.appeals_by_region[ugra]) - self.ugra_in_quarter, rng
        )
        return np.concatenate([inside, outside])


def plan_volume(catalogue: CatalogueData, day_weight: Floats, day_axis: Days, as_of: date, total: int) -> AppealVolume:
    """Distribute `total` appeals; `day_weight` has a row a region and a column a day of the axis."""
    ugra = catalogue.region_index(UGRA)
    start = np.datetime64(months_before(as_of, QUARTER_MONTHS))
    in_quarter = (day_axis >= start) & (day_axis < np.datetime64(as_of))
    quarter_share = float(day_weight[ugra, in_quarter].sum() / day_weight[ugra].sum())
    ugra_population_share = catalogue.region_population[ugra] / catalogue.region_population.sum()
    ugra_at_true_rate = UGRA_RECEIVED / quarter_share  # for all thirteen months
    ugra_appeals = max(ugra_at_true_rate * min(1.0, total / DEFAULT_APPEALS), total * ugra_population_share)
    ugra_appeals = min(round(ugra_appeals), total)
    # Above the true rate the three months have their natural share of Ugra's appeals.
    quarter = (
        round(UGRA_RECEIVED * min(1.0, total / DEFAULT_APPEALS))
        if total * ugra_population_share <= ugra_at_true_rate
        else round(ugra_appeals * quarter_share)
    )
    quarter = min(quarter, ugra_appeals)
    weights = catalogue.region_population * regional_activity(len(catalogue.regions))
    weights[ugra] = 0
    counts = apportion(total - ugra_appeals, weights)
    counts[ugra] = ugra_appeals
    return AppealVolume(counts, quarter, round(quarter * UGRA_RESOLVED / UGRA_RECEIVED), in_quarter)


def regional_activity(region_count: int) -> Floats:
    """How much each region's inhabitants write relative to others; the same in every run and in the simulator."""
    return np.random.default_rng(ACTIVITY_SEED).lognormal(0.0, 0.3, region_count)


def apportion(total: int, weights: Floats) -> Ints:
    """Whole numbers in proportion to the weights that add up to `total`, by largest remainders."""
    exact = total * weights / weights.sum()
    counts = np.floor(exact).astype(np.int64)
    remainder = total - int(counts.sum())
    counts[np.argsort(counts - exact, kind="stable")[:remainder]] += 1
    return np.asarray(counts)
