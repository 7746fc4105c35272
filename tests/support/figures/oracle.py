"""Measures and metrics counted appeal by appeal in plain Python: what the screens must show."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from math import ceil

from otklik.deadlines.calendars import WorkingCalendar
from tests.support.appeals.appeal_set import (
    DAY,
    AppealSet,
    first_outcome_id,
    has_contradicting_dates,
    is_late,
    is_on_time,
    is_returned,
)

__all__ = ["DAY", "Oracle", "nearest_rank", "ratio"]

MAX_MARGIN = 10


class Oracle(AppealSet):
    """The figures of a set of appeals."""

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
        return [margin for margins in self._margins_by_day(start, end).values() for margin in margins]

    def _margins_by_day(self, start: date, end: date) -> dict[date, list[int]]:
        by_day: dict[date, list[int]] = {}
        for row in self.due_rows(start, end):
            closed_day, due_day = self.local_day(row, "closed_at"), self.due_day(row)
            had_time = (due_day - (self.local_day(row, "received_at") or date.max)).days >= MAX_MARGIN
            if closed_day and is_on_time(row) and had_time:
                by_day.setdefault(due_day, []).append((due_day - closed_day).days)
        return by_day

    def last_day_excess(self, start: date, end: date, calendar: WorkingCalendar) -> tuple[int, int]:
        """How many closed on the last working day up to their deadline, and on it or the five before.

        Of deadlines on the local days [start, end), without those with holidays so near that the six working days
        begin more than `MAX_MARGIN` days before.
        """
        on_last, near = 0, 0
        closed_by_due_day = self._margins_by_day(start, end)
        for due_day, closed in closed_by_due_day.items():
            margins = [back for back in range(MAX_MARGIN + 1) if calendar.is_working_day(due_day - back * DAY)][:6]
            if len(margins) == 6:
                on_last += sum(margin <= margins[0] for margin in closed)
                near += sum(margin <= margins[5] for margin in closed)
        return on_last, near

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
        share, open_before, at_risk, counts = 0.0, 1.0, len(lives), Counter(lives)
        for age in range(horizon + 1):
            if not at_risk:
                break
            resolved, other = counts[age, "resolved"], counts[age, "other"]
            share += open_before * resolved / at_risk
            open_before *= 1 - (resolved + other) / at_risk
            at_risk -= resolved + other + counts[age, "open"]
        return share if lives and horizon >= 0 else None

    def metrics(
        self,
        start: date,
        end: date,
        today: date,
        days_ago: int = 0,
        *,
        resolution_days: int = 30,
        stock: tuple[int, int] | None = None,
    ) -> dict[str, float | None]:
        """Each metric of a period over the local days [start, end).

        What depends on age is counted as it stood at the end of the day `days_ago` days before yesterday. `stock`: open
        and overdue at the end as they were recorded then, in place of those counted back.
        """
        measures, closed = self.measures(start, end), self.rows_within("closed_at", start, end)
        received_count, closed_count = measures["received"], measures["closed"]
        state = None if end > today else end
        open_count, overdue_count = stock or (len(self.open_rows(state)), len(self.overdue_rows(state)))
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
            "resolved_share": self.resolved_share(start, end, today - (days_ago + 1) * DAY, resolution_days),
            "resolution_rate": ratio(measures["received_resolved"], received_count),
            "on_time_rate": ratio(met, len(due)),
            "on_time": on_time,
            "breach_rate": ratio(len(due) - met, len(due)),
            "closed_on_time_rate": ratio(on_time, on_time + late),
            "open": open_count,
            "overdue": overdue_count,
            "overdue_share": ratio(overdue_count, open_count),
            "at_risk": len(self.at_risk_rows()) if state is None else None,
            "within": open_count - overdue_count - len(self.at_risk_rows()) if state is None else None,
            "answer_mean": ratio(sum(answer_days), len(answer_days)),
            "satisfaction": ratio(sum(rating >= 4 for rating in ratings), len(ratings)),
            "rated": len(ratings),
            "low_share": ratio(sum(rating <= 2 for rating in ratings), len(ratings)),
            "coverage": ratio(measures["closed_rated"], closed_count),
            "rating_mean": ratio(sum(ratings), len(ratings)),
            # Unknown where more of those re-opened lack the history than have it.
            "reopened_rate": None if measures["first_unknown"] > returned else ratio(returned, len(settled)),
            "redirect_rate": ratio(redirected, received_count),
            "first_assignment_rate": ratio(received_count - redirected, received_count),
            "flow_ratio": ratio(closed_count, received_count),
            "answer_median": nearest_rank(sorted_days, 0.5),
            "answer_p90": nearest_rank(sorted_days, 0.9),
        }


def nearest_rank(times: list[float], share: float) -> float | None:
    """The time within which a share of the sorted times lies; None without times."""
    return times[max(0, ceil(round(share * len(times), 6)) - 1)] if times else None


def ratio(part: float, whole: float) -> float | None:
    """A quotient; None where there is nothing to divide by."""
    return part / whole if whole else None
