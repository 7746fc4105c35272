"""What is decided on, and what was done elsewhere about a topic."""

import pandas as pd
from sqlalchemy import text

from otklik.database.announcements import PROBLEMS_ANNOUNCEMENT
from otklik.database.transactions import query_dataframe
from queries.cache.live import live_with
from queries.core.reference import dimension_members
from queries.core.resolved_filters import subtree_ids

DECIDED_STATUSES = ("decided", "in_progress", "checked")
"""What a problem's status is from the decision on until it ends."""
MAX_ELSEWHERE = 8
DECIDED_SQL = "SELECT territory_id, topic_id FROM problem WHERE status = ANY (:decided)"
DONE_SQL = """
    SELECT p.id, p.territory_id, p.topic_id, p.title AS problem, p.status, r.title AS remedy,
        (r.done_at AT TIME ZONE place.timezone)::date AS done_day
    FROM problem_remedy AS r
    JOIN problem AS p ON p.id = r.problem_id
    JOIN territory AS place ON place.id = p.territory_id
    WHERE r.done_at IS NOT NULL AND p.status <> 'rejected'
    ORDER BY p.status <> 'closed', r.done_at DESC, r.id DESC"""


@live_with(PROBLEMS_ANNOUNCEMENT)
def decided_problems() -> pd.DataFrame:
    """One row per problem that the viewer sees, that is decided on and hasn't ended: territory_id, topic_id."""
    return query_dataframe(text(DECIDED_SQL).bindparams(decided=list(DECIDED_STATUSES)))


@live_with(PROBLEMS_ANNOUNCEMENT)
def remedies_elsewhere(topic_code: str, territory_code: str, language: str) -> pd.DataFrame:
    """The remedies done about a topic and those below it, outside a territory.

    At most eight rows, those of closed problems first, then the latest, of what the viewer sees; columns: id and
    problem (its title), status, territory (its name), remedy, done_day (the local day on which it was done).
    """
    rows = query_dataframe(text(DONE_SQL))
    territories, topics = dimension_members("territory", language), dimension_members("topic", "en")
    inside = subtree_ids(territories.index[territories["code"] == territory_code], territories["parent_id"])
    of_topic = subtree_ids(topics.index[topics["code"] == topic_code], topics["parent_id"])
    rows = rows[rows["topic_id"].isin(of_topic) & ~rows["territory_id"].isin(inside)].head(MAX_ELSEWHERE)
    rows = rows.assign(territory=territories["name"].reindex(rows["territory_id"]).array)
    return rows[["id", "problem", "status", "territory", "remedy", "done_day"]].reset_index(drop=True)
