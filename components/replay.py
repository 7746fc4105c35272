"""Drawing what is drawn already: a panel whose rows haven't changed is sent again without being built again."""

import pickle
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import pandas as pd
import streamlit as st

from components.words import current

P = ParamSpec("P")
T = TypeVar("T")
KEPT = 128
KNOWN: dict[str | type[Any], Callable[[Any], Any]] = {
    # A figure of the catalogue is known by its id: what it counts by can't be told from outside.
    "queries.figure.Figure": lambda figure: figure.id,
    # Rows by their bytes, which costs a tenth of Streamlit's own hash of them.
    pd.DataFrame: pickle.dumps,
}


def replayed(draw: Callable[P, T]) -> Callable[P, T]:
    """Build what a function draws or returns once for the same arguments, language and theme, for every viewer."""

    @st.cache_data(show_spinner=False, max_entries=KEPT, hash_funcs=KNOWN)
    @wraps(draw)
    def cached(*args: object, **_key: str | None) -> T:
        return draw(*args)  # type: ignore[call-arg, arg-type]

    @wraps(draw)
    def drawn(*args: P.args, **_kwargs: P.kwargs) -> T:
        return cached(*args, language=current(), theme=st.context.theme.type)

    return drawn
