"""Answers that count the appeals themselves: what costs a second is not asked again with each appeal that comes in."""

import functools
import inspect
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import streamlit as st

from database import scope

P = ParamSpec("P")
T = TypeVar("T")
MINUTES = 10
KEPT = 128


def seldom(answer: Callable[P, T]) -> Callable[P, T]:
    """Cache an answer for up to ten minutes, for every viewer who sees the same rows; what it is of says so."""

    @st.cache_data(show_spinner=False, max_entries=KEPT)
    @functools.wraps(answer)
    def cached(*args: object, **_key: object) -> T:
        return answer(*args)  # type: ignore[call-arg, arg-type]

    signature = inspect.signature(answer)

    @functools.wraps(answer)
    def asked(*args: P.args, **kwargs: P.kwargs) -> T:
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        return cached(*bound.args, tick=int(time.time() // (60 * MINUTES)), seen=scope.key())

    return asked
