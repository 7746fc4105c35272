"""Charts of territories: how their open appeals stand, and how many were open day by day."""

import pandas as pd
import streamlit as st

from components.charts.chart import Drawing, put
from components.charts.theme import room, shade
from components.filters.chips import clickable
from components.layout.panel import empty
from components.maps.legend import Entry, legend
from components.regions import chart_specs
from components.render_cache import replayed
from components.text.escape import plain
from otklik.i18n import N_, _, current, formats

LONGEST = 10
# State, and the colour of the theme.
STATES = {
    "overdue": (N_("overdue"), "bad"),
    "at_risk": (N_("at risk"), "closed"),
    "within": (N_("within time"), "received"),
}


def standing(rows: pd.DataFrame) -> None:
    """Open appeals of territories, as `stacked` says; a click on one opens it."""
    put(stacked(rows), **clickable("territory", key="standing"))


@replayed
def stacked(rows: pd.DataFrame) -> Drawing | None:
    """Open appeals of the territories with most of them, by how much time they have left.

    `rows`: queries.regions.territories.territories. Of a period that has ended only the overdue ones are known apart.
    """
    open_rows = rows[rows["open"] > 0].sort_values("open", ascending=False, kind="stable").head(LONGEST)
    if open_rows.empty:
        empty(_("Nothing was open."))
        return None
    if open_rows["at_risk"].isna().all():
        open_rows = open_rows.assign(at_risk=0, within=open_rows["open"] - open_rows["overdue"])
    state_rows = [
        open_rows[["code", "name"]].assign(state=_(label), tone=tone, order=order, appeals=open_rows[column].fillna(0))
        for order, (column, (label, tone)) in enumerate(STATES.items())
    ]
    legend([Entry(shade(tone), _(label)) for label, tone in STATES.values()])
    most_overdue = open_rows.iloc[int(open_rows["overdue"].to_numpy().argmax())]
    template = _("Open appeals by territory; most overdue in {name}: {n}")
    return Drawing(
        pd.concat(state_rows),
        chart_specs.standing(current(), (_("State"), _("Open")), room(open_rows["name"], chart_specs.NAMES)),
        28 * len(open_rows) + 60,
        template.format(name=most_overdue["name"], n=formats.number(most_overdue["overdue"])),
    )


def by_day(rows: pd.DataFrame) -> None:
    """Open at the end of each day, a small chart a territory, each on its own scale; a click narrows to a day.

    `rows`: queries.regions.territories.open_by_day.
    """
    if rows.empty:
        empty(_("Nothing was open."))
        return
    rows = rows.assign(date=[formats.day(day) for day in rows["day"]])
    groups = [group for _code, group in rows.groupby("code", sort=False)]
    with st.grid(2, min_column_width=240):
        for group in groups:
            with st.container(gap="xxsmall"):
                put(small(group), **clickable("day", "day", f"small-{group['code'].iloc[0]}"))


@replayed
def small(rows: pd.DataFrame) -> Drawing:
    """One territory's days."""
    territory_name, first_open, last_open = rows["name"].iloc[0], int(rows["open"].iloc[0]), int(rows["open"].iloc[-1])
    summary = _("{first} → {last} open, {overdue} overdue").format(
        first=formats.number(first_open),
        last=formats.number(last_open),
        overdue=formats.number(rows["overdue"].iloc[0]),
    )
    st.markdown(f":small[**{plain(territory_name)}**  \n{summary}]")
    return Drawing(rows, chart_specs.small(current(), _("open")), 84, f"{territory_name}: {summary}")
