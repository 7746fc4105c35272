"""Drawing from a cache: what a panel draws is built once and replayed until its rows change."""

import pickle
from collections.abc import Callable
from functools import partial, wraps
from typing import ParamSpec, TypeVar

import streamlit as st

from components.panel_contents import add_content, collect_contents, is_collecting
from otklik import counters
from otklik.i18n import current_language

P = ParamSpec("P")
T = TypeVar("T")
MAX_CACHED_RENDERS = 32
"""Kept for each function: those used last."""
MAX_ARGUMENT_BYTES = 250_000
"""Of what a cached panel draws: larger ones, such as those of many years, are drawn again each time."""


def cached_render(draw: Callable[P, T]) -> Callable[P, T]:
    """Run a function once for the same arguments, language and theme; later calls, also of other viewers, are replayed.

    Replayed are the elements that it drew, what it returned, and what it handed over to `components.panel_contents`.
    """

    # The key is the pickled arguments: hashing them costs a tenth of Streamlit's own look into each of their parts.
    @st.cache_data(show_spinner=False, max_entries=MAX_CACHED_RENDERS)
    @wraps(draw)
    def cached(*, _render: Callable[[], T], **_key: bytes | str | None) -> tuple[T, bytes]:
        counters.panel_builds.inc()
        with collect_contents() as contents:
            returned = _render()
        # As bytes, so that a replay reads them only where an open menu wants them.
        return returned, pickle.dumps(contents)

    @wraps(draw)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
        counters.panel_requests.inc()
        given = pickle.dumps((args, kwargs))
        if len(given) > MAX_ARGUMENT_BYTES:
            counters.panel_builds.inc()
            return draw(*args, **kwargs)
        returned, contents = cached(
            _render=partial(draw, *args, **kwargs),
            given=given,
            language=current_language(),
            theme=st.context.theme.type,
        )
        if is_collecting():
            for content in pickle.loads(contents):  # noqa: S301 -- pickled above
                add_content(content)
        return returned

    return wrapper
