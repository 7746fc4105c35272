"""One discussion: its head with its counts, the problems that it is about, and its activity by day."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import text

from otklik.database.announcements import DISCUSSIONS_ANNOUNCEMENT
from otklik.database.transactions import query_dataframe
from queries.cache.live import live_with
from queries.core.reference import dimension_members
from queries.core.topic_labels import topic_labels

DISCUSSION_SQL = """
    SELECT d.id, d.number, d.title, d.description, d.document_url, d.moderator, d.answer_days, d.decision, d.outcome,
        d.territory_id, d.topic_id, d.organisation_id, discussion_phase(d) AS phase,
        d.opens_at, d.closes_at, d.decided_at,
        (d.closes_at AT TIME ZONE place.timezone)::date - (now() AT TIME ZONE place.timezone)::date AS days_left,
        activity.*
    FROM discussion AS d JOIN territory AS place ON place.id = d.territory_id
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(published), 0)::integer AS comments, coalesce(sum(pending), 0)::integer AS pending,
            coalesce(sum(unanswered), 0)::integer AS unanswered, coalesce(sum(reactions), 0)::integer AS reactions,
            coalesce(sum(participants), 0)::integer AS participants
        FROM discussion_activity WHERE discussion_id = d.id
    ) AS activity
    WHERE d.number = :number AND d.published_at <= now()"""
ACTIVITY_SQL = """
    SELECT day, sum(published)::integer AS comments, sum(reactions)::integer AS reactions
    FROM discussion_activity WHERE discussion_id = :discussion
    GROUP BY day HAVING sum(published) > 0 OR sum(reactions) > 0 ORDER BY day"""
PROBLEMS_SQL = """
    SELECT p.id, p.title, p.status FROM discussion_problem AS link JOIN problem AS p ON p.id = link.problem_id
    WHERE link.discussion_id = :discussion ORDER BY p.id"""
MAX_NUMBER_LENGTH = 40


@dataclass(frozen=True)
class Discussion:
    """A discussion with names in a language; moments are in its territory's time zone.

    `phase`: announced, collecting, summing_up or closed. `answer_days`: within how many local days a published comment
    is answered; None where no answer is promised. `comments` are the published ones, `pending` those that await
    moderation, `unanswered` those published whose answer is due; `days_left`: local days until the day of closing.
    """

    id: int
    number: str
    title: str
    description: str
    document_url: str | None
    moderator: str
    answer_days: int | None
    decision: str | None
    outcome: str | None
    territory_id: int
    territory: str
    territory_code: str
    topic: str
    topic_code: str
    organisation: str | None
    phase: str
    opens_at: datetime
    closes_at: datetime
    decided_at: datetime | None
    days_left: int
    comments: int
    pending: int
    unanswered: int
    reactions: int
    participants: int


def discussion_by_number(number: str, language: str) -> Discussion | None:
    """The published discussion; None where there is none or the viewer doesn't see it."""
    rows = query_dataframe(text(DISCUSSION_SQL).bindparams(number=number)).astype(object)
    if rows.empty:
        return None
    row: dict[str, Any] = {str(name): None if pd.isna(value) else value for name, value in rows.iloc[0].items()}
    territory = dimension_members("territory", language).loc[row["territory_id"]]
    for name in ("opens_at", "closes_at", "decided_at"):
        if row[name] is not None:
            row[name] = row[name].to_pydatetime().astimezone(ZoneInfo(str(territory["timezone"])))
    topic_id, organisation_id = row.pop("topic_id"), row.pop("organisation_id")
    organisations = dimension_members("organisation", language)["name"]
    return Discussion(
        **row,
        territory=str(territory["name"]),
        territory_code=str(territory["code"]),
        topic=str(topic_labels(language)[topic_id]),
        topic_code=str(dimension_members("topic", "en").loc[topic_id, "code"]),
        organisation=None if organisation_id is None else str(organisations[organisation_id]),
    )


def discussion_of_address(value: str, language: str) -> Discussion | None:
    """The discussion whose number an address has; None where it is none, or of none that the viewer sees."""
    is_number = len(value) <= MAX_NUMBER_LENGTH and value.isascii() and value.replace("-", "").isalnum()
    return discussion_by_number(value, language) if is_number else None


@live_with(DISCUSSIONS_ANNOUNCEMENT)
def activity_by_day(discussion_id: int) -> pd.DataFrame:
    """One row a local day with any, in order: day, comments (written on it and published since), reactions."""
    return query_dataframe(text(ACTIVITY_SQL).bindparams(discussion=discussion_id))


@live_with(DISCUSSIONS_ANNOUNCEMENT)
def linked_problems(discussion_id: int) -> pd.DataFrame:
    """One row a problem that the discussion is about and the viewer sees: id, title, status."""
    return query_dataframe(text(PROBLEMS_SQL).bindparams(discussion=discussion_id))
