"""A table on the page whose rows its panel's export menu offers."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from components.panel_contents import ShownTable, add_content, is_collecting


def show_table(
    rows: pd.DataFrame | Styler,
    *,
    column_config: Mapping[str, Any],
    column_order: Sequence[str] | None = None,
    **options: Any,
) -> None:
    """Show rows as `st.dataframe` does, with its options, and hand them over to the panel's export menu.

    The file has the columns of the screen under the same titles, with the values that a Styler formats.
    """
    if is_collecting():
        frame = rows.data if isinstance(rows, Styler) else rows  # type: ignore[attr-defined]
        titles = {name: _title(column_config.get(name)) or name for name in column_order or frame.columns}
        add_content(ShownTable(frame, titles))
    st.dataframe(rows, column_config=column_config, column_order=column_order, **options)


def _title(config: Any) -> str | None:
    # A column of buttons with a key keeps its settings under `config`.
    label = getattr(config, "config", config or {}).get("label")
    return str(label) if label else None
