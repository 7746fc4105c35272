"""What a period adds up to, and how things stand at its end."""

from sqlalchemy import select

from database.reading import frame
from database.tables import MEASURES
from queries.cut import cut
from queries.filters import Filters
from queries.live import live
from queries.sums import STATE, sums


@live
def totals(filters: Filters) -> dict[str, int]:
    """The measures of the period and the state at its end."""
    row = frame(select(sums(cut(filters), filters.start, filters.end))).iloc[0]
    return {name: int(row[name]) for name in (*MEASURES, *STATE)}
