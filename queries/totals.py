"""What a period adds up to, and how things stand at its end."""

from database.reading import columns
from queries.cut import cut
from queries.filters import Filters
from queries.live import live
from queries.sums import question


@live
def totals(filters: Filters) -> dict[str, int]:
    """The measures of the period and the state at its end."""
    return {name: int(total) for name, (total,) in columns(question(cut(filters), filters.start, filters.end)).items()}
