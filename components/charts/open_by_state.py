"""Open appeals of each member as stacked bars: overdue, at risk and within time."""

from functools import cache

import altair as alt
import pandas as pd

from components.charts.chart import Chart, show_chart
from components.charts.colour_legend import LegendEntry, colour_legend
from components.charts.interaction import filter_on_click, row_click_layer
from components.charts.name_column import bar_height, bar_scale, first_row, name_layer, named_rows_y, row_offset
from components.charts.theme import NAMED_DATA, Spec, name_column_width, palette_colour, to_spec
from components.layout.empty_state import empty_state
from components.palette import STATE_COLOURS, state_colour
from components.render_cache import cached_render
from components.text.appeal_state import state_legend
from components.text.metric_text import NO_VALUE
from otklik.i18n import _, current_language, formats

NAMES_WIDTH = 236  # pixels left of the bars, as in other rankings
ROW_HEIGHT = 32
NUMBER_COLUMN_WIDTH = 88  # pixels for a column of numbers


def open_by_state_chart(rows: pd.DataFrame, subject: str, filter_name: str) -> None:
    """Show the open appeals of each member; a click on a row sets the filter `filter_name` to its code.

    `rows` and `subject`: see `build_open_by_state_chart`.
    """
    show_chart(build_open_by_state_chart(rows, subject), **filter_on_click(filter_name))


@cached_render
def build_open_by_state_chart(rows: pd.DataFrame, subject: str) -> Chart | None:
    """Build stacked bars with the counts overdue and at risk to their right; None (and an empty state) without rows.

    `rows`: queries.queue.open_counts.open_by_organisation or queries.queue.open_counts.open_by_channel. `subject`: what
    the rows are, translated.
    """
    if rows.empty:
        empty_state(_("Nothing is open with these filters."))
        return None
    is_unknown = rows["within"].isna()
    rows = rows.assign(within=rows["within"].fillna(0), at_risk=rows["at_risk"].fillna(0))
    labels = (_("Open"), _("Overdue"), _("At risk"))
    states = state_legend(~is_unknown)
    colour_legend([LegendEntry(state_colour(state), label) for state, label in states])
    late_amounts = {
        name: [
            NO_VALUE if unknown and not n else formats.number(n) if n else "–"
            for n, unknown in zip(rows[name], is_unknown, strict=True)
        ]
        for name in ("at_risk", "overdue")
    }
    return Chart(
        rows.assign(
            amount=[formats.number(n) for n in rows["open"]],
            risk_amount=late_amounts["at_risk"],
            late_amount=late_amounts["overdue"],
            risk_to=rows["overdue"] + rows["at_risk"],
            within_to=rows["overdue"] + rows["at_risk"] + rows["within"],
        ),
        open_by_state_spec(current_language(), labels, name_column_width(rows["name"], NAMES_WIDTH)),
        ROW_HEIGHT * len(rows) + 30,
        _summary(rows, subject, are_known=not is_unknown.all()),
    )


def _summary(rows: pd.DataFrame, subject: str, *, are_known: bool) -> str:
    most_open, most_overdue = rows.iloc[0], rows.iloc[int(rows["overdue"].to_numpy().argmax())]
    summary = (
        _("{what}: most open in {name}, {n}; most overdue in {other}, {m}")
        if are_known
        else _("{what}: most open in {name}, {n}")
    )
    return summary.format(
        what=subject,
        name=most_open["name"],
        n=formats.number(most_open["open"]),
        other=most_overdue["name"],
        m=formats.number(most_overdue["overdue"]),
    )


@cache
def open_by_state_spec(language: str, labels: tuple[str, str, str], names_width: int) -> Spec:
    """Stacked bars, grey where the state is unknown; the open appeals at their ends, what is late at the right edge."""
    tooltip = [
        alt.Tooltip("name:N", title=" "),
        alt.Tooltip("open:Q", title=labels[0], format=",.0f"),
        alt.Tooltip("overdue:Q", title=labels[1], format=",.0f"),
        alt.Tooltip("at_risk:Q", title=labels[2], format=",.0f"),
    ]
    base = alt.Chart(NAMED_DATA).encode(y=named_rows_y(), tooltip=tooltip)
    scale = bar_scale(names_width, 2 * NUMBER_COLUMN_WIDTH + 52, domainMin=0, nice=False)
    bar_layers = [
        base.mark_bar(height=bar_height(16), yOffset=row_offset(), opacity=opacity).encode(
            x=alt.X(start, axis=None, scale=scale), x2=end, color=palette_colour(colour)
        )
        for start, end, colour, opacity in (
            ("zero:Q", "overdue:Q", *STATE_COLOURS["overdue"]),
            ("overdue:Q", "risk_to:Q", *STATE_COLOURS["at_risk"]),
            ("risk_to:Q", "within_to:Q", *STATE_COLOURS["within"]),
            ("within_to:Q", "open:Q", *STATE_COLOURS["no_deadline"]),
        )
    ]
    amount_layer = base.mark_text(align="left", dx=6, yOffset=row_offset(), fontWeight=600).encode(
        x=alt.X("open:Q", axis=None, scale=scale), text="amount:N", color=palette_colour("ink")
    )
    number_columns = [
        (f"width - {NUMBER_COLUMN_WIDTH}", "late_amount:N", "bad", labels[1]),
        ("width", "risk_amount:N", "closed", labels[2]),
    ]
    number_layers = [
        base.mark_text(align="right", yOffset=row_offset()).encode(
            x=alt.value(alt.expr(x_position)), text=field, color=palette_colour("ink")
        )
        for x_position, field, _colour, _label in number_columns
    ]
    header_layers = [
        first_row()
        .mark_text(align="right", baseline="bottom", dy=-14, fontSize=12)
        .encode(x=alt.value(alt.expr(x_position)), y=alt.value(8), text=alt.datum(label), color=palette_colour(colour))
        for x_position, _field, colour, label in number_columns
    ]
    chart = alt.layer(
        *bar_layers,
        name_layer(base, names_width),
        amount_layer,
        *number_layers,
        *header_layers,
        row_click_layer(base),
        data=NAMED_DATA,
    ).transform_calculate(zero="0")
    return to_spec(chart, language)
