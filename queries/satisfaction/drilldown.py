"""The answers behind a bar of ratings: those with a rating, within a time, or with a fate."""

from typing import Any, Literal

import pandas as pd
from sqlalchemy import BigInteger, ColumnElement, and_, case, cast, func

from otklik.database.tables import appeal
from otklik.database.transactions import frame
from queries.cache.background import later
from queries.core.appeal_rows import appeals, named
from queries.core.date_ranges import latest
from queries.core.resolved_filters import cut
from queries.filters import Filters
from queries.satisfaction.by_answer_time import DAY, ENDS
from queries.satisfaction.low_rating_outcomes import FATES, fate, low_or_again, still_open

Bar = Literal["rating", "delay", "fate"]
LISTED = 100
# What can be asked for, as an address says it: `rating-5`, `delay-0`, `fate-open`.
BARS: dict[Bar, tuple[str, ...]] = {
    "rating": ("1", "2", "3", "4", "5"),
    "delay": tuple(str(n) for n in range(len(ENDS) + 1)),
    "fate": FATES,
}
seconds = cast(func.extract("epoch", appeal.c.closed_at - appeal.c.received_at), BigInteger)
wait = case(*((seconds <= end * DAY, n) for n, end in enumerate(ENDS)), else_=len(ENDS))


@later
def listed(filters: Filters, bar: Bar, bar_value: str) -> pd.DataFrame:
    """The answers of the period behind a bar, the last one first (of those open again: the last rated), at most 100.

    Behind a time those that were rated. Columns: number, received_at, closed_at, rated_at (local), rating (None for
    none), topic, territory, organisation, channel, status.
    """
    resolved = cut(filters)
    key_columns: list[Any] = [appeal.c.region_id, appeal.c.id]
    if (bar, bar_value) == ("fate", "open"):
        order_moment: ColumnElement[Any] = func.coalesce(appeal.c.rated_at, appeal.c.received_at)
        keys = (
            still_open(resolved, filters, *key_columns)
            .order_by(order_moment.desc(), appeal.c.id)
            .limit(LISTED)
            .subquery()
        )
    else:
        order_moment = appeal.c.closed_at
        keys = latest(
            resolved, "closed_at", filters.start, filters.end, key_columns, LISTED, *_behind(bar, bar_value)
        ).subquery()
    query = (
        appeals(appeal.c.received_at, appeal.c.closed_at, appeal.c.rated_at, appeal.c.rating)
        .join(keys, and_(keys.c.region_id == appeal.c.region_id, keys.c.id == appeal.c.id))
        .order_by(order_moment.desc(), appeal.c.id)
    )
    return named(frame(query), filters.language)


def _behind(bar: Bar, bar_value: str) -> list[ColumnElement[bool]]:
    """What holds for the closed ones behind a bar."""
    if bar == "rating":
        return [appeal.c.rating == int(bar_value)]
    if bar == "delay":
        return [appeal.c.rating.is_not(None), wait == int(bar_value)]
    return [low_or_again, fate == bar_value]
