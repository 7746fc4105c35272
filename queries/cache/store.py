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
class Given:
    """What an answer is asked with: by place, and by the names that have no place."""

    placed: tuple[object, ...]
    named: tuple[tuple[str, object], ...]


class Kept(Generic[P, T]):
    """An answer, the last `most` of which Streamlit keeps for every session."""

    def __init__(self, answer: Callable[P, T], most: int) -> None:
        """Keep what the function answers."""
        self._signature = inspect.signature(answer)

        # Known by how it is written: Streamlit's own look into each part of a question costs more than the answer.
        @st.cache_data(show_spinner=False, max_entries=most)
        @functools.wraps(answer)
        def cached(*, _asked: Given, written: str) -> T:  # noqa: ARG001 -- the key
            return answer(*_asked.placed, **dict(_asked.named))  # type: ignore[arg-type]

        self._cached = cached

    def given(self, *args: P.args, **kwargs: P.kwargs) -> Given:
        """What it is asked with: the same whether by place, by name or by default."""
        return given(self._signature, *args, **kwargs)

    def answer(self, asked: Given, *kept_by: object) -> T:
        """The answer to it: as kept by the same, or as the function has it now."""
        return self._cached(_asked=asked, written=repr((asked, kept_by)))


def given(signature: inspect.Signature, *args: object, **kwargs: object) -> Given:
    """What a function of the signature is asked with, its defaults included."""
    bound = signature.bind(*args, **kwargs)
    bound.apply_defaults()
    return Given(bound.args, tuple(bound.kwargs.items()))
