"""Measures and metrics counted appeal by appeal in plain Python: what the screens must show."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from math import ceil

from otklik.deadlines.calendars import WorkingCalendar
from queries.filters import Filters
from tests.support.reference_data import ZONES_BY_REGION, AppealRow, ReferenceData

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
MAX_MARGIN = 10


@dataclass(frozen=True)
class Oracle:
    """All appeals of a test database at a moment.

    `clock`: by the id of a region, the moment from which on nothing counts of a comparison period; None for whole days.
    """

    reference: ReferenceData
    rows: list[AppealRow]
    now: datetime
    clock: dict[int, datetime] | None = None

    def local_day(self, row: AppealRow, column: str) -> date | None:
        """The local day, in the region of an appeal, of one of its moments."""
        moment: datetime | None = row[column]
        return moment and moment.astimezone(self.reference.zones[row["region_id"]]).date()

    def filtered(self, filters: Filters) -> "Oracle":
        """The appeals within the filters."""
        allowed_ids: dict[str, set[int]] = {}
        if filters.territory:
            allowed_ids["place"] = self.reference.descendants("territory", filters.territory)
        if filters.topic:
            allowed_ids["topic_id"] = self.reference.descendants("topic", filters.topic)
        if filters.organisation:
            allowed_ids["holder_id"] = {self.reference.ids["organisation"][filters.organisation]}
        if filters.regime:
            allowed_ids["regime_id"] = {self.reference.ids["regime"][filters.regime]}
        if filters.channel:
            allowed_ids["channel_id"] = {self.reference.ids["channel"][filters.channel]}
        return self._with_rows(
            [
                row
                for row in self.rows
                if all((row | {"place": lowest_territory(row)})[key] in allowed_ids[key] for key in allowed_ids)
            ]
        )

    def grouped(self, by: str, filters: Filters) -> dict[int, "Oracle"]:
        """The appeals by topic, holder and so on, or by territory a step below the chosen one."""
        if by != "territory_id":
            return {
                id_: self._with_rows([row for row in self.rows if row[by] == id_])
                for id_ in {row_[by] for row_ in self.rows}
            }
        parents, root = (
            self.reference.parents["territory"],
            self.reference.ids["territory"].get(filters.territory or ""),
        )
        roots = {root} if root else {id_ for id_, parent in parents.items() if parent is None}
        children = [id_ for id_, parent in parents.items() if parent in roots]
        ancestors = {id_: self.reference.ancestors("territory", id_) for id_ in parents}
        return {
            child: self._with_rows([row for row in self.rows if child in ancestors[lowest_territory(row)]])
            for child in children
        }

    def _with_rows(self, rows: list[AppealRow]) -> "Oracle":
        return replace(self, rows=rows)

    def at_same_clock(self, days_ago: timedelta) -> "Oracle":
        """What had happened so many days ago when the clock of each region showed the minute that it shows now."""
        minute = self.now.replace(second=0, microsecond=0)
        return replace(
            self, clock={id_: minute.astimezone(zone) - days_ago for id_, zone in self.reference.zones.items()}
        )

    def is_later(self, row: AppealRow, column: str) -> bool:
        """Whether a moment of an appeal lies after the clock."""
        return self.clock is not None and row[column] is not None and row[column] >= self.clock[row["region_id"]]

    def rows_within(self, column: str, start: date, end: date) -> list[AppealRow]:
        """The appeals with a moment in the local days [start, end)."""
        return [
            row
            for row in self.rows
            if row[column]
            and start <= (self.local_day(row, column) or date.max) < end
            and not self.is_later(row, column)
        ]

    def local_today(self, filters: Filters) -> date:
        """The earliest local day that isn't over in every region shown."""
        reference = self.reference
        territory_ids = (
            reference.descendants("territory", filters.territory) if filters.territory else set(reference.zones)
        )
        region_ids = {reference.ids["territory"][code] for code in ZONES_BY_REGION}
        ancestor_ids = (
            {id_ for territory_id in territory_ids for id_ in reference.ancestors("territory", territory_id)}
            if filters.territory
            else territory_ids
        )
        shown_regions = (territory_ids & region_ids) or (ancestor_ids & region_ids)
        return min(self.now.astimezone(reference.zones[id_]).date() for id_ in shown_regions)

    def open_rows(self, end: date | None) -> list[AppealRow]:
        """The appeals open now, or at the end of the day before `end`."""
        if end is None:
            return [row for row in self.rows if row["closed_at"] is None]
        received = [row for row in self.rows if (self.local_day(row, "received_at") or end) < end]
        return [
            row
            for row in received
            if not self.is_later(row, "received_at")
            and (
                row["closed_at"] is None
                or (self.local_day(row, "closed_at") or end) >= end
                or self.is_later(row, "closed_at")
            )
        ]

    def overdue_rows(self, end: date | None) -> list[AppealRow]:
        """The appeals open and past their deadline, now or at the end of the day before `end`."""
        with_deadline = [row for row in self.open_rows(end) if row["deadline_at"]]
        if end is None:
            return [row for row in with_deadline if row["deadline_at"] < self.now]
        return [
            row
            for row in with_deadline
            if (self.local_day(row, "deadline_at") or end) < end and not self.is_later(row, "deadline_at")
        ]

    def at_risk_rows(self) -> list[AppealRow]:
        """The appeals open now that aren't overdue and have used over four fifths of their time."""
        with_deadline = [row for row in self.open_rows(None) if row["deadline_at"] and row["deadline_at"] >= self.now]
        return [
            row
            for row in with_deadline
            if self.now - row["received_at"] > 0.8 * (row["deadline_at"] - row["received_at"])
        ]

    def measures(self, start: date, end: date) -> dict[str, int]:
        """Each measure of otklik.database.cubes.measures over the local days [start, end), in that order."""
        received, closed = self.rows_within("received_at", start, end), self.rows_within("closed_at", start, end)
        outcome_ids = self.reference.ids["outcome"]
        resolved = outcome_ids["resolved"]
        settled = self.settled_rows(start, end)
        explained = [row for row in settled if first_outcome_id(row) == outcome_ids["explained"]]
        on_time, margins = [row for row in closed if is_on_time(row)], self.margins(start, end)
        return {
            "received": len(received),
            "received_resolved": sum(row["outcome_id"] == resolved for row in received),
            "redirected": sum(row["holder_id"] != row["first_holder_id"] for row in received),
            "closed": len(closed),
            "resolved": sum(row["outcome_id"] == resolved for row in closed),
            "on_time": len(on_time),
            "late": sum(is_late(row) for row in closed),
            "returned": sum(map(is_returned, settled)),
            **{f"rated_{rating}": self.ratings(start, end).count(rating) for rating in range(1, 6)},
            "answer_seconds": sum(round((row["closed_at"] - row["received_at"]).total_seconds()) for row in closed),
            "late_due": sum(start <= self.due_day(row) < end for row in self.rows if is_late(row)),
            "on_time_due": sum(start <= self.due_day(row) < end for row in self.rows if is_on_time(row)),
            "closed_rated": sum(row["rating"] is not None for row in closed),
            "first_answered": len(settled),
            "first_unknown": sum(row["reopened"] > 0 and not row["first_answered_at"] for row in received),
            "at_once": sum(row["closed_at"] - row["received_at"] < timedelta(minutes=1) for row in closed),
            "explained": len(explained),
            "explained_reopened": sum(map(is_returned, explained)),
            "disordered": sum(map(has_contradicting_dates, received)),
            "placeless": sum(row["municipality_id"] is None and row["lon"] is None for row in received),
            **{f"margin_{days}": sum(margin <= days for margin in margins) for days in range(MAX_MARGIN + 1)},
        }

    def margins(self, start: date, end: date) -> list[int]:
        """The local days from close to deadline of appeals that fell due on [start, end) and were closed by then.

        Without those that had fewer than `MAX_MARGIN` local days from receipt to deadline.
        """
        return [
            (self.due_day(row) - closed_day).days
            for row in self.due_rows(start, end)
            if (closed_day := self.local_day(row, "closed_at"))
            and is_on_time(row)
            and (self.due_day(row) - (self.local_day(row, "received_at") or date.max)).days >= MAX_MARGIN
        ]

    def last_day_excess(self, start: date, end: date, calendar: WorkingCalendar) -> tuple[int, int]:
        """How many closed on the last working day up to their deadline, and on it or the five before.

        Of deadlines on the local days [start, end), without those with holidays so near that the six working days
        begin more than `MAX_MARGIN` days before.
        """
        on_last, near = 0, 0
        for offset in range((end - start).days):
            due_day = start + offset * DAY
            margins = [back for back in range(MAX_MARGIN + 1) if calendar.is_working_day(due_day - back * DAY)][:6]
            if len(margins) == 6:
                closed = self.margins(due_day, due_day + DAY)
                on_last += sum(margin <= margins[0] for margin in closed)
                near += sum(margin <= margins[5] for margin in closed)
        return on_last, near

    def settled_rows(self, start: date, end: date) -> list[AppealRow]:
        """The appeals whose first answer was given a week before a moment of the local days [start, end)."""
        return [
            row
            for row in self.rows
            if (answered := first_answered_at(row))
            and start <= (answered + WEEK).astimezone(self.reference.zones[row["region_id"]]).date() < end
        ]

    def ratings(self, start: date, end: date) -> list[int]:
        """The ratings given in the local days [start, end), those of answers since replaced included."""
        return [
            rating
            for row in self.rows
            for rating, at in row["ratings"]
            if start <= at.astimezone(self.reference.zones[row["region_id"]]).date() < end
            and not (self.clock and at >= self.clock[row["region_id"]])
        ]

    def due_day(self, row: AppealRow) -> date:
        """The local day on which an appeal with a deadline fell due: of the receipt, if that came later."""
        due_at: datetime = max(row["deadline_at"], row["received_at"])
        return due_at.astimezone(self.reference.zones[row["region_id"]]).date()

    def due_rows(self, start: date, end: date) -> list[AppealRow]:
        """The appeals whose deadline fell on the local days [start, end)."""
        return [row for row in self.rows if row["deadline_at"] and start <= self.due_day(row) < end]

    def resolved_share(self, start: date, end: date, as_of: date, days: int = 30) -> float | None:
        """The share resolved within so many days of receipt, or by the age of the oldest, as it stood after `as_of`.

        Of the appeals received in the local days [start, end): an appeal open after `as_of` counts up to its age, one
        closed with another outcome as not resolved.
        """
        resolved_id, horizon = self.reference.ids["outcome"]["resolved"], min(days, (as_of - start).days)
        lives: list[tuple[int, str]] = []
        for row in self.rows_within("received_at", start, min(end, as_of + DAY)):
            received_day, closed_day = (
                self.local_day(row, column) or date.max for column in ("received_at", "closed_at")
            )
            age, age_seen = max((closed_day - received_day).days, 0), (as_of - received_day).days
            ending = "resolved" if row["outcome_id"] == resolved_id else "other"
            lives.append((age, ending) if age <= age_seen else (age_seen, "open"))
        share, open_before = 0.0, 1.0
        for age in range(horizon + 1):
            endings = [ending for lasted, ending in lives if lasted == age]
            at_risk = sum(lasted >= age for lasted, _ in lives)
            if not at_risk:
                break
            share += open_before * endings.count("resolved") / at_risk
            open_before *= 1 - (endings.count("resolved") + endings.count("other")) / at_risk
        return share if lives and horizon >= 0 else None

    def metrics(self, start: date, end: date, today: date, days_ago: int = 0) -> dict[str, float | None]:
        """Each metric of the catalogue over the local days [start, end).

        What depends on age is counted as it stood at the end of the day `days_ago` days before yesterday.
        """
        measures, closed = self.measures(start, end), self.rows_within("closed_at", start, end)
        received_count, closed_count = measures["received"], measures["closed"]
        state = None if end > today else end
        overdue_count, open_count = len(self.overdue_rows(state)), len(self.open_rows(state))
        on_time, late, redirected = measures["on_time"], measures["late"], measures["redirected"]
        due = self.due_rows(start, min(end, today if self.clock is None else today - days_ago * DAY))
        met = sum(map(is_on_time, due))
        settled = self.settled_rows(start, min(end, today if self.clock is None else today - days_ago * DAY))
        returned = sum(map(is_returned, settled))
        ratings = self.ratings(start, end)
        answer_days = [(row["closed_at"] - row["received_at"]) / DAY for row in closed]
        # Percentiles are those of whole days.
        whole_days = replace(self, clock=None).rows_within("closed_at", start, end)
        sorted_days = sorted((row["closed_at"] - row["received_at"]) / DAY for row in whole_days)
        return {
            "received": received_count,
            "closed": closed_count,
            "resolved": measures["resolved"],
            "resolved_share": self.resolved_share(start, end, today - (days_ago + 1) * DAY),
            "resolution_rate": _ratio(measures["received_resolved"], received_count),
            "on_time_rate": _ratio(met, len(due)),
            "on_time": on_time,
            "breach_rate": _ratio(len(due) - met, len(due)),
            "closed_on_time_rate": _ratio(on_time, on_time + late),
            "open": open_count,
            "overdue": overdue_count,
            "overdue_share": _ratio(overdue_count, open_count),
            "at_risk": len(self.at_risk_rows()) if state is None else None,
            "within": open_count - overdue_count - len(self.at_risk_rows()) if state is None else None,
            "answer_mean": _ratio(sum(answer_days), len(answer_days)),
            "satisfaction": _ratio(sum(rating >= 4 for rating in ratings), len(ratings)),
            "rated": len(ratings),
            "low_share": _ratio(sum(rating <= 2 for rating in ratings), len(ratings)),
            "coverage": _ratio(measures["closed_rated"], closed_count),
            "rating_mean": _ratio(sum(ratings), len(ratings)),
            # Unknown where more of those re-opened lack the history than have it.
            "reopened_rate": None if measures["first_unknown"] > returned else _ratio(returned, len(settled)),
            "redirect_rate": _ratio(redirected, received_count),
            "first_assignment_rate": _ratio(received_count - redirected, received_count),
            "flow_ratio": _ratio(closed_count, received_count),
            "answer_median": nearest_rank(sorted_days, 0.5),
            "answer_p90": nearest_rank(sorted_days, 0.9),
        }


