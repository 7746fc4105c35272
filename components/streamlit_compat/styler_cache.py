"""Styled tables whose cells are formatted once instead of at every run.

`st.dataframe` formats a pandas Styler cell by cell whenever it is called, which takes longer than everything else on a
page (https://github.com/streamlit/streamlit/issues/10952), and a table with a selection can't be replayed from
`st.cache_data`. So a Styler is kept whose two methods that Streamlit calls, `_compute` and `_translate`, return what
they have returned before. Formats and colours of cells without a Styler
(https://github.com/streamlit/streamlit/issues/11014) would replace this module.
"""

import pickle
from collections.abc import Callable

import streamlit as st
from pandas.io.formats.style import Styler

from otklik.i18n import current_language

MAX_STYLERS = 128


def cached_styler(build_styler: Callable[[], Styler], *arguments: object) -> Styler:
    """What `build_styler` returns, built once for these arguments, the language and the theme; shared by all viewers.

    The arguments have to determine the result, and must be picklable.
    """
    return _cached_styler(
        _build_styler=build_styler,
        # Bytes, as in `components.render_cache`: Streamlit's own hash of a table takes ten times as long.
        arguments=pickle.dumps(arguments),
        language=current_language(),
        theme=st.context.theme.type,
    )


@st.cache_resource(max_entries=MAX_STYLERS, show_spinner=False)
def _cached_styler(
    *,
    _build_styler: Callable[[], Styler],
    arguments: bytes,  # noqa: ARG001 -- the key
    language: str,
    theme: str | None,
) -> Styler:
    styler = _build_styler()
    # Streamlit takes a Styler's id for the table's, and would choose a random one.
    styler.set_uuid(f"{theme}-{language}")
    translated = styler._compute()._translate(False, False)  # type: ignore[attr-defined]  # noqa: FBT003, SLF001 -- as Streamlit calls them
    styler._compute = lambda: styler  # type: ignore[attr-defined]  # noqa: SLF001
    styler._translate = lambda *_args: translated  # type: ignore[attr-defined]  # noqa: SLF001
    return styler
