"""A chart as data: built and cached first, shown afterwards together with the clicks on it, which can't be cached."""

from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa
import streamlit as st

from components.charts.theme import Spec
from components.panel_contents import ShownChart, add_content
from components.render_cache import cached_render


class Chart(NamedTuple):
    """Rows, the spec that draws them, the height in pixels, and what the chart says as a text."""

    rows: pd.DataFrame
    spec: Spec
    height: int
    alt_text: str


def show_chart(chart: Chart | None, **widget_options: Any) -> None:
    """Show a chart on the page, and hand it over to the panel's export menu; nothing for None."""
    if chart is None:
        return
    add_content(ShownChart(chart.spec, chart.rows, chart.height))
    st.vega_lite_chart(arrow_table(chart.rows), chart.spec, height=chart.height, alt=chart.alt_text, **widget_options)


@cached_render
def arrow_table(rows: pd.DataFrame) -> pa.Table:
    """The rows in the format that the browser gets."""
    return pa.Table.from_pandas(rows)
