"""Today so far, and the stocks as of now: what the figures of a period of whole days leave out."""

from dataclasses import replace
from datetime import date
from typing import NamedTuple

from queries.cache.live import live
from queries.core.local_days import DAY, running_day
from queries.core.resolved_filters import resolve
from queries.filters import Filters
from queries.metrics.metric import MetricValue
from queries.summaries.metric_values import metric_values

TODAY_METRICS = ("received", "closed", "open", "overdue", "at_risk")


class TodaySoFar(NamedTuple):
    """`day`: the earliest local day that isn't over in every region shown. `values`: those of `TODAY_METRICS`."""

    day: date
    values: list[MetricValue]


@live
def today_so_far(filters: Filters) -> TodaySoFar:
    """Received and closed on the running day, and open, overdue and at risk now; the period is ignored.

    Without a comparison: with what is usual by this hour, the chart of today by the hour has it.
    """
    day = running_day(resolve(filters))[0]
    return TodaySoFar(day, metric_values(replace(filters, start=day, end=day + DAY, compare="none"), TODAY_METRICS))
