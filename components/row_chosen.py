"""A row that is chosen in a table."""

from collections.abc import Callable

import streamlit as st


def choosing(key: str, codes: list[str], pick: Callable[[str], None]) -> Callable[[], None]:
    """What choosing a row does: a row is a position, turned into its code before anything can move."""

    def chosen() -> None:
        for at in st.session_state[key]["selection"]["rows"]:
            pick(codes[at])

    return chosen
