"""Filters resolved to ids: the part of the database that a screen shows, and its clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pandas as pd

from otklik.database import scope
from queries.cache.live import known
from queries.core.reference import ids, words
from queries.filters import Filters


@dataclass(frozen=True)
class Cut:
    """Ids; None is everything.

    `territories` are the tops that are shown, `municipalities` those of them that are such, `regions` the regions
    below the tops (or above a municipality), `zones` the time zone of each of these, `whole` those of them that are not
    shown for a municipality alone, `children` the territories one step below. `everywhere`: nothing is left out.
    """

    territories: tuple[int, ...]
    regions: tuple[int, ...]
    whole: tuple[int, ...]
    municipalities: tuple[int, ...]
    children: tuple[int, ...]
    steps_to_municipalities: bool
    zones: tuple[str, ...]
    topics: tuple[int, ...] | None
    holders: tuple[int, ...] | None
    channels: tuple[int, ...] | None
    regimes: tuple[int, ...] | None
    everywhere: bool = False

    def members(self) -> dict[str, tuple[int, ...]]:
        """The chosen ids by the column that holds them."""
        chosen = {
            "topic_id": self.topics,
            "holder_id": self.holders,
            "channel_id": self.channels,
            "regime_id": self.regimes,
        }
        return {column: listed for column, listed in chosen.items() if listed is not None}


@known
def cut(filters: Filters) -> Cut:
    """The part of the database that the filters show, within the viewer's scope."""
    places = words("territory", "en")
    levels, parents = places["level"].to_dict(), places["parent_id"]
    viewer = scope.current() or scope.NOBODY
    tops = set(places.index[parents.isna()]) if viewer.everywhere else set(viewer.tops)
    # A territory within another that is shown counts once.
    tops -= below(places.index[parents.isin(tops)], parents)
    if filters.territory is not None:
        tops = set(places.index[places["code"] == filters.territory]) & below(tops, parents)
    municipalities = _sorted(one for one in tops if levels[one] == "municipality")
    partial = {int(parents[one]) for one in municipalities}
    regions = _sorted(one for one in below(tops, parents) | partial if levels[one] == "region")
    children = _sorted(places.index[parents.isin(tops)])
    return Cut(
        territories=_sorted(tops),
        regions=regions,
        whole=_sorted(set(regions) - partial),
        municipalities=municipalities,
        children=children,
        steps_to_municipalities=any(levels[one] == "municipality" for one in children),
        zones=tuple(places["timezone"].loc[list(regions)]),
        topics=ids("topic", filters.topic),
        holders=ids("organisation", filters.organisation),
        channels=ids("channel", filters.channel),
        regimes=ids("regime", filters.regime),
        everywhere=viewer.everywhere and filters.territory is None,
    )


def clock(part: Cut, now: datetime | None = None) -> tuple[date, list[datetime]]:
    """The earliest local day that is not over yet in some region of the part, and when it began in each of them."""
    now = now or datetime.now(UTC)
    zones = [ZoneInfo(name) for name in part.zones]
    day = min((now.astimezone(zone).date() for zone in zones), default=now.date())
    return day, [datetime.combine(day, time.min, zone) for zone in zones]


def below(tops: Iterable[int], parents: pd.Series) -> set[int]:
    """Territories and all that lie below them; `parents` gives each territory's parent by its id."""
    found = set(tops)
    added = found
    while added:
        added = {int(one) for one in parents.index[parents.isin(added)]} - found
        found |= added
    return found


def _sorted(found: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(int(one) for one in found))
