"""What the filter bar of a page is set to, in the codes that its address carries."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, Self

FAR_FUTURE = date(9999, 1, 1)


@dataclass(frozen=True)
class Filters:
    """A half-open range of local days [start, end) and the chosen codes; None stands for everything the viewer sees.

    `days_ago`: how many days a comparison period begins before the one compared. What depends on age is counted as it
    stood so many days ago, when these appeals were as old as the others are now.
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

    def comparison_filters(self) -> Self | None:
        """These filters over the comparison period: the one just before, of equal length, or a year before; or None."""
        if self.compare == "previous":
            start, end = self.start - (self.end - self.start), self.start
        elif self.compare == "year":
            start, end = _year_before(self.start), _year_before(self.end)
        else:
            return None
        return replace(self, start=start, end=end, days_ago=self.days_ago + (self.start - start).days)

    def without_period(self) -> Self:
        """These filters over an empty period in the far future: nothing is received or closed, open is open now."""
        return replace(self, start=FAR_FUTURE, end=FAR_FUTURE, compare="none")


def _year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)
