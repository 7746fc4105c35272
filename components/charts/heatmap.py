"""Heat maps: tables whose cells are shaded by their counts, with the sums of rows and columns."""

from functools import cache
from typing import Literal

import altair as alt
import numpy as np
import pandas as pd

from components.charts.chart import Chart, show_chart
from components.charts.interaction import CLICK_SELECTION, filter_on_click
from components.charts.name_column import NARROW
from components.charts.theme import NAMED_DATA, Spec, palette_colour, to_spec
from components.layout.empty_state import empty_state
from components.render_cache import cached_render
from otklik.i18n import _, current_language, formats

ROW_NAMES_WIDTH = f"({NARROW} ? 0.4 * width : 210)"  # pixels left of the cells
NARROW_HEADS_HEIGHT = 100  # pixels
HEADS_HEIGHT = f"({NARROW} ? {NARROW_HEADS_HEIGHT} : 26)"  # pixels above the cells
ROW_HEIGHT, NARROW_ROW_HEIGHT = 30, 20  # pixels; the second at least, where the heads take more room
HISTOGRAM_HEIGHT, NUMBER_HEIGHT = 150, 18
CELL_FONT_WEIGHTS: tuple[tuple[str, Literal[400, 700]], ...] = (("cell", 400), ("sum", 700))


def heatmap_chart(
    cells: pd.DataFrame, columns: list[str], labels: tuple[str, str], alt_text: str, filter_names: tuple[str, str]
) -> None:
    """Show a heat map; a click on a cell filters the page by its row and column, one on a sum or name by one of them.

    Arguments: see `build_heatmap_chart`. `filter_names`: the filters that a row and a column set.
    """
    row_filter, column_filter = filter_names
    click_options = filter_on_click(row_filter, "row_code", f"heat-{column_filter}", **{column_filter: "column_code"})
    show_chart(build_heatmap_chart(cells, columns, labels, alt_text), **click_options)


@cached_render
def build_heatmap_chart(
    cells: pd.DataFrame, columns: list[str], labels: tuple[str, str], alt_text: str
) -> Chart | None:
    """Build a heat map with a sum below each column and after each row; None (and an empty state) without cells.

    `cells`: row, column (names), appeals, row_code, column_code; a missing cell is shown empty. Rows stand in the order
    in which they first appear, columns in that of `columns`. `labels`: what a row and a column are, for tooltips.
    """
    if cells.empty:
        empty_state(_("Nothing is open with these filters."))
        return None
    total_label = _("All")
    row_names = [*dict.fromkeys(cells["row"])]
    counts = np.zeros((len(row_names) + 1, len(columns) + 1), dtype=int)
    # A cell of an unknown column gets the index -1, the place of the sums, which are set afterwards.
    cell_indexes = [
        pd.Index(dimension).get_indexer(pd.Index(cells[field]))
        for dimension, field in ((row_names, "row"), (columns, "column"))
    ]
    np.add.at(counts, tuple(cell_indexes), cells["appeals"])
    counts[:, -1] = counts[:, :-1].sum(axis=1)
    counts[-1] = counts.sum(axis=0)
    row_codes, column_codes = (
        dict(zip(cells[dimension], cells[f"{dimension}_code"], strict=True)) for dimension in ("row", "column")
    )
    rows = pd.DataFrame(
        [
            (row, column, int(n), row_codes.get(row), column_codes.get(column), formats.number(n) if n else "")
            for column, column_counts in zip([*columns, total_label], counts.T, strict=True)
            for row, n in zip([*row_names, total_label], column_counts, strict=True)
        ],
        columns=["row", "column", "appeals", "row_code", "column_code", "amount"],
    )
    is_sum = (rows["row"] == total_label) | (rows["column"] == total_label)
    rows["shade"] = rows["appeals"].where(~is_sum, 0)
    rows["weight"] = np.where(is_sum, "sum", "cell")
    height = max(ROW_HEIGHT * len(counts) + 34, NARROW_ROW_HEIGHT * len(counts) + NARROW_HEADS_HEIGHT)
    return Chart(rows, heatmap_spec(current_language(), labels, _("appeals")), height, alt_text)


@cached_render
def column_totals_chart(cells: pd.DataFrame, columns: list[str], alt_text: str) -> None:
    """Show the sums of the columns as bars, to stand above the columns of a heat map; nothing without cells.

    `cells`: column (name), appeals. `columns`: the names in order.
    """
    if cells.empty:
        return
    totals = [int(n) for n in cells.groupby("column")["appeals"].sum().reindex(columns, fill_value=0)]
    # The column of sums has no bar but takes its room, so that bars and columns align.
    rows = pd.DataFrame(
        {
            "column": [*columns, _("All")],
            "appeals": [*totals, 0],
            "amount": [*(formats.number(n) for n in totals), ""],
        }
    )
    show_chart(Chart(rows, column_totals_spec(current_language()), HISTOGRAM_HEIGHT, alt_text))


