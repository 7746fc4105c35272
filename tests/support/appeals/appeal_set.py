"""Appeals of a test database, chosen in plain Python: those within filters, of a member, of some days, open or late."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Self

from queries.filters import Filters
from tests.support.figures.reference_data import AppealRow, ReferenceData

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
MOMENT_COLUMNS = ("received_at", "registered_at", "deadline_at", "closed_at", "first_answered_at", "rated_at")


@dataclass(frozen=True)
class AppealSet:
    """All appeals of a test database at a moment.

    `clock`: by the id of a region, the moment from which on nothing counts of a comparison period; None for whole days.
    """

    reference: ReferenceData
    rows: list[AppealRow]
    now: datetime
    clock: dict[int, datetime] | None = None

    def local_day(self, row: AppealRow, column: str) -> date | None:
        """The local day, in the region of an appeal, of one of its moments; computed once."""
        key = f"local day of {column}"
        if key not in row:
            moment: datetime | None = row[column]
            row[key] = moment and moment.astimezone(self.reference.zones[row["region_id"]]).date()
        day: date | None = row[key]
        return day

    def filtered(self, filters: Filters) -> Self:
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
        place_ids = allowed_ids.pop("place", None)
        return self._with_rows(
            [
                row
                for row in self.rows
                if (place_ids is None or lowest_territory(row) in place_ids)
                and all(row[key] in ids for key, ids in allowed_ids.items())
            ]
        )

    def grouped(self, by: str, filters: Filters | None = None) -> dict[int, Self]:
        """The appeals by holder and so on, by region, or by territory or topic a step below the chosen one.

        `by`: a column of appeals, where `topic_id` is the topic itself; `topic_step` the one a step below.
        """
        rows_by_member: dict[int, list[AppealRow]] = {}
        member_by_id: dict[int, int] = {}
        members: Iterable[int | None]
        if by == "territory_id":
            member_by_id = self.members_below("territory", filters.territory if filters else None)
            members = (member_by_id.get(lowest_territory(row)) for row in self.rows)
        elif by == "topic_step":
            topic_by_id = self.members_below("topic", filters.topic if filters else None)
            members = (topic_by_id.get(row["topic_id"], row["topic_id"]) for row in self.rows)
        else:
            members = (row[by] for row in self.rows)
        for row, member_id in zip(self.rows, members, strict=True):
            if member_id is not None:
                rows_by_member.setdefault(member_id, []).append(row)
        rows_by_member |= {id_: [] for id_ in set(member_by_id.values()) - set(rows_by_member)}
        return {id_: self._with_rows(rows) for id_, rows in rows_by_member.items()}

    def members_below(self, kind: str, code: str | None) -> dict[int, int]:
        """For each territory or topic below the chosen one, the one a step below it that it is or lies in.

        Without one, the topmost topics, and the territories a step below the topmost.
        """
        parents, ids = self.reference.parents[kind], self.reference.ids[kind]
        tops = {id_ for id_, parent in parents.items() if parent is None}
        chosen = {ids[code]} if code else tops if kind == "territory" else {None}
        return {
            id_: member_id
            for id_ in parents
            for member_id in self.reference.ancestors(kind, id_)
            if parents[member_id] in chosen
        }

    def _with_rows(self, rows: list[AppealRow]) -> Self:
        return replace(self, rows=rows)

    def at_same_clock(self, days_ago: timedelta) -> Self:
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

    def shown_regions(self, filters: Filters) -> set[int]:
        """The ids of the regions in the chosen territory, or of the one that it lies in."""
        reference = self.reference
        if filters.territory is None:
            return reference.region_ids
        below = reference.descendants("territory", filters.territory)
        chosen_id = reference.ids["territory"][filters.territory]
        return below & reference.region_ids or {*reference.ancestors("territory", chosen_id)} & reference.region_ids

    def local_today(self, filters: Filters) -> date:
        """The earliest local day that isn't over in every region shown."""
        zones = self.reference.zones
        return min(self.now.astimezone(zones[id_]).date() for id_ in self.shown_regions(filters))

    def touching(self, start: date, end: date) -> Self:
        """The appeals open at any time in the local days [start, end), or with a moment in them: what figures need.

        Some appeals of days near them are among these too.
        """
        rows = []
        for row in self.rows:
            if "first moment" not in row:
                moments = [row[column] for column in MOMENT_COLUMNS if row[column]]
                moments += [at for _, at in row["ratings"]]
                row["first moment"], row["last moment"] = min(moments), max(moments)
            is_open = row["closed_at"] is None
            lasts = is_open or row["last moment"].date() + WEEK + 2 * DAY >= start
            if lasts and row["first moment"].date() - 2 * DAY < end:
                rows.append(row)
        return self._with_rows(rows)

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
