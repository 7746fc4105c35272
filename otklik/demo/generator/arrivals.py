"""When and where appeals arrive, on which topic and through which channel."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from otklik.demo.catalogue_data import UGRA, Ints
from otklik.demo.generator.channels import draw_channels
from otklik.demo.generator.context import (
    DAY_SECONDS,
    HISTORY_MONTHS,
    GeneratorContext,
    draw_by_group,
)
from otklik.demo.generator.planted_problems import planted_problems
from otklik.demo.generator.seasons import (
    SEASON_WEIGHTS,
    day_range,
    month_index,
    months_before,
    relative_volume,
    second_of_day,
    share_of_day,
)
from otklik.demo.generator.surges import AppealArrays, UsualAppeals, apply_surge
from otklik.demo.generator.volume import AppealVolume, plan_volume


@dataclass(frozen=True)
class Arrivals:
    """The arriving appeals, in order of receipt; all but `received` are positions in the catalogue or in `CHANNELS`."""

    region: Ints
    municipality: Ints
    fact: Ints
    channel: Ints
    received: Ints
    calibration_sample: Ints
    """Positions of the appeals of Ugra's last three months."""
    resolved_target: int
    """How many appeals of the calibration sample are to be resolved by now."""


def generate_arrivals(context: GeneratorContext, total: int) -> Arrivals:
    """Generate `total` appeals of the thirteen months up to now."""
    catalogue, rng = context.catalogue, context.rng
    region_count, ugra = len(catalogue.regions), catalogue.region_index(UGRA)
    day_axis = day_range(months_before(context.as_of, HISTORY_MONTHS), context.as_of + timedelta(days=2))
    season_weights = np.array([SEASON_WEIGHTS[row["season"]] for row in catalogue.facts])
    topic_preference = rng.lognormal(0.0, 0.35, (region_count, len(catalogue.facts)))
    topic_mix = (topic_preference * catalogue.fact_values("weight"))[:, None, :] * season_weights.T[None, :, :]
    topic_mix /= topic_mix.sum(axis=(1, 2), keepdims=True)
    day_weight = (
        relative_volume(day_axis, context.public_holidays, rng)[None, :]
        * topic_mix.sum(axis=2)[:, month_index(day_axis)]
    )
    day_weight *= rng.lognormal(0.0, 0.08, day_weight.shape)
    # Today isn't over yet, and each time zone has another hour.
    today, second = np.divmod(context.now + context.utc_offset, DAY_SECONDS)
    day_share = np.array([share_of_day(float(elapsed)) for elapsed in second])
    days_ahead = day_axis.astype(np.int64)[None, :] - today[:, None]
    day_weight *= np.where(days_ahead < 0, 1.0, np.where(days_ahead == 0, day_share[:, None], 0.0))

    plan: AppealVolume = plan_volume(catalogue, day_weight, day_axis, context.as_of, total)
    region = np.repeat(np.arange(region_count), plan.appeals_by_region)
    day = draw_by_group(day_weight, region, rng)
    day[region == ugra] = plan.draw_ugra_days(day_weight[ugra], ugra, rng)
    fact = draw_by_group(topic_mix.reshape(region_count * 12, -1), region * 12 + month_index(day_axis)[day], rng)
    municipality_weight = catalogue.municipality_population**0.95 * rng.lognormal(
        0.0, 0.25, len(catalogue.municipality_population)
    )
    weight_in_region = np.where(
        catalogue.region_of_municipality[None, :] == np.arange(region_count)[:, None], municipality_weight[None, :], 0.0
    )
    municipality = draw_by_group(weight_in_region, region, rng)
    arrays = AppealArrays(day, region, municipality, fact, np.zeros(len(day), dtype=np.bool_))
    usual = UsualAppeals(catalogue, day_axis, arrays, topic_mix, weight_in_region)
    for problem in planted_problems(context.as_of):
        if problem.kind == "surge":
            apply_surge(problem, arrays, usual, day_axis, plan.in_quarter, rng)

    local_day = day_axis[day].astype(np.int64)
    part_of_day = rng.random(len(day)) * np.where(local_day == today[region], day_share[region], 1.0)
    received = local_day * DAY_SECONDS + second_of_day(part_of_day).astype(np.int64) - context.utc_offset[region]
    order = np.argsort(received, kind="stable")
    in_quarter = (region == ugra) & plan.in_quarter[day]
    return Arrivals(
        region=region[order],
        municipality=municipality[order],
        fact=fact[order],
        channel=draw_channels(context, region[order], fact[order], received[order]),
        received=received[order],
        calibration_sample=np.flatnonzero(in_quarter[order]),
        resolved_target=plan.ugra_resolved,
    )
