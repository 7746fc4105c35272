"""What a screen is narrowed to, as its address says it."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, Self


@dataclass(frozen=True)
class Filters:
    """A half-open range of local days [start, end), and codes as in the address; None is all that the viewer sees."""

    start: date
    end: date
    compare: Literal["previous", "year", "none"] = "previous"
    territory: str | None = None
    topic: str | None = None
    organisation: str | None = None
    regime: str | None = None
    channel: str | None = None
    language: str = "en"

    def comparison_filters(self) -> Self | None:
        """The same screen in the period compared with: as long before, a year before, or none."""
        if self.compare == "previous":
            return replace(self, start=self.start - (self.end - self.start), end=self.start)
        if self.compare == "year":
            return replace(self, start=_year_before(self.start), end=_year_before(self.end))
        return None


def _year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
