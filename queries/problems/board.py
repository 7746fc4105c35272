"""The board: the problems within the filters, with what is to be done next and how many of their appeals are open."""

from datetime import date
from typing import Any, NamedTuple

import pandas as pd
from sqlalchemy import BigInteger, Select, cast, func, literal, select, text, union_all

from otklik.database.announcements import PROBLEMS_ANNOUNCEMENT
from otklik.database.functions.problems import ENDED_STATUSES, REJECTED, STEPS
from otklik.database.tables import surge_episode
from otklik.database.transactions import query_dataframe
from queries.cache.live import live_with
from queries.core.reference import dimension_members
from queries.core.resolved_filters import resolve, subtree_ids
from queries.core.topic_labels import topic_labels
from queries.counts.open_facts import open_facts
from queries.filters import Filters
from queries.problems.problem_filters import problem_filters

MAX_PER_STATUS = 20
PROBLEMS_SQL = """
    SELECT p.id, p.territory_id, p.topic_id, p.title, p.status, p.since, owner.name AS owner,
        remedy.title AS next_remedy, remedy.due AS next_due,
        coalesce(remedy.due < (now() AT TIME ZONE place.timezone)::date, false) AS is_overdue
    FROM problem AS p
    JOIN territory AS place ON place.id = p.territory_id
    LEFT JOIN problem_owners() AS owner ON owner.id = p.owner_id
    LEFT JOIN LATERAL (
        SELECT r.title, r.due FROM problem_remedy AS r
        WHERE r.problem_id = p.id AND r.done_at IS NULL AND p.status <> ALL (:ended) ORDER BY r.due, r.id LIMIT 1
    ) AS remedy ON true
    ORDER BY is_overdue DESC, remedy.due, p.id DESC"""


class Board(NamedTuple):
    """The problems of each status, of which `rows` has at most 20, and `totals` how many there are by status.

    Columns of `rows`: id, title, status, since, owner, territory, topic (names), next_remedy and next_due (of the
    remedy that is due first), is_overdue, open: how many of its appeals are open, missing for a problem that has ended.
    Those with an overdue remedy first, then by the next due day; the latest first of those without.
    """

    rows: pd.DataFrame
    totals: dict[str, int]


@live_with(PROBLEMS_ANNOUNCEMENT)
def board(filters: Filters) -> Board:
    """The problems in the territory and of the topic of the filters, and below both; their period is ignored."""
    rows = query_dataframe(text(PROBLEMS_SQL).bindparams(ended=list(ENDED_STATUSES)))
    resolved = resolve(filters)
    shown = subtree_ids(resolved.territories, dimension_members("territory", "en")["parent_id"])
    within = rows["territory_id"].isin(shown)
    if resolved.topics is not None:
        within &= rows["topic_id"].isin(resolved.topics)
    rows = rows[within]
    totals = {status: int((rows["status"] == status).sum()) for status in (*STEPS, REJECTED)}
    rows = rows.groupby("status", sort=False).head(MAX_PER_STATUS).reset_index(drop=True)
    territories = dimension_members("territory", filters.language)
    topics = dimension_members("topic", "en")
    rows["open"] = _open_counts(
        rows.assign(
            territory_code=territories["code"].reindex(rows["territory_id"]).array,
            topic_code=topics["code"].reindex(rows["topic_id"]).array,
        )[~rows["status"].isin(ENDED_STATUSES)]
    ).reindex(rows["id"]).array  # fmt: skip
    rows["territory"] = territories["name"].reindex(rows["territory_id"]).array
    rows["topic"] = topic_labels(filters.language).reindex(rows["topic_id"]).array
    rows = rows.drop(columns=["territory_id", "topic_id"]).astype(object)
    return Board(rows.where(rows.notna(), None), totals)


def _open_counts(rows: pd.DataFrame) -> "pd.Series[int]":
    """How many appeals of each problem are open, by its id."""
    queries = [
        _open_query(problem_id, problem_filters(territory, topic, since))
        for problem_id, territory, topic, since in zip(
            *(rows[name].tolist() for name in ("id", "territory_code", "topic_code", "since")), strict=True
        )
    ]
    counts = query_dataframe(union_all(*queries)) if queries else pd.DataFrame({"id": [], "open": []})
    return pd.Series(counts["open"].to_numpy(), counts["id"].to_numpy(), dtype="Int64")


def _open_query(problem_id: int, filters: Filters) -> Select[Any]:
    """One row: the problem's id, and how many of the appeals are open."""
    cells = open_facts(resolve(filters)).subquery()
    open_appeals = cast(func.coalesce(func.sum(cells.c.appeals), 0), BigInteger)
    columns: list[Any] = [literal(problem_id).label("id"), open_appeals.label("open")]
    return select(*columns).where(cells.c.received_day >= filters.start)


def open_count(filters: Filters) -> int:
    """How many of the appeals of a problem (`problem_filters`) are open."""
    return int(query_dataframe(_open_query(0, filters))["open"].iloc[0])


def surge_of_address(filters: Filters, value: str) -> date | None:
    """The first day of a surge of the territory and topic of the filters, as `2026-11-24`; None where none began then.

    Raises ValueError for what is no day.
    """
    starts = date.fromisoformat(value)
    territory, topic = (
        rows.index[rows["code"] == code]
        for rows, code in (
            (dimension_members("territory", "en"), filters.territory),
            (dimension_members("topic", "en"), filters.topic),
        )
    )
    query = select(surge_episode.c.starts).where(
        surge_episode.c.territory_id.in_(territory.tolist()),
        surge_episode.c.topic_id.in_(topic.tolist()),
        surge_episode.c.starts == starts,
    )
    return None if query_dataframe(query).empty else starts
