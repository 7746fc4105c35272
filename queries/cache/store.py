"""Answers that are kept: by what they are asked with, and by whatever else makes them another."""

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
    """What an answer is asked with: by place, and by the names that have no place."""

    args: tuple[object, ...]
    kwargs: tuple[tuple[str, object], ...]


class FunctionCache(Generic[P, T]):
    """An answer, the last `most` of which Streamlit keeps for every session."""

    def __init__(self, query: Callable[P, T], max_entries: int) -> None:
        """Keep what the function answers."""
        self._signature = inspect.signature(query)

        # Known by how it is written: Streamlit's own look into each part of a question costs more than the answer.
        @st.cache_data(show_spinner=False, max_entries=max_entries)
        @functools.wraps(query)
        def cached(*, _arguments: CallArguments, cache_key: str) -> T:  # noqa: ARG001 -- the key
            return query(*_arguments.args, **dict(_arguments.kwargs))  # type: ignore[arg-type]

        self._cached_query = cached

    def arguments(self, *args: P.args, **kwargs: P.kwargs) -> CallArguments:
        """What it is asked with: the same whether by place, by name or by default."""
        return call_arguments(self._signature, *args, **kwargs)

    def result(self, arguments: CallArguments, *key_parts: object) -> T:
        """The answer to it: as kept by the same, or as the function has it now."""
        return self._cached_query(_arguments=arguments, cache_key=repr((arguments, key_parts)))


def call_arguments(signature: inspect.Signature, *args: object, **kwargs: object) -> CallArguments:
    """What a function of the signature is asked with, its defaults included."""
    bound_arguments = signature.bind(*args, **kwargs)
    bound_arguments.apply_defaults()
    return CallArguments(bound_arguments.args, tuple(bound_arguments.kwargs.items()))
