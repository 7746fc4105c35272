"""A click that leads elsewhere: it counts once, and can be repeated by who comes back.

For the browser what was clicked stays chosen until all is drawn that the click led to. Who goes back before that would
find the same click telling nothing new; so after a click the widget is another one.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

TURNS = "turns"
"""How many clicks each widget has led by."""


def once(key: str, act: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The key and `on_select` of a widget; `act` gets its selection and says whether that led anywhere."""
    turns: dict[str, int] = st.session_state.setdefault(TURNS, {})
    turn = turns.get(key, 0)
    whole = f"{key}-{turn}"

    def chosen() -> None:
        if turns.get(key, 0) == turn and act(st.session_state[whole]["selection"]):
            turns[key] = turn + 1

    return {"key": whole, "on_select": chosen}


def choosing(key: str, codes: list[str], pick: Callable[[str], None]) -> dict[str, Any]:
    """What makes choosing a row of a table hand its code to `pick`.

    A row is a position, turned into its code before anything can move.
    """

    def act(selection: dict[str, Any]) -> bool:
        for at in selection["rows"]:
            pick(codes[at])
        return bool(selection["rows"])

    return {**once(key, act), "selection_mode": "single-row"}
