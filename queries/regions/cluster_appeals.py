"""The appeals of a cluster of similar texts."""

import pandas as pd
from sqlalchemy import and_, select

from otklik.database.tables import appeal, text_cluster_member
from otklik.database.transactions import query_columns
from otklik.masking.mask_text import mask_text
from otklik.masking.spans import TextPart
from queries.cache.live import live
from queries.lists.appeal_list import AppealKey, appeals_by_key

MAX_ROWS = 200


def cluster_appeals(cluster_id: int, language: str) -> pd.DataFrame:
    """The appeals of a cluster, the most typical first, at most 200: the columns of queries.lists.appeal_list."""
    return appeals_by_key(_member_keys(cluster_id), language)


@live
def cluster_samples(cluster_id: int) -> list[tuple[TextPart, ...]]:
    """Three of its texts without personal data: the most typical one, one in between, and the least typical one."""
    query = (
        select(appeal.c.body)
        .join(
            text_cluster_member,
            and_(text_cluster_member.c.region_id == appeal.c.region_id, text_cluster_member.c.appeal_id == appeal.c.id),
        )
        .where(text_cluster_member.c.cluster_id == cluster_id, appeal.c.body.is_not(None))
        .order_by(text_cluster_member.c.position)
        .limit(MAX_ROWS)
    )
    bodies = list(dict.fromkeys(query_columns(query)["body"]))
    positions = sorted({0, len(bodies) // 2, len(bodies) - 1}) if bodies else []
    return [mask_text(bodies[position]) for position in positions]


@live
def _member_keys(cluster_id: int) -> tuple[AppealKey, ...]:
    query = (
        select(text_cluster_member.c.region_id, text_cluster_member.c.appeal_id)
        .where(text_cluster_member.c.cluster_id == cluster_id)
        .order_by(text_cluster_member.c.position)
        .limit(MAX_ROWS)
    )
    columns = query_columns(query)
    return tuple(AppealKey(*key) for key in zip(columns["region_id"], columns["appeal_id"], strict=True))
