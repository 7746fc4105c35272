"""Many figures at once: tiles without their days, five or eight in a row."""

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from components.render_cache import replayed
from components.tiles.kpi_tile import tile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from queries.metrics.metric import Answer

NARROW = 165  # pixels that a tile needs


@replayed
def kpis(metric_values: "Sequence[Answer]", across: int) -> None:
    """The answers as tiles, at most `across` in a row; charts below show their days."""
    with st.grid(across, min_column_width=NARROW):
        for metric_value in metric_values:
            tile(replace(metric_value, series=[]), [])
