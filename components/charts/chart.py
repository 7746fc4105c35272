"""A chart before it is put anywhere: what of it can be kept, apart from the clicks on it, which can't."""

from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa
import streamlit as st

from components.charts.theme import Spec
from components.render_cache import cached_render


class Chart(NamedTuple):
    """Rows, how they are drawn, pixels, and what the chart says."""

    rows: pd.DataFrame
    spec: Spec
    height: int
    alt_text: str


def show_chart(chart: Chart | None, **widget_options: Any) -> None:
    """Show it on the page, if there is anything to show."""
    if chart is not None:
        st.vega_lite_chart(
            arrow_table(chart.rows), chart.spec, height=chart.height, alt=chart.alt_text, **widget_options
        )


@cached_render
def arrow_table(rows: pd.DataFrame) -> pa.Table:
    """The rows as the browser has them."""
    return pa.Table.from_pandas(rows)
