"""The rows behind what a panel shows, under the names that people know the columns by."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd
import pyarrow as pa

from components.export.column_titles import HEADS, SHARES
from otklik.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streamlit.proto.Element_pb2 import Element


class Table(NamedTuple):
    """Rows, and which of their columns are shares."""

    rows: pd.DataFrame
    shares: frozenset[str]


def tables(elements: "Iterable[Element]") -> list[Table]:
    """The tables behind some elements; charts with the same columns are one table, and equal rows one row."""
    by_columns: dict[tuple[str, ...], Table] = {}
    for element in elements:
        table = _table(element)
        columns = tuple(map(str, table.rows.columns))
        if not columns:
            continue
        if columns in by_columns:
            rows = pd.concat([by_columns[columns].rows, table.rows]).drop_duplicates(ignore_index=True)
            table = Table(rows, table.shares)
        by_columns[columns] = table
    return list(by_columns.values())


def rows_of(element: "Element") -> pd.DataFrame:
    """The rows of a chart as they were handed to it."""
    chart = element.vega_lite_chart
    data = chart.datasets[0].data.data if chart.datasets else chart.data.data
    return _frame(data)


def titles(spec: Any) -> dict[str, str]:  # noqa: ANN401 -- JSON
    """The fields of a chart that its tooltips or axes name."""
    return {field: title for field, title in _titles(spec) if title.strip()}


def _titles(spec: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 -- JSON
    if isinstance(spec, dict):
        title = spec.get("title")
        if isinstance(spec.get("field"), str) and isinstance(title, str):
            yield spec["field"], title
        for child in spec.values():
            yield from _titles(child)
    elif isinstance(spec, list):
        for child in spec:
            yield from _titles(child)


def _table(element: "Element") -> Table:
    kind = element.WhichOneof("type")
    if kind == "vega_lite_chart":
        return _of_chart(element)
    if kind == "dataframe":
        return _of_table(element)
    return _of_map(json.loads(element.deck_gl_json_chart.json))


def _of_chart(element: "Element") -> Table:
    rows = rows_of(element)
    spec_titles = titles(json.loads(element.vega_lite_chart.spec))
    numeric = {name for name in rows.columns if pd.api.types.is_numeric_dtype(rows[name])}
    column_titles = {
        name: spec_titles.get(name) or _(HEADS[name])
        for name in rows.columns
        if (name in HEADS and (name in numeric or name not in SHARES)) or (name in spec_titles and name in numeric)
    }
    return _named(rows, column_titles)


def _of_table(element: "Element") -> Table:
    dataframe = element.dataframe
    rows = _frame(dataframe.arrow_data.data)
    column_config: dict[str, dict[str, Any]] = json.loads(dataframe.columns or "{}")
    order = list(dataframe.column_order) or [str(name) for name in rows.columns]
    column_titles = {
        name: str((column_config.get(name) or {}).get("label") or _(HEADS.get(name, name)))
        for name in order
        if name in rows and not (column_config.get(name) or {}).get("hidden")
    }
    return _named(rows, column_titles)


def _of_map(deck: dict[str, Any]) -> Table:
    """The points of a map; of its areas, the list beside it has the numbers."""
    tooltips = [
        point["tip"].split("\n") for layer in deck["layers"] if layer["id"] == "spots" for point in layer["data"]
    ]
    column_titles = [_(HEADS[name]) for name in ("number", "topic", "state")]
    return Table(pd.DataFrame(tooltips, columns=column_titles) if tooltips else pd.DataFrame(), frozenset())


def _named(rows: pd.DataFrame, column_titles: dict[str, str]) -> Table:
    titled_rows = rows[list(column_titles)].copy()
    for name in titled_rows.columns:
        if name == "day" and pd.api.types.is_datetime64_any_dtype(titled_rows[name]):
            titled_rows[name] = titled_rows[name].dt.date
    return Table(
        titled_rows.rename(columns=column_titles),
        frozenset(column_titles[name] for name in column_titles if name in SHARES),
    )


def _frame(data: bytes) -> pd.DataFrame:
    return pa.ipc.open_stream(data).read_pandas().reset_index(drop=True) if data else pd.DataFrame()
