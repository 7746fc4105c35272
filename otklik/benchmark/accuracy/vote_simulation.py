"""Made-up votes of clean polls, and manipulations that are planted into them."""

from typing import NamedTuple

import numpy as np

from queries.statistics.voting.anomalies import DAY, Ints, Votes

HOURS = np.array([2, 1, 1, 1, 1, 2, 4, 7, 9, 10, 10, 10, 11, 11, 10, 10, 10, 11, 13, 14, 14, 12, 8, 4], dtype=float)
"""How many votes come in each hour of a day, in proportion."""
CHANNELS = np.array([0.48, 0.41, 0.06, 0.05])
HOUR_VARIATION = 0.5
"""The standard deviation of an hour's intensity over its mean: notices, weather, the evening news."""
DECAY_DAYS = 6
OPTIONS = (3, 5, 4)
"""Of the three questions."""
VIEWS = np.array([0.5, 0.3, 0.2])
"""Three kinds of people, who answer differently; which of them vote drifts over the days."""
MAX_DAYS = 21


class Manipulation(NamedTuple):
    """So many planted votes within so many minutes from a minute of the day on, through one channel or all."""

    name: str
    votes: int
    minutes: int
    start: int
    channel: int | None = None
    same_answers: bool = False


MANIPULATIONS = (
    Manipulation("30 votes within ten minutes of an evening", 30, 10, 19 * 60),
    Manipulation("60 votes within an hour of a noon", 60, 60, 12 * 60),
    Manipulation("60 votes with the same answers within a day", 60, 14 * 60, 8 * 60, same_answers=True),
    Manipulation("40 votes through one channel during a night", 40, 300, 30, channel=0),
)


def clean_votes(count: int, rng: np.random.Generator) -> Votes:
    """So many votes over a week to three, by the hours of a day, each hour more or less busy."""
    days = int(rng.integers(7, MAX_DAYS + 1))
    opens = int(rng.integers(6 * 60, 20 * 60))
    hours = np.arange(days * 24)
    intensity = HOURS[hours % 24] * np.exp(-hours / 24 / DECAY_DAYS)
    intensity *= rng.gamma(HOUR_VARIATION**-2, HOUR_VARIATION**2, len(hours))
    intensity[hours * 60 < opens] = 0
    hour = rng.choice(len(hours), count, p=intensity / intensity.sum())
    minute = np.maximum(hour * 60 + rng.integers(0, 60, count), opens)
    drift = rng.normal(0, 0.3, 3)
    weights = VIEWS * np.exp(drift * (minute / (days * DAY))[:, None])
    view = (rng.random(count)[:, None] > np.cumsum(weights / weights.sum(axis=1, keepdims=True), axis=1)).sum(axis=1)
    pattern = np.zeros(count, dtype=np.int64)
    for options in OPTIONS:
        chances = rng.dirichlet(np.full(options, 1.2), len(VIEWS))
        answer = (rng.random(count)[:, None] > np.cumsum(chances, axis=1)[np.minimum(view, 2)]).sum(axis=1)
        pattern = pattern * options + np.minimum(answer, options - 1)
    channel = rng.choice(len(CHANNELS), count, p=CHANNELS)
    return _in_order(minute, channel, pattern, (opens, days * DAY))


def manipulated_votes(clean: Votes, manipulation: Manipulation, rng: np.random.Generator) -> tuple[Votes, Ints]:
    """The votes of a clean poll and planted ones, and the positions of these."""
    day = int(rng.integers(1, clean.closes // DAY))
    count = manipulation.votes
    minute = day * DAY + manipulation.start + rng.integers(0, manipulation.minutes, count)
    channel = rng.choice(len(CHANNELS), count, p=CHANNELS)
    if manipulation.channel is not None:
        channel = np.full(count, manipulation.channel)
    pattern = rng.choice(clean.pattern, count)
    if manipulation.same_answers:
        pattern = np.full(count, rng.choice(clean.pattern))
    columns = [
        np.concatenate(pair) for pair in ((clean.minute, minute), (clean.channel, channel), (clean.pattern, pattern))
    ]
    is_planted = np.arange(len(columns[0])) >= len(clean.minute)
    order = np.argsort(columns[0], kind="stable")
    votes = _in_order(columns[0], columns[1], columns[2], (clean.opens, clean.closes))
    return votes, np.flatnonzero(is_planted[order])


def _in_order(minute: Ints, channel: Ints, pattern: Ints, period: tuple[int, int]) -> Votes:
    order = np.argsort(minute, kind="stable")
    return Votes(minute[order], channel[order], pattern[order], *period)
