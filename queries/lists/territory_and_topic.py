"""Narrowing what has a territory and a topic, and nothing else that filters are about: polls and discussions."""

from sqlalchemy import TextClause, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, INTEGER

from queries.core.reference import dimension_members
from queries.core.resolved_filters import resolve, subtree_ids
from queries.filters import Filters


def narrowed(statement: str, filters: Filters) -> TextClause:
    """A statement with its parameters `territories` and `topics` bound to the ids of the filters, and all below both.

    `topics` is NULL where the filters name none.
    """
    resolved = resolve(filters)
    parent_ids = dimension_members("territory", filters.language)["parent_id"]
    return text(statement).bindparams(
        bindparam("territories", sorted(subtree_ids(resolved.territories, parent_ids)), ARRAY(INTEGER)),
        bindparam("topics", None if resolved.topics is None else sorted(resolved.topics), ARRAY(INTEGER)),
    )


WITHIN_SQL = """{alias}.territory_id = ANY (:territories)
        AND (CAST(:topics AS integer[]) IS NULL OR {alias}.topic_id = ANY (:topics))"""
"""The condition that such a statement has on the table called `alias`."""

TIMEZONE_SQL = "(SELECT timezone FROM territory WHERE id = {alias}.territory_id LIMIT 1)"
"""The time zone of such a table's row, looked up for each: the planner would join thousands badly, expecting one."""
