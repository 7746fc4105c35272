"""What is open by stage: how old it is, and what it is about."""

from itertools import pairwise

import pandas as pd

from components import units
from components.heat import heat, histogram
from components.words import _


def names(firsts: tuple[int, ...]) -> list[str]:
    """What bands of ages are called by their first days: `0 d`, `1-2 d`, … `30+ d`."""
    said = [_("{days} d").format(days=units.number(0))]
    for first, following in pairwise(firsts[1:]):
        said.append(_("{days} d").format(days=f"{units.number(first)}–{units.number(following - 1)}"))
    return [*said, _("{days} d").format(days=f"{units.number(firsts[-1])}+")]


def stages(rows: pd.DataFrame, firsts: tuple[int, ...]) -> None:
    """Stages by age. `rows`: stage, band (its place in `firsts`), appeals."""
    columns = names(firsts)
    cells = pd.DataFrame(
        {"row": rows["stage"], "column": [columns[band] for band in rows["band"]], "appeals": rows["appeals"]}
    )
    old = units.number(rows.loc[rows["band"] == len(firsts) - 1, "appeals"].sum())
    said = _("{n} open, {old} of them for {age}").format(
        n=units.number(rows["appeals"].sum()), old=old, age=columns[-1]
    )
    histogram(cells, columns, said)
    heat(cells, columns, (_("Stage"), _("Days since receipt")), said)


def topics(rows: pd.DataFrame) -> None:
    """Topics by stage. `rows`: name (none for the rest of them), stage, position, appeals; most open first."""
    rows = rows.assign(name=rows["name"].where(rows["name"].notna(), _("Others")))
    stages = list(rows.sort_values("position")["stage"].unique())
    cells = pd.DataFrame({"row": rows["name"], "column": rows["stage"], "appeals": rows["appeals"]})
    first = "" if rows.empty else rows["name"].iloc[0]
    heat(cells, stages, (_("Topic"), _("Stage")), _("Open by topic and stage; most in {name}").format(name=first))
