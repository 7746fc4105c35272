"""What the metrics of data quality count: the conditions over an appeal, and the catch-all topics."""

from sqlalchemy import ColumnElement, func, or_

from otklik.database.cubes.measures import MOMENTS, closed_within_margin, local_day_of, measure_condition
from otklik.database.tables import appeal
from queries.core.date_ranges import MomentColumn
from queries.core.reference import dimension_members
from queries.core.resolved_filters import ResolvedFilters, subtree_ids
from queries.core.topic_labels import CATCH_ALL_PATTERN
from queries.counts.state_sums import counted_days
from queries.filters import Filters
from queries.quality.last_day_excess import edge_margins

CLOSED_MEASURES = ("closed", "at_once")
EXPLAINED_MEASURES = ("explained", "explained_reopened")
RECEIVED_MEASURES = ("received", "disordered", "placeless", "first_unknown")
MeasureConditions = dict[str, ColumnElement[bool]]


def measure_conditions(resolved: ResolvedFilters, filters: Filters) -> dict[MomentColumn, MeasureConditions]:
    """The conditions of what the metrics are made of, by the moment that appeals are counted by and by measure.

    Besides what the cubes count, `disordered` counts dates in the future, and `other` catch-all topics. `at_last` are
    closed on the last working day up to their deadline, `near_last` on it or the five before.
    """
    due_days = counted_days(resolved, "due_at", filters.start, filters.end)
    edge = edge_margins(resolved.regions, *due_days, appeal.c.region_id, local_day_of(MOMENTS["due_at"]))
    is_in_future = func.greatest(appeal.c.received_at, appeal.c.closed_at) > func.now()
    received = {
        "disordered": or_(measure_condition("disordered"), is_in_future),
        "other": appeal.c.topic_id.in_(catch_all_topics()),
    }
    return {
        "closed_at": {name: measure_condition(name) for name in CLOSED_MEASURES},
        "due_at": {"at_last": closed_within_margin(edge.last), "near_last": closed_within_margin(edge.first)},
        "settled_at": {name: measure_condition(name) for name in ("returned", *EXPLAINED_MEASURES)},
        "received_at": {name: measure_condition(name) for name in RECEIVED_MEASURES} | received,
    }


# The moment and the measure that the numerator of each metric counts.
NUMERATORS: dict[str, tuple[MomentColumn, str]] = {
    "closed_at_once": ("closed_at", "at_once"),
    "closed_at_last": ("due_at", "at_last"),
    "explained_reopened": ("settled_at", "explained_reopened"),
    "dates_disordered": ("received_at", "disordered"),
    "without_place": ("received_at", "placeless"),
    "topic_other": ("received_at", "other"),
}


def catch_all_topics() -> list[int]:
    """The ids of catch-all topics (such as “other”, by their names), and of the topics below them."""
    topic_ids: set[int] = set()
    parent_ids = dimension_members("topic", "en")["parent_id"]
    for language in ("en", "ru", "hr"):
        names = dimension_members("topic", language)["name"]
        topic_ids |= {int(topic_id) for topic_id, name in names.items() if CATCH_ALL_PATTERN.search(str(name))}  # type: ignore[call-overload]
    return sorted(subtree_ids(topic_ids, parent_ids))
