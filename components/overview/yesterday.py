"""What became of yesterday's list, in a line."""

from typing import TYPE_CHECKING

import streamlit as st

from components.filters.figure_link import figure_link, period_params
from otklik.i18n import _, formats, ngettext

if TYPE_CHECKING:
    from queries.morning.yesterday import YesterdaysList


def yesterdays_list(became: "YesterdaysList") -> None:
    """Say how many of those due yesterday were closed in time, late, extended, are open, and were reassigned."""
    if became.lacks_deadlines:
        return
    day = formats.day(became.day)
    if not became.total:
        message = _("Nothing was due on {day} that was open as it began.").format(day=day)
        st.markdown(f":gray[{message}]")
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="yesterdays-list"):
        lead = ngettext(
            "Yesterday's list, {day}: of **{n}** due", "Yesterday's list, {day}: of **{n}** due", became.total
        )
        st.markdown(
            lead.format(day=day, n=formats.number(became.total)),
            width="content",
            help=_(
                "The appeals that were open as the day began in their region, and due on it. Extended: the deadline "
                "was moved to another day since. Reassigned: changed hands since, whatever else became of them."
            ),
        )
        _count(_("{n} closed in time"), became.in_time)
        if became.late:
            day_params = period_params(became.day, became.day)
            figure_link(_closed_late(became.late), "regions", figure="on_time_rate", **day_params)
        else:
            _count(_("{n} closed late"), 0)
        _count(_("{n} extended"), became.extended)
        if became.still_open:
            label = _("{n} still open").format(n=formats.number(became.still_open))
            figure_link(f":red[{label}]", "queue", due="yesterday")
        else:
            _count(_("{n} still open"), 0)
        _count(_("{n} reassigned"), became.reassigned)


def _closed_late(count: int) -> str:
    return _("{n} closed late").format(n=formats.number(count))


def _count(template: str, count: int) -> None:
    st.markdown(template.format(n=formats.number(count)), width="content")
