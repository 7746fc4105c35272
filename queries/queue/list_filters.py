"""Which open appeals the list shows besides the filters, and in which order."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, tuple_

from otklik.database.access import scope
from otklik.database.tables import appeal
from queries.core.appeal_state import DeadlineState, is_in_state
from queries.core.conditions import filter_conditions
from queries.core.date_ranges import column_in_days
from queries.core.local_days import DAY, running_day
from queries.core.reference import dimension_members
from queries.core.resolved_filters import ResolvedFilters, resolve
from queries.counts.due_days import due_condition
from queries.filters import Filters
from queries.lists.ordering import DEFAULT_SORT
from queries.queue.search import matching_keys

# Each age range by its code: its first age in days and that of the next one, counted as in queries.summaries.open_ages.
AGE_RANGES: dict[str, tuple[int, int | None]] = {"0": (0, 1), "1": (1, 3), "3": (3, 7), "7": (7, None)}


@dataclass(frozen=True)
class ListCriteria:
    """What the list is narrowed to besides the filters, and its order, in codes; an empty one is no condition."""

    state: DeadlineState | Literal[""] = ""
    stage: str = ""
    age: str = ""
    due: str = ""
    search_text: str = ""
    sort: str = DEFAULT_SORT


DEFAULT_CRITERIA = ListCriteria()


def list_conditions(filters: Filters, criteria: ListCriteria) -> list[ColumnElement[bool]]:
    """The conditions under which an appeal is in the list."""
    resolved = resolve(filters)
    clauses: list[ColumnElement[bool]] = [appeal.c.closed_at.is_(None)]
    # Without a condition on regions where all are shown, the index of the order can be used.
    viewer = scope.current_scope()
    clauses += filter_conditions(resolved, appeal)[
        1 if viewer and viewer.everywhere and filters.territory is None else 0 :
    ]
    status_ids = _status_ids_of_stage(criteria.stage)
    if status_ids is not None:
        clauses.append(appeal.c.status_id.in_(status_ids))
    if criteria.age:
        clauses.append(_age_condition(resolved, *AGE_RANGES[criteria.age]))
    if criteria.due:
        clauses.append(due_condition(resolved, criteria.due))
    if criteria.state:
        clauses.append(is_in_state(criteria.state))
    if criteria.search_text:
        clauses.append(
            tuple_(appeal.c.region_id, appeal.c.id).in_(matching_keys(resolved, criteria.search_text, status_ids))
        )
    return clauses


def _status_ids_of_stage(stage_code: str) -> tuple[int, ...] | None:
    if not stage_code:
        return None
    statuses, stage_rows = dimension_members("status", "en"), dimension_members("stage", "en")
    return tuple(
        int(status_id) for status_id in statuses.index[statuses["stage_id"].map(stage_rows["code"]) == stage_code]
    )


def _age_condition(resolved: ResolvedFilters, first_age: int, next_age: int | None) -> ColumnElement[bool]:
    """Whether an appeal has an age (see queries.summaries.open_ages) in [first_age, next_age)."""
    today, _ = running_day(resolved)
    # Age 0 has no upper bound: in the east the day after the running day may have begun.
    return column_in_days(
        resolved,
        appeal.c.received_at,
        None if next_age is None else today - (next_age - 1) * DAY,
        today - (first_age - 1) * DAY if first_age else None,
    )
