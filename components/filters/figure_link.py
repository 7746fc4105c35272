"""Numbers that lead to the list they count."""

from collections.abc import Collection
from datetime import date

import streamlit as st

from components.auth.sign_in import is_wall_screen
from components.url.links import list_params
from otklik.paths import ROOT


def figure_link(
    label: str, page: str, *, help_text: str | None = None, dropped: Collection[str] = (), **params: str
) -> None:
    """A number with its words as a link to a page, with the filters of this one but its days, and `params`.

    `dropped`: filters that aren't taken along. On a wall screen, where nobody can follow it, it is text.
    """
    if is_wall_screen():
        st.markdown(label, help=help_text, width="content")
        return
    st.page_link(
        ROOT / "pages" / f"{page}.py", label=label, query_params=list_params(dropped=dropped, **params), help=help_text
    )


def period_params(first: date, last: date) -> dict[str, str]:
    """The query parameters of the days from the first to the last, which are included."""
    return {"period": "range", "from": first.isoformat(), "to": last.isoformat()}
