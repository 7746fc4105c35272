"""A cache of one function's results in st.cache_data, with a key that is cheap to compute."""

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, ParamSpec, TypeVar

import streamlit as st

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class CallArguments:
    """The arguments of a call, defaults included: positional ones, then those that can only be given by name."""

    args: tuple[object, ...]
    kwargs: tuple[tuple[str, object], ...]


class FunctionCache(Generic[P, T]):
    """The last results of a function, shared by all sessions."""

    def __init__(self, query: Callable[P, T], max_entries: int) -> None:
        """Cache at most `max_entries` results of `query`."""
        self._signature = inspect.signature(query)

        # The key is a string: hashing every argument in Streamlit's way takes longer than most queries.
        @st.cache_data(show_spinner=False, max_entries=max_entries)
        @functools.wraps(query)
        def cached(*, _arguments: CallArguments, cache_key: str) -> T:  # noqa: ARG001 -- the key
            return query(*_arguments.args, **dict(_arguments.kwargs))  # type: ignore[arg-type]

        self._cached_query = cached

    def arguments(self, *args: P.args, **kwargs: P.kwargs) -> CallArguments:
        """The arguments of a call, the same whether given by position, by name or by default."""
        return call_arguments(self._signature, *args, **kwargs)

    def result(self, arguments: CallArguments, *key_parts: object) -> T:
        """The cached result for these arguments and key parts; the function is called where there is none."""
        return self._cached_query(_arguments=arguments, cache_key=repr((arguments, key_parts)))


def call_arguments(signature: inspect.Signature, *args: object, **kwargs: object) -> CallArguments:
    """The arguments bound to a signature, defaults included."""
    bound_arguments = signature.bind(*args, **kwargs)
    bound_arguments.apply_defaults()
    return CallArguments(bound_arguments.args, tuple(bound_arguments.kwargs.items()))
