"""What a panel shows, as rows and specs, for the files of its export menu.

Whatever draws a chart, a map or a table of a panel hands it over here as well. While no open menu collects, that does
nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

import pandas as pd
import pydeck as pdk


class ShownChart(NamedTuple):
    """A Vega-Lite chart: its spec without data, its rows, its height on the page in pixels."""

    spec: dict[str, Any]
    rows: pd.DataFrame
    height: int


class ShownMap(NamedTuple):
    """A map, and the rows behind it; None where a table of the panel has its numbers."""

    deck: pdk.Deck
    rows: pd.DataFrame | None = None


class ShownTable(NamedTuple):
    """A table: its rows, the titles of the columns that it shows by their keys in their order, and which are shares."""

    rows: pd.DataFrame
    titles: dict[str, str]
    shares: frozenset[str] = frozenset()


ShownContent = ShownChart | ShownMap | ShownTable

_collected: ContextVar[list[ShownContent] | None] = ContextVar("collected_panel_contents", default=None)


@contextmanager
def collect_contents() -> Iterator[list[ShownContent]]:
    """What is shown inside, in its order; the list is complete at the end of the block."""
    contents: list[ShownContent] = []
    token = _collected.set(contents)
    try:
        yield contents
    finally:
        _collected.reset(token)


def is_collecting() -> bool:
    """Whether somebody wants to know what is shown here."""
    return _collected.get() is not None


def add_content(content: ShownContent) -> None:
    """Hand over a chart, a map or a table that is shown here."""
    contents = _collected.get()
    if contents is not None:
        contents.append(content)
