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


def tables(noted: "Iterable[Element]") -> list[Table]:
    """The tables behind some elements; charts with the same columns are one table, and equal rows one row."""
    found: dict[tuple[str, ...], Table] = {}
    for element in noted:
        table = _table(element)
        columns = tuple(map(str, table.rows.columns))
        if not columns:
            continue
        if columns in found:
            rows = pd.concat([found[columns].rows, table.rows]).drop_duplicates(ignore_index=True)
            table = Table(rows, table.shares)
        found[columns] = table
    return list(found.values())


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
        for part in spec.values():
            yield from _titles(part)
    elif isinstance(spec, list):
        for part in spec:
            yield from _titles(part)


def _table(element: "Element") -> Table:
    kind = element.WhichOneof("type")
    if kind == "vega_lite_chart":
        return _of_chart(element)
    if kind == "dataframe":
        return _of_table(element)
    return _of_map(json.loads(element.deck_gl_json_chart.json))


def _of_chart(element: "Element") -> Table:
    rows = rows_of(element)
    said = titles(json.loads(element.vega_lite_chart.spec))
    numeric = {name for name in rows.columns if pd.api.types.is_numeric_dtype(rows[name])}
    names = {
        name: said.get(name) or _(HEADS[name])
        for name in rows.columns
        if (name in HEADS and (name in numeric or name not in SHARES)) or (name in said and name in numeric)
    }
    return _named(rows, names)


def _of_table(element: "Element") -> Table:
    table = element.dataframe
    rows = _frame(table.arrow_data.data)
    columns: dict[str, dict[str, Any]] = json.loads(table.columns or "{}")
    order = list(table.column_order) or [str(name) for name in rows.columns]
    names = {
        name: str((columns.get(name) or {}).get("label") or _(HEADS.get(name, name)))
        for name in order
        if name in rows and not (columns.get(name) or {}).get("hidden")
    }
    return _named(rows, names)


def _of_map(deck: dict[str, Any]) -> Table:
    """The points of a map; of its areas, the list beside it has the numbers."""
    tips = [one["tip"].split("\n") for layer in deck["layers"] if layer["id"] == "spots" for one in layer["data"]]
    heads = [_(HEADS[name]) for name in ("number", "topic", "state")]
    return Table(pd.DataFrame(tips, columns=heads) if tips else pd.DataFrame(), frozenset())


def _named(rows: pd.DataFrame, names: dict[str, str]) -> Table:
    shown = rows[list(names)].copy()
    for name in shown.columns:
        if name == "day" and pd.api.types.is_datetime64_any_dtype(shown[name]):
            shown[name] = shown[name].dt.date
    return Table(shown.rename(columns=names), frozenset(names[name] for name in names if name in SHARES))


def _frame(data: bytes) -> pd.DataFrame:
    return pa.ipc.open_stream(data).read_pandas().reset_index(drop=True) if data else pd.DataFrame()
