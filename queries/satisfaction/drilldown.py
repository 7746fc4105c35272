"""The appeals behind a bar of the ratings page: by rating, answer time, outcome of a low rating, or verdict."""

from typing import Any, Literal

import pandas as pd
from sqlalchemy import BigInteger, ColumnElement, and_, case, cast, func, or_

from otklik.database.tables import appeal, given_rating
from otklik.database.transactions import query_dataframe
from queries.cache.background import background_timed
from queries.core.date_ranges import latest_appeals
from queries.core.local_days import DAY_SECONDS
from queries.core.resolved_filters import resolve
from queries.filters import Filters
from queries.lists.appeal_rows import format_appeal_rows, select_appeals
from queries.satisfaction.by_answer_time import CLASS_END_DAYS
from queries.satisfaction.low_rating_outcomes import (
    LOW_RATING_OUTCOMES,
    currently_reopened,
    low_or_reopened,
    low_rating_outcome,
)
from queries.satisfaction.verdicts import VERDICTS, judged_appeals

BarKind = Literal["rating", "delay", "fate", "verdict"]
MAX_ROWS = 100
# The bars as query parameters have them: `rating-5`, `delay-0`, `fate-open`.
BAR_VALUES: dict[BarKind, tuple[str, ...]] = {
    "rating": ("1", "2", "3", "4", "5"),
    "delay": tuple(str(n) for n in range(len(CLASS_END_DAYS) + 1)),
    "fate": LOW_RATING_OUTCOMES,
    "verdict": VERDICTS,
}
answer_seconds = cast(func.extract("epoch", appeal.c.closed_at - appeal.c.received_at), BigInteger)
answer_time_class = case(
    *((answer_seconds <= end * DAY_SECONDS, n) for n, end in enumerate(CLASS_END_DAYS)), else_=len(CLASS_END_DAYS)
)
LIST_MOMENTS = (appeal.c.received_at, appeal.c.closed_at)
# Whether a rating is about the answer that the appeal has now: only of that is the time known.
is_of_this_answer = and_(
    given_rating.c.is_latest,
    appeal.c.closed_at.is_not(None),
    or_(appeal.c.reopened == 0, given_rating.c.rated_at >= appeal.c.closed_at),
)


@background_timed
def appeals_behind_bar(filters: Filters, bar: BarKind, bar_value: str) -> pd.DataFrame:
    """The appeals of the period behind a bar, at most 100: the last rated first, or behind outcomes the last closed.

    Behind a verdict are the answers that were officially resolved, the last verdict first (its moment is `rated_at`).
    Behind a rating and a class of answer time are the ratings given in the period, a row each. Columns: number,
    received_at, closed_at, rated_at (local), rating (or None), topic, territory, organisation, channel, status.
    """
    if bar == "verdict":
        return judged_appeals(filters, bar_value, MAX_ROWS)
    resolved = resolve(filters)
    key_columns: list[Any] = [appeal.c.region_id, appeal.c.id]
    if (bar, bar_value) == ("fate", "open"):
        order_moment: ColumnElement[Any] = func.coalesce(appeal.c.rated_at, appeal.c.received_at)
        keys = (
            currently_reopened(resolved, filters, *key_columns)
            .order_by(order_moment.desc(), appeal.c.id)
            .limit(MAX_ROWS)
            .subquery()
        )
    elif bar != "fate":
        query = latest_appeals(
            resolved,
            "rated_at",
            filters.start,
            filters.end,
            [*select_appeals().selected_columns, *LIST_MOMENTS, given_rating.c.rated_at, given_rating.c.rating],
            MAX_ROWS,
            *_bar_conditions(bar, bar_value),
        )
        return format_appeal_rows(query_dataframe(query), filters.language)
    else:
        order_moment = appeal.c.closed_at
        keys = latest_appeals(
            resolved, "closed_at", filters.start, filters.end, key_columns, MAX_ROWS, *_bar_conditions(bar, bar_value)
        ).subquery()
    query = (
        select_appeals(*LIST_MOMENTS, appeal.c.rated_at, appeal.c.rating)
        .join(keys, and_(keys.c.region_id == appeal.c.region_id, keys.c.id == appeal.c.id))
        .order_by(order_moment.desc(), appeal.c.id)
    )
    return format_appeal_rows(query_dataframe(query), filters.language)


def _bar_conditions(bar: BarKind, bar_value: str) -> list[ColumnElement[bool]]:
    """The conditions for ratings, or for closed appeals with an outcome, behind a bar."""
    if bar == "rating":
        return [given_rating.c.rating == int(bar_value)]
    if bar == "delay":
        return [is_of_this_answer, answer_time_class == int(bar_value)]
    return [low_or_reopened, low_rating_outcome == bar_value]
