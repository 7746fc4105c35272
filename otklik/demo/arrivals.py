"""When and where appeals arrive, about what, and through which channel."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from otklik.demo.problems import Cells, befall, planted
from otklik.demo.sampling import drawn, one_of
from otklik.demo.seasons import SEASONS, Days, by_clock, clock_share, days, free_days, month, pull
from otklik.demo.sheets import UGRA, Ints, Sheets
from otklik.demo.volume import Volume, back, volume

DAY = 86_400
MONTHS = 13
COMMON = ("portal", "app", "widget", "qr", "call_centre", "email", "social", "staff")
USE = np.array([0.31, 0.36, 0.09, 0.05, 0.08, 0.04, 0.05, 0.02])
SERVICES = {"health.vaccination": "vaccination", "health.ambulance": "ambulance", "schools.meals": "school_meals"}
OWN_SERVICE = 0.7
CHANNELS = (*COMMON, *SERVICES.values())


@dataclass(frozen=True)
class World:
    """What a run is about: the catalogue, the clock and the dice."""

    data: Sheets
    as_of: date
    now: int
    """Seconds since 1970, UTC."""
    rng: np.random.Generator
    offset: Ints
    """Of each region's time from UTC, seconds; Russia has had no summer time since 2014."""
    free: Days
    """Public holidays."""


def world(data: Sheets, seed: int, as_of: date, now: datetime) -> World:
    """The same seed and date make the same world."""
    zones = [ZoneInfo(row["timezone"]).utcoffset(now.replace(tzinfo=None)) or timedelta() for row in data.regions]
    return World(
        data=data,
        as_of=as_of,
        now=int(now.timestamp()),
        rng=np.random.default_rng([seed, as_of.toordinal()]),
        offset=np.array([int(zone.total_seconds()) for zone in zones]),
        free=free_days(back(as_of, MONTHS), as_of),
    )


@dataclass(frozen=True)
class Arrivals:
    """Positions in the catalogue, one element an appeal, in order of receipt."""

    region: Ints
    municipality: Ints
    fact: Ints
    channel: Ints
    received: Ints
    """Seconds since 1970, UTC."""
    calibrated: Ints
    """Positions of the appeals of Ugra's last three months."""
    target: int
    """How many of those end as resolved."""


def arrivals(w: World, appeals: int) -> Arrivals:
    """So many appeals of thirteen months up to now."""
    data, rng, size, home = w.data, w.rng, len(w.data.regions), w.data.region(UGRA)
    axis = days(back(w.as_of, MONTHS), w.as_of + timedelta(days=2))
    seasons = np.array([SEASONS[row["season"]] for row in data.facts])
    taste = rng.lognormal(0.0, 0.35, (size, len(data.facts)))
    mix = (taste * data.fact("weight"))[:, None, :] * seasons.T[None, :, :]
    mix /= mix.sum(axis=(1, 2), keepdims=True)
    weight = pull(axis, w.free, rng)[None, :] * mix.sum(axis=2)[:, month(axis)]
    weight *= rng.lognormal(0.0, 0.08, weight.shape)
    # Today has only begun, at another hour in each time zone.
    today, second = np.divmod(w.now + w.offset, DAY)
    share = np.array([clock_share(float(at)) for at in second])
    ahead = axis.astype(np.int64)[None, :] - today[:, None]
    weight *= np.where(ahead < 0, 1.0, np.where(ahead == 0, share[:, None], 0.0))

    plan: Volume = volume(data, weight, axis, w.as_of, appeals)
    region = np.repeat(np.arange(size), plan.appeals)
    day = drawn(weight, region, rng)
    day[region == home] = plan.ugra_days(weight[home], home, rng)
    fact = drawn(mix.reshape(size * 12, -1), region * 12 + month(axis)[day], rng)
    town = data.town_population**0.95 * rng.lognormal(0.0, 0.25, len(data.town_population))
    inside = np.where(data.region_of[None, :] == np.arange(size)[:, None], town[None, :], 0.0)
    municipality = drawn(inside, region, rng)
    for problem in planted(w.as_of):
        if problem.kind == "surge":
            befall(problem, Cells(day, region, municipality, fact), data, axis, plan.in_quarter, rng)

    local = axis[day].astype(np.int64)
    part = rng.random(len(day)) * np.where(local == today[region], share[region], 1.0)
    received = local * DAY + by_clock(part).astype(np.int64) - w.offset[region]
    order = np.argsort(received, kind="stable")
    quarter = (region == home) & plan.in_quarter[day]
    return Arrivals(
        region=region[order],
        municipality=municipality[order],
        fact=fact[order],
        channel=channels(data, fact[order], rng),
        received=received[order],
        calibrated=np.flatnonzero(quarter[order]),
        target=plan.resolved,
    )


def channels(data: Sheets, fact: Ints, rng: np.random.Generator) -> Ints:
    """Positions in `CHANNELS`: the topical services take most of their own topics."""
    channel = one_of(USE, len(fact), rng)
    for i, topic in enumerate(SERVICES):
        own = np.isin(fact, data.under(topic)) & (rng.random(len(fact)) < OWN_SERVICE)
        channel[own] = len(USE) + i
    return channel
