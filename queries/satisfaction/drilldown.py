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
def listed(filters: Filters, bar: Bar, which: str) -> pd.DataFrame:
    """The answers of the period behind a bar, the last one first (of those open again: the last rated), at most 100.

    Behind a time those that were rated. Columns: number, received_at, closed_at, rated_at (local), rating (None for
    none), topic, territory, organisation, channel, status.
    """
    part = cut(filters)
    key: list[Any] = [appeal.c.region_id, appeal.c.id]
    if (bar, which) == ("fate", "open"):
        at: ColumnElement[Any] = func.coalesce(appeal.c.rated_at, appeal.c.received_at)
        found = still_open(part, filters, *key).order_by(at.desc(), appeal.c.id).limit(LISTED).subquery()
    else:
        at = appeal.c.closed_at
        found = latest(part, "closed_at", filters.start, filters.end, key, LISTED, *_behind(bar, which)).subquery()
    question = (
        appeals(appeal.c.received_at, appeal.c.closed_at, appeal.c.rated_at, appeal.c.rating)
        .join(found, and_(found.c.region_id == appeal.c.region_id, found.c.id == appeal.c.id))
        .order_by(at.desc(), appeal.c.id)
    )
    return named(frame(question), filters.language)


def _behind(bar: Bar, which: str) -> list[ColumnElement[bool]]:
    """What holds for the closed ones behind a bar."""
    if bar == "rating":
        return [appeal.c.rating == int(which)]
    if bar == "delay":
        return [appeal.c.rating.is_not(None), wait == int(which)]
    return [low_or_again, fate == which]
