"""The filters of a page in its address: setting and removing them, and rerunning the page after a click did."""

from datetime import UTC, datetime

import streamlit as st

from components.url import query_params


def filter_summary() -> str:
    """What the page is narrowed to, in words."""
    return str(st.session_state.get("narrowed", ""))


def remove_filter(param: str) -> None:
    """Take a filter away; a free range of days goes with the period."""
    related_params = ("from", "to") if param == "period" else ()
    query_params.write(**dict.fromkeys((param, *related_params)))


def set_filters(**values: str | None) -> None:
    """Narrow the page, from inside a part of it: the whole page runs anew."""
    query_params.write(**values)
    st.session_state["narrowing"] = True


def rerun_if_filtered() -> None:
    """Run the whole page after a click in a part of it, or where it shows another address than its own."""
    if st.session_state.pop("narrowing", False) or query_params.changed_since_drawn():
        st.rerun()


def day_range_filters(first: float | str, last: float | str | None = None) -> dict[str, str | None]:
    """The filters of a day or of several, as a chart tells of them: in milliseconds since 1970, or by ISO 8601."""
    start, end = (
        datetime.fromisoformat(at) if isinstance(at, str) else datetime.fromtimestamp(at / 1000, UTC)
        for at in (first, first if last is None else last)
    )
    return {"period": "range", "from": start.date().isoformat(), "to": end.date().isoformat()}


FILTER_PARAMS = (
    "territory", "period", "from", "to", "topic",
    "regime", "channel", "organisation", "compare",
)  # fmt: skip
