"""Whether open and overdue at the end of a period are as they stood then."""

from typing import Literal

from sqlalchemy import func, select

from otklik.database.transactions import query_columns
from queries.cache.live import live
from queries.core.local_days import DAY, is_period_over
from queries.core.resolved_filters import resolve
from queries.counts.recorded_stocks import has_record, stocks_by_day
from queries.filters import Filters

StockBasis = Literal["now", "recorded", "unrecorded", "filtered"]


@live
def stock_basis(filters: Filters) -> StockBasis:
    """What open and overdue at the end of the period are: those of now, those of the record, or counted back.

    They are counted back from what is known now where the last day wasn't recorded in all regions shown (`unrecorded`),
    and with a topic, organisation, channel or regime (`filtered`), which the record doesn't have.
    """
    resolved = resolve(filters)
    if not is_period_over(resolved, filters.end):
        return "now"
    if not has_record(resolved):
        return "filtered"
    days = stocks_by_day(resolved, filters.end - DAY, filters.end).subquery()
    (count,) = query_columns(select(func.count().label("count")).select_from(days))["count"]
    return "recorded" if count else "unrecorded"


def member_stock_basis(filters: Filters) -> StockBasis:
    """Where the stocks of single topics, organisations or channels are from: now, or counted back, never recorded."""
    return "now" if stock_basis(filters) == "now" else "filtered"
