"""One poll: its head, with its turnout, and its questions with what they offer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import text

from otklik.database.announcements import POLLS_ANNOUNCEMENT
from otklik.database.transactions import query_dataframe
from queries.cache.live import live_with
from queries.core.reference import dimension_members
from queries.core.topic_labels import topic_labels

POLL_SQL = """
    SELECT p.id, p.number, p.title, p.description, p.audience, p.territory_id, p.topic_id,
        CASE WHEN now() < p.opens_at THEN 'upcoming' WHEN now() < p.closes_at THEN 'running' ELSE 'closed'
        END AS status,
        p.opens_at, p.closes_at, p.eligible,
        coalesce(p.quorum_votes, ceil(p.quorum_share * p.eligible)::integer) AS needed,
        (p.closes_at AT TIME ZONE place.timezone)::date - (now() AT TIME ZONE place.timezone)::date AS days_left,
        coalesce((SELECT sum(ballots) FROM poll_turnout WHERE poll_id = p.id), 0)::integer AS ballots,
        release.shown_at, release.shown_ballots
    FROM poll AS p JOIN territory AS place ON place.id = p.territory_id
    LEFT JOIN poll_release AS release ON release.poll_id = p.id
    WHERE p.number = :number AND p.published_at <= now()"""
QUESTIONS_SQL = """
    SELECT q.id AS question_id, q.position, q.kind, q.text AS question, o.id AS option_id, o.text AS option
    FROM poll_question AS q LEFT JOIN poll_option AS o ON o.question_id = q.id
    WHERE q.poll_id = :poll ORDER BY q.position, o.position"""
MAX_NUMBER_LENGTH = 40


@dataclass(frozen=True)
class Poll:
    """A poll with names in a language; moments are in its territory's time zone.

    `status`: upcoming, running or closed. `eligible`: how many may vote; `needed`: the votes of the quorum; None where
    there is none. `ballots`: votes so far. `days_left`: local days until the day of closing. `shown_ballots` at
    `shown_at`: the votes of which a running poll shows results (`queries.polls.published`); None before the first.
    """

    id: int
    number: str
    title: str
    description: str
    audience: str
    territory_id: int
    territory: str
    topic: str
    status: str
    opens_at: datetime
    closes_at: datetime
    eligible: int | None
    needed: int | None
    days_left: int
    ballots: int
    shown_at: datetime | None
    shown_ballots: int | None

    @property
    def turnout(self) -> float | None:
        """The share of those eligible that has voted; None where nobody knows how many they are."""
        return self.ballots / self.eligible if self.eligible else None

    @property
    def missing(self) -> int | None:
        """The votes that the quorum lacks; None without one."""
        return None if self.needed is None else max(self.needed - self.ballots, 0)


@live_with(POLLS_ANNOUNCEMENT)
def poll_by_number(number: str, language: str) -> Poll | None:
    """The published poll; None where there is none or the viewer doesn't see it."""
    rows = query_dataframe(text(POLL_SQL).bindparams(number=number)).astype(object)
    if rows.empty:
        return None
    row: dict[str, Any] = {str(name): None if pd.isna(value) else value for name, value in rows.iloc[0].items()}
    territory = dimension_members("territory", language).loc[row["territory_id"]]
    for name in ("opens_at", "closes_at", "shown_at"):
        if row[name] is not None:
            row[name] = row[name].to_pydatetime().astimezone(ZoneInfo(str(territory["timezone"])))
    topic_id = row.pop("topic_id")
    return Poll(**row, territory=str(territory["name"]), topic=str(topic_labels(language)[topic_id]))


def poll_of_address(value: str, language: str) -> Poll | None:
    """The poll whose number an address has; None where it is none, or of no poll that the viewer sees."""
    is_number = len(value) <= MAX_NUMBER_LENGTH and value.isascii() and value.replace("-", "").isalnum()
    return poll_by_number(value, language) if is_number else None


@live_with(POLLS_ANNOUNCEMENT)
def questions(poll_id: int) -> pd.DataFrame:
    """One row an option, or a question without any, in their order.

    Columns: question_id, position (of the question), kind, question, option_id and option (None for an open question).
    """
    rows = query_dataframe(text(QUESTIONS_SQL).bindparams(poll=poll_id)).astype(object)
    # Beside a question without options, the others' ids are floating-point numbers.
    ids = [None if pd.isna(option_id) else int(option_id) for option_id in rows["option_id"]]
    return rows.where(rows.notna(), None).assign(option_id=pd.Series(ids, rows.index, dtype=object))
