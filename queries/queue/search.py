"""Search in open appeals, by number and by words."""

from typing import Any

from sqlalchemy import ARRAY, Integer, Select, cast, column, func, literal, select
from sqlalchemy.types import BigInteger

from queries.core.resolved_filters import ResolvedFilters

MAX_HITS = 1000
"""Matches at most; which ones of more is arbitrary."""


def matching_keys(
    resolved: ResolvedFilters, search_text: str, status_ids: tuple[int, ...] | None = None
) -> Select[Any]:
    """The keys (region_id, id) of open appeals within the filters whose number, text or topic matches."""

    def int_array(ids: tuple[int, ...] | None) -> Any:  # noqa: ANN401 -- SQLAlchemy's own
        return cast(literal(None if ids is None else list(ids), ARRAY(Integer)), ARRAY(Integer))

    matches = func.search_open(
        search_text.replace("\x00", " "),
        MAX_HITS,
        *map(
            int_array,
            (resolved.regions, resolved.topics, resolved.holders, resolved.channels, resolved.regimes, status_ids),
        ),
    ).table_valued(column("region_id", Integer), column("id", BigInteger))
    return select(matches.c.region_id, matches.c.id)
