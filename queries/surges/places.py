"""Where the appeals of a surge come from."""

from typing import Literal, NamedTuple

from sqlalchemy import distinct, func

from otklik.database.tables import appeal
from otklik.database.transactions import query_columns
from queries.cache.timed import timed
from queries.core.date_ranges import select_in_days
from queries.core.reference import dimension_members
from queries.core.resolved_filters import resolve
from queries.filters import Filters

PlaceLevel = Literal["region", "municipality", "organisation"]
PLACE_LEVELS: dict[str, PlaceLevel] = {
    "country": "region",
    "district": "region",
    "region": "municipality",
    "municipality": "organisation",
}
"""In what the appeals of a territory are counted, by its level."""
PLACE_COLUMNS = {"region": "region_id", "municipality": "municipality_id", "organisation": "holder_id"}


class SurgePlaces(NamedTuple):
    """How many appeals there are by now, and in how many places of which level; those without a place are in none.

    `received` differs from what was alarmed where appeals arrived or changed since.
    """

    received: int
    level: PlaceLevel
    place_count: int


@timed
def surge_places(filters: Filters) -> SurgePlaces:
    """The appeals received within the filters, which have a territory, by the places below it."""
    resolved = resolve(filters)
    territories = dimension_members("territory", "en").set_index("code")
    level = PLACE_LEVELS[territories["level"].to_dict()[filters.territory]]
    counts = func.count().label("received"), func.count(distinct(appeal.c[PLACE_COLUMNS[level]])).label("places")
    columns = query_columns(select_in_days(resolved, "received_at", filters.start, filters.end, *counts))
    return SurgePlaces(int(columns["received"][0]), level, int(columns["places"][0]))
