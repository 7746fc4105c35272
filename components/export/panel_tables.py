"""The tables of a panel's files: the rows of its charts, maps and tables under the titles that people know."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pandas as pd

from components.export.column_titles import COLUMN_TITLES, SHARE_COLUMNS
from components.panel_contents import ShownChart, ShownContent, ShownMap, ShownTable
from otklik.i18n import _


class PanelTable(NamedTuple):
    """Rows with titles for column names, and the titles of those columns that are shares (0 to 1)."""

    rows: pd.DataFrame
    shares: frozenset[str]


def panel_tables(contents: Iterable[ShownContent]) -> list[PanelTable]:
    """One table for each set of columns, in the order of the contents.

    Charts with the same columns make one table together; equal rows of them are written once.
    """
    by_columns: dict[tuple[str, ...], PanelTable] = {}
    for content in contents:
        table = _content_table(content)
        columns = tuple(map(str, table.rows.columns))
        if not columns:
            continue
        if columns in by_columns:
            rows = pd.concat([by_columns[columns].rows, table.rows]).drop_duplicates(ignore_index=True)
            table = PanelTable(rows, table.shares)
        by_columns[columns] = table
    return list(by_columns.values())


def field_titles(spec: object) -> dict[str, str]:
    """The titles that tooltips and axes of a Vega-Lite spec give to fields."""
    return {field: title for field, title in _walk_titles(spec) if title.strip()}


def _walk_titles(spec: object) -> Iterator[tuple[str, str]]:
    if isinstance(spec, dict):
        title = spec.get("title")
        if isinstance(spec.get("field"), str) and isinstance(title, str):
            yield spec["field"], title
        for child in spec.values():
            yield from _walk_titles(child)
    elif isinstance(spec, list):
        for child in spec:
            yield from _walk_titles(child)


def _content_table(content: ShownContent) -> PanelTable:
    if isinstance(content, ShownChart):
        return _titled_table(content.rows, chart_titles(content))
    if isinstance(content, ShownTable):
        return _titled_table(content.rows, content.titles, content.shares)
    return _map_table(content)


def chart_titles(chart: ShownChart) -> dict[str, str]:
    """Titles of those columns that hold data; the others only place and colour marks.

    Data are the columns of `COLUMN_TITLES`, and numbers that the chart itself gives a title.
    """
    spec_titles = field_titles(chart.spec)
    numeric = {name for name in chart.rows.columns if pd.api.types.is_numeric_dtype(chart.rows[name])}
    return {
        name: spec_titles.get(name) or _(COLUMN_TITLES[name])
        for name in chart.rows.columns
        if (name in COLUMN_TITLES and (name in numeric or name not in SHARE_COLUMNS))
        or (name in spec_titles and name in numeric)
    }


def _map_table(shown_map: ShownMap) -> PanelTable:
    if shown_map.rows is None or shown_map.rows.empty:
        return PanelTable(pd.DataFrame(), frozenset())
    return _titled_table(shown_map.rows, {name: _(COLUMN_TITLES[name]) for name in shown_map.rows.columns})


def _titled_table(rows: pd.DataFrame, titles: dict[str, str], shares: frozenset[str] = SHARE_COLUMNS) -> PanelTable:
    titled_rows = rows[list(titles)].reset_index(drop=True)
    for name in titled_rows.columns:
        if name == "day" and pd.api.types.is_datetime64_any_dtype(titled_rows[name]):
            titled_rows[name] = titled_rows[name].dt.date
    return PanelTable(
        titled_rows.rename(columns=titles),
        frozenset(title for name, title in titles.items() if name in shares),
    )
