"""What a page is narrowed to as chips, each of which takes its filter away again; and narrowing by a click."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import streamlit as st

from components import address
from components.plain import plain
from components.words import _

if TYPE_CHECKING:
    from collections.abc import Mapping

PICKED = "picked"  # the selection of a chart that narrows


def chips(chosen: "Mapping[str, str]") -> None:
    """One chip a filter that stands in the address: by its name there, what it says. Without any, no room is taken."""
    st.session_state["narrowed"] = " · ".join(chosen.values())
    if not chosen:
        return
    with st.container(horizontal=True, gap="xsmall", key="chips"):
        for name, said in chosen.items():
            st.button(
                plain(said),
                icon=":material/close:",
                icon_position="right",
                key=f"chip-{name}",
                help=_("Take this filter away"),
                on_click=widen,
                args=(name,),
            )


def narrowed() -> str:
    """What the page is narrowed to, in words."""
    return str(st.session_state.get("narrowed", ""))


def widen(name: str) -> None:
    """Take a filter away; a free range of days goes with the period."""
    address.write(**{name: None})
    if name == "period":
        address.write(**{"from": None, "to": None})


def narrow(**values: str | None) -> None:
    """Narrow the page, from inside a part of it: the whole page runs anew."""
    address.write(**values)
    st.session_state["narrowing"] = True


def narrowing() -> None:
    """Run the whole page after a click in a part of it; the filters stand outside of it."""
    if st.session_state.pop("narrowing", False):
        st.rerun()


def clickable(name: str, field: str = "code", key: str = "") -> dict[str, Any]:
    """What makes a chart with the selection `picked` narrow the page: the `field` of what is clicked is the filter.

    A filter named `day` is that day alone. A narrowed chart is another widget: the click that narrowed it is forgotten.
    """
    stand = "-".join(st.query_params.get(one, "") for one in (name, "from", "to"))
    whole = f"{key or 'chart'}-{name}-{stand}"

    def picked() -> None:
        for one in st.session_state[whole]["selection"].get(PICKED, []):
            if one.get(field) is not None:
                narrow(**one_day(one[field]) if name == "day" else {name: str(one[field])})
                return

    return {"key": whole, "on_select": picked, "selection_mode": PICKED}


def one_day(value: float | str) -> dict[str, str | None]:
    """The filters of a day, as a chart tells of it: in milliseconds since 1970, or by ISO 8601."""
    at = datetime.fromisoformat(value) if isinstance(value, str) else datetime.fromtimestamp(value / 1000, UTC)
    day = at.date().isoformat()
    return {"period": "range", "from": day, "to": day}
