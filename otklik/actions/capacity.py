"""Which organisations can take more appeals: how many each will close by a deadline beyond those it has open."""

from collections.abc import Sequence
from statistics import median

PACE_DAYS = 28
"""Days over which the appeals that an organisation closed a day are averaged."""
MIN_PACE = 7 / PACE_DAYS
"""Appeals closed a day, over the last 28 days, from which on a pace is one: seven in all."""
MIN_DAYS = 7.0
"""Days to the deadline that are counted at least: appeals that are late or nearly so take some days all the same."""
EXPERIENCE_DAYS = 90
"""Appeals of this many days count as an organisation's experience with a topic."""


def typical_days(days_to_deadlines: Sequence[float]) -> float:
    """The median of the days to the deadlines of some appeals, late ones as 0; at least `MIN_DAYS`."""
    return max(median([max(days, 0.0) for days in days_to_deadlines]), MIN_DAYS) if days_to_deadlines else MIN_DAYS


def room(closed_per_day: float, open_count: int, days: float) -> float | None:
    """The appeals that an organisation could take and close within so many days; negative where it has too many.

    It goes on at its pace, and first closes what it has open. None where it closed too few to have a pace.
    """
    return closed_per_day * days - open_count if closed_per_day >= MIN_PACE else None
