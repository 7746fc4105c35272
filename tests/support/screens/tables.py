"""What a table of AppTest shows: the texts of its cells, and the data that they sort by; and selections in it."""

import json
from collections.abc import Sequence
from typing import Any

import pandas as pd
import pyarrow as pa
from streamlit.testing.v1 import AppTest


def displayed(table: Any) -> pd.DataFrame:  # noqa: ANN401 -- the rows have no common type
    """The text that each cell of an AppTest dataframe displays, by the columns' keys."""
    styler = table.proto.arrow_data.styler
    if not styler.display_values:
        return pd.DataFrame(table.value.astype(str))
    return pd.DataFrame(pa.ipc.open_stream(styler.display_values).read_pandas())


def report_selection(page: AppTest, widget_id: str, *, rows: Sequence[int] = (), columns: Sequence[str] = ()) -> None:
    """Run the page with the selection of these rows and columns, as a browser reports it."""
    widget_states = page._tree.get_widget_states()  # noqa: SLF001 -- no public way selects a row
    selection = {"selection": {"rows": list(rows), "columns": list(columns), "cells": []}}
    widget_states.widgets.add(id=widget_id, string_value=json.dumps(selection))
    page._run(widget_states)  # noqa: SLF001


def report_click(page: AppTest, widget_id: str, row: int, label: str) -> None:
    """Run the page after a click on a cell with this label in this row, as a browser reports it."""
    widget_states = page._tree.get_widget_states()  # noqa: SLF001 -- no public way clicks a cell
    widget_states.widgets.add(id=widget_id).string_trigger_value.data = json.dumps({"row": row, "label": label})
    page._run(widget_states)  # noqa: SLF001
