"""Charts of territories: their open appeals by state, and the open appeals by day."""

import pandas as pd
import streamlit as st

from components.charts.chart import Chart, show_chart
from components.charts.colour_legend import LegendEntry, colour_legend
from components.charts.interaction import filter_on_click
from components.charts.theme import name_column_width
from components.layout.empty_state import empty_state
from components.palette import STATE_COLOURS, state_colour
from components.regions import chart_specs
from components.render_cache import cached_render
from components.text.appeal_state import LEGEND_LABELS, state_legend
from components.text.escape import escape_markdown
from components.text.metric_text import NO_VALUE
from otklik.i18n import _, current_language, formats

MAX_ROWS = 10
BACKLOG_HEIGHT = 112  # pixels, of which the axis of days takes more than half of a lower chart


def open_by_territory_chart(rows: pd.DataFrame) -> None:
    """Show the open appeals of territories by state; a click on a row filters the page by its territory.

    `rows`: queries.regions.territories.open_now.
    """
    show_chart(build_open_by_territory_chart(rows), **filter_on_click("territory", key="standing"))


@cached_render
def build_open_by_territory_chart(rows: pd.DataFrame) -> Chart | None:
    """Build stacked bars of the territories with most open appeals; None (and an empty state) without any.

    `rows`: queries.regions.territories.open_now. Of a source without deadlines the state is unknown.
    """
    open_rows = rows[rows["open"] > 0].sort_values("open", ascending=False, kind="stable").head(MAX_ROWS)
    if open_rows.empty:
        empty_state(_("Nothing was open."))
        return None
    is_known = open_rows["within"].notna()
    open_rows = open_rows.assign(no_deadline=open_rows["open"] - open_rows[list(LEGEND_LABELS)].fillna(0).sum(axis=1))
    states = state_legend(is_known)
    state_rows = [
        open_rows[["code", "name"]].assign(
            state=label,
            tone=STATE_COLOURS[state][0],
            opacity=STATE_COLOURS[state][1],
            order=order,
            appeals=open_rows[state].fillna(0),
        )
        for order, (state, label) in enumerate(states)
    ]
    colour_legend([LegendEntry(state_colour(state), label) for state, label in states])
    ranked_by = "overdue" if is_known.any() else "open"
    worst = open_rows.iloc[int(open_rows[ranked_by].to_numpy().argmax())]
    template = (
        _("Open appeals by territory; most overdue in {name}: {n}")
        if is_known.any()
        else _("Open appeals by territory; most in {name}: {n}")
    )
    return Chart(
        pd.concat(state_rows),
        chart_specs.open_by_territory_spec(
            current_language(), (_("State"), _("Open")), name_column_width(open_rows["name"], chart_specs.NAMES_WIDTH)
        ),
        30 * len(open_rows) + 60,
        template.format(name=worst["name"], n=formats.number(worst[ranked_by])),
    )


def backlog_title(rows: pd.DataFrame) -> str:
    """The title of `backlog_small_multiples`: by what its territories are chosen."""
    if len(rows) and rows["overdue"].isna().all():
        return _("Open day by day where most are open")
    return _("Open day by day where most are overdue")


def backlog_small_multiples(rows: pd.DataFrame) -> None:
    """Show the open appeals at the end of each day, one small chart per territory; a click sets the period to a day.

    Each chart has its own scale.

    `rows`: queries.regions.backlog.open_by_day.
    """
    if rows.empty:
        empty_state(_("Nothing was open."))
        return
    rows = rows.assign(date=[formats.day(day) for day in rows["day"]])
    groups = [group for _code, group in rows.groupby("code", sort=False)]
    with st.grid(2, min_column_width=240):
        for group in groups:
            with st.container(gap="xxsmall"):
                show_chart(
                    build_territory_backlog_chart(group),
                    **filter_on_click("day", "day", f"small-{group['code'].iloc[0]}"),
                )


@cached_render
def build_territory_backlog_chart(rows: pd.DataFrame) -> Chart:
    """Build the chart of one territory under its name and numbers.

    `rows`: the days of one territory from queries.regions.backlog.open_by_day.
    """
    territory_name, first_open, last_open = rows["name"].iloc[0], int(rows["open"].iloc[0]), int(rows["open"].iloc[-1])
    overdue = rows["overdue"].iloc[0]
    summary = _("{first} → {last} open, {overdue} overdue").format(
        first=formats.number(first_open),
        last=formats.number(last_open),
        overdue=NO_VALUE if pd.isna(overdue) else formats.number(overdue),
    )
    st.markdown(f":small[**{escape_markdown(territory_name)}**  \n{summary}]")
    return Chart(
        rows,
        chart_specs.territory_backlog_spec(current_language(), _("open")),
        BACKLOG_HEIGHT,
        f"{territory_name}: {summary}",
    )
