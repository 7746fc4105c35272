"""Tables whose cells are worked out once: one to choose from can't be replayed, and Streamlit does it at each run."""

import pickle
from collections.abc import Callable

import streamlit as st
from pandas.io.formats.style import Styler

from otklik.i18n import current_language


def cached_styler(build_styler: Callable[[], Styler], *arguments: object) -> Styler:
    """What `dress` gives for what it is given, in this language and theme; for every viewer."""
    # Known by the bytes of what it is given, as `components.render_cache` does.
    return _cached_styler(
        _build_styler=build_styler,
        arguments=pickle.dumps(arguments),
        language=current_language(),
        theme=st.context.theme.type,
    )


@st.cache_resource(max_entries=128, show_spinner=False)
def _cached_styler(
    *,
    _build_styler: Callable[[], Styler],
    arguments: bytes,  # noqa: ARG001 -- the key
    language: str,
    theme: str | None,
) -> Styler:
    styled = _build_styler()
    styled.set_uuid(f"{theme}-{language}")
    translated = styled._compute()._translate(False, False)  # type: ignore[attr-defined]  # noqa: FBT003, SLF001 -- as Streamlit asks
    styled._compute = lambda: styled  # type: ignore[attr-defined]  # noqa: SLF001
    styled._translate = lambda *_args: translated  # type: ignore[attr-defined]  # noqa: SLF001
    return styled
