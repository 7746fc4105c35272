"""A table of names and figures of which a row narrows the page."""

import pickle
from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from components.keyboard import by_keyboard
from components.leagues import Units, dressed, looks, notes, units_of
from components.live import empty
from components.row_chosen import choosing
from components.words import _, current

if TYPE_CHECKING:
    from collections.abc import Mapping

    from queries.figure import Figure

NARROWED = ("territory", "organisation")


def table(
    rows: pd.DataFrame, figures: "Mapping[str, Figure]", head: str, key: str, width: int, pick: Callable[[str], None]
) -> None:
    """What `leagues.league` draws; choosing a row hands its code to `pick`. `rows`: with a code besides."""
    if rows.empty:
        empty()
        return
    # Of a page that is narrowed otherwise it is another table, in which nothing is chosen.
    key = "-".join([key, *(st.query_params.get(name, "") for name in NARROWED)])
    look = st.context.theme.type
    with by_keyboard(key):
        st.dataframe(
            settled(
                _rows=rows, given=pickle.dumps(rows), columns=units_of(rows, figures), look=look, language=current()
            ),
            key=key,
            on_select=choosing(key, list(rows["code"]), pick),
            selection_mode="single-row",
            **looks(rows, figures, head, width),
        )
    st.caption(" ".join([*notes(rows), _("Choosing a row narrows the page to it.")]))


@st.cache_resource(max_entries=64, show_spinner=False)
def settled(
    *,
    _rows: pd.DataFrame,
    given: bytes,  # noqa: ARG001 -- the key
    columns: Units,
    look: str | None,
    language: str,
) -> Styler:
    """What `leagues.dressed` gives in this theme and language, with its cells worked out once.

    A table to choose from can't be replayed, and Streamlit has each cell worked out anew at each run: that would be
    most of a run's time. The rows are known by their bytes, `given`.
    """
    styled = dressed(_rows, columns)
    styled.set_uuid(f"{look}-{language}")
    told = styled._compute()._translate(False, False)  # type: ignore[attr-defined]  # noqa: FBT003, SLF001 -- as asked for
    styled._compute = lambda: styled  # type: ignore[attr-defined]  # noqa: SLF001
    styled._translate = lambda *_asked: told  # type: ignore[attr-defined]  # noqa: SLF001
    return styled
