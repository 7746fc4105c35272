"""The types of a table's columns: how a value is written on screen, what the grid sorts by, and what a file gets.

Streamlit 1.67's grid sorts numbers by value and texts as texts, in both cases by the cell's data and not by what a
Styler displays for it. A cell whose words don't sort by their meaning ("1 day", "10 days", "10 hrs") therefore holds a
sort key and the words, of which the words alone are displayed. Screen readers get the data: both.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import ceil
from typing import Any, Literal, NamedTuple

import pandas as pd
import streamlit as st

from components.text.fitting import fit_names, text_width
from components.text.metric_text import NO_VALUE, format_in_unit
from otklik.i18n import _, formats

ColumnType = Literal[
    "text", "ordinal", "coordinate", "count", "share", "days", "ratio", "rating", "tenths",
    "day", "moment", "exact_moment",
]  # fmt: skip
ExportFormat = Literal["text", "number", "share", "date"]
CellTexts = Callable[[pd.DataFrame, datetime], list[str]]
"""Of the rows of a table as of a moment: one text a row."""

CELL_PADDING = 16  # pixels at the left and the right of a cell together
KEY_SEPARATOR = "\N{NO-BREAK SPACE}\N{MIDDLE DOT} "


class TypeFormat(NamedTuple):
    """How the values of a type are written, and the kind of cell that they are exported as."""

    export: ExportFormat
    write: Callable[[Any], str] | None = None
    alignment: Literal["left", "right"] = "left"

    @property
    def is_number(self) -> bool:
        """Whether the grid sorts by the number itself."""
        return self.export in ("number", "share")


def exact_moment(at: datetime) -> str:
    """`24 Nov 2025, 14:03:22`."""
    return f"{formats.day(at)}, {formats.clock(at)}"


def recent_moment(at: datetime) -> str:
    """A moment of this year to the minute, one of another year by its day."""
    return formats.moment(at) if formats.is_this_year(at) else formats.day(at)


TYPE_FORMATS: dict[ColumnType, TypeFormat] = {
    "text": TypeFormat("text"),
    "ordinal": TypeFormat("number", lambda value: str(int(value))),
    "coordinate": TypeFormat("number", lambda value: formats.number(value, 4)),
    "count": TypeFormat("number", lambda value: format_in_unit(value, "count"), "right"),
    "share": TypeFormat("share", lambda value: format_in_unit(value, "share"), "right"),
    "days": TypeFormat("number", lambda value: format_in_unit(value, "days"), "right"),
    "ratio": TypeFormat("number", lambda value: format_in_unit(value, "ratio"), "right"),
    "rating": TypeFormat("number", lambda value: format_in_unit(value, "rating"), "right"),
    "tenths": TypeFormat("number", lambda value: formats.fixed_decimal(value, 1), "right"),
    "day": TypeFormat("date", formats.day),
    "moment": TypeFormat("date", recent_moment),
    "exact_moment": TypeFormat("date", exact_moment),
}


@dataclass(frozen=True)
class Column:
    """A column of tables.

    `source` is the rows' column with its values (the key itself unless given): the table sorts by it, and a query may
    order by it. `texts` writes cells that depend on more than their value, `styles` gives their CSS. `url` is the rows'
    column with an address for each: the cells of texts are then links. Texts longer than its `lines` are cut in
    the middle on screen; the cell's data, which the grid shows when it is opened and copies, is whole.
    """

    key: str
    label: str
    type: ColumnType = "text"
    width: int = 120
    source: str = ""
    title: str = ""
    help: str | None = None
    pinned: bool = False
    url: str = ""
    lines: int = 1
    texts: CellTexts | None = None
    styles: CellTexts | None = None

    @property
    def source_name(self) -> str:
        """The rows' column that holds the values."""
        return self.source or self.key

    @property
    def is_timed(self) -> bool:
        """Whether its cells change as time goes by."""
        return TYPE_FORMATS[self.type].export == "date" and bool(self.texts or self.styles)

    def heading(self) -> str:
        """The title in the current language."""
        return self.title or _(self.label)

    def with_whole_heading(self) -> "Column":
        """The column, wide enough for its title."""
        return replace(self, width=max(self.width, ceil(text_width(self.heading())) + CELL_PADDING))

    def cells(self, rows: pd.DataFrame, as_of: datetime) -> "pd.Series[Any]":
        """The data of the grid's cells: numbers as they are, days and moments as a sort key with its text."""
        if self.url:
            return rows[self.url]
        values = rows[self.source_name]
        type_format = TYPE_FORMATS[self.type]
        if type_format.is_number:
            return pd.to_numeric(values) if values.dtype == object else values
        if self.texts is None and type_format.export != "date":
            return values
        texts = self.written(rows, as_of)
        if type_format.export == "date":
            texts = [join_sort_key(value, text) for value, text in zip(values, texts, strict=True)]
        return pd.Series(texts, rows.index, dtype=object)

    def written(self, rows: pd.DataFrame, as_of: datetime) -> list[str]:
        """What the cells say."""
        if self.texts is not None:
            return self.texts(rows, as_of)
        write = TYPE_FORMATS[self.type].write or str
        return [NO_VALUE if pd.isna(value) else write(value) for value in rows[self.source_name]]

    def display(self, rows: pd.DataFrame, as_of: datetime) -> Callable[[Any], str] | None:
        """The function that makes a cell's data what is displayed; None where it is displayed as it is.

        Equal numbers are displayed alike, also where `texts` writes them.
        """
        if self.url:
            return dict(zip(rows[self.url], self.written(rows, as_of), strict=True)).__getitem__
        type_format = TYPE_FORMATS[self.type]
        if self.type == "text":
            return self.fitting(self.written(rows, as_of))
        if not type_format.is_number:
            return displayed_text if type_format.export == "date" else None
        if self.texts is None:
            return type_format.write
        return dict(zip(rows[self.source_name], self.texts(rows, as_of), strict=True)).__getitem__

    def fitting(self, texts: list[str]) -> Callable[[Any], str] | None:
        """The function that fits texts into the column; None where all of them do."""
        max_width = self.lines * (self.width - CELL_PADDING)
        if all(text_width(text) <= max_width for text in set(texts)):
            return None
        labels = fit_names(set(texts), max_width)
        return lambda text: labels.get(text, text)

    def exported(self, rows: pd.DataFrame, as_of: datetime) -> "pd.Series[Any]":
        """The values for a file: numbers, moments and days as such, texts where the screen shows a moment in words."""
        if self.texts is not None and not TYPE_FORMATS[self.type].is_number:
            return pd.Series(self.texts(rows, as_of), rows.index, dtype=object)
        return rows[self.source_name]

    def config(self) -> Any:  # noqa: ANN401 -- Streamlit has a type for each kind of column
        """The configuration for `st.dataframe`."""
        if self.url:
            return st.column_config.LinkColumn(self.heading(), width=self.width, help=self.help)
        type_format = TYPE_FORMATS[self.type]
        kind = st.column_config.NumberColumn if type_format.is_number else st.column_config.TextColumn
        return kind(
            self.heading(),
            width=self.width,
            help=self.help,
            pinned=self.pinned or None,
            alignment="left" if type_format.is_number and type_format.alignment == "left" else None,
        )


def join_sort_key(value: object, text: str) -> str:
    """A cell that displays the text and sorts by the value, if that is a day or a moment (in its own time zone)."""
    if pd.isna(value) or not isinstance(value, date):  # type: ignore[call-overload]
        return text
    if isinstance(value, datetime):
        sort_key = value.replace(tzinfo=None).isoformat(" ", "seconds")
    else:
        sort_key = value.isoformat()
    return f"{sort_key}{KEY_SEPARATOR}{text}"


def displayed_text(cell: str) -> str:
    """The text of a cell without its sort key."""
    _key, separator, text = cell.partition(KEY_SEPARATOR)
    return text if separator else cell
