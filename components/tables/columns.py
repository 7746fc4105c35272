"""Every column of tables, charts' rows and exports once, and the columns of each list of appeals.

A new column of a list of appeals: a line in `COLUMNS`, its key with a width in the list, and the query that selects it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import pandas as pd

from components.tables.column_types import Column, ColumnType
from components.text.metric_text import NO_VALUE, format_in_unit
from otklik.i18n import N_, _

if TYPE_CHECKING:
    from queries.metrics.metric import Metric


def organisation_texts(rows: pd.DataFrame, _as_of: datetime) -> list[str]:
    """The organisations' names, as they stand beside a territory where the rows have those."""
    return [NO_VALUE if pd.isna(name) else str(name) for name in rows["office" if "office" in rows else "organisation"]]


# Names of figures are those of the catalogue (queries.metrics.catalogue); a test compares them.
COLUMNS = {
    column.key: column
    for column in (
        # An appeal, as queries.lists.appeal_rows and the lists made of it give it.
        Column("number", N_("Number"), width=134),
        Column("topic", N_("Topic"), width=190),
        Column("territory", N_("Territory"), width=132),
        Column("organisation", N_("Organisation"), width=320, texts=organisation_texts),
        Column("channel", N_("Channel"), width=142),
        Column("status", N_("Status"), width=120),
        Column("stage", N_("Stage")),
        Column("state", N_("State")),
        Column("source", N_("Source")),
        Column("region", N_("Region")),
        Column("time", N_("Time to deadline"), "moment", 168, source="deadline_at"),
        Column("ago", N_("Received"), "moment", 92, source="received_at"),
        Column("local", N_("Local time"), "moment", 108, source="received_at"),
        Column("received_at", N_("Received"), "moment", 106),
        Column("registered_at", N_("Registered"), "moment"),
        Column("deadline_at", N_("Deadline"), "moment", 106),
        Column("closed_at", N_("Closed"), "moment", 108),
        Column("answered_at", N_("Answered"), "moment", 108, source="closed_at"),
        Column("rated_at", N_("Rated"), "moment", 108),
        Column("lat", N_("Latitude"), "coordinate", 80),
        Column("lon", N_("Longitude"), "coordinate", 80),
        Column("rating", N_("Rating"), "ordinal", 70),
        Column("fate", N_("What became of it"), width=180),
        Column("way", N_("Way"), width=520),
        # Groups of appeals.
        Column("name", N_("Name"), width=250),
        Column("day", N_("Day"), "day"),
        Column("hour", N_("Hour"), "ordinal"),
        Column("row", N_("Row")),
        Column("column", N_("Column")),
        Column("appeals", N_("Appeals"), "count"),
        Column("received", N_("Received"), "count", 74),
        Column("expected", N_("Expected"), "tenths", 90),
        Column("excess_ratio", N_("Received ÷ expected"), "ratio", 150),
        Column("closed", N_("Closed"), "count"),
        Column("resolved", N_("Resolved"), "count"),
        Column("on_time", N_("Closed by the deadline"), "count"),
        Column("due", N_("Due"), "count"),
        Column("met", N_("Deadlines met"), "count"),
        Column("backlog", N_("Open at the end of the day"), "count"),
        Column("open", N_("Open"), "count", 72),
        Column("within", N_("On track"), "count"),
        Column("at_risk", N_("At risk"), "count", 108),
        Column("overdue", N_("Overdue"), "count", 90),
        Column("today", N_("Today"), "count"),
        Column("usual", N_("Usual such day"), "tenths"),
        Column("usual_low", N_("Usual, at least"), "tenths"),
        Column("usual_high", N_("Usual, at most"), "tenths"),
        Column("rated", N_("Ratings"), "count"),
        Column("rating_mean", N_("Mean rating"), "rating"),
        Column("answer_mean", N_("Mean answer time"), "days"),
        Column("on_time_rate", N_("On time"), "share", 74),
        Column("resolved_share", N_("Share resolved"), "share"),
        Column("resolution_rate", N_("Resolved by now"), "share"),
        Column("reopened_rate", N_("Re-opened"), "share"),
        Column("overdue_share", N_("Overdue share"), "share"),
        Column("satisfaction", N_("Satisfaction"), "share"),
        Column("coverage", N_("Rated"), "share"),
        Column("low", N_("Interval from"), "share"),
        Column("high", N_("Interval to"), "share"),
        Column("share", N_("Share"), "share"),
        Column("closed_a_day", N_("Closed a day"), "tenths", 125),
        Column("room", N_("Room for"), "count", 84),
        # Polls.
        Column("title", N_("Title"), width=250),
        Column("opens_at", N_("Opens"), "moment", 108),
        Column("closes_at", N_("Closes"), "moment", 108),
        Column("option", N_("Option"), width=250),
        Column("ballots", N_("Votes"), "count", 74),
        Column("eligible", N_("Eligible"), "count", 90),
        Column("without", N_("Without the flagged votes"), "share", 190),
        Column("population_share", N_("Live there"), "share", 100),
        Column("question", N_("Question"), width=250),
        Column("weighted", N_("Weighted share"), "share", 130),
        Column("weighted_low", N_("Weighted, from"), "share", 130),
        Column("weighted_high", N_("Weighted, to"), "share", 130),
        Column("needed", N_("Quorum"), "count", 90),
        # Discussions.
        Column("phase", N_("Phase"), width=130),
        Column("decided_at", N_("Decided"), "moment", 108),
        Column("comments", N_("Comments"), "count", 100),
        Column("participants", N_("Participants"), "count", 100),
        Column("reactions", N_("Reactions"), "count", 100),
        Column("pending", N_("Await moderation"), "count", 130),
        Column("pending_days", N_("Days waited"), "count", 110),
        Column("unanswered", N_("Unanswered"), "count", 100),
        Column("late", N_("Answers late"), "count", 100),
        Column("comment", N_("Comment"), width=520),
        Column("replies_to", N_("Reply to"), width=250),
        Column("written_at", N_("Written"), "moment", 108),
        Column("agrees", N_("Agree"), "count", 80),
        Column("disagrees", N_("Disagree"), "count", 80),
        Column("passes", N_("Pass"), "count", 80),
        Column("answer_due", N_("Answer due"), "day", 108),
        Column("answer", N_("Official answer"), width=320),
        Column("group", N_("Group"), width=90),
        Column("people", N_("People"), "count", 80),
        Column("reaction", N_("Reaction"), width=100),
        Column("reacted", N_("Reacted"), "count", 90),
        Column("share_of_others", N_("Share of the others"), "share"),
        # Two groups compared.
        Column("figure", N_("Figure"), width=190, pinned=True),
        Column("difference", N_("Difference"), width=215),
        Column("verdict", N_("Significant?"), width=150),
        Column("definition", N_("Definition"), width=520),
        # People, devices and the audit.
        Column("email", N_("E-mail"), width=240),
        Column("role", N_("Role"), width=150),
        Column("sees", N_("Sees"), width=330),
        Column("changed_at", N_("Changed"), "day"),
        Column("device", N_("Device"), width=240, source="name"),
        Column("screen", N_("Signs in as"), width=200),
        Column("enrolled_at", N_("Enrolled"), "day"),
        Column("seen_at", N_("Last seen"), "moment", 130),
        Column("connected_at", N_("Connected since"), "moment", 120),
        Column("refreshed_at", N_("Refreshed"), "moment", 120),
        Column("version", N_("Version"), width=90),
        Column("shows", N_("Shows"), width=290),
        Column("playlist", N_("Playlist"), width=150),
        Column("source_name", N_("Data source"), width=140, source="name"),
        Column("kind", N_("Kind"), width=95),
        Column("lag", N_("Behind by"), width=110),
        Column("arrived_at", N_("Last arrival"), "moment", 118, source="changed_at"),
        Column("ended_at", N_("When"), "exact_moment", 165),
        Column("took", N_("Took"), width=95),
        Column("read", N_("Rows read"), "count", 85, source="read_count"),
        Column("new", N_("New"), "count", 70, source="new_count"),
        Column("changed", N_("Changed"), "count", 85, source="changed_count"),
        Column("rejected", N_("Rejected"), "count", 90, source="rejected_count"),
        Column("reasons", N_("Why rejected"), width=340),
        Column("imported_at", N_("Imported"), "exact_moment", 165),
        Column("file", N_("File"), width=260),
        Column("system", N_("Source"), width=180),
        Column("brought_by", N_("Brought by"), width=120),
        Column("undone", N_("Taken back"), width=200),
        Column("every", N_("Every"), width=90),
        Column("error", N_("What went wrong"), width=420),
        Column("watch", N_("“watch” above"), "ratio", 120),
        Column("act", N_("“act” above"), "ratio", 120),
        Column("base", N_("Measured in"), width=220),
        Column("id", N_("No."), "ordinal", 55),
        Column("at", N_("When"), "exact_moment", 165),
        Column("person", N_("Who"), width=150),
        Column("address", N_("From where"), width=110),
        Column("action", N_("What"), width=165),
        Column("object", N_("Object"), width=230),
        Column("reason", N_("Why"), width=180),
        Column("changes", N_("Before → after"), width=330),
    )
}

