"""The appeals of a problem: how many, the weeks before and since as bars, and the latest as a list."""

from functools import cache
from typing import TYPE_CHECKING

import altair as alt
import pandas as pd
import streamlit as st

from components.charts.chart import Chart, show_chart
from components.charts.theme import NAMED_DATA, PALETTE_SCALE, Spec, count_axis, to_spec
from components.charts.weeks import week_rows
from components.layout.empty_state import empty_state
from components.tables.appeals import appeals_table
from components.tables.columns import columns_of
from components.tables.row_limit import last_rows_note
from components.url.links import list_params
from otklik.i18n import _, current_language, formats, ngettext
from otklik.paths import ROOT

if TYPE_CHECKING:
    from queries.problems.details import Problem
    from queries.problems.linked_appeals import LinkedAppeals

CHART_HEIGHT = 160
TONES = {"before": "muted", "since": "received", "running": "usual"}
LIST_WIDTHS = {
    "number": 134, "received_at": 106, "topic": 221, "territory": 132, "organisation": 300, "status": 120,
    "deadline_at": 106,
}  # fmt: skip


def linked_appeals_chart(problem: "Problem", linked: "LinkedAppeals") -> None:
    """How many appeals there are, and their weeks; a link leads to all that are open, older ones too."""
    summary = linked_summary(linked)
    st.markdown(summary)
    params = list_params(
        dropped=("organisation", "regime", "channel"), territory=problem.territory_code, topic=problem.topic_code
    )
    st.page_link(ROOT / "pages" / "queue.py", label=_("All open, older ones too"), query_params=params)
    if int(linked.by_week["received"].sum()):
        show_chart(build_linked_chart(linked, summary))
        st.caption(
            _("Received by weeks: grey before the first day of the problem, blue since, pale the week that goes on.")
        )
    else:
        empty_state(_("None in these weeks."))


def linked_summary(linked: "LinkedAppeals") -> str:
    """`41 appeals since the first day, 12 of them open`."""
    text = ngettext(
        "{n} appeal since the first day, {open} of them open", "{n} appeals since the first day, {open} of them open",
        linked.received,
    )  # fmt: skip
    return text.format(n=formats.number(linked.received), open=formats.number(linked.open))


def build_linked_chart(linked: "LinkedAppeals", summary: str) -> Chart:
    """Bars of what was received in each week, before the first day in grey."""
    rows = week_rows(linked.by_week).assign(tone=linked.by_week["span"].map(TONES))
    return Chart(rows, linked_spec(current_language(), (_("Week"), _("Received"))), CHART_HEIGHT, summary)


@cache
def linked_spec(language: str, labels: tuple[str, str]) -> Spec:
    """Bars by week, coloured by their tone."""
    chart = (
        alt.Chart(NAMED_DATA)
        .mark_bar(width={"band": 0.7})
        .encode(
            x=alt.X("day:O", axis=None),
            y=alt.Y("received:Q", axis=count_axis(3)),
            color=alt.Color("tone:N", scale=PALETTE_SCALE, legend=None),
            tooltip=[alt.Tooltip("days:N", title=labels[0]), alt.Tooltip("received:Q", title=labels[1])],
        )
    )
    return to_spec(chart, language)


def linked_appeals_table(rows: pd.DataFrame, max_rows: int) -> None:
    """The latest appeals of a problem. `rows`: queries.problems.linked_appeals.latest_linked_appeals."""
    if rows.empty:
        empty_state(_("No appeal has been received since."))
        return
    appeals_table(rows, columns_of(LIST_WIDTHS), "linked", _("The problem's appeals"))
    last_rows_note(len(rows), max_rows)
