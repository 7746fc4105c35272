"""The list of open appeals as query parameters: its filters, criteria and cursor."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from queries.core.appeal_state import DEADLINE_STATES
from queries.counts.due_days import DUE_RANGES
from queries.filters import Filters
from queries.lists.ordering import SORT_OPTIONS, parse_sort_value
from queries.queue.list_filters import AGE_RANGES, DEFAULT_CRITERIA, ListCriteria
from queries.queue.open_list import Cursor

MAX_SEARCH_LENGTH = 200
STAGES = ("moderation", "coordination", "execution", "approval")
"""The stages that an open appeal can be in, by code."""
MAX_CURSOR_LENGTH = 120
CURSOR_PARTS = len(Cursor._fields)


def parse_criteria(query_params: Mapping[str, str]) -> ListCriteria:
    """The criteria in query parameters; unknown parameters and values are ignored."""

    def valid_param(name: str, allowed: object) -> str:
        value = query_params.get(name, "")
        return value if value in allowed else ""  # type: ignore[operator]

    return ListCriteria(
        state=next((state for state in DEADLINE_STATES if state == query_params.get("state")), ""),
        stage=valid_param("stage", STAGES),
        age=valid_param("age", AGE_RANGES),
        due=valid_param("due", DUE_RANGES),
        search_text=query_params.get("q", "").strip()[:MAX_SEARCH_LENGTH],
        sort=valid_param("sort", SORT_OPTIONS) or DEFAULT_CRITERIA.sort,
    )


def parse_filters(query_params: Mapping[str, str], language: str) -> Filters:
    """The filters in query parameters, with today as their period; an unknown code matches nothing."""
    today = datetime.now(UTC).date()
    return Filters(
        today,
        today + timedelta(days=1),
        "none",
        territory=query_params.get("territory") or None,
        topic=query_params.get("topic") or None,
        organisation=query_params.get("organisation") or None,
        regime=query_params.get("regime") or None,
        channel=query_params.get("channel") or None,
        language=language,
    )


def parse_cursor(text: str, sort: str) -> Cursor | None:
    """The cursor in a query parameter, in this order; None where it is malformed or not of this order."""
    if len(text) > MAX_CURSOR_LENGTH:
        return None
    parts = text.rsplit("~", 2)
    if len(parts) != CURSOR_PARTS:
        return None
    try:
        cursor = Cursor(parse_sort_value(parts[0], sort), int(parts[1]), int(parts[2]))
    except ValueError:
        return None
    return cursor if 0 <= cursor.id < 2**63 and 0 <= cursor.region_id < 2**31 else None


def format_cursor(cursor: Cursor) -> str:
    """A cursor as the value of a query parameter."""
    return f"{cursor.value.strip()}~{cursor.id}~{cursor.region_id}"
