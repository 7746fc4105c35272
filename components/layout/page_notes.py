"""Captions that say how to take a part of a page: what filters it leaves out, and that stocks are counted back."""

from collections.abc import Collection
from typing import TYPE_CHECKING

import streamlit as st

from components.text.counted_back_text import counted_back_text
from components.text.reopened_since_text import reopened_since_text
from otklik.i18n import _

if TYPE_CHECKING:
    from queries.metrics.metric import MetricValue
    from queries.summaries.day_record import StockBasis
    from queries.summaries.reopened_since import ReopenedSince

PERIOD_PARAMS = ("period", "from", "to")


def ignored_period_note(message: str) -> None:
    """Show what of a page ignores the period (translated), once one is chosen."""
    if any(name in st.query_params for name in PERIOD_PARAMS):
        st.caption(f":material/info: {message}")


def counted_back_note(basis: "StockBasis") -> None:
    """Show that open and overdue of a past period aren't as they stood (queries.summaries.day_record.stock_basis)."""
    if basis in ("unrecorded", "filtered"):
        st.caption(f":material/info: {counted_back_text(basis)}")


def reopened_since_note(reopened: "ReopenedSince", values: "Collection[MetricValue]") -> None:
    """Show what the closes of a past period have lost to re-openings; `values` has closed and resolved."""
    closed, resolved = (next(value for value in values if value.metric.id == name) for name in ("closed", "resolved"))
    if message := reopened_since_text(reopened, closed, resolved):
        st.caption(f":material/info: {message}")


def ignored_search_note(search_params: Collection[str]) -> None:
    """Show that what follows ignores the list's search and choices, if the address has any."""
    if any(name in st.query_params for name in search_params):
        message = _("The charts show all open appeals of the filters, whatever the list is searched for.")
        st.caption(f":material/info: {message}")