def first_answered_at(row: AppealRow) -> datetime | None:
    """When an appeal was answered first: its close, or what is known of one that was re-opened."""
    moment: datetime | None = row["first_answered_at"] if row["reopened"] else row["closed_at"]
    return moment


def first_outcome_id(row: AppealRow) -> int | None:
    """The outcome of an appeal's first answer."""
    outcome_id: int | None = row["first_outcome_id"] if row["reopened"] else row["outcome_id"]
    return outcome_id


def is_returned(row: AppealRow) -> bool:
    """Whether the first answer of an appeal was returned within a week."""
    answered, returned = row["first_answered_at"], row["first_returned_at"]
    return bool(answered and returned <= answered + WEEK)


def is_on_time(row: AppealRow) -> bool:
    """Whether an appeal was closed by its deadline."""
    return bool(row["deadline_at"] and row["closed_at"] and row["closed_at"] <= row["deadline_at"])


def is_late(row: AppealRow) -> bool:
    """Whether an appeal was closed after its deadline."""
    return bool(row["deadline_at"] and row["closed_at"] and row["closed_at"] > row["deadline_at"])


def has_contradicting_dates(row: AppealRow) -> bool:
    """Whether an appeal was due before it came, closed before it was registered or rated before its only answer."""
    return bool(
        (row["deadline_at"] and row["deadline_at"] < row["received_at"])
        or (row["registered_at"] and row["closed_at"] and row["registered_at"] > row["closed_at"])
        or (row["rated_at"] and row["closed_at"] and row["rated_at"] < row["closed_at"] and not row["reopened"])
    )


def lowest_territory(row: AppealRow) -> int:
    """The municipality of an appeal, or else its region."""
    territory_id: int = row["municipality_id"] or row["region_id"]
    return territory_id


def nearest_rank(times: list[float], share: float) -> float | None:
    """The time within which a share of the sorted times lies; None without times."""
    return times[max(0, ceil(round(share * len(times), 6)) - 1)] if times else None


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None
