"""Which organisations must act first, each with links to what it has to act on."""

import pandas as pd
import streamlit as st

from components.filters.figure_link import figure_link
from components.layout.empty_state import empty_state
from components.text.appeal_state import none_late_message
from components.text.escape import escape_markdown
from otklik.i18n import _, formats, ngettext

ROWS_KEY = "holders-to-act"
# Names and numbers are whole, on more lines if need be.
ROWS_CSS = f"""<style>
.st-key-{ROWS_KEY} a, .st-key-{ROWS_KEY} a * {{ white-space: normal; height: auto; overflow: visible }}
.st-key-{ROWS_KEY} [data-testid="stHorizontalBlock"] {{ row-gap: 0 }}
</style>"""


def holders_to_act(rows: pd.DataFrame) -> None:
    """One block per row of queries.morning.holders.holders_to_act."""
    if rows.empty:
        message = _("No organisation has overdue appeals or deadlines within 7 days.")
        empty_state(none_late_message(rows, message))
        return
    st.html(ROWS_CSS)
    with st.container(key=ROWS_KEY, gap="small"):
        for row in rows.to_dict("records"):
            _holder(str(row["code"]), str(row["name"]), int(row["overdue"]), int(row["due"]), row["excess_probability"])
    st.caption(
        _("How they are chosen"),
        help=_(
            "By what is and probably will be overdue, times how surely deadlines are missed 1.2 times as often "
            "as usual."
        ),
    )


def _holder(code: str, name: str, overdue: int, due: int, probability: float) -> None:
    with st.container(gap=None):
        figure_link(f"**{escape_markdown(name)}**", "queue", organisation=code)
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            if overdue:
                label = ngettext("{n} overdue", "{n} overdue", overdue).format(n=formats.number(overdue))
                figure_link(f":red[{label}]", "overdue", organisation=code)
            if due:
                label = ngettext("{n} due within 7 days", "{n} due within 7 days", due).format(n=formats.number(due))
                figure_link(label, "queue", organisation=code, due="week")
            if not pd.isna(probability):
                sureness = _("{share} sure").format(share=formats.percent(probability))
                st.markdown(
                    f":gray[{sureness}]",
                    width="content",
                    help=_(
                        "The probability that it misses deadlines more than 1.2 times as often as all organisations "
                        "shown, by the deadlines of the last 28 days. It isn't adjusted for topics: the fair "
                        "comparison on the resolution page is."
                    ),
                )
