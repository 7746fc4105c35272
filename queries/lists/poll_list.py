"""Published polls with their turnout against the quorum."""

import pandas as pd
from sqlalchemy import text

from otklik.database.transactions import query_dataframe
from queries.core.reference import dimension_members
from queries.core.resolved_filters import resolve, subtree_ids
from queries.core.topic_labels import topic_labels
from queries.filters import Filters

POLLS_SQL = """
    SELECT p.id, p.number, p.title, p.territory_id, p.topic_id,
        CASE WHEN now() < p.opens_at THEN 'upcoming' WHEN now() < p.closes_at THEN 'running' ELSE 'closed'
        END AS status,
        p.opens_at, p.closes_at, place.timezone,
        (p.closes_at AT TIME ZONE place.timezone)::date AS closing_day,
        (p.closes_at AT TIME ZONE place.timezone)::date - (now() AT TIME ZONE place.timezone)::date AS days_left,
        p.eligible, coalesce(p.quorum_votes, ceil(p.quorum_share * p.eligible)::integer) AS needed,
        coalesce(turnout.ballots, 0) AS ballots
    FROM poll AS p
    JOIN territory AS place ON place.id = p.territory_id
    LEFT JOIN (SELECT poll_id, sum(ballots)::integer AS ballots FROM poll_turnout GROUP BY poll_id) AS turnout
        ON turnout.poll_id = p.id
    WHERE p.published_at <= now()
    ORDER BY p.closes_at, p.id"""


def polls_within(filters: Filters) -> pd.DataFrame:
    """Every published poll in the territory and of the topic of the filters, and below both, by its closing.

    Columns: number, title, status, territory, topic (names), opens_at and closes_at (in the poll's time zone),
    closing_day and days_left (local days until then), eligible (people who may vote), needed (votes of the quorum),
    ballots, turnout (ballots of eligible), missing (votes that the quorum lacks); None for what there is not.
    """
    rows = query_dataframe(text(POLLS_SQL)).astype(object)
    rows = rows.where(rows.notna(), None)
    resolved = resolve(filters)
    territories = dimension_members("territory", filters.language)
    within = rows["territory_id"].isin(subtree_ids(resolved.territories, territories["parent_id"]))
    if resolved.topics is not None:
        within &= rows["topic_id"].isin(resolved.topics)
    rows = rows[within]
    for name in ("opens_at", "closes_at"):
        moments = [at.tz_convert(zone) for at, zone in zip(rows[name], rows["timezone"], strict=True)]
        rows = rows.assign(**{name: pd.Series(moments, rows.index, dtype=object)})
    figures = list(zip(rows["ballots"], rows["eligible"], rows["needed"], strict=True))
    return rows.assign(
        territory=territories["name"].reindex(rows["territory_id"]).array,
        topic=topic_labels(filters.language).reindex(rows["topic_id"]).array,
        turnout=pd.Series([cast / may if may else None for cast, may, _ in figures], rows.index, dtype=object),
        missing=pd.Series(
            [None if needed is None else max(needed - cast, 0) for cast, _, needed in figures], rows.index, dtype=object
        ),
    )
