"""A list of appeals, each with a link to its page."""

from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from components.tables.column_types import Column
from components.tables.columns import COLUMNS
from components.tables.data_table import data_table

CARRIED_PARAMS = ("lang", "as")  # of the address: the language, and who looks
MAX_ROWS_SHOWN = 11
TABLE_HEIGHT = 430  # pixels


def appeal_url(number: str) -> str:
    """The relative address of an appeal for the current viewer."""
    params = {name: st.query_params[name] for name in CARRIED_PARAMS if name in st.query_params}
    return "appeal?" + urlencode({"number": number, **params})


def appeals_table(rows: pd.DataFrame, columns: tuple[Column, ...], key: str, alt_text: str) -> None:
    """The rows with a link in front."""
    data_table(
        rows.assign(link=[appeal_url(str(number)) for number in rows["number"]]),
        (COLUMNS["link"], *columns),
        key=key,
        max_rows_shown=MAX_ROWS_SHOWN,
        max_height=TABLE_HEIGHT,
        alt_text=alt_text,
    )
