"""Municipalities put together to the territories one step below another one."""

from otklik.database.functions.votes import ELSEWHERE, UNKNOWN
from queries.core.reference import dimension_members
from queries.core.resolved_filters import subtree_ids

__all__ = ["ELSEWHERE", "UNKNOWN", "territory_groups"]


def territory_groups(territory_id: int) -> dict[int, int]:
    """By the id of a municipality: the territory one step below this one that it is in, or is; itself without any."""
    parents = dimension_members("territory", "en")["parent_id"]
    children = [int(child) for child in parents.index[parents == territory_id]] or [territory_id]
    return {member: child for child in children for member in subtree_ids([child], parents)}
