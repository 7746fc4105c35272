"""The names of a chart's rows: left of the bars where there is room, above them on a phone.

The browser decides by the width of the chart, without a run of the page: positions are Vega expressions.
"""

from typing import Any

import altair as alt

from components.charts.theme import LETTER_WIDTH, NAMED_DATA, palette_colour

NARROW = "width < 560"
"""Where names left of the bars would leave them no room."""
LINE_OFFSET = 6.5  # pixels from a row's middle to its name above, and to its bar below
NARROW_BAR_HEIGHT = 9  # pixels
MIN_BAR_WIDTH = 30  # pixels of the longest bar, however narrow the chart


def named_rows_y() -> alt.Y:
    """The y channel of rows by `name`, in the order of the rows; their names are drawn by `name_layer`."""
    return alt.Y("name:N", sort=None, axis=None)


def name_layer(base: alt.Chart, names_width: int) -> alt.Chart:
    """The names in `names_width` pixels at the left, or above the bars in the chart's whole width.

    A longer one is cut in the middle, since what tells names apart mostly stands at an end.
    """
    room = f"({NARROW} ? width : {names_width - 10})"
    length = f"floor({room} / {LETTER_WIDTH})"
    fitted_name = (
        f"length(datum.name) <= {length} ? datum.name : slice(datum.name, 0, ceil({length} / 2) - 1) + '…'"
        f" + slice(datum.name, -floor({length} / 2))"
    )
    mark = base.transform_calculate(fitted_name=fitted_name).mark_text(
        align="left",
        limit=alt.expr(room),
        yOffset=alt.expr(f"{NARROW} ? -{LINE_OFFSET} : 0"),
    )
    layer: alt.Chart = mark.encode(x=alt.value(0), text="fitted_name:N", color=palette_colour("ink"))
    return layer


def bar_scale(names_width: int, right_margin: int, **options: Any) -> alt.Scale:  # noqa: ANN401 -- those of alt.Scale
    """A scale from the names to `right_margin` pixels before the right edge; it never runs backwards."""
    start = f"({NARROW} ? 0 : {names_width})"
    stop = f"max({start} + {MIN_BAR_WIDTH}, width - {right_margin})"
    return alt.Scale(range=[{"expr": start}, {"expr": stop}], **options)


def bar_height(height: int) -> alt.ExprRef:
    """The height of a bar, less where its name stands above it."""
    return alt.ExprRef(expr=f"{NARROW} ? {NARROW_BAR_HEIGHT} : {height}")


def row_offset() -> alt.ExprRef:
    """The `yOffset` of what stands beside a name: below it where the name stands above."""
    return alt.ExprRef(expr=f"{NARROW} ? {LINE_OFFSET} : 0")


def first_row() -> alt.Chart:
    """The first row alone, for heads of columns."""
    return alt.Chart(NAMED_DATA).transform_window(row="row_number()").transform_filter("datum.row == 1")
