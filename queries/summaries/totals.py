"""The measures of a whole period, and the state at its end."""

from otklik.database.transactions import query_columns
from queries.cache.live import live
from queries.core.resolved_filters import resolve
from queries.counts.aggregates import sums_query
from queries.filters import Filters


@live
def period_totals(filters: Filters) -> dict[str, int]:
    """Each measure of the period, and each state measure at its end (now, if it isn't over), by name.

    Open and overdue at the end of a day that was recorded are those of the record.
    """
    return {
        name: int(total)
        for name, (total,) in query_columns(sums_query(resolve(filters), filters.start, filters.end)).items()
    }
