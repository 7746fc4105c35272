"""Who holds what is open: bars of appeals within their time, at risk and overdue."""

from functools import cache

import altair as alt
import pandas as pd

from components.charts.chart import Drawing, put
from components.charts.theme import DATA, Spec, finish, room, shade, tint
from components.filters.chips import clickable
from components.layout.panel import empty
from components.maps.legend import Entry, legend
from components.overview.chart_specs import whole_row
from components.render_cache import replayed
from otklik.i18n import _, current, formats

NAMES = 236  # pixels left of the bars, as in other rankings
ROW = 32
# Apart by lightness too, for who can't tell orange from red.
COLOURS = {"within": ("received", 0.85), "at_risk": ("closed", 0.6), "overdue": ("bad", 1.0)}
ROOM = 78  # pixels for a column of numbers


def standing(rows: pd.DataFrame, subject: str, filter_name: str) -> None:
    """Names by what is open, as `drawn` says; a click on one narrows the page to it by the filter `narrows`."""
    put(drawn(rows, subject), **clickable(filter_name))


@replayed
def drawn(rows: pd.DataFrame, subject: str) -> Drawing | None:
    """Names by what is open, each bar in three parts, the numbers of the late parts beside it.

    `rows`: code, name, open, within, at_risk, overdue; most open first.
    """
    if rows.empty:
        empty(_("Nothing is open with these filters."))
        return None
    labels = (_("Open"), _("At risk"), _("Overdue"))
    legend_labels = ((_("within time"), "within"), (_("at risk"), "at_risk"), (_("overdue"), "overdue"))
    legend([Entry(shade(*COLOURS[state]), label) for label, state in legend_labels])
    most_open = rows.iloc[0]
    most_overdue = rows.iloc[int(rows["overdue"].to_numpy().argmax())]
    summary = _("{what}: most open in {name}, {n}; most overdue in {other}, {m}").format(
        what=subject,
        name=most_open["name"],
        n=formats.number(most_open["open"]),
        other=most_overdue["name"],
        m=formats.number(most_overdue["overdue"]),
    )
    late_amounts = {name: [formats.number(n) if n else "–" for n in rows[name]] for name in ("at_risk", "overdue")}
    return Drawing(
        rows.assign(
            amount=[formats.number(n) for n in rows["open"]],
            risk_amount=late_amounts["at_risk"],
            late_amount=late_amounts["overdue"],
            risk_from=rows["within"],
            risk_to=rows["within"] + rows["at_risk"],
        ),
        bars(current(), labels, room(rows["name"], NAMES)),
        ROW * len(rows) + 30,
        summary,
    )


@cache
def bars(language: str, labels: tuple[str, str, str], names_width: int) -> Spec:
    """Bars in three parts; to their right what is open, and the numbers at risk and overdue."""
    y = alt.Y(
        "name:N", sort=None, axis=alt.Axis(title=None, labels=False, minExtent=names_width, maxExtent=names_width)
    )
    tooltip = [
        alt.Tooltip("name:N", title=" "),
        alt.Tooltip("open:Q", title=labels[0], format=",.0f"),
        alt.Tooltip("at_risk:Q", title=labels[1], format=",.0f"),
        alt.Tooltip("overdue:Q", title=labels[2], format=",.0f"),
    ]
    base = alt.Chart(DATA).encode(y=y, tooltip=tooltip)
    scale = alt.Scale(domainMin=0, nice=False, range=[0, {"expr": f"width - {2 * ROOM + 52}"}])
    bar_layers = [
        base.mark_bar(height=16, opacity=opacity).encode(
            x=alt.X(start, axis=None, scale=scale), x2=end, color=tint(colour)
        )
        for start, end, colour, opacity in (
            ("zero:Q", "within:Q", *COLOURS["within"]),
            ("risk_from:Q", "risk_to:Q", *COLOURS["at_risk"]),
            ("risk_to:Q", "open:Q", *COLOURS["overdue"]),
        )
    ]
    name_layer = base.mark_text(align="left", limit=names_width - 8).encode(
        x=alt.value(-names_width), text="name:N", color=tint("ink")
    )
    amount_layer = base.mark_text(align="left", dx=6, fontWeight=600).encode(
        x=alt.X("open:Q", axis=None, scale=scale), text="amount:N", color=tint("ink")
    )
    number_columns = [
        ("width", "late_amount:N", "bad", labels[2]),
        (f"width - {ROOM}", "risk_amount:N", "closed", labels[1]),
    ]
    number_layers = [
        base.mark_text(align="right").encode(x=alt.value(alt.expr(x_position)), text=field, color=tint("ink"))
        for x_position, field, _colour, _label in number_columns
    ]
    first_row = alt.Chart(DATA).transform_window(row="row_number()").transform_filter("datum.row == 1")
    header_layers = [
        first_row.mark_text(align="right", baseline="bottom", dy=-14, fontSize=12).encode(
            x=alt.value(alt.expr(x_position)), y=alt.value(8), text=alt.datum(label), color=tint(colour)
        )
        for x_position, _field, colour, label in number_columns
    ]
    chart = alt.layer(
        *bar_layers, name_layer, amount_layer, *number_layers, *header_layers, whole_row(base, NAMES), data=DATA
    ).transform_calculate(zero="0")
    return finish(chart, language)
