"""Searching open appeals by number and by words."""

from typing import Any

from sqlalchemy import ARRAY, Integer, Select, cast, column, func, literal, select
from sqlalchemy.types import BigInteger

from queries.core.resolved_filters import Cut

MOST = 1000
"""Found at most; which of more is left to chance, so narrower words are the answer."""
SHORTEST = 2


def hits(part: Cut, said: str, statuses: tuple[int, ...] | None = None) -> Select[Any]:
    """The keys (region, id) of the open appeals of the part whose number, text or topic holds what was said."""

    def listed(ids: tuple[int, ...] | None) -> Any:  # noqa: ANN401 -- an expression of an array
        return cast(literal(None if ids is None else list(ids), ARRAY(Integer)), ARRAY(Integer))

    found = func.search_open(
        said.replace("\x00", " "),
        MOST,
        *map(listed, (part.regions, part.topics, part.holders, part.channels, part.regimes, statuses)),
    ).table_valued(column("region_id", Integer), column("id", BigInteger))
    return select(found.c.region_id, found.c.id)
