"""The filters of a page in its address: setting and removing them, and the rerun of the page afterwards."""

from datetime import UTC, datetime

import streamlit as st

from components.url import query_params


def filter_summary() -> str:
    """The active filters in words, separated by dots; empty without any."""
    return str(st.session_state.get("narrowed", ""))


def remove_filter(param: str) -> None:
    """Remove a filter from the address; the days of a free range go with the period."""
    related_params = ("from", "to") if param == "period" else ()
    query_params.write(**dict.fromkeys((param, *related_params)))


def set_filters(**values: str | None) -> None:
    """Set filters (None removes one) from a callback inside a fragment; `rerun_if_filtered` then reruns the page."""
    query_params.write(**values)
    st.session_state["narrowing"] = True


def rerun_if_filtered() -> None:
    """Rerun the whole page from a fragment, after `set_filters` or if the address has changed since it was drawn."""
    if st.session_state.pop("narrowing", False) or query_params.changed_since_drawn():
        st.rerun()


def day_range_filters(first: float | str, last: float | str | None = None) -> dict[str, str | None]:
    """The filters of one day, or of all from the first to the last, which are included.

    Days are as charts send them: milliseconds since 1970 in UTC, or ISO 8601.
    """
    start, end = (
        datetime.fromisoformat(at) if isinstance(at, str) else datetime.fromtimestamp(at / 1000, UTC)
        for at in (first, first if last is None else last)
    )
    return {"period": "range", "from": start.date().isoformat(), "to": end.date().isoformat()}


FILTER_PARAMS = (
    "territory", "period", "from", "to", "topic",
    "regime", "channel", "organisation", "compare",
)  # fmt: skip
