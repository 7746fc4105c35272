"""Votes that hardly came about by chance: bursts, the same answers in a row, one channel at night.

Nothing here says that votes are false: a notice to all tenants of a house makes a burst too. Each finding has the
probability that a clean poll has any like it, corrected for all places where it was looked for; `otklik bench
poll-flags` simulates how often clean polls are flagged.
"""

from collections.abc import Iterator
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.stats import binom, hypergeom, nbinom

from otklik.small_numbers import MIN_PEOPLE

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Kind = Literal["burst", "same_answers", "night"]
LEVEL = 0.002
"""A finding has at most this probability in a clean poll, so that the three kinds together stay well below 1 %."""
MIN_DISPERSION = 0.5
"""The least variance of an intensity over its squared mean: votes never come as evenly as chance would have it."""
DAY, BIN, WINDOW_BINS = 1440, 5, 3
"""Minutes of a day and of a bin; a burst is looked for in windows of a quarter of an hour."""
BINS = DAY // BIN
MIN_DAYS = 3
NIGHT_END = 6 * 60
RUNS = (20, 60)
"""So many votes in a row are looked at for the same answers."""


class Votes(NamedTuple):
    """One element a vote, in the order of time: `minute` since the first local midnight, channel, pattern's number.

    A pattern is what somebody answered to all questions with options; -1 where there are fewer than two of these. The
    poll took votes from the minute `opens` until before `closes`.
    """

    minute: Ints
    channel: Ints
    pattern: Ints
    opens: int
    closes: int


class Finding(NamedTuple):
    """Votes that hardly came by chance: from the minute `first` to before `end`, through `channel` if in one alone.

    `members`: their positions among all votes. `expected`: how many such votes were to be expected. `probability`: that
    a clean poll has any such finding.
    """

    kind: Kind
    first: int
    end: int
    members: Ints
    expected: float
    probability: float
    channel: int | None = None


