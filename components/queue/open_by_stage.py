"""What is open by stage: how old it is, and what it is about."""

from itertools import pairwise

import pandas as pd

from components.charts.heatmap import heat, histogram
from otklik.i18n import _, formats

LAST = 7  # days from which the list knows ages no further apart


def names(firsts: tuple[int, ...]) -> list[str]:
    """What bands of ages are called by their first days: `0 d`, `1-2 d`, … `30+ d`."""
    said = [_("{days} d").format(days=formats.number(0))]
    for first, following in pairwise(firsts[1:]):
        said.append(_("{days} d").format(days=f"{formats.number(first)}–{formats.number(following - 1)}"))
    return [*said, _("{days} d").format(days=f"{formats.number(firsts[-1])}+")]


def stages(rows: pd.DataFrame, firsts: tuple[int, ...]) -> None:
    """Stages by age; a click narrows the list to a stage and an age. `rows`: queries.queue.open_counts.stages.

    A band that the list doesn't know apart is part of its last one.
    """
    columns = names(firsts)
    cells = pd.DataFrame(
        {
            "row": rows["stage"],
            "column": [columns[band] for band in rows["band"]],
            "appeals": rows["appeals"],
            "row_code": rows["code"],
            "column_code": [str(min(firsts[band], LAST)) for band in rows["band"]],
        }
    )
    old = formats.number(rows.loc[rows["band"] == len(firsts) - 1, "appeals"].sum())
    said = _("{n} open, {old} of them for {age}").format(
        n=formats.number(rows["appeals"].sum()), old=old, age=columns[-1]
    )
    histogram(cells, columns, said)
    heat(cells, columns, (_("Stage"), _("Days since receipt")), said, ("stage", "age"))


def topics(rows: pd.DataFrame) -> None:
    """Topics by stage, most open first; a click narrows to both. `rows`: queries.queue.open_counts.topics."""
    rows = rows.assign(name=rows["name"].where(rows["name"].notna(), _("Others")))
    stages = list(rows.sort_values("position")["stage"].unique())
    cells = pd.DataFrame(
        {
            "row": rows["name"],
            "column": rows["stage"],
            "appeals": rows["appeals"],
            "row_code": rows["topic"],
            "column_code": rows["code"],
        }
    )
    first = "" if rows.empty else rows["name"].iloc[0]
    said = _("Open by topic and stage; most in {name}").format(name=first)
    heat(cells, stages, (_("Topic"), _("Stage")), said, ("topic", "stage"))
