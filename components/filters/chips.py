"""What a page is narrowed to as chips, each of which takes its filter away again; and narrowing by a click."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import streamlit as st

from components.tables.selection import one_shot_selection
from components.text.escape import escape_markdown
from components.url import query_params
from otklik.i18n import _

if TYPE_CHECKING:
    from collections.abc import Mapping

CLICK_SELECTION = "picked"  # the selection of a chart that narrows


def filter_chips(filter_labels: "Mapping[str, str]") -> None:
    """One chip a filter that stands in the address: by its name there, what it says. Without any, no room is taken."""
    st.session_state["narrowed"] = " · ".join(filter_labels.values())
    if not filter_labels:
        return
    with st.container(horizontal=True, gap="xsmall", key="chips"):
        for name, label in filter_labels.items():
            st.button(
                escape_markdown(label),
                icon=":material/close:",
                icon_position="right",
                key=f"chip-{name}",
                help=_("Take this filter away"),
                on_click=remove_filter,
                args=(name,),
            )


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


def filter_on_click(param: str, field: str = "code", key: str = "", **more_fields: str) -> dict[str, Any]:
    """What makes a chart with the selection `picked` narrow the page: the `field` of what is clicked is the filter.

    A filter named `day` is that day alone, or all days up to its `last`. `more`: further filters, with their fields.
    A narrowed chart is another widget: the click that narrowed it is forgotten.
    """
    current_filters = "-".join(st.query_params.get(item, "") for item in (param, *more_fields, "from", "to"))
    widget_key = f"{key or 'chart'}-{param}-{current_filters}"

    def apply_click(selection: dict[str, Any]) -> bool:
        for item in selection.get(CLICK_SELECTION, []):
            values = {
                target: item[source]
                for target, source in {param: field, **more_fields}.items()
                if item.get(source) is not None
            }
            if values:
                set_filters(
                    **day_range_filters(values["day"], item.get("last"))
                    if param == "day"
                    else {target: str(values[target]) for target in values}
                )
                return True
        return False

    return {**one_shot_selection(widget_key, apply_click), "selection_mode": CLICK_SELECTION}


def day_range_filters(first: float | str, last: float | str | None = None) -> dict[str, str | None]:
    """The filters of a day or of several, as a chart tells of them: in milliseconds since 1970, or by ISO 8601."""
    start, end = (
        datetime.fromisoformat(at) if isinstance(at, str) else datetime.fromtimestamp(at / 1000, UTC)
        for at in (first, first if last is None else last)
    )
    return {"period": "range", "from": start.date().isoformat(), "to": end.date().isoformat()}
