"""Which appeals are of the part that a screen shows, as conditions that their indexes know."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Table, any_, literal, or_

from queries.core.resolved_filters import ResolvedFilters


def filter_conditions(resolved: ResolvedFilters, table: Table) -> list[ColumnElement[bool]]:
    """The conditions that keep appeals (or facts of theirs) of the part alone."""
    return [column_in(table.c.region_id, resolved.regions), *conditions_within_regions(resolved, table)]


def cross_region_conditions(resolved: ResolvedFilters, table: Table) -> list[ColumnElement[bool]]:
    """The same where an index goes through all regions: all of them are no condition then.

    A plan that doesn't know how many regions a list will name would rather sort all appeals.
    """
    return conditions_within_regions(resolved, table) if resolved.everywhere else filter_conditions(resolved, table)


def conditions_within_regions(resolved: ResolvedFilters, table: Table) -> list[ColumnElement[bool]]:
    """The same for appeals that are known to be of the part's regions."""
    conditions = [column_in(table.c[column], member_ids) for column, member_ids in resolved.selected_ids().items()]
    if resolved.municipalities:
        territory_column = table.c.place_id if "place_id" in table.c else table.c.municipality_id
        in_municipalities = column_in(territory_column, resolved.municipalities)
        conditions.append(
            or_(in_municipalities, column_in(table.c.region_id, resolved.whole_regions))
            if resolved.whole_regions
            else in_municipalities
        )
    return conditions


def column_in(column: ColumnElement[Any], ids: Sequence[int]) -> ColumnElement[bool]:
    """Whether a column is one of the ids: sent along as one value, however many they are."""
    return column == ids[0] if len(ids) == 1 else column == any_(literal(list(ids), ARRAY(column.type)))
