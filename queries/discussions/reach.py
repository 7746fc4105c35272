"""Whom a discussion reaches: its participants by where they live and how they came, without small groups."""

import pandas as pd
from sqlalchemy import text

from otklik.database.announcements import DISCUSSIONS_ANNOUNCEMENT
from otklik.database.transactions import query_dataframe
from otklik.small_numbers import MIN_PEOPLE
from queries.cache.live import live_with
from queries.core.reference import dimension_members
from queries.core.territory_groups import ELSEWHERE, UNKNOWN, territory_groups
from queries.statistics.suppression import hidden_groups

KEY_COLUMNS = {"territory": "municipality_id", "channel": "channel_id"}
REACH_SQL = """
    SELECT {key} AS key, sum(participants)::integer AS participants FROM discussion_activity
    WHERE discussion_id = :discussion GROUP BY 1 HAVING sum(participants) <> 0"""


@live_with(DISCUSSIONS_ANNOUNCEMENT)
def reach(discussion_id: int, territory_id: int, dimension: str, language: str) -> pd.DataFrame:
    """One row a group of participants, by a dimension of `KEY_COLUMNS`: key, name, participants, share of all.

    A group of fewer than ten people, and what would give its size away, is missing. By name, territories one step below
    the discussion's; those unknown or from elsewhere last, without a name.
    """
    query = REACH_SQL.format(key=KEY_COLUMNS[dimension])
    rows = query_dataframe(text(query).bindparams(discussion=discussion_id))
    if dimension == "territory":
        groups = territory_groups(territory_id)
        keys = [UNKNOWN if key == UNKNOWN else groups.get(key, ELSEWHERE) for key in rows["key"].tolist()]
        rows = rows.assign(key=keys).groupby("key", as_index=False).agg({"participants": "sum"})
    names = dimension_members(dimension, language)["name"]
    order = {key: position for position, key in enumerate(names.index)}
    rows = rows.assign(position=[order.get(key, len(order) - key) for key in rows["key"]]).sort_values("position")
    sizes = rows["participants"].astype("Int64").reset_index(drop=True)
    hidden = hidden_groups(sizes.tolist(), MIN_PEOPLE)
    shown = pd.DataFrame(
        {
            "key": rows["key"].to_numpy(),
            "name": [str(names[key]) if key in order else None for key in rows["key"]],
            "participants": sizes.mask(hidden),
        }
    )
    return shown.assign(share=shown["participants"].astype("Float64") / max(int(sizes.sum()), 1))
