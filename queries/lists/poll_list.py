"""Published polls with their turnout against the quorum."""

from typing import Literal, NamedTuple

import pandas as pd

from otklik.database.transactions import query_dataframe
from queries.core.reference import dimension_members
from queries.core.topic_labels import topic_labels
from queries.filters import Filters
from queries.lists.territory_and_topic import TIMEZONE_SQL, WITHIN_SQL, narrowed

PollStatus = Literal["running", "upcoming", "closed"]
CONDITIONS: dict[PollStatus, str] = {
    "running": "p.opens_at <= now() AND now() < p.closes_at",
    # They close later than they open: an index finds by the closing those that aren't over.
    "upcoming": "now() < p.opens_at AND now() < p.closes_at",
    "closed": "p.closes_at <= now()",
}
ORDERS: dict[PollStatus, str] = {
    "running": "p.closes_at, p.id",
    "upcoming": "p.opens_at, p.id",
    "closed": "p.closes_at DESC, p.id DESC",
}
OF_STATUS_SQL = f"""
    FROM poll AS p
    WHERE p.published_at <= now() AND {{condition}} AND {WITHIN_SQL.format(alias="p")}"""
# The first lines of each find the polls by an index; a local day begins less than two days from that of UTC. Nearly all
# polls of a period lie so far within it that their time zone needn't be looked up.
IN_PERIOD_SQL = """
            AND p.closes_at >= CAST(:first AS date) - interval '2 days'
            AND p.closes_at < CAST(:last AS date) + interval '2 days'
            AND (
                p.closes_at >= CAST(:first AS date) + interval '2 days'
                AND p.closes_at < CAST(:last AS date) - interval '2 days'
                OR (
                    SELECT day >= :first AND day < :last
                    FROM territory, LATERAL (SELECT (p.closes_at AT TIME ZONE timezone)::date AS day) AS closing
                    WHERE id = p.territory_id
                )
            )"""
WITHIN_DAYS_SQL = """
            AND p.closes_at < now() + (:within_days + 2) * interval '1 day'
            AND (
                SELECT (p.closes_at AT TIME ZONE timezone)::date <= (now() AT TIME ZONE timezone)::date + :within_days
                FROM territory WHERE id = p.territory_id
            )"""
# All else but their number is looked up of the polls alone that are returned.
POLLS_SQL = """
    SELECT p.id, p.number, p.title, p.territory_id, p.topic_id, p.opens_at, p.closes_at, place.timezone,
        (p.closes_at AT TIME ZONE place.timezone)::date - (now() AT TIME ZONE place.timezone)::date AS days_left,
        p.eligible, coalesce(p.quorum_votes, ceil(p.quorum_share * p.eligible)::integer) AS needed,
        coalesce(turnout.ballots, 0) AS ballots, shown.total
    FROM (
        SELECT p.id, count(*) OVER () AS total {of_status} {closing} ORDER BY {order} LIMIT :most
    ) AS shown
    JOIN poll AS p ON p.id = shown.id
    CROSS JOIN LATERAL {timezone} AS place
    LEFT JOIN LATERAL (
        SELECT sum(ballots)::integer AS ballots FROM poll_turnout WHERE poll_id = shown.id
    ) AS turnout ON true
    ORDER BY {order}"""


class PollList(NamedTuple):
    """The first polls in an order, and how many there are in all.

    Columns of `rows`: number, title, status, territory, topic (names), opens_at and closes_at (in the poll's time
    zone), days_left (local days until it closes), eligible (people who may vote), needed (votes of the quorum),
    ballots, turnout (ballots of eligible), missing (votes that the quorum lacks); None for what there is not.
    """

    rows: pd.DataFrame
    total: int


def polls_within(
    filters: Filters,
    status: PollStatus,
    limit: int | None = None,
    *,
    in_period: bool = False,
    within_days: int | None = None,
) -> PollList:
    """The published polls of a status in the territory and of the topic of the filters, and below both.

    Those that close soonest come first; of `upcoming` those that open soonest, of `closed` the latest. At most `limit`.
    `in_period`: those alone that close in the days of the filters; `within_days`: in so many days from today.
    """
    closing, values = "", dict[str, object](most=limit)
    if in_period:
        closing += IN_PERIOD_SQL
        values |= {"first": filters.start, "last": filters.end}
    if within_days is not None:
        closing += WITHIN_DAYS_SQL
        values["within_days"] = within_days
    of_status = OF_STATUS_SQL.format(condition=CONDITIONS[status])
    statement = POLLS_SQL.format(
        of_status=of_status, closing=closing, order=ORDERS[status], timezone=TIMEZONE_SQL.format(alias="p")
    )
    rows = query_dataframe(narrowed(statement, filters).bindparams(**values)).astype(object)
    rows = rows.where(rows.notna(), None)
    for name in ("opens_at", "closes_at"):
        moments = [at.tz_convert(zone) for at, zone in zip(rows[name], rows["timezone"], strict=True)]
        rows = rows.assign(**{name: pd.Series(moments, rows.index, dtype=object)})
    figures = list(zip(rows["ballots"], rows["eligible"], rows["needed"], strict=True))
    territories = dimension_members("territory", filters.language)
    polls = rows.assign(
        status=status,
        territory=territories["name"].reindex(rows["territory_id"]).array,
        topic=topic_labels(filters.language).reindex(rows["topic_id"]).array,
        turnout=pd.Series([cast / may if may else None for cast, may, _ in figures], rows.index, dtype=object),
        missing=pd.Series(
            [None if needed is None else max(needed - cast, 0) for cast, _, needed in figures], rows.index, dtype=object
        ),
    )
    return PollList(polls.drop(columns="total"), int(rows["total"].iloc[0]) if len(rows) else 0)


def count_polls(filters: Filters, status: PollStatus) -> int:
    """How many published polls of a status are in the territory and of the topic of the filters, and below both."""
    statement = f"SELECT count(*) AS polls {OF_STATUS_SQL.format(condition=CONDITIONS[status])}"
    return int(query_dataframe(narrowed(statement, filters))["polls"].iloc[0])
