"""Resolved filters as SQL conditions, in the form that the indexes can use."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Table, any_, literal, or_

from queries.core.resolved_filters import ResolvedFilters


def filter_conditions(resolved: ResolvedFilters, table: Table) -> list[ColumnElement[bool]]:
    """The conditions that keep rows (appeals, or facts about them) within the filters."""
    return [column_in(table.c.region_id, resolved.regions), *conditions_within_regions(resolved, table)]


def cross_region_conditions(resolved: ResolvedFilters, table: Table) -> list[ColumnElement[bool]]:
    """Like `filter_conditions`, for an index that spans all regions: without a condition where all are shown.

    With a list of regions, whose length a generic plan can't know, the planner would rather sort all appeals.
    """
    return conditions_within_regions(resolved, table) if resolved.everywhere else filter_conditions(resolved, table)


def conditions_within_regions(resolved: ResolvedFilters, table: Table) -> list[ColumnElement[bool]]:
    """The conditions of `filter_conditions` for rows that are known to lie in the regions shown."""
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
    """Whether a column is one of the ids, bound as one array: the statement is the same for any number of ids."""
    return column == ids[0] if len(ids) == 1 else column == any_(literal(list(ids), ARRAY(column.type)))
