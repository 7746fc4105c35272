"""What the filter bar of a page is set to, in the codes that its address carries."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal, Self

FAR_FUTURE = date(9999, 1, 1)
DAYS_A_WEEK = 7
WEEKS_A_YEAR = 52


@dataclass(frozen=True)
class Filters:
    """A half-open range of local days [start, end) and the chosen codes; None stands for everything the viewer sees.

    `days_ago`: how many days a comparison period begins before the one compared. What depends on age is counted as it
    stood so many days ago, when these appeals were as old as the others are now.

    `data_start`: the first day on which the territory received anything, None where it doesn't matter. There is nothing
    to compare with before it.

    `jurisdiction`: the codes of the country and region by whose calendar working days are counted; without a country,
    Mondays to Fridays.
    """

    start: date
    end: date
    compare: Literal["previous", "year", "none"] = "previous"
    territory: str | None = None
    topic: str | None = None
    organisation: str | None = None
    regime: str | None = None
    channel: str | None = None
    language: str = "en"
    days_ago: int = 0
    data_start: date | None = None
    jurisdiction: tuple[str | None, str | None] = (None, None)

    def comparison_filters(self) -> Self | None:
        """These filters over the comparison period, of equal length and with the same weekdays; None without one.

        The one before ends at most six days before this period begins; the one of last year lies 52 weeks back. None
        where it would begin before the data do.
        """
        if self.compare == "none":
            return None
        length = (self.end - self.start).days
        weeks = WEEKS_A_YEAR if self.compare == "year" else max(1, -(-length // DAYS_A_WEEK))
        shift = timedelta(weeks=weeks)
        start, end = self.start - shift, self.end - shift
        if self.data_start is not None and start < self.data_start:
            return None
        return replace(self, start=start, end=end, days_ago=self.days_ago + shift.days)

    def without_period(self) -> Self:
        """These filters over an empty period in the far future: nothing is received or closed, open is open now."""
        return replace(self, start=FAR_FUTURE, end=FAR_FUTURE, compare="none")
