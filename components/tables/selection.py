"""A click that leads elsewhere: it counts once, and can be repeated by who comes back.

For the browser what was clicked stays chosen until all is drawn that the click led to. Who goes back before that would
find the same click telling nothing new; so after a click the widget is another one.
"""

from collections.abc import Callable
from typing import Any

from components.streamlit_compat.one_shot_selection import one_shot_selection


def row_selection(key: str, codes: list[str], on_pick: Callable[[str], None]) -> dict[str, Any]:
    """What makes choosing a row of a table hand its code to `pick`.

    A row is a position, turned into its code before anything can move.
    """

    def pick_rows(selection: dict[str, Any]) -> bool:
        for position in selection["rows"]:
            on_pick(codes[position])
        return bool(selection["rows"])

    return {**one_shot_selection(key, pick_rows), "selection_mode": "single-row"}
