"""Appeals that may be about the same problem as a given one."""

from datetime import timedelta
from typing import Any

import pandas as pd
from sqlalchemy import Integer, cast, func, literal, or_, select

from otklik.database.tables import appeal
from otklik.database.transactions import query_dataframe
from queries.appeal.details import Appeal
from queries.cache.live import live
from queries.lists.appeal_list import AppealKey, appeals_by_key

NEARBY_KM = 0.3
MIN_SIMILARITY = 0.35
"""Two texts are taken as alike from this share of common trigrams on."""
LOOKBACK = timedelta(days=60)
LOOKAHEAD = timedelta(days=30)
MAX_CANDIDATES = 2000
MAX_SIMILAR = 10


@live
def similar_appeals(this_appeal: Appeal, language: str) -> pd.DataFrame:
    """Appeals of the same municipality and time that may be about the same problem, likeliest first, at most ten.

    Columns: queries.lists.appeal_list.appeals_by_key, and `near` (km; NaN where a point is missing), `alike`
    (similarity of the texts, 0 to 1) and `same_topic`. Compares the 2,000 newest appeals
    received from sixty days before this one to thirty days after it.
    """
    own_row = query_dataframe(
        select(appeal.c.municipality_id, appeal.c.topic_id).where(
            appeal.c.region_id == this_appeal.key.region_id, appeal.c.id == this_appeal.key.id
        )
    )
    if own_row.empty:
        return appeals_by_key((), language).assign(near=[], alike=[], same_topic=[])
    municipality_id, topic_id = own_row["municipality_id"].iloc[0], int(own_row["topic_id"].iloc[0])
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
    distance_km = _distance_km(this_appeal, candidates) if this_appeal.lon is not None else cast(literal(None), Integer)
    scored = select(
        candidates.c.region_id,
        candidates.c.id,
        distance_km.label("near"),
        func.similarity(func.coalesce(candidates.c.body, ""), this_appeal.body or "").label("alike"),
        (candidates.c.topic_id == topic_id).label("same_topic"),
    ).subquery()
    is_likely = or_(
        scored.c.same_topic & or_(scored.c.near < NEARBY_KM, scored.c.alike > MIN_SIMILARITY),
        (scored.c.near < NEARBY_KM) & (scored.c.alike > MIN_SIMILARITY),
        scored.c.alike > 2 * MIN_SIMILARITY,
    )
    closeness = func.coalesce(1 / (1 + scored.c.near / NEARBY_KM), 0)
    matches = query_dataframe(
        select(scored)
        .where(is_likely)
        .order_by((scored.c.alike + closeness + cast(scored.c.same_topic, Integer)).desc(), scored.c.id)
        .limit(MAX_SIMILAR)
    )
    appeal_rows = appeals_by_key(
        tuple(AppealKey(int(row["region_id"]), int(row["id"])) for _, row in matches.iterrows()), language
    )
    return appeal_rows.merge(matches, on=["region_id", "id"], how="left", sort=False)


def _distance_km(this_appeal: Appeal, candidates: Any) -> Any:  # noqa: ANN401 -- SQLAlchemy's own
    """The distance in km as on a plane: exact enough within a municipality."""
    north_km = (candidates.c.lat - this_appeal.lat) * 111.2
    east_km = (candidates.c.lon - this_appeal.lon) * 111.2 * func.cos(func.radians(this_appeal.lat))
    return func.sqrt(north_km * north_km + east_km * east_km)
