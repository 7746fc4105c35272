"""The fields that no figure within the filters can be computed from, since a source doesn't have them."""

from collections.abc import Iterable

import pandas as pd

from queries.cache.live import reference_data
from queries.core.reference import dimension_members
from queries.core.resolved_filters import resolve
from queries.filters import Filters


def lacking_fields(filters: Filters) -> frozenset[str]:
    """The fields that a source of appeals lacks in any of the regions shown."""
    fields_by_territory = lacking_by_territory()
    return frozenset().union(*(fields_by_territory.get(region_id, ()) for region_id in resolve(filters).regions))


def lacking_of_territories(territory_ids: Iterable[int]) -> list[frozenset[str]]:
    """The lacking fields of each territory: those of its region, or of the regions below it."""
    fields_by_territory = lacking_by_territory()
    return [fields_by_territory.get(territory_id, frozenset()) for territory_id in territory_ids]


def drop_unknown_deadlines(rows: pd.DataFrame, column: str, filters: Filters) -> pd.DataFrame:
    """The rows without a column that counts by the deadline, if the source gives none and nothing is counted."""
    is_unknown = "deadline_at" in lacking_fields(filters) and not rows[column].any()
    return rows.drop(columns=column) if is_unknown else rows


def mark_unknown_deadlines(rows: pd.DataFrame, filters: Filters) -> pd.DataFrame:
    """The rows of what is late or due; without any, `attrs["lacks_deadlines"]` says whether the source gives none."""
    rows.attrs["lacks_deadlines"] = rows.empty and "deadline_at" in lacking_fields(filters)
    return rows


@reference_data
def lacking_by_territory() -> dict[int, frozenset[str]]:
    """The lacking fields of each territory that has any, by its id."""
    rows = dimension_members("territory", "en")
    parents: dict[int, int] = {
        territory_id: int(parent_id)
        for territory_id, parent_id in zip(rows.index.tolist(), rows["parent_id"].tolist(), strict=True)
        if not pd.isna(parent_id)
    }
    fields_by_territory: dict[int, frozenset[str]] = {}
    for region_id, fields_by_source in zip(rows.index.tolist(), rows["lacking"].tolist(), strict=True):
        fields = frozenset(field for source_fields in fields_by_source.values() for field in source_fields)
        territory_id: int | None = region_id
        while fields and territory_id is not None:
            fields_by_territory[territory_id] = fields | fields_by_territory.get(territory_id, frozenset())
            territory_id = parents.get(territory_id)
    for municipality_id in rows.index[rows["level"] == "municipality"].tolist():
        if (region_id := parents[municipality_id]) in fields_by_territory:
            fields_by_territory[municipality_id] = fields_by_territory[region_id]
    return fields_by_territory
