"""The figures counted again, appeal by appeal, in nothing but Python: what the screens must say."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil

from queries.filters import Filters
from tests.support.world import ZONES, Row, World

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Oracle:
    """All appeals of a world at a moment."""

    world: World
    rows: list[Row]
    now: datetime

    def day(self, row: Row, moment: str) -> date | None:
        """The day of the region in which a moment falls."""
        at: datetime | None = row[moment]
        return at and at.astimezone(self.world.zones[row["region_id"]]).date()

    def kept(self, filters: Filters) -> "Oracle":
        """The appeals that the filters let through."""
        wanted: dict[str, set[int]] = {}
        if filters.territory:
            wanted["place"] = self.world.below("territory", filters.territory)
        if filters.topic:
            wanted["topic_id"] = self.world.below("topic", filters.topic)
        if filters.organisation:
            wanted["holder_id"] = {self.world.ids["organisation"][filters.organisation]}
        if filters.regime:
            wanted["regime_id"] = {self.world.ids["regime"][filters.regime]}
        if filters.channel:
            wanted["channel_id"] = {self.world.ids["channel"][filters.channel]}
        return self._of(
            [row for row in self.rows if all((row | {"place": place(row)})[key] in wanted[key] for key in wanted)]
        )

    def each(self, by: str, filters: Filters) -> dict[int, "Oracle"]:
        """The appeals of each topic, holder … or of each territory a step below the one that is shown."""
        if by != "territory_id":
            return {one: self._of([row for row in self.rows if row[by] == one]) for one in {r[by] for r in self.rows}}
        parents, top = self.world.parents["territory"], self.world.ids["territory"].get(filters.territory or "")
        tops = {top} if top else {one for one, parent in parents.items() if parent is None}
        steps = [one for one, parent in parents.items() if parent in tops]
        above = {one: self.world.above("territory", one) for one in parents}
        return {step: self._of([row for row in self.rows if step in above[place(row)]]) for step in steps}

    def _of(self, rows: list[Row]) -> "Oracle":
        return Oracle(self.world, rows, self.now)

    def within(self, moment: str, start: date, end: date) -> list[Row]:
        """Those of which a moment falls in the local days [start, end)."""
        return [row for row in self.rows if row[moment] and start <= (self.day(row, moment) or date.max) < end]

    def today(self, filters: Filters) -> date:
        """The earliest day that is not over in some region that is shown."""
        world = self.world
        shown = world.below("territory", filters.territory) if filters.territory else set(world.zones)
        regions = {world.ids["territory"][code] for code in ZONES}
        above = {one for low in shown for one in world.above("territory", low)} if filters.territory else shown
        part = (shown & regions) or (above & regions)
        return min(self.now.astimezone(world.zones[one]).date() for one in part)

    def open(self, end: date | None) -> list[Row]:
        """Open now, or at the end of the day before `end`."""
        if end is None:
            return [row for row in self.rows if row["closed_at"] is None]
        came = [row for row in self.rows if (self.day(row, "received_at") or end) < end]
        return [row for row in came if row["closed_at"] is None or (self.day(row, "closed_at") or end) >= end]

    def overdue(self, end: date | None) -> list[Row]:
        """Open and past the deadline."""
        due = [row for row in self.open(end) if row["deadline_at"]]
        if end is None:
            return [row for row in due if row["deadline_at"] < self.now]
        return [row for row in due if (self.day(row, "deadline_at") or end) < end]

    def at_risk(self) -> list[Row]:
        """Open now, not overdue, with over four fifths of the time used."""
        due = [row for row in self.open(None) if row["deadline_at"] and row["deadline_at"] >= self.now]
        return [row for row in due if self.now - row["received_at"] > 0.8 * (row["deadline_at"] - row["received_at"])]

    def figures(self, start: date, end: date, today: date) -> dict[str, float | None]:
        """Each figure of the catalogue over the local days [start, end)."""
        received, closed = self.within("received_at", start, end), self.within("closed_at", start, end)
        resolved = self.world.ids["outcome"]["resolved"]
        state = None if end > today else end
        overdue, standing = len(self.overdue(state)), len(self.open(state))
        due = [row for row in closed if row["deadline_at"]]
        on_time = sum(row["closed_at"] <= row["deadline_at"] for row in due)
        ratings = [row["rating"] for row in closed if row["rating"]]
        moved = sum(row["holder_id"] != row["first_holder_id"] for row in received)
        times = sorted((row["closed_at"] - row["received_at"]) / DAY for row in closed)
        return {
            "received": len(received),
            "closed": len(closed),
            "resolved": sum(row["outcome_id"] == resolved for row in closed),
            "resolution_rate": _share(sum(row["outcome_id"] == resolved for row in received), len(received)),
            "on_time_rate": _share(on_time, len(due) + overdue),
            "on_time": on_time,
            "breach_rate": _share(len(due) - on_time + overdue, len(due) + overdue),
            "closed_on_time_rate": _share(on_time, len(due)),
            "open": standing,
            "overdue": overdue,
            "overdue_share": _share(overdue, standing),
            "at_risk": len(self.at_risk()) if state is None else None,
            "within": standing - overdue - len(self.at_risk()) if state is None else None,
            "answer_mean": _share(sum(times), len(times)),
            "satisfaction": _share(sum(rating >= 4 for rating in ratings), len(ratings)),
            "rated": len(ratings),
            "low_share": _share(sum(rating <= 2 for rating in ratings), len(ratings)),
            "coverage": _share(len(ratings), len(closed)),
            "rating_mean": _share(sum(ratings), len(ratings)),
            "reopened_rate": _share(sum(row["reopened"] > 0 for row in closed), len(closed)),
            "redirect_rate": _share(moved, len(received)),
            "first_assignment_rate": _share(len(received) - moved, len(received)),
            "flow_ratio": _share(len(closed), len(received)),
            "answer_median": nearest_rank(times, 0.5),
            "answer_p90": nearest_rank(times, 0.9),
        }


def place(row: Row) -> int:
    """The lowest territory that is known of an appeal."""
    found: int = row["municipality_id"] or row["region_id"]
    return found


def nearest_rank(times: list[float], share: float) -> float | None:
    """The time within which `share` of the sorted times lie."""
    return times[max(0, ceil(round(share * len(times), 6)) - 1)] if times else None


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None