# The lists of appeals: their columns in order, with the width of each in pixels.
QUEUE = {
    "time": 168, "number": 134, "topic": 226, "territory": 132, "organisation": 225, "status": 120,
    "received_at": 103, "deadline_at": 103,
}  # fmt: skip
LATE = {
    "time": 168, "number": 134, "topic": 253, "territory": 132, "organisation": 230, "status": 120,
    "received_at": 106, "deadline_at": 106,
}  # fmt: skip
LATE_SELECTABLE = {"time": 168, "number": 134, "topic": 193, "territory": 135, "organisation": 225, "status": 110}
LOCATED = {
    "number": 134, "topic": 243, "territory": 132, "lat": 80, "lon": 80, "status": 120, "channel": 142,
    "received_at": 106, "organisation": 240,
}  # fmt: skip
NEWEST = {
    "ago": 92, "local": 108, "number": 134, "topic": 259, "territory": 128, "organisation": 250, "channel": 158,
    "status": 115,
}  # fmt: skip
TERRITORY_APPEALS = {
    "number": 134, "topic": 288, "territory": 135, "organisation": 260, "status": 120, "received_at": 110,
}  # fmt: skip
LOW_RATINGS = {
    "number": 134, "answered_at": 108, "rated_at": 108, "rating": 70, "fate": 180, "topic": 253, "territory": 130,
    "organisation": 235, "status": 165,
}  # fmt: skip
RATED = {
    "number": 134, "received_at": 110, "answered_at": 110, "rated_at": 110, "rating": 70, "topic": 246,
    "territory": 145, "organisation": 235, "status": 165,
}  # fmt: skip
CIRCULAR_REDIRECTS = {
    "number": 134, "way": 516, "received_at": 115, "closed_at": 115, "topic": 190, "territory": 160,
}  # fmt: skip


def columns_of(widths: Mapping[str, int]) -> tuple[Column, ...]:
    """The columns with these keys, each so many pixels wide."""
    return tuple(replace(COLUMNS[key], width=width) for key, width in widths.items())


def columns_named(*keys: str) -> tuple[Column, ...]:
    """The columns with these keys, as wide as usual."""
    return tuple(COLUMNS[key] for key in keys)


def with_type(columns: Iterable[Column], keys: Iterable[str], column_type: ColumnType) -> tuple[Column, ...]:
    """The columns, those with the keys written as another type."""
    changed_keys = set(keys)
    return tuple(replace(column, type=column_type) if column.key in changed_keys else column for column in columns)


def metric_column(metric: "Metric", width: int) -> Column:
    """A figure of the catalogue as a column: its name, its unit, and how it is counted on hover."""
    return Column(metric.id, metric.name, metric.unit, width, help=metric_help(metric))


def metric_help(metric: "Metric") -> str:
    """How the figure is computed, with its target."""
    explanation = _(metric.explanation)
    if metric.target is None:
        return explanation
    return f"{explanation}\n\n" + _("Target: {value}.").format(value=format_in_unit(metric.target, metric.unit))