def column_scale() -> alt.Scale:
    """The scale of columns, right of the names of rows."""
    return alt.Scale(paddingInner=0.03, range=[{"expr": ROW_NAMES_WIDTH}, {"expr": "width"}])


def cell_font_size() -> alt.ExprRef:
    """The size of letters, smaller on a phone."""
    return alt.ExprRef(expr=f"{NARROW} ? 10.5 : 13")


@cache
def column_totals_spec(language: str) -> Spec:
    """Bars with their counts above them, as wide as the cells of the heat map below."""
    base = alt.Chart(NAMED_DATA).encode(
        x=alt.X("column:N", sort=None, axis=None, scale=column_scale()),
        # Above the highest bar there is room for its number.
        y=alt.Y("appeals:Q", axis=None, scale=alt.Scale(range=[{"expr": "height"}, {"expr": str(NUMBER_HEIGHT)}])),
    )
    bar_layer = base.mark_bar(cornerRadiusEnd=2, opacity=0.85).encode(color=palette_colour("received"))
    number_layer = base.mark_text(dy=-9, fontWeight=600, fontSize=cell_font_size()).encode(
        text="amount:N", color=palette_colour("ink")
    )
    return to_spec(alt.layer(bar_layer, number_layer, data=NAMED_DATA), language)


@cache
def heatmap_spec(language: str, labels: tuple[str, str], count_label: str) -> Spec:
    """Shaded cells with their counts; the darkest shade leaves the text readable."""
    base = alt.Chart(NAMED_DATA).encode(
        y=alt.Y(
            "row:N",
            sort=None,
            axis=None,
            scale=alt.Scale(paddingInner=0.06, range=[{"expr": HEADS_HEIGHT}, {"expr": "height"}]),
        ),
        x=alt.X("column:N", sort=None, axis=None, scale=column_scale()),
        tooltip=[
            alt.Tooltip("row:N", title=labels[0]),
            alt.Tooltip("column:N", title=labels[1]),
            alt.Tooltip("amount:N", title=count_label),
        ],
    )
    cell_layer = base.mark_rect(cornerRadius=3).encode(
        color=palette_colour("received"),
        opacity=alt.Opacity("shade:Q", scale=alt.Scale(range=[0.03, 0.5], domainMin=0, nice=False), legend=None),
    )
    text_layers = [
        base.transform_filter(alt.datum.weight == cell_kind)
        .mark_text(fontWeight=font_weight, fontSize=cell_font_size())
        .encode(text="amount:N", color=palette_colour("ink"))
        for cell_kind, font_weight in CELL_FONT_WEIGHTS
    ]
    row_layer = (
        base.transform_window(position="row_number()", groupby=["row"])
        .transform_filter("datum.position == 1")
        .transform_calculate(column_code="null")
        .mark_text(align="right", limit=alt.expr(f"{ROW_NAMES_WIDTH} - 8"), fontSize=cell_font_size(), cursor="pointer")
        .encode(
            x=alt.value(alt.expr(f"{ROW_NAMES_WIDTH} - 8")), text="row:N", color=palette_colour("ink"), tooltip="row:N"
        )
    )
    # Where columns are too narrow for their heads, these are written upwards.
    head_layer = (
        base.transform_window(position="row_number()", groupby=["column"])
        .transform_filter("datum.position == 1")
        .transform_calculate(row_code="null")
        .mark_text(
            angle=alt.expr(f"{NARROW} ? 270 : 0"),
            align=alt.expr(f"{NARROW} ? 'left' : 'center'"),
            limit=110,
            fontSize=11,
            cursor="pointer",
        )
        .encode(
            y=alt.value(alt.expr(f"{HEADS_HEIGHT} - 8")),
            text="column:N",
            color=palette_colour("muted"),
            tooltip="column:N",
        )
    )
    # Vega has no selection of one layer alone: names are clicked by it too, and have no code of the other axis.
    click_layer = base.mark_rect(opacity=0, cursor="pointer")
    click_layer = click_layer.add_params(alt.selection_point(name=CLICK_SELECTION, fields=["row_code", "column_code"]))
    return to_spec(alt.layer(cell_layer, *text_layers, row_layer, head_layer, click_layer, data=NAMED_DATA), language)
