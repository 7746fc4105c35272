"""How far the appeals received in a period have come by now: stage by stage, to closed and resolved."""

from collections import Counter
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Select, func, select

from otklik.database.transactions import query_columns
from queries.cache.live import live
from queries.cache.statements import cached_statement
from queries.core.reference import dimension_members
from queries.core.resolved_filters import ResolvedFilters, resolve
from queries.counts.open_facts import open_facts
from queries.filters import Filters
from queries.summaries.metric_values import period_totals


@live
def funnel_steps(filters: Filters) -> pd.DataFrame:
    """One row per step: code, name (of a stage, else None), appeals that came at least so far, share of those received.

    The steps are `received`, each stage after the first (by its code), `closed` and `resolved`. The open cubes say at
    which stage open appeals are; all others are closed.
    """
    open_by_status = query_columns(_open_by_status_query(resolve(filters), filters.start, filters.end))
    stage_by_status = dimension_members("status", filters.language)["stage_id"].to_dict()
    stage_rows = dimension_members("stage", filters.language).sort_values("position")
    open_by_stage = Counter[int]()
    for status_id, count in zip(*open_by_status.values(), strict=True):
        open_by_stage[stage_by_status[status_id]] += int(count)
    sums = period_totals(filters)
    received, still_open = sums["received"], open_by_stage.total()
    rows: list[tuple[str, str | None, int]] = [("received", None, received)]
    open_before = 0
    stages = list(zip(stage_rows.index.tolist(), stage_rows["code"].tolist(), stage_rows["name"].tolist(), strict=True))
    for index, (stage_id, code, name) in enumerate(stages[:-1]):
        if index:
            rows.append((code, name, received - open_before))
        open_before += open_by_stage[stage_id]
    rows += [("closed", None, received - still_open), ("resolved", None, sums["received_resolved"])]
    rows_with_share = [(*row, row[-1] / received if received else float("nan")) for row in rows]
    return pd.DataFrame(rows_with_share, columns=["code", "name", "appeals", "share"])


@cached_statement
def _open_by_status_query(resolved: ResolvedFilters, start: date, end: date) -> Select[Any]:
    """One row per status: status_id, and the open appeals at it that were received in the local days [start, end)."""
    cells = open_facts(resolved, "status_id").subquery()
    days = (cells.c.received_day >= start, cells.c.received_day < end)
    return select(cells.c.status_id, func.sum(cells.c.appeals)).where(*days).group_by(cells.c.status_id)
