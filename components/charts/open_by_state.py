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


def standing(rows: pd.DataFrame, what: str, narrows: str) -> None:
    """Names by what is open, as `drawn` says; a click on one narrows the page to it by the filter `narrows`."""
    put(drawn(rows, what), **clickable(narrows))


@replayed
def drawn(rows: pd.DataFrame, what: str) -> Drawing | None:
    """Names by what is open, each bar in three parts, the numbers of the late parts beside it.

    `rows`: code, name, open, within, at_risk, overdue; most open first.
    """
    if rows.empty:
        empty(_("Nothing is open with these filters."))
        return None
    words = (_("Open"), _("At risk"), _("Overdue"))
    told = ((_("within time"), "within"), (_("at risk"), "at_risk"), (_("overdue"), "overdue"))
    legend([Entry(shade(*COLOURS[state]), word) for word, state in told])
    first = rows.iloc[0]
    worst = rows.iloc[int(rows["overdue"].to_numpy().argmax())]
    said = _("{what}: most open in {name}, {n}; most overdue in {other}, {m}").format(
        what=what,
        name=first["name"],
        n=formats.number(first["open"]),
        other=worst["name"],
        m=formats.number(worst["overdue"]),
    )
    late = {name: [formats.number(n) if n else "–" for n in rows[name]] for name in ("at_risk", "overdue")}
    return Drawing(
        rows.assign(
            amount=[formats.number(n) for n in rows["open"]],
            risk_amount=late["at_risk"],
            late_amount=late["overdue"],
            risk_from=rows["within"],
            risk_to=rows["within"] + rows["at_risk"],
        ),
        bars(current(), words, room(rows["name"], NAMES)),
        ROW * len(rows) + 30,
        said,
    )


@cache
def bars(language: str, words: tuple[str, str, str], names_room: int) -> Spec:
    """Bars in three parts; to their right what is open, and the numbers at risk and overdue."""
    y = alt.Y("name:N", sort=None, axis=alt.Axis(title=None, labels=False, minExtent=names_room, maxExtent=names_room))
    tooltip = [
        alt.Tooltip("name:N", title=" "),
        alt.Tooltip("open:Q", title=words[0], format=",.0f"),
        alt.Tooltip("at_risk:Q", title=words[1], format=",.0f"),
        alt.Tooltip("overdue:Q", title=words[2], format=",.0f"),
    ]
    base = alt.Chart(DATA).encode(y=y, tooltip=tooltip)
    scale = alt.Scale(domainMin=0, nice=False, range=[0, {"expr": f"width - {2 * ROOM + 52}"}])
    parts = [
        base.mark_bar(height=16, opacity=opacity).encode(
            x=alt.X(start, axis=None, scale=scale), x2=end, color=tint(colour)
        )
        for start, end, colour, opacity in (
            ("zero:Q", "within:Q", *COLOURS["within"]),
            ("risk_from:Q", "risk_to:Q", *COLOURS["at_risk"]),
            ("risk_to:Q", "open:Q", *COLOURS["overdue"]),
        )
    ]
    names = base.mark_text(align="left", limit=names_room - 8).encode(
        x=alt.value(-names_room), text="name:N", color=tint("ink")
    )
    amounts = base.mark_text(align="left", dx=6, fontWeight=600).encode(
        x=alt.X("open:Q", axis=None, scale=scale), text="amount:N", color=tint("ink")
    )
    columns = [("width", "late_amount:N", "bad", words[2]), (f"width - {ROOM}", "risk_amount:N", "closed", words[1])]
    numbers = [
        base.mark_text(align="right").encode(x=alt.value(alt.expr(at)), text=text, color=tint("ink"))
        for at, text, _colour, _word in columns
    ]
    first = alt.Chart(DATA).transform_window(row="row_number()").transform_filter("datum.row == 1")
    heads = [
        first.mark_text(align="right", baseline="bottom", dy=-14, fontSize=12).encode(
            x=alt.value(alt.expr(at)), y=alt.value(8), text=alt.datum(word), color=tint(colour)
        )
        for at, _text, colour, word in columns
    ]
    chart = alt.layer(*parts, names, amounts, *numbers, *heads, whole_row(base, NAMES), data=DATA).transform_calculate(
        zero="0"
    )
    return finish(chart, language)
