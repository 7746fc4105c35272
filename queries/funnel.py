"""How far those that were received in a period have come by now: stage by stage, to the close and to the rating."""

import pandas as pd
from sqlalchemy import func, select

from database.reading import frame
from queries.answers import totals
from queries.cut import cut
from queries.facts import open_facts
from queries.filters import Filters
from queries.live import live
from queries.reference import words


@live
def steps(filters: Filters) -> pd.DataFrame:
    """One row a step: code, name (of a stage; None for the others), appeals that got so far, share of those received.

    `received`; then each stage: those that have come to it or further (the code is the stage's); `closed`; `resolved`.
    Cells of open appeals say at which stage those are that are still open; all others are closed.
    """
    part = cut(filters)
    cells = open_facts(part, "status_id").subquery()
    days = (cells.c.received_day >= filters.start, cells.c.received_day < filters.end)
    total = func.sum(cells.c.appeals).label("appeals")
    standing = frame(select(cells.c.status_id, total).where(*days).group_by(cells.c.status_id)).astype("int64")
    status, stage = words("status", filters.language), words("stage", filters.language).sort_values("position")
    at = standing["appeals"].groupby(standing["status_id"].map(status["stage_id"])).sum()
    counted = totals(filters)
    received, still = counted["received"], int(at.sum())
    rows: list[tuple[str, str | None, int]] = [("received", None, received)]
    before = 0
    for one in stage.index[:-1]:
        if before or one != stage.index[0]:
            rows.append((str(stage["code"][one]), str(stage["name"][one]), received - before))
        before += int(at.get(one, 0))
    rows += [("closed", None, received - still), ("resolved", None, counted["received_resolved"])]
    found = pd.DataFrame(rows, columns=["code", "name", "appeals"])
    return found.assign(share=found["appeals"] / received if received else float("nan"))
