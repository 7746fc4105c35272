"""How many appeals each region has, and the programme's announcement: 9,181 received, 8,768 resolved.

Ugra's last three months are the local days (Asia/Yekaterinburg) of the half-open range
[as_of - 3 months, as_of), where as_of is the date in `demo_run`. With the default number of appeals

    SELECT count(*) AS received, count(*) FILTER (WHERE outcome.resolved) AS resolved
    FROM demo_run
    JOIN territory ON territory.code = 'RU-KHM'
    JOIN appeal ON appeal.region_id = territory.id
        AND received_at >= (as_of - interval '3 months') AT TIME ZONE territory.timezone
        AND received_at < as_of::timestamp AT TIME ZONE territory.timezone
    LEFT JOIN outcome ON outcome.id = appeal.outcome_id

answers 9181 and 8768, for any seed and date. Ugra keeps this true rate while more appeals are asked
for (the other regions, by population, take the rest) until every region has Ugra's rate per inhabitant,
at about 3.5 million; from there on all grow together, and with fewer than the default all shrink together,
these two figures in proportion.
"""

import calendar
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from otklik.demo.catalogue_data import UGRA, CatalogueData, Floats, Ints
from otklik.demo.sampling import apportion, draw_positions
from otklik.demo.seasons import Days

DEFAULT_APPEALS = 200_000
UGRA_RECEIVED, UGRA_RESOLVED = 9181, 8768
QUARTER_MONTHS = 3


def months_before(day: date, months: int) -> date:
    """The same day some months ago, or that month's last: as PostgreSQL subtracts an interval."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@dataclass(frozen=True)
class AppealVolume:
    """How many appeals."""

    appeals_by_region: Ints
    """Of each region."""
    ugra_in_quarter: int
    """Received in Ugra's last three months."""
    ugra_resolved: int
    """Of these."""
    in_quarter: NDArray[np.bool_]
    """Whether each day of the axis belongs to the three months."""

    def draw_ugra_days(self, day_weight: Floats, ugra: int, rng: np.random.Generator) -> Ints:
        """A day (position) for each of Ugra's appeals: exactly `quarter` within the three months."""
        inside = draw_positions(np.where(self.in_quarter, day_weight, 0.0), self.ugra_in_quarter, rng)
        outside = draw_positions(
            np.where(self.in_quarter, 0.0, day_weight), int(self.appeals_by_region[ugra]) - self.ugra_in_quarter, rng
        )
        return np.concatenate([inside, outside])


def plan_volume(catalogue: CatalogueData, day_weight: Floats, day_axis: Days, as_of: date, total: int) -> AppealVolume:
    """Shares out the appeals; `weight` by region and day of the axis."""
    ugra = catalogue.region_index(UGRA)
    start = np.datetime64(months_before(as_of, QUARTER_MONTHS))
    in_quarter = (day_axis >= start) & (day_axis < np.datetime64(as_of))
    quarter_share = float(day_weight[ugra, in_quarter].sum() / day_weight[ugra].sum())
    ugra_population_share = catalogue.region_population[ugra] / catalogue.region_population.sum()
    ugra_at_true_rate = UGRA_RECEIVED / quarter_share  # Ugra's thirteen months at its true rate
    ugra_appeals = max(ugra_at_true_rate * min(1.0, total / DEFAULT_APPEALS), total * ugra_population_share)
    ugra_appeals = min(round(ugra_appeals), total)
    # Above the true rate, and when only a handful are asked for, the three months follow the rest.
    quarter = (
        round(UGRA_RECEIVED * min(1.0, total / DEFAULT_APPEALS))
        if total * ugra_population_share <= ugra_at_true_rate
        else round(ugra_appeals * quarter_share)
    )
    quarter = min(quarter, ugra_appeals)
    other_population = catalogue.region_population.copy()
    other_population[ugra] = 0
    counts = apportion(total - ugra_appeals, other_population)
    counts[ugra] = ugra_appeals
    return AppealVolume(counts, quarter, round(quarter * UGRA_RESOLVED / UGRA_RECEIVED), in_quarter)
