"""The appeals of a problem, as filters."""

from datetime import date

from queries.core.local_days import DAY, running_day
from queries.core.resolved_filters import resolve
from queries.filters import Filters


def problem_filters(territory: str, topic: str, since: date, language: str = "en") -> Filters:
    """The filters that leave a problem's appeals: those of its territory and topic, received since its first day.

    Territory and topic are codes. The period ends with the running day of the territory.
    """
    filters = Filters(since, since, "none", territory, topic, language=language)
    end = running_day(resolve(filters))[0] + DAY
    return Filters(since, max(end, since + DAY), "none", territory, topic, language=language)
