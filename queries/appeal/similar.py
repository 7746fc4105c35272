"""Appeals that may be about the same problem as a given one."""

from datetime import timedelta
from typing import Any

import pandas as pd
from sqlalchemy import Float, cast, func, literal, or_, select

from otklik.database.tables import appeal
from otklik.database.transactions import query_dataframe
from queries.appeal.details import Appeal
from queries.appeal.named_places import find_places, is_same_place
from queries.cache.live import live
from queries.lists.appeal_list import AppealKey, appeals_by_key

NEARBY_KM = 0.3
MAX_KM_APART = 1.0
"""Two points of one street that are farther apart are two places."""
MIN_SIMILARITY = 0.5
"""The share of common trigrams from which on two texts on one topic are alike, where nothing tells the places."""
MIN_COPY_SIMILARITY = 0.9
"""The share of common trigrams from which on two texts on different topics are alike, in the same place."""
LOOKBACK = timedelta(days=60)
LOOKAHEAD = timedelta(days=30)
MAX_CANDIDATES = 2000
MAX_SIMILAR = 10
MAX_COMPARED_CHARACTERS = 2000


@live
def similar_appeals(this_appeal: Appeal, language: str) -> pd.DataFrame:
    """Appeals of the same municipality and time that may be about the same problem, likeliest first, at most ten.

    Columns: queries.lists.appeal_list.appeals_by_key, and `near` (km; NaN where a point is missing), `alike`
    (similarity of the texts, 0 to 1), `same_topic` and `same_place` (none where that can't be told). Compares the
    2,000 newest appeals received from sixty days before this one to thirty days after it. One that is known to be about
    another place, by its point or by the streets and numbers that the texts name, is not similar.
    """
    own_row = query_dataframe(
        select(appeal.c.municipality_id, appeal.c.topic_id, appeal.c.body).where(
            appeal.c.region_id == this_appeal.key.region_id, appeal.c.id == this_appeal.key.id
        )
    )
    if own_row.empty:
        return appeals_by_key((), language).assign(near=[], alike=[], same_topic=[], same_place=[])
    municipality_id, topic_id = own_row["municipality_id"].iloc[0], int(own_row["topic_id"].iloc[0])
    body = own_row["body"].iloc[0] or ""
    same_territory = (
        appeal.c.region_id == this_appeal.key.region_id
        if pd.isna(municipality_id)
        else appeal.c.municipality_id == int(municipality_id)
    )
    candidates = (
        select(*(appeal.c[name] for name in ("region_id", "id", "topic_id", "lon", "lat", "body", "received_at")))
        .where(
            same_territory,
            appeal.c.received_at > this_appeal.received_at - LOOKBACK,
            appeal.c.received_at < this_appeal.received_at + LOOKAHEAD,
            or_(appeal.c.region_id != this_appeal.key.region_id, appeal.c.id != this_appeal.key.id),
        )
        .order_by(appeal.c.received_at.desc())
        .limit(MAX_CANDIDATES)
        .subquery()
    )
    distance_km = _distance_km(this_appeal, candidates) if this_appeal.lon is not None else cast(literal(None), Float)
    scored = select(
        candidates.c.region_id,
        candidates.c.id,
        distance_km.label("near"),
        func.similarity(func.coalesce(candidates.c.body, ""), body).label("alike"),
        (candidates.c.topic_id == topic_id).label("same_topic"),
        func.left(func.coalesce(candidates.c.body, ""), MAX_COMPARED_CHARACTERS).label("body"),
    ).subquery()
    rows = query_dataframe(
        select(scored).where(or_(scored.c.same_topic, scored.c.alike > MIN_COPY_SIMILARITY)).order_by(scored.c.id)
    )
    matches = _likely_rows(rows, body)
    appeal_rows = appeals_by_key(
        tuple(AppealKey(int(row["region_id"]), int(row["id"])) for _, row in matches.iterrows()), language
    )
    return appeal_rows.merge(matches, on=["region_id", "id"], how="left", sort=False)


def _likely_rows(rows: pd.DataFrame, body: str) -> pd.DataFrame:
    """The rows that may be about the problem of this text, likeliest first, without `body` and with `same_place`."""
    places = find_places(body[:MAX_COMPARED_CHARACTERS])
    same_place = pd.Series(
        [
            _is_same_place(is_same_place(places, find_places(row["body"])), row["near"])
            for row in rows.to_dict("records")
        ],
        index=rows.index,
        dtype="boolean",
    )
    is_here = same_place.fillna(value=False)
    is_likely = (is_here & (rows["same_topic"] | (rows["alike"] > MIN_COPY_SIMILARITY))) | (
        same_place.isna() & rows["same_topic"] & (rows["alike"] > MIN_SIMILARITY)
    )
    closeness = (1 / (1 + rows["near"] / NEARBY_KM)).fillna(is_here / 2)
    likelihood = rows["alike"] + closeness + rows["same_topic"]
    order = likelihood[is_likely].sort_values(ascending=False, kind="stable").index[:MAX_SIMILAR]
    return rows.drop(columns="body").assign(same_place=same_place).loc[order]


def _is_same_place(names_same_place: bool | None, distance_km: float | None) -> bool | None:  # noqa: FBT001
    """Whether two appeals are about one place: what the texts name goes before the points; None if unknown."""
    if names_same_place is False:
        return False
    if distance_km is None or pd.isna(distance_km):
        return names_same_place
    return distance_km < (MAX_KM_APART if names_same_place else NEARBY_KM)


def _distance_km(this_appeal: Appeal, candidates: Any) -> Any:  # noqa: ANN401 -- SQLAlchemy's own
    """The distance in km as on a plane: exact enough within a municipality."""
    north_km = (candidates.c.lat - this_appeal.lat) * 111.2
    east_km = (candidates.c.lon - this_appeal.lon) * 111.2 * func.cos(func.radians(this_appeal.lat))
    return func.sqrt(north_km * north_km + east_km * east_km)
