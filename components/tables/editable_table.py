"""The one way in which components show a table that is edited in place."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from components.streamlit_compat.element_types import ColumnConfig
from components.text.metric_text import NO_VALUE


def editable_table(rows: pd.DataFrame, columns: Mapping[str, ColumnConfig], *, key: str, alt_text: str) -> pd.DataFrame:
    """Show the rows, to which others can be added and from which they can be taken; returns them as edited.

    `columns`: the kind of each column by its name, from `st.column_config`.
    """
    edited: pd.DataFrame = st.data_editor(
        rows,
        key=key,
        num_rows="dynamic",
        hide_index=True,
        placeholder=NO_VALUE,
        column_config=dict(columns),
        alt=alt_text,
    )
    return edited
