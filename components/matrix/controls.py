"""What the matrix is coloured and ordered by, and which cell is open: all of it in the address."""

from collections.abc import Collection, Hashable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from components.matrix.labels import ORDER_LABELS, VALUE_LABELS, Order
from components.tables.row_order import order_codes
from components.url import query_params
from components.url.choice import url_segmented_control
from components.url.page_filters import set_filters
from otklik.i18n import _

CELL_PARAM = "cell"
SEPARATOR = "@"
"""Between the codes of the topic and the territory of a cell."""
COLOUR_PARAM, ORDER_PARAM = "shade", "arrange"


def check_choices(topic_codes: Collection[str], territory_codes: Collection[str], metric_ids: Collection[str]) -> None:
    """Name values in the address that are no choice. The codes and the metrics of tables are all that there are."""
    choices: dict[str, Collection[str]] = {COLOUR_PARAM: VALUE_LABELS, ORDER_PARAM: ORDER_LABELS}
    query_params.check(**choices, order=order_codes(metric_ids))

    def parse_cell(value: str) -> str | None:
        topic_code, _separator, territory_code = value.partition(SEPARATOR)
        return value if topic_code in topic_codes and territory_code in territory_codes else None

    query_params.read_parsed(CELL_PARAM, parse_cell)


def matrix_choices() -> tuple[str, Order]:
    """What a cell is coloured by, and the order of rows and columns, as the address has them."""
    values, default_order = list(VALUE_LABELS), next(iter(ORDER_LABELS))
    order = query_params.read(ORDER_PARAM, ORDER_LABELS, default_order)
    return (
        query_params.read(COLOUR_PARAM, values, values[0]),
        next(code for code in ORDER_LABELS if code == order),
    )


def matrix_controls() -> None:
    """The controls for what `matrix_choices` returns."""
    with st.container(horizontal=True, gap="medium"):
        url_segmented_control(COLOUR_PARAM, _("What the colour shows"), _translated(VALUE_LABELS))
        url_segmented_control(ORDER_PARAM, _("Order of rows and columns"), _translated(ORDER_LABELS))


def open_cell(cells: pd.DataFrame) -> dict[Hashable, Any] | None:
    """The row of the cell that is open; None without one, or if it isn't among these."""
    topic_code, _separator, territory_code = st.query_params.get(CELL_PARAM, "").partition(SEPARATOR)
    is_cell = (cells["topic_code"] == topic_code) & (cells["territory_code"] == territory_code)
    rows: list[dict[Hashable, Any]] = cells[is_cell].to_dict("records")
    return rows[0] if rows else None


def select_cell(topic_code: str, territory_code: str) -> None:
    """Open a cell; a callback."""
    set_filters(**{CELL_PARAM: f"{topic_code}{SEPARATOR}{territory_code}"})


def close_cell() -> None:
    """Close the cell that is open; a callback."""
    set_filters(**{CELL_PARAM: None})


def narrow_to(**codes: str) -> None:
    """Narrow the page to a topic, a territory or both, and close the cell; a callback."""
    set_filters(**{CELL_PARAM: None}, **codes)


def _translated(labels: Mapping[Any, str]) -> dict[str, str]:
    return {code: _(label) for code, label in labels.items()}
