"""Through which channel appeals arrive; each channel has hours and days of its own.

The channel is drawn for the hour and day at which an appeal arrives, so that all of them together keep the clock of
otklik.demo.generator.seasons.
"""

from dataclasses import dataclass

import numpy as np

from otklik.demo.catalogue_data import Floats, Ints
from otklik.demo.generator.context import DAY_SECONDS, HOUR_SECONDS, GeneratorContext, draw_by_group, local_day
from otklik.demo.generator.seasons import HOUR_WEIGHTS, WEEKDAY_FACTORS

COMMON_CHANNELS = ("portal", "app", "widget", "qr", "call_centre", "email", "social", "staff")
CHANNEL_SHARES = np.array([0.31, 0.36, 0.09, 0.05, 0.08, 0.04, 0.05, 0.02])
TOPICAL_SERVICES = {
    "health.vaccination": "vaccination",
    "health.ambulance": "ambulance",
    "schools.meals": "school_meals",
}
OWN_SERVICE_SHARE, MAX_OWN_SERVICE_SHARE = 0.7, 0.97
"""The mean and greatest share of a topical service's appeals that come through the service itself."""
CHANNELS = (*COMMON_CHANNELS, *TOPICAL_SERVICES.values())


@dataclass(frozen=True)
class ChannelClock:
    """How much a channel is used by night (22 to 7), from 7 to 9, 9 to 18 and 18 to 22, and on days off.

    All are relative to the other channels; on days off, to the same hour of a working day.
    """

    night: float = 1.0
    morning: float = 1.0
    day: float = 1.0
    evening: float = 1.0
    day_off: float = 1.0

    def factors(self) -> Floats:
        """A row for working days and one for days off, a column for each hour; 1 on average over all appeals."""
        hours = np.full(24, self.night)
        hours[7:9], hours[9:18], hours[18:22] = self.morning, self.day, self.evening
        factors = np.array([hours, hours * self.day_off])
        working_share = WEEKDAY_FACTORS[:5].sum() / WEEKDAY_FACTORS.sum()
        use = np.outer([working_share, 1 - working_share], HOUR_WEIGHTS / HOUR_WEIGHTS.sum())
        return np.asarray(factors / (factors * use).sum())


CHANNEL_CLOCKS = {
    "portal": ChannelClock(night=0.6, day=1.2, evening=0.8, day_off=0.7),
    "app": ChannelClock(night=1.6, morning=1.4, day=0.8, evening=1.5, day_off=1.5),
    "widget": ChannelClock(night=0.7, day=1.1, day_off=0.8),
    "qr": ChannelClock(night=0.1, morning=0.8, day=1.2, evening=0.7, day_off=1.7),
    "call_centre": ChannelClock(night=0.0, day=1.3, evening=0.3, day_off=0.4),
    "email": ChannelClock(night=0.5, day=1.3, evening=0.6, day_off=0.4),
    "social": ChannelClock(night=2.2, morning=0.7, day=0.6, evening=2.2, day_off=1.7),
    "staff": ChannelClock(night=0.0, morning=0.3, evening=0.0, day_off=0.0),
    "vaccination": ChannelClock(night=0.2, day=1.1, evening=0.8, day_off=0.6),
    "ambulance": ChannelClock(night=1.6, morning=1.0, day=0.9, evening=1.2, day_off=1.3),
    "school_meals": ChannelClock(night=0.3, morning=1.3, day=1.3, evening=0.5, day_off=0.3),
}


def draw_channels(context: GeneratorContext, region: Ints, fact: Ints, received: Ints) -> Ints:
    """Positions in `CHANNELS`; topical services receive most appeals on their own topics."""
    rng = context.rng
    hour = (received + context.utc_offset[region]) % DAY_SECONDS // HOUR_SECONDS
    is_day_off = ~np.is_busday(local_day(context, region, received), holidays=context.public_holidays)
    use = is_day_off.astype(np.int64) * 24 + hour
    factors = {channel: clock.factors().ravel() for channel, clock in CHANNEL_CLOCKS.items()}
    weights = np.stack([factors[channel] for channel in COMMON_CHANNELS], axis=1) * CHANNEL_SHARES
    channel = draw_by_group(weights, use, rng)
    for i, (topic, service) in enumerate(TOPICAL_SERVICES.items()):
        own_share = np.minimum(OWN_SERVICE_SHARE * factors[service], MAX_OWN_SERVICE_SHARE)[use]
        takes_own_service = np.isin(fact, context.catalogue.facts_under(topic)) & (rng.random(len(fact)) < own_share)
        channel[takes_own_service] = len(CHANNEL_SHARES) + i
    return channel
