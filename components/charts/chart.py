"""A chart as a value, which can be built in a cache and shown afterwards.

Clicks on a chart need callbacks, and these can't be cached: so building it and showing it are two steps.
"""

from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa
import streamlit as st

from components.charts.theme import Spec
from components.panel_contents import ShownChart, add_content
from components.render_cache import cached_render


class Chart(NamedTuple):
    """Rows, the Vega-Lite spec that draws them, the height in pixels, and the alt text."""

    rows: pd.DataFrame
    spec: Spec
    height: int
    alt_text: str


def show_chart(chart: Chart | None, **widget_options: Any) -> None:  # noqa: ANN401 -- Streamlit's own
    """Show a chart on the page, and register it for the panel's export menu; None shows nothing.

    `widget_options` are those of `st.vega_lite_chart`, such as the key and the callback of a click.
    """
    if chart is None:
        return
    add_content(ShownChart(chart.spec, chart.rows, chart.height))
    st.vega_lite_chart(arrow_table(chart.rows), chart.spec, height=chart.height, alt=chart.alt_text, **widget_options)


@cached_render
def arrow_table(rows: pd.DataFrame) -> pa.Table:
    """Convert the rows to Arrow, the format in which the browser gets them."""
    return pa.Table.from_pandas(rows)
