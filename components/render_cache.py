"""Drawing what is drawn already: a panel whose rows haven't changed is sent again without being built again."""

import pickle
from collections.abc import Callable
from functools import partial, wraps
from typing import ParamSpec, TypeVar

import streamlit as st

from otklik.i18n import current_language

P = ParamSpec("P")
T = TypeVar("T")
MAX_CACHED_RENDERS = 128


def cached_render(draw: Callable[P, T]) -> Callable[P, T]:
    """Build what a function draws or returns once for the same arguments, language and theme, for every viewer."""

    # Known by the bytes of what it is given, which cost a tenth of Streamlit's own look into each part.
    @st.cache_data(show_spinner=False, max_entries=MAX_CACHED_RENDERS)
    @wraps(draw)
    def cached(*, _render: Callable[[], T], **_key: bytes | str | None) -> T:
        return _render()

    @wraps(draw)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
        render = partial(draw, *args, **kwargs)
        return cached(
            _render=render, given=pickle.dumps((args, kwargs)), language=current_language(), theme=st.context.theme.type
        )

    return wrapper
