"""The rows behind what a panel shows, under the names that people know the columns by."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd
import pyarrow as pa

from components.export.column_titles import COLUMN_TITLES, SHARE_COLUMNS
from otklik.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streamlit.proto.Element_pb2 import Element


class PanelTable(NamedTuple):
    """Rows, and which of their columns are shares."""

    rows: pd.DataFrame
    shares: frozenset[str]


def panel_tables(elements: "Iterable[Element]") -> list[PanelTable]:
    """The tables behind some elements; charts with the same columns are one table, and equal rows one row."""
    by_columns: dict[tuple[str, ...], PanelTable] = {}
    for element in elements:
        table = _element_table(element)
        columns = tuple(map(str, table.rows.columns))
        if not columns:
            continue
        if columns in by_columns:
            rows = pd.concat([by_columns[columns].rows, table.rows]).drop_duplicates(ignore_index=True)
            table = PanelTable(rows, table.shares)
        by_columns[columns] = table
    return list(by_columns.values())


def chart_rows(element: "Element") -> pd.DataFrame:
    """The rows of a chart as they were handed to it."""
    chart = element.vega_lite_chart
    data = chart.datasets[0].data.data if chart.datasets else chart.data.data
    return _read_arrow(data)


def field_titles(spec: Any) -> dict[str, str]:
    """The fields of a chart that its tooltips or axes name."""
    return {field: title for field, title in _walk_titles(spec) if title.strip()}


def _walk_titles(spec: Any) -> Iterator[tuple[str, str]]:
    if isinstance(spec, dict):
        title = spec.get("title")
        if isinstance(spec.get("field"), str) and isinstance(title, str):
            yield spec["field"], title
        for child in spec.values():
            yield from _walk_titles(child)
    elif isinstance(spec, list):
        for child in spec:
            yield from _walk_titles(child)


def _element_table(element: "Element") -> PanelTable:
    kind = element.WhichOneof("type")
    if kind == "vega_lite_chart":
        return _chart_table(element)
    if kind == "dataframe":
        return _dataframe_table(element)
    return _map_table(json.loads(element.deck_gl_json_chart.json))


def _chart_table(element: "Element") -> PanelTable:
    rows = chart_rows(element)
    spec_titles = field_titles(json.loads(element.vega_lite_chart.spec))
    numeric = {name for name in rows.columns if pd.api.types.is_numeric_dtype(rows[name])}
    column_titles = {
        name: spec_titles.get(name) or _(COLUMN_TITLES[name])
        for name in rows.columns
        if (name in COLUMN_TITLES and (name in numeric or name not in SHARE_COLUMNS))
        or (name in spec_titles and name in numeric)
    }
    return _titled_table(rows, column_titles)


def _dataframe_table(element: "Element") -> PanelTable:
    dataframe = element.dataframe
    rows = _read_arrow(dataframe.arrow_data.data)
    column_config: dict[str, dict[str, Any]] = json.loads(dataframe.columns or "{}")
    order = list(dataframe.column_order) or [str(name) for name in rows.columns]
    column_titles = {
        name: str((column_config.get(name) or {}).get("label") or _(COLUMN_TITLES.get(name, name)))
        for name in order
        if name in rows and not (column_config.get(name) or {}).get("hidden")
    }
    return _titled_table(rows, column_titles)


def _map_table(deck: dict[str, Any]) -> PanelTable:
    """The points of a map; of its areas, the list beside it has the numbers."""
    tooltips = [
        point["tip"].split("\n") for layer in deck["layers"] if layer["id"] == "spots" for point in layer["data"]
    ]
    column_titles = [_(COLUMN_TITLES[name]) for name in ("number", "topic", "state")]
    return PanelTable(pd.DataFrame(tooltips, columns=column_titles) if tooltips else pd.DataFrame(), frozenset())


def _titled_table(rows: pd.DataFrame, column_titles: dict[str, str]) -> PanelTable:
    titled_rows = rows[list(column_titles)].copy()
    for name in titled_rows.columns:
        if name == "day" and pd.api.types.is_datetime64_any_dtype(titled_rows[name]):
            titled_rows[name] = titled_rows[name].dt.date
    return PanelTable(
        titled_rows.rename(columns=column_titles),
        frozenset(column_titles[name] for name in column_titles if name in SHARE_COLUMNS),
    )


def _read_arrow(data: bytes) -> pd.DataFrame:
    return pa.ipc.open_stream(data).read_pandas().reset_index(drop=True) if data else pd.DataFrame()
