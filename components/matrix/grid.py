"""The matrix as a heat map: a row a topic, a column a territory, with a sign for each mark."""

from math import isnan
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from components.charts.chart import Chart, show_chart
from components.charts.colour_legend import LegendEntry, colour_legend
from components.charts.interaction import CLICK_SELECTION
from components.layout.empty_state import empty_state
from components.layout.narrow_screen import is_phone
from components.matrix.controls import narrow_to, select_cell
from components.matrix.grid_spec import grid_height, matrix_spec
from components.matrix.labels import (
    MARK_LABELS,
    MARK_SIGNS,
    SIDE_LABELS,
    VALUE_LABELS,
    Cell,
    counts_text,
    marks_text,
    ratio_text,
    unknown_parts_text,
)
from components.palette import css_colour
from components.render_cache import cached_render
from components.streamlit_compat.one_shot_selection import one_shot_selection
from otklik.i18n import _, current_language, formats

MAX_RATIO = 2.5
"""A ratio of so much, or of one over it, has the strongest colour."""
SURE_OPACITIES, UNSURE_OPACITIES = (0.2, 0.65), (0.03, 0.18)
UNKNOWN_OPACITY = 0.3
TONES = {1: "closed", -1: "received"}  # names of the palette: orange and blue
"""Colours of ratios above and below 1: orange and blue stay apart for colour-blind eyes, and in lightness too."""
MAX_NUMBERED_COLUMNS = 24
"""With more of them, cells have no room for their number."""


def matrix_grid(cells: pd.DataFrame, value: str, orders: tuple[list[str], list[str]], open_cell: Cell | None) -> None:
    """Show the heat map; a click on a cell opens it, one on a name narrows the page to it. None on a phone.

    `cells`: queries.matrix.marked_cells.marked_cells. `value`: what they are coloured by. `orders`: the codes of topics
    and territories in their order.
    """
    if cells.empty:
        empty_state(_("Below a municipality there are no territories to compare: choose a region."))
        return
    if is_phone():
        st.caption(_("There is no room for the matrix here: its worst cells are listed above."))
        return
    _legend()
    chart = build_matrix_chart(grid_rows(cells, value, orders, open_cell), value, len(orders[1]))
    show_chart(chart, **_click_options())


def grid_rows(
    cells: pd.DataFrame, value: str, orders: tuple[list[str], list[str]], open_cell: Cell | None
) -> pd.DataFrame:
    """One row per cell in the order of rows and columns: codes, names, colour, texts of its tooltip, and marks."""
    rows = cells.set_index(["topic_code", "territory_code"])
    rows = rows.loc[pd.MultiIndex.from_product(orders)].rename_axis(["row_code", "column_code"]).reset_index()
    ratios, sides = rows[value].to_numpy(float), rows[f"{value}_side"].to_numpy()
    records = rows.to_dict("records")
    is_known = ~np.isnan(ratios)
    opened = (open_cell["topic_code"], open_cell["territory_code"]) if open_cell else (None, None)
    return pd.DataFrame(
        {
            **{name: rows[name] for name in ("row_code", "column_code", *MARK_LABELS)},
            "row": rows["topic"],
            "column": rows["territory"],
            "tone": np.where(~is_known, "usual", np.where(ratios > 1, TONES[1], TONES[-1])),
            "opacity": np.where(is_known, cell_opacities(ratios, sides), UNKNOWN_OPACITY),
            "number": ["" if isnan(ratio) else formats.fixed_decimal(ratio, 1) for ratio in ratios],
            "ratio": [ratio_text(cell, value) for cell in records],
            "verdict": [
                _(SIDE_LABELS[int(side)]) if known else _("unknown")
                for side, known in zip(sides, is_known, strict=True)
            ],
            **{
                part: [counts_text(cell, part) for cell in records]
                for part in ("volume", "late", "returned", "low_rated")
            },
            "marks": [", ".join(filter(None, (marks_text(cell), unknown_parts_text(cell)))) or "—" for cell in records],
            "is_open": (rows["row_code"] == opened[0]) & (rows["column_code"] == opened[1]),
        }
    )


def cell_opacities(ratios: Any, sides: Any) -> Any:  # noqa: ANN401 -- arrays
    """How strongly cells are coloured: by how many times too many or too few, faint where it is within chance."""
    with np.errstate(divide="ignore", invalid="ignore"):
        strength = np.clip(np.abs(np.log(ratios)) / np.log(MAX_RATIO), 0, 1)
    bounds = np.where(sides != 0, np.array([SURE_OPACITIES]).T, np.array([UNSURE_OPACITIES]).T)
    return bounds[0] + (bounds[1] - bounds[0]) * strength


@cached_render
def build_matrix_chart(rows: pd.DataFrame, value: str, column_count: int) -> Chart:
    """Build the heat map. `rows`: those of `grid_rows`."""
    sure = rows[(rows["tone"] == TONES[1]) & (rows["opacity"] >= SURE_OPACITIES[0])]
    alt_text = _("{n} cells of topics by territories, {worse} of them worse than expected beyond chance").format(
        n=formats.number(len(rows)), worse=formats.number(len(sure))
    )
    labels = (
        _("Topic"), _("Territory"), _(VALUE_LABELS[value]), _("Verdict"), _("Received"), _("Late"), _("Returned"),
        _("Badly rated"), _("Marks"),
    )  # fmt: skip
    numbered = column_count <= MAX_NUMBERED_COLUMNS
    spec = matrix_spec(current_language(), labels, column_count, numbered=numbered)
    return Chart(rows, spec, grid_height(rows["row_code"].nunique(), column_count), alt_text)


def _legend() -> None:
    """The colours and the signs, each with its meaning."""
    colour_legend(
        [
            LegendEntry(css_colour(TONES[1], SURE_OPACITIES[1]), _("more than expected, beyond chance")),
            LegendEntry(css_colour(TONES[-1], SURE_OPACITIES[1]), _("less than expected, beyond chance")),
            LegendEntry(css_colour(TONES[1], UNSURE_OPACITIES[1]), _("faint: within chance")),
            LegendEntry(css_colour("usual", UNKNOWN_OPACITY), _("unknown")),
        ]
    )
    st.caption(" · ".join(f"{MARK_SIGNS[mark]} {_(label)}" for mark, label in MARK_LABELS.items()))


def _click_options() -> dict[str, Any]:
    current_filters = "-".join(st.query_params.get(name, "") for name in ("topic", "territory", "cell", "from", "to"))

    def apply_click(selection: dict[str, Any]) -> bool:
        for item in selection.get(CLICK_SELECTION, []):
            codes = {"topic": item.get("row_code"), "territory": item.get("column_code")}
            known_codes = {name: str(code) for name, code in codes.items() if code is not None}
            if len(known_codes) == len(codes):
                select_cell(known_codes["topic"], known_codes["territory"])
            else:  # a name, at the left or above
                narrow_to(**known_codes)
            return True
        return False

    return {**one_shot_selection(f"matrix-{current_filters}", apply_click), "selection_mode": [CLICK_SELECTION]}
