"""The Vega-Lite spec of the matrix's heat map."""

from functools import cache

import altair as alt

from components.charts.interaction import CLICK_SELECTION
from components.charts.theme import NAMED_DATA, PALETTE_SCALE, Spec, palette_colour, to_spec

NAMES_WIDTH = 170  # pixels left of the cells
ROW_HEIGHT = 25
MAX_LEVEL_HEADS = 8
"""Up to so many columns have level heads; those of more are turned."""
LEVEL_HEADS_HEIGHT, TURNED_HEADS_HEIGHT = 26, 118
HEAD_STEP = 12  # pixels that a turned head takes at least
MARK_SHAPES = {
    "is_surging": "triangle-up",
    "is_persistent": "square",
    "is_spreading": "diamond",
    "is_decided": "circle",
}
MARK_OFFSETS = {"is_surging": -8, "is_persistent": -2.7, "is_spreading": 2.7, "is_decided": 8}
"""Pixels below the middle of a cell."""


def heads_height(column_count: int) -> int:
    """Pixels above the cells."""
    return LEVEL_HEADS_HEIGHT if column_count <= MAX_LEVEL_HEADS else TURNED_HEADS_HEIGHT


def grid_height(row_count: int, column_count: int) -> int:
    """Pixels of the whole chart."""
    return heads_height(column_count) + ROW_HEIGHT * row_count + 6


@cache
def matrix_spec(language: str, labels: tuple[str, ...], column_count: int, *, numbered: bool) -> Spec:
    """Coloured cells with signs, names left of them and heads above; with their numbers where there is room.

    `labels`: the titles of the tooltip's lines.
    """
    top = heads_height(column_count)
    fields = ("row", "column", "ratio", "verdict", "volume", "late", "returned", "low_rated", "marks")
    x_scale = alt.Scale(paddingInner=0.06, range=[{"expr": str(NAMES_WIDTH)}, {"expr": "width"}])
    base = alt.Chart(NAMED_DATA).encode(
        y=alt.Y(
            "row_code:N",
            sort=None,
            axis=None,
            scale=alt.Scale(paddingInner=0.08, range=[{"expr": str(top)}, {"expr": "height"}]),
        ),
        x=alt.X("column_code:N", sort=None, axis=None, scale=x_scale),
        tooltip=[alt.Tooltip(f"{field}:N", title=title) for field, title in zip(fields, labels, strict=True)],
    )
    colour = alt.Color("tone:N", scale=PALETTE_SCALE, legend=None)
    # The layer that is clicked describes each cell to screen readers; those that may be empty would have no name.
    cell_layer = base.mark_rect(cornerRadius=2, aria=False).encode(
        color=colour, opacity=alt.Opacity("opacity:Q", scale=None), tooltip=alt.value(None)
    )
    open_layer = (
        base.transform_filter("datum.is_open")
        .mark_rect(fillOpacity=0, strokeWidth=2, cornerRadius=2, aria=False)
        .encode(stroke=alt.Stroke("tint_ink:N", scale=PALETTE_SCALE, legend=None))
    )
    number_layers = (
        [base.mark_text(fontSize=11).encode(text="number:N", color=palette_colour("ink"))] if numbered else []
    )
    # Beside the number where there is one.
    mark_x = alt.X("column_code:N", sort=None, axis=None, scale=x_scale, bandPosition=0.12 if numbered else 0.5)
    mark_layers = [
        base.transform_filter(f"datum.{mark}")
        .mark_point(filled=True, shape=shape, size=20, opacity=1, yOffset=MARK_OFFSETS[mark], aria=False)
        .encode(x=mark_x, color=palette_colour("ink"))
        for mark, shape in MARK_SHAPES.items()
    ]
    # Vega has no selection of one layer alone: names are clicked by it too, and have no code of the other axis.
    click_layer = base.mark_rect(opacity=0, cursor="pointer").add_params(
        alt.selection_point(name=CLICK_SELECTION, fields=["row_code", "column_code"])
    )
    layers = (cell_layer, *number_layers, *mark_layers, open_layer, _row_names(base), _column_heads(base, column_count))
    return to_spec(alt.layer(*layers, click_layer, data=NAMED_DATA), language)


def _row_names(base: alt.Chart) -> alt.Chart:
    """The topics at the left; a click on one selects it."""
    layer: alt.Chart = (
        base.transform_window(position="row_number()", groupby=["row_code"])
        .transform_filter("datum.position == 1")
        .transform_calculate(column_code="null")
        .mark_text(align="right", limit=NAMES_WIDTH - 10, fontSize=12, cursor="pointer")
        .encode(x=alt.value(NAMES_WIDTH - 8), text="row:N", color=palette_colour("ink"), tooltip="row:N")
    )
    return layer


def _column_heads(base: alt.Chart, column_count: int) -> alt.Chart:
    """The territories above; a click on one selects it. Some have no head where columns are narrower than one."""
    is_turned = column_count > MAX_LEVEL_HEADS
    step = f"((width - {NAMES_WIDTH}) / {max(column_count, 1)})"
    shown_every = f"max(1, ceil({HEAD_STEP} / {step}))"
    is_shown = f"(datum.column_number - 1) % {shown_every} == 0" if is_turned else "true"
    layer: alt.Chart = (
        base.transform_window(position="row_number()", groupby=["column_code"])
        .transform_filter("datum.position == 1")
        .transform_window(column_number="row_number()")
        .transform_calculate(row_code="null")
        .mark_text(
            angle=270 if is_turned else 0,
            align="left" if is_turned else "center",
            baseline="middle",
            limit=TURNED_HEADS_HEIGHT - 12 if is_turned else alt.expr(f"{step} - 6"),
            fontSize=alt.expr(f"min(11, {step} * {shown_every} - 3.5)") if is_turned else 11,
            cursor="pointer",
        )
        .encode(
            y=alt.value(heads_height(column_count) - 6),
            text=alt.condition(is_shown, "column:N", alt.value("")),
            color=palette_colour("muted"),
            tooltip="column:N",
        )
    )
    return layer
