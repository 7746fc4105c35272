"""Filters resolved to ids: the part of the database that a screen shows, and its clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pandas as pd

from queries.filters import Filters
from queries.reference import ids, words


@dataclass(frozen=True)
class Cut:
    """Ids; None is everything. `territories` are the tops that are shown."""

    territories: tuple[int, ...]
    topics: tuple[int, ...] | None
    holders: tuple[int, ...] | None
    channels: tuple[int, ...] | None
    regimes: tuple[int, ...] | None

    def members(self) -> dict[str, tuple[int, ...]]:
        """The chosen ids by the column that holds them."""
        chosen = {
            "topic_id": self.topics,
            "holder_id": self.holders,
            "channel_id": self.channels,
            "regime_id": self.regimes,
        }
        return {column: listed for column, listed in chosen.items() if listed is not None}

    def children(self) -> tuple[int, ...]:
        """The territories one step below the tops."""
        return _sorted(_places().index[_places()["parent_id"].isin(self.territories)])

    def municipalities(self) -> tuple[int, ...]:
        """The tops that are municipalities, whose appeals a region alone does not find."""
        return _sorted(one for one in self.territories if _level(one) == "municipality")

    def regions(self) -> tuple[int, ...]:
        """The regions below the tops, or above those that are municipalities."""
        places = _places()
        shown = below(self.territories) | {int(places["parent_id"][one]) for one in self.municipalities()}
        return _sorted(one for one in shown if _level(one) == "region")

    def steps_to_municipalities(self) -> bool:
        """Whether the step below is municipalities, of which only some cubes have cells."""
        return any(_level(one) == "municipality" for one in self.children())


def cut(filters: Filters) -> Cut:
    """The part of the database that the filters show, within the viewer's scope."""
    places = _places()
    territories = set(filters.scope) or set(places.index[places["parent_id"].isna()])
    if filters.territory is not None:
        asked = set(places.index[places["code"] == filters.territory])
        territories = asked & below(territories)
    return Cut(
        territories=_sorted(territories),
        topics=ids("topic", filters.topic),
        holders=ids("organisation", filters.organisation),
        channels=ids("channel", filters.channel),
        regimes=ids("regime", filters.regime),
    )


def clock(part: Cut, now: datetime | None = None) -> tuple[date, datetime]:
    """The earliest local day that is not over yet in some zone of the part, and the instant it began first."""
    now = now or datetime.now(UTC)
    named = {str(_places()["timezone"][one]) for one in (*part.regions(), *part.territories)}
    zones = [ZoneInfo(name) for name in named] or [ZoneInfo("UTC")]
    day = min(now.astimezone(zone).date() for zone in zones)
    return day, min(datetime.combine(day, time.min, zone).astimezone(UTC) for zone in zones)


def below(tops: Iterable[int]) -> set[int]:
    """Territories and all that lie below them."""
    parents = _places()["parent_id"]
    found = set(tops)
    added = found
    while added:
        added = {int(one) for one in parents.index[parents.isin(added)]} - found
        found |= added
    return found


def _places() -> pd.DataFrame:
    return words("territory", "en")


def _level(territory: int) -> str:
    return str(_places()["level"][territory])


def _sorted(found: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(int(one) for one in found))
