"""Published discussions with their phase, what is said in them, and what waits for a moderator or an answer."""

from typing import Literal, NamedTuple

import pandas as pd

from otklik.database.transactions import query_dataframe
from queries.core.reference import dimension_members
from queries.core.topic_labels import topic_labels
from queries.filters import Filters
from queries.lists.territory_and_topic import TIMEZONE_SQL, WITHIN_SQL, narrowed

Phase = Literal["announced", "collecting", "summing_up", "closed"]
ORDERS: dict[Phase, str] = {
    "announced": "opens_at, closes_at, id",
    "collecting": "closes_at, id",
    "summing_up": "closes_at, id",
    "closed": "decided_at DESC, closes_at, id",
}
OF_PHASE_SQL = f"""
    FROM discussion AS d CROSS JOIN LATERAL {TIMEZONE_SQL.format(alias="d")} AS place
    WHERE d.published_at <= now() AND discussion_phase(d) = :phase AND {WITHIN_SQL.format(alias="d")}"""
# The first lines find the discussions by an index; a local day begins less than two days from that of UTC.
DECIDED_SQL = """
            AND d.decided_at >= CAST(:first AS date) - interval '2 days'
            AND d.decided_at < CAST(:last AS date) + interval '2 days'
            AND (d.decided_at AT TIME ZONE place.timezone)::date >= :first
            AND (d.decided_at AT TIME ZONE place.timezone)::date < :last"""
# What is said and what waits is counted of the discussions alone that are returned.
DISCUSSIONS_SQL = f"""
    SELECT shown.*, coalesce(activity.comments, 0) AS comments, coalesce(activity.participants, 0) AS participants,
        coalesce(activity.pending, 0) AS pending, activity.pending_day,
        coalesce(activity.unanswered, 0) AS unanswered, late.comments AS late
    FROM (
        SELECT d.id, d.number, d.title, d.territory_id, d.topic_id, d.opens_at, d.closes_at, d.decided_at,
            place.timezone, (now() AT TIME ZONE place.timezone)::date AS today,
            (d.closes_at AT TIME ZONE place.timezone)::date AS closing_day, count(*) OVER () AS total
        {OF_PHASE_SQL}
            {{decided}}
        ORDER BY {{order}} LIMIT :most
    ) AS shown
    LEFT JOIN LATERAL (
        SELECT sum(published)::integer AS comments, sum(participants)::integer AS participants,
            sum(pending)::integer AS pending, min(day) FILTER (WHERE pending > 0) AS pending_day,
            sum(unanswered)::integer AS unanswered
        FROM (
            SELECT day, sum(published) AS published, sum(participants) AS participants, sum(pending) AS pending,
                sum(unanswered) AS unanswered
            FROM discussion_activity WHERE discussion_id = shown.id GROUP BY day
        ) AS days
    ) AS activity ON true
    LEFT JOIN LATERAL (
        SELECT count(*)::integer AS comments FROM discussion_comment AS c
        WHERE c.discussion_id = shown.id AND c.state = 'published' AND c.answered_at IS NULL
            AND c.answer_due < shown.today
    ) AS late ON true
    ORDER BY {{order}}"""  # noqa: S608 - own words
LATE_SQL = f"""
    SELECT d.number, d.title, d.territory_id, count(*)::integer AS late
    FROM discussion_comment AS c
    JOIN discussion AS d ON d.id = c.discussion_id JOIN territory AS place ON place.id = d.territory_id
    WHERE c.state = 'published' AND c.answered_at IS NULL AND c.answer_due < (now() AT TIME ZONE place.timezone)::date
        AND d.published_at <= now() AND {WITHIN_SQL.format(alias="d")}
    GROUP BY d.id ORDER BY late DESC, d.closes_at, d.id"""  # noqa: S608 - own words


class DiscussionList(NamedTuple):
    """The first discussions in an order, and how many there are in all.

    Columns of `rows`: id, number, title, phase, territory, topic (names), opens_at, closes_at and decided_at (in the
    discussion's time zone), days_left (local days until it closes for comments), comments (published), participants,
    pending (comments that await moderation), pending_days (how many days the first of them does), unanswered
    (published, and an answer is due) and late (of these, past the last day for it); None for what there is not.
    """

    rows: pd.DataFrame
    total: int


def discussions_within(
    filters: Filters, phase: Phase, limit: int | None = None, *, in_period: bool = False
) -> DiscussionList:
    """The published discussions of a phase in the territory and of the topic of the filters, and below both.

    Those that close soonest come first; of `announced` those that open soonest, of `closed` those that were decided
    last. At most `limit`. `in_period`: those alone that were decided in the days of the filters.
    """
    statement = DISCUSSIONS_SQL.format(decided=DECIDED_SQL if in_period else "", order=ORDERS[phase])
    days = {"first": filters.start, "last": filters.end} if in_period else {}
    rows = query_dataframe(narrowed(statement, filters).bindparams(phase=phase, most=limit, **days)).astype(object)
    rows = rows.where(rows.notna(), None)
    for name in ("opens_at", "closes_at", "decided_at"):
        moments = [
            None if at is None else at.tz_convert(zone) for at, zone in zip(rows[name], rows["timezone"], strict=True)
        ]
        rows = rows.assign(**{name: pd.Series(moments, rows.index, dtype=object)})
    waits = [
        None if first is None else (today - first).days
        for today, first in zip(rows["today"], rows["pending_day"], strict=True)
    ]
    days_left = [(last - today).days for today, last in zip(rows["today"], rows["closing_day"], strict=True)]
    discussions = rows.assign(
        phase=phase,
        territory=_territory_names(filters).reindex(rows["territory_id"]).array,
        topic=topic_labels(filters.language).reindex(rows["topic_id"]).array,
        pending_days=pd.Series(waits, rows.index, dtype=object),
        days_left=pd.Series(days_left, rows.index, dtype=object),
    )
    return DiscussionList(discussions.drop(columns="total"), int(rows["total"].iloc[0]) if len(rows) else 0)


def count_discussions(filters: Filters, phase: Phase) -> int:
    """How many published discussions of a phase there are in the territory and of the topic, and below both."""
    query = narrowed(f"SELECT count(*) AS discussions {OF_PHASE_SQL}", filters).bindparams(phase=phase)
    return int(query_dataframe(query)["discussions"].iloc[0])


def late_answers_within(filters: Filters) -> pd.DataFrame:
    """One row a discussion with published comments past the last day for an answer, the most of them first.

    Within the territory and topic of the filters; decided ones too. Columns: number, title, territory (name), late.
    """
    rows = query_dataframe(narrowed(LATE_SQL, filters))
    names = _territory_names(filters).reindex(rows["territory_id"]).array
    return rows.assign(territory=names)[["number", "title", "territory", "late"]]


def _territory_names(filters: Filters) -> pd.Series:
    return dimension_members("territory", filters.language)["name"]
