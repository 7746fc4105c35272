"""What a period adds up to, and how things stand at its end."""

from otklik.database.transactions import columns
from queries.cache.live import live
from queries.core.aggregates import question
from queries.core.resolved_filters import cut
from queries.filters import Filters


@live
def totals(filters: Filters) -> dict[str, int]:
    """The measures of the period and the state at its end."""
    return {name: int(total) for name, (total,) in columns(question(cut(filters), filters.start, filters.end)).items()}