def suspicious_votes(votes: Votes) -> list[Finding]:
    """All findings in the order of time; none in a poll of fewer than three days with votes."""
    if len(np.unique(votes.minute // DAY)) < MIN_DAYS:
        return []
    findings = [*_bursts(votes), *_same_answers(votes), *_nights(votes)]
    return sorted(findings, key=lambda finding: (finding.first, finding.kind))


def _bursts(votes: Votes) -> Iterator[Finding]:
    """Quarters of an hour with far more votes than the day's total and the hours of other days lead to expect."""
    days = int(votes.closes - 1) // DAY + 1
    counts = np.bincount(votes.minute // BIN, minlength=days * BINS).astype(np.float64).reshape(days, BINS)
    means = _expected_bins(votes, counts)
    quarters = [table.reshape(days, -1, WINDOW_BINS).sum(axis=2) for table in (counts, means)]
    excess = ((quarters[0] - quarters[1]) ** 2 - quarters[0]).sum(axis=1)
    squares = (quarters[1] ** 2).sum(axis=1)
    # Of all days but the one that is looked at.
    dispersion = np.maximum((excess.sum() - excess) / np.maximum(squares.sum() - squares, 1e-9), MIN_DISPERSION)
    sums, mean_sums = (np.convolve(table.ravel(), np.ones(WINDOW_BINS), "valid") for table in (counts, means))
    shape = 1 / np.repeat(dispersion, BINS)[: len(sums)]
    tails = nbinom.sf(sums - 1, shape, shape / (shape + np.maximum(mean_sums, 1e-9))) * len(sums)
    for first, last in _ranges((tails < LEVEL) & (sums >= MIN_PEOPLE)):
        begin, end = first * BIN, (last + WINDOW_BINS) * BIN
        members = np.flatnonzero((votes.minute >= begin) & (votes.minute < end))
        # Windows reach beyond the votes that made them unusual.
        begin, end = int(votes.minute[members[0]]), int(votes.minute[members[-1]]) + 1
        expected = float(means.ravel()[begin // BIN : (end - 1) // BIN + 1].sum())
        yield Finding("burst", begin, end, members, expected, float(tails[first : last + 1].min()))


def _expected_bins(votes: Votes, counts: Floats) -> Floats:
    """The votes of each day spread over its open bins as those of the other days are over the hours."""
    by_hour = counts.reshape(len(counts), 24, -1).sum(axis=2)
    others = by_hour.sum(axis=0) - by_hour + 1
    profile = np.repeat(others / others.sum(axis=1, keepdims=True), BINS // 24, axis=1)
    starts = np.arange(counts.size).reshape(counts.shape) * BIN
    profile = profile * ((starts + BIN > votes.opens) & (starts < votes.closes))
    totals = np.maximum(profile.sum(axis=1, keepdims=True), 1e-12)
    means: Floats = counts.sum(axis=1, keepdims=True) * profile / totals
    return means


def _same_answers(votes: Votes) -> Iterator[Finding]:
    """Votes in a row, so many of which answered everything alike as hardly happens in a random order of all votes."""
    total = len(votes.pattern)
    patterns, sizes = np.unique(votes.pattern, return_counts=True)
    candidates = [(int(pattern), int(n)) for pattern, n in zip(patterns, sizes, strict=True) if n >= MIN_PEOPLE]
    places = len(candidates) * sum(max(total - run + 1, 0) for run in RUNS)
    for pattern, size in candidates:
        if pattern < 0:
            continue
        is_pattern = votes.pattern == pattern
        flagged, least = np.zeros(total, dtype=np.bool_), 1.0
        for run in (run for run in RUNS if 2 * run <= total):
            sums = np.convolve(is_pattern.astype(np.int64), np.ones(run, dtype=np.int64), "valid")
            tails = (hypergeom.sf(np.arange(run + 1) - 1, total, size, run) * places)[sums]
            for start in np.flatnonzero((tails < LEVEL) & (sums >= MIN_PEOPLE)):
                flagged[start : start + run] = True
                least = min(least, float(tails[start]))
        for first, last in _ranges(flagged):
            members = first + np.flatnonzero(is_pattern[first : last + 1])
            expected = (last - first + 1) * size / total
            begin, end = int(votes.minute[members[0]]), int(votes.minute[members[-1]]) + 1
            yield Finding("same_answers", begin, end, members, expected, least)


def _nights(votes: Votes) -> Iterator[Finding]:
    """Nights with far more votes through one channel than through it in other nights, and than through the others."""
    day, is_night = votes.minute // DAY, votes.minute % DAY < NIGHT_END
    days, channels = int(day.max()) + 1, np.unique(votes.channel)
    night = np.array([np.bincount(day[is_night & (votes.channel == c)], minlength=days) for c in channels])
    daytime = np.array([np.bincount(day[~is_night & (votes.channel == c)], minlength=days) for c in channels])
    totals = night.sum(axis=0)
    overall = (night + daytime).sum(axis=1) / len(day)
    for number, channel in enumerate(channels):
        others = night[number].sum() - night[number]
        # By the votes of the day before: the night after a busy day is busier.
        before = daytime[number] + np.roll(daytime[number], 1)
        expected = (others + 1) / (before.sum() - before + 2) * np.maximum(before, 1)
        share = (others + 2 * overall[number]) / (totals.sum() - totals + 2)
        shape = 1 / MIN_DISPERSION
        of_channel = nbinom.sf(night[number] - 1, shape, shape / (shape + expected))
        of_night = binom.sf(night[number] - 1, totals, np.minimum(share, 1))
        tails = np.maximum(of_channel, of_night) * night.size
        for place in np.flatnonzero((tails < LEVEL) & (night[number] >= MIN_PEOPLE)):
            members = np.flatnonzero(is_night & (day == place) & (votes.channel == channel))
            begin = int(place) * DAY
            probability = float(tails[place])
            yield Finding("night", begin, begin + NIGHT_END, members, float(expected[place]), probability, int(channel))


def _ranges(flags: npt.NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """The first and the last position of each range of flagged ones."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    yield from zip(edges[::2].tolist(), (edges[1::2] - 1).tolist(), strict=True)
