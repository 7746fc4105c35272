"""The appeals received last."""

import pandas as pd

from otklik.database.tables import appeal
from otklik.database.transactions import query_dataframe
from queries.cache.live import live
from queries.core.conditions import filter_conditions
from queries.core.resolved_filters import resolve
from queries.filters import Filters
from queries.lists.appeal_rows import format_appeal_rows, select_appeals

MAX_NEWEST = 12


@live
def newest_appeals(filters: Filters) -> pd.DataFrame:
    """The 12 appeals received last, whatever the period, newest first.

    Columns: number, received_at (local), topic, territory, organisation, channel, status.
    """
    rows = query_dataframe(
        select_appeals(appeal.c.received_at)
        .where(*filter_conditions(resolve(filters), appeal))
        .order_by(appeal.c.received_at.desc(), appeal.c.id.desc())
        .limit(MAX_NEWEST)
    )
    return format_appeal_rows(rows, filters.language)
