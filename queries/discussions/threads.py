"""The threads of a discussion with their official answers, what awaits moderation, and the log of moderators.

Comments are shown masked; moderators alone see pending ones as they were written. None of the rows is cached: whoever
publishes or answers a comment sees it at once.
"""

from typing import NamedTuple

import pandas as pd

from queries.discussions.local_rows import local_rows
from queries.discussions.masked_comments import masked_comment

SHOWN_COMMENTS = ("all", "unanswered", "late")
"""Which threads are shown: all, those whose answer is due, and those past the last day for it."""
MAX_THREADS, MAX_QUEUE, MAX_LOG = 25, 50, 50
AT_RISK_DAYS = 2
"""So many days before the last one for an answer, a comment without one is at risk."""
# Of a comment: its reactions, and where it stands before its deadline.
COMMENTS_SQL = """
    SELECT c.id, c.parent_id, c.text, c.written_at, c.published_at, c.answer, c.answered_at, c.answer_due,
        coalesce(r.agrees, 0) AS agrees, coalesce(r.disagrees, 0) AS disagrees, coalesce(r.passes, 0) AS passes,
        c.answer_due - local.today AS days_left,
        CASE
            WHEN c.answered_at IS NOT NULL THEN 'closed'
            WHEN c.answer_due IS NULL THEN 'no_deadline'
            WHEN c.answer_due < local.today THEN 'overdue'
            WHEN c.answer_due <= local.today + :at_risk_days THEN 'at_risk'
            ELSE 'within'
        END AS due_state, local.timezone
    FROM discussion_comment AS c
    LEFT JOIN discussion_reactions AS r ON r.comment_id = c.id AND r.discussion_id = c.discussion_id
    CROSS JOIN (
        SELECT (now() AT TIME ZONE place.timezone)::date AS today, place.timezone
        FROM discussion AS d JOIN territory AS place ON place.id = d.territory_id WHERE d.id = :discussion
    ) AS local
    WHERE c.discussion_id = :discussion AND c.state = 'published'
    ORDER BY c.written_at, c.id"""
QUEUE_SQL = """
    SELECT c.id, c.text, c.written_at, parent.text AS replies_to, count(*) OVER ()::integer AS total,
        place.timezone
    FROM discussion_comment AS c LEFT JOIN discussion_comment AS parent ON parent.id = c.parent_id
    JOIN discussion AS d ON d.id = c.discussion_id JOIN territory AS place ON place.id = d.territory_id
    WHERE c.discussion_id = :discussion AND c.state = 'pending' ORDER BY c.written_at, c.id LIMIT :max_rows"""
LOG_SQL = """
    SELECT e.at, e.person, e.kind, e.reason, c.text, place.timezone FROM discussion_event AS e
    JOIN discussion AS d ON d.id = e.discussion_id JOIN territory AS place ON place.id = d.territory_id
    LEFT JOIN discussion_comment AS c ON c.id = e.comment_id
    WHERE e.discussion_id = :discussion ORDER BY e.at DESC, e.id DESC LIMIT :max_rows"""


class Threads(NamedTuple):
    """`rows`: the comments of the shown threads, each that begins a thread before its replies; of `total` threads.

    Columns: id, parent_id, root_id, masked_text (otklik.masking.mask_text), written_at, published_at, answer,
    answered_at, answer_due, days_left (until that day), due_state (closed for an answered one, overdue, at_risk,
    within, no_deadline), agrees, disagrees, passes.
    """

    rows: pd.DataFrame
    total: int


def threads(discussion_id: int, shown: str) -> Threads:
    """At most 25 threads of published comments, by `SHOWN_COMMENTS`, without replies to what isn't published.

    Those with the most support (agree less disagree) are first; of those that wait for an answer, what is due first.
    """
    rows = local_rows(COMMENTS_SQL, discussion=discussion_id, at_risk_days=AT_RISK_DAYS)
    parents = dict(zip(rows["id"], rows["parent_id"], strict=True))
    rows["root_id"] = pd.Series([_root(comment_id, parents) for comment_id in rows["id"]], rows.index, dtype=object)
    rows = rows[rows["root_id"].notna()]
    roots = rows[rows["parent_id"].isna()]
    if shown == "all":
        roots = roots.assign(support=roots["agrees"] - roots["disagrees"])
        roots = roots.sort_values(["support", "written_at"], ascending=[False, True], kind="stable")
    else:
        states = ("overdue",) if shown == "late" else ("overdue", "at_risk", "within")
        roots = roots[roots["due_state"].isin(states)].sort_values(["answer_due", "written_at"], kind="stable")
    order = {root_id: position for position, root_id in enumerate(roots["id"].head(MAX_THREADS))}
    rows = rows[rows["root_id"].isin(order)]
    rows = rows.assign(position=rows["root_id"].map(order)).sort_values(["position", "written_at"], kind="stable")
    rows = rows.assign(masked_text=rows["text"].map(masked_comment)).drop(columns=["position", "text"])
    return Threads(rows.reset_index(drop=True), len(roots))


def moderation_queue(discussion_id: int) -> pd.DataFrame:
    """One row a comment that awaits moderation, the longest waiting first, at most 50, for those who may moderate.

    Columns: id, text, written_at, masked_replies_to (the comment above, None for one that begins a
    thread), total.
    """
    rows = local_rows(QUEUE_SQL, discussion=discussion_id, max_rows=MAX_QUEUE)
    return rows.assign(masked_replies_to=_masked_or_none(rows["replies_to"])).drop(columns="replies_to")


def moderation_log(discussion_id: int) -> pd.DataFrame:
    """One row an entry of the log, the latest first, at most 50, for those who may moderate.

    Columns: at, person, kind (published, rejected, answered, decided, outcome), reason, masked_text (of the
    comment, None for an entry about the discussion).
    """
    rows = local_rows(LOG_SQL, discussion=discussion_id, max_rows=MAX_LOG)
    return rows.assign(masked_text=_masked_or_none(rows["text"])).drop(columns="text")


def _masked_or_none(texts: pd.Series) -> pd.Series:
    masked_texts = [masked_comment(text) if isinstance(text, str) else None for text in texts]
    return pd.Series(masked_texts, texts.index, dtype=object)


def _root(comment_id: int, parents: dict[int, int | None]) -> int | None:
    """The comment that began the thread; None where one on the way isn't published."""
    while (parent_id := parents[comment_id]) is not None:
        if parent_id not in parents:
            return None
        comment_id = parent_id
    return comment_id
