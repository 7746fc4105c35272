"""Published discussions with their phase, what is said in them, and what waits for a moderator or an answer."""

from datetime import timedelta

import pandas as pd
from sqlalchemy import text

from otklik.database.transactions import query_dataframe
from queries.core.reference import dimension_members
from queries.core.resolved_filters import resolve, subtree_ids
from queries.core.topic_labels import topic_labels
from queries.filters import Filters

DISCUSSIONS_SQL = """
    WITH shown AS (
        SELECT id FROM discussion
        WHERE published_at <= now() AND (decided_at IS NULL OR decided_at >= CAST(:decided_since AS timestamptz))
    ), days AS (
        SELECT discussion_id, day, sum(published) AS published, sum(participants) AS participants,
            sum(pending) AS pending, sum(unanswered) AS unanswered
        FROM discussion_activity WHERE discussion_id = ANY (ARRAY(SELECT id FROM shown)) GROUP BY discussion_id, day
    ), activity AS (
        SELECT discussion_id, sum(published)::integer AS comments, sum(participants)::integer AS participants,
            sum(pending)::integer AS pending, min(day) FILTER (WHERE pending > 0) AS pending_day,
            sum(unanswered)::integer AS unanswered
        FROM days GROUP BY discussion_id
    ), late AS (
        SELECT c.discussion_id, count(*)::integer AS comments FROM discussion_comment AS c
        JOIN discussion AS d ON d.id = c.discussion_id JOIN territory AS place ON place.id = d.territory_id
        WHERE c.state = 'published' AND c.answered_at IS NULL
            AND c.answer_due < (now() AT TIME ZONE place.timezone)::date
        GROUP BY c.discussion_id
    )
    SELECT d.id, d.number, d.title, d.territory_id, d.topic_id, discussion_phase(d) AS phase, d.opens_at, d.closes_at,
        d.decided_at, place.timezone, (now() AT TIME ZONE place.timezone)::date AS today,
        (d.closes_at AT TIME ZONE place.timezone)::date AS closing_day,
        (d.decided_at AT TIME ZONE place.timezone)::date AS decision_day,
        coalesce(activity.comments, 0) AS comments, coalesce(activity.participants, 0) AS participants,
        coalesce(activity.pending, 0) AS pending, activity.pending_day,
        coalesce(activity.unanswered, 0) AS unanswered, coalesce(late.comments, 0) AS late
    FROM discussion AS d
    JOIN territory AS place ON place.id = d.territory_id
    LEFT JOIN activity ON activity.discussion_id = d.id
    LEFT JOIN late ON late.discussion_id = d.id
    WHERE d.id IN (SELECT id FROM shown)
    ORDER BY d.closes_at, d.id"""
LATE_SQL = """
    SELECT d.number, d.title, d.territory_id, d.topic_id, count(*)::integer AS late
    FROM discussion_comment AS c
    JOIN discussion AS d ON d.id = c.discussion_id JOIN territory AS place ON place.id = d.territory_id
    WHERE c.state = 'published' AND c.answered_at IS NULL AND c.answer_due < (now() AT TIME ZONE place.timezone)::date
        AND d.published_at <= now()
    GROUP BY d.id ORDER BY late DESC, d.closes_at, d.id"""


def discussions_within(filters: Filters) -> pd.DataFrame:
    """Published discussions in the territory and of the topic of the filters, and below both, by their closing.

    Those that aren't decided, and those that were decided since the day before the first one of the filters.

    Columns: id, number, title, phase, territory, topic (names), opens_at, closes_at and decided_at (in the discussion's
    time zone), decision_day, days_left (local days until it closes for comments), comments (published), participants,
    pending (comments that await moderation), pending_days (how many days the first of them does), unanswered
    (published, and an answer is due) and late (of these, past the last day for it); None for what there is not.
    """
    # A day earlier than in any time zone.
    query = text(DISCUSSIONS_SQL).bindparams(decided_since=filters.start - timedelta(days=1))
    rows = query_dataframe(query).astype(object)
    rows = _within(rows.where(rows.notna(), None), filters)
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
    return rows.assign(
        topic=topic_labels(filters.language).reindex(rows["topic_id"]).array,
        pending_days=pd.Series(waits, rows.index, dtype=object),
        days_left=pd.Series(days_left, rows.index, dtype=object),
    )


def late_answers_within(filters: Filters) -> pd.DataFrame:
    """One row a discussion with published comments past the last day for an answer, the most of them first.

    Within the territory and topic of the filters; decided ones too. Columns: number, title, territory (name), late.
    """
    rows = _within(query_dataframe(text(LATE_SQL)), filters)
    return rows[["number", "title", "territory", "late"]].reset_index(drop=True)


def _within(rows: pd.DataFrame, filters: Filters) -> pd.DataFrame:
    """The rows in the territory and of the topic of the filters, and below both, with the name of the territory."""
    resolved = resolve(filters)
    territories = dimension_members("territory", filters.language)
    within = rows["territory_id"].isin(subtree_ids(resolved.territories, territories["parent_id"]))
    if resolved.topics is not None:
        within &= rows["topic_id"].isin(resolved.topics)
    rows = rows[within]
    return rows.assign(territory=territories["name"].reindex(rows["territory_id"]).array)
