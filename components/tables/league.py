"""League tables: organisations, topics, channels or territories with their figures, those of few cases greyed."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from components.layout.empty_state import empty_list
from components.layout.narrow_screen import is_phone
from components.tables.cell_click import code_click
from components.tables.column_types import Column
from components.tables.columns import COLUMNS, metric_column
from components.tables.data_table import data_table
from components.tables.row_limit import first_rows_note
from components.tables.row_order import RowOrder, chosen_order, ordered_key
from components.text.metric_text import unknown_notes
from otklik.i18n import _, formats
from otklik.small_numbers import MIN_CASES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from queries.metrics.metric import Metric

MAX_ROWS_SHOWN = 12
MAX_NAME_WIDTH = 320  # pixels
MAX_NAME_WIDTH_ON_PHONE = 190  # pixels, which leaves room for a figure
LETTER_WIDTH = 6.3  # pixels of an average letter of a name
NAME_SAMPLE_ROWS = 30  # rows whose names set the width of the column
UNCERTAIN_STYLE = {"light": "color: #5B6675", "dark": "color: #A3B0C0"}
MOST_RECEIVED = RowOrder("received", is_descending=True)


def league_table(  # noqa: PLR0913 -- the last three by name
    rows: pd.DataFrame,
    metrics: "Mapping[str, Metric]",
    name_title: str,
    key: str,
    min_name_width: int,
    *,
    on_pick: Callable[[str], None] | None = None,
    order: RowOrder = MOST_RECEIVED,
    max_rows: int | None = None,
) -> None:
    """One row a name with its figures, in the order of the address or else in this one, those of few appeals last.

    `rows`: name, small (of few appeals), a column a figure of the catalogue, NaN where its cases are too few; with
    `on_pick` also code, which is handed to it when the name is clicked. For example
    queries.resolution.performance.by_organisation. `max_rows`: as many as the query gives at most.
    """
    if rows.empty:
        empty_list(None, key)
        return
    notes = small_sample_notes(rows)
    unknown = {metrics[name].name: field for name, field in rows.attrs.get("unknown", {}).items() if name in metrics}
    notes += unknown_notes(unknown)
    if on_pick is not None:
        notes.append(_("A name narrows the page to it."))
    columns = league_columns(rows, metrics, name_title, min_name_width)
    order = chosen_order(columns, order if order.is_as_given or order.column in rows else MOST_RECEIVED)
    rows = order.sorted_rows(rows, columns, rows["small"])
    cell_click = None if on_pick is None else code_click(list(rows["code"]), on_pick)
    data_table(
        rows,
        columns,
        key=ordered_key(key, order),
        head_sort=order,
        max_rows_shown=MAX_ROWS_SHOWN,
        cell_click=cell_click,
        placeholder="—" if unknown else _("few"),
        alt_text=_("{what} with all their figures").format(what=name_title),
    )
    st.caption(" ".join(notes))
    if max_rows is not None:
        first_rows_note(len(rows), max_rows)


def league_columns(
    rows: pd.DataFrame, metrics: "Mapping[str, Metric]", name_title: str, min_name_width: int
) -> tuple[Column, ...]:
    """The name, and the figures of the catalogue that the rows have."""
    name_column = replace(
        COLUMNS["name"],
        title=name_title,
        width=name_width(rows["name"].head(NAME_SAMPLE_ROWS), min_name_width),
        pinned=True,
        styles=uncertain_styles,
    )
    metric_columns = (
        replace(
            metric_column(metrics[name], 24 + round(6.5 * len(_(metrics[name].name)))),
            styles=partial(uncertain_styles, metric_name=name),
        )
        for name in rows.columns
        if name in metrics
    )
    return (name_column, *metric_columns)


def name_width(names: Iterable[str], min_width: int) -> int:
    """The width in pixels that the names need, within bounds."""
    max_width = MAX_NAME_WIDTH_ON_PHONE if is_phone() else MAX_NAME_WIDTH
    return min(max_width, max(min_width, *(round(LETTER_WIDTH * len(name)) + 26 for name in names)))


def uncertain_styles(rows: pd.DataFrame, _as_of: datetime, metric_name: str | None = None) -> list[str]:
    """Grey for rows of few appeals and, in the column of a figure, where it has too few cases."""
    grey = UNCERTAIN_STYLE[st.context.theme.type or "light"]
    is_uncertain = rows["small"] if metric_name is None else rows["small"] | rows[metric_name].isna()
    return [grey if uncertain else "" for uncertain in is_uncertain]


def small_sample_notes(rows: pd.DataFrame) -> list[str]:
    """Sentences on what isn't shown, and which rows stand last, for few cases."""
    message = _("A share or mean over fewer than {n} cases is not shown: it could not be compared.")
    sentences = [message.format(n=formats.number(MIN_CASES))]
    if n := int(rows["small"].sum()):
        message = _("After all others: those with few appeals ({n}).")
        sentences.append(message.format(n=formats.number(n)))
    return sentences
