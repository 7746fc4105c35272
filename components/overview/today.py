"""Today so far, in a line: received, closed, and what is open now."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

import streamlit as st

from components.filters.figure_link import figure_link, period_params
from components.text.counted_back_text import counted_back_text
from components.text.metric_text import value_text
from otklik.i18n import _, formats, ngettext

if TYPE_CHECKING:
    from queries.filters import Filters
    from queries.metrics.metric import MetricValue
    from queries.morning.today import TodaySoFar
    from queries.summaries.day_record import StockBasis

ROW_KEY = "today-so-far"
LATE_METRICS = ("overdue",)


def today_line(today: "TodaySoFar") -> None:
    """Show queries.morning.today.today_so_far, each number as a link to its appeals; unknown ones are left out."""
    pages = {
        "received": ("regions", {"figure": "received", **period_params(today.day, today.day)}),
        "closed": ("regions", {"figure": "closed", **period_params(today.day, today.day)}),
        "open": ("queue", {}),
        "overdue": ("overdue", {}),
        "at_risk": ("queue", {"state": "at_risk"}),
    }
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key=ROW_KEY):
        st.markdown(_("Today, {day}, so far:").format(day=formats.day(today.day)), width="content")
        for value in today.values:
            if value.metric.id == "open":
                st.markdown(_("Now:"), width="content")
            if value.value is not None:
                page, params = pages[value.metric.id]
                figure_link(_label(value), page, help_text=_(value.metric.explanation), **params)


def _label(value: "MetricValue") -> str:
    count = int(value.value or 0)
    number = f"**{value_text(value)}**"
    templates = {
        "received": _("{n} received"),
        "closed": _("{n} closed"),
        "open": _("{n} open"),
        "overdue": ngettext("{n} overdue", "{n} overdue", count),
        "at_risk": _("{n} at risk"),
    }
    shown_number = f":red[{number}]" if value.metric.id in LATE_METRICS and count else number
    return templates[value.metric.id].format(n=shown_number)


def whole_days_note(filters: "Filters", today: date, basis: "StockBasis") -> None:
    """Say over the figures of a period that ends before today up to which day they go; nothing where it doesn't.

    `basis`: what open and overdue at its end are (queries.summaries.day_record.stock_basis).
    """
    last = filters.end - timedelta(days=1)
    if last >= today:
        return
    days = (
        _("To yesterday, {day}: whole days only, so that they can be compared.")
        if last == today - timedelta(days=1)
        else _("To {day}.")
    )
    st.caption(f"{days.format(day=formats.day(last))} {counted_back_text(basis)}")
