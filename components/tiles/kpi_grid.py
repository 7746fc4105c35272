"""Many figures at once: tiles without their days, five or eight in a row."""

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from components.render_cache import cached_render
from components.tiles.kpi_tile import kpi_tile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from queries.metrics.metric import MetricValue

MIN_TILE_WIDTH = 165  # pixels that a tile needs


@cached_render
def kpi_grid(metric_values: "Sequence[MetricValue]", across: int) -> None:
    """The answers as tiles, at most `across` in a row; charts below show their days."""
    with st.grid(across, min_column_width=MIN_TILE_WIDTH):
        for metric_value in metric_values:
            kpi_tile(replace(metric_value, series=[]), [])
