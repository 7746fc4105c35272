"""Vega-Lite specs of the charts, one for each language, without data."""

from functools import cache

import altair as alt

from components.charts.theme import COLOUR, DATA, Days, Spec, along, finish, tint, whole
from components.filters.chips import PICKED

NAMES = 236  # pixels left of the bars


@cache
def flows(language: str, words: tuple[str, ...], days: Days) -> Spec:
    """Received and closed by day: two lines labelled at their ends."""
    base = alt.Chart(DATA).encode(x=along(days, labels=False))
    layers: list[alt.Chart] = []
    for name, word, dash in (("received", words[0], [1, 0]), ("closed", words[1], [6, 3])):
        y = alt.Y(f"{name}_line:Q", axis=whole())
        if days.weekly:
            layers.append(base.mark_line(strokeWidth=1, opacity=0.2).encode(y=f"{name}:Q", color=tint(name)))
        layers += [
            base.mark_line(strokeWidth=2.5, strokeDash=dash, point=not days.weekly).encode(y=y, color=tint(name)),
            base.mark_text(align="left", dx=6, fontWeight=600).encode(
                y=f"{name}_label:Q", text=alt.datum(word), color=tint(name)
            ),
        ]
    tooltip = [
        alt.Tooltip("date:N", title=" "),
        alt.Tooltip("received:Q", title=words[0], format=",.0f"),
        alt.Tooltip("closed:Q", title=words[1], format=",.0f"),
    ]
    return finish(alt.layer(*layers, nearest_day(base, tooltip), data=DATA), language)


@cache
def backlog(language: str, word: str, days: Days) -> Spec:
    """The backlog at the end of each day as an area, its last value beside it."""
    base = alt.Chart(DATA).encode(x=along(days, labels=True))
    y = alt.Y("backlog:Q", axis=whole(2))
    area = base.mark_area(opacity=0.25, line={"strokeWidth": 2}).encode(y=y, color=tint("muted"))
    label = base.mark_text(align="left", dx=6, fontWeight=600).encode(y="height:Q", text="label:N", color=tint("muted"))
    tooltip = [alt.Tooltip("date:N", title=" "), alt.Tooltip("backlog:Q", title=word, format=",.0f")]
    return finish(alt.layer(area, label, nearest_day(base, tooltip), data=DATA), language)


def nearest_day(base: alt.Chart, tooltip: list[alt.Tooltip]) -> alt.Chart:
    """Over a chart of days: the one nearest to the pointer says its numbers, and can be clicked."""
    hover = alt.selection_point(name="hover", fields=["day"], nearest=True, on="pointerover", clear="pointerout")
    shown = alt.condition(hover, alt.value(0.8), alt.value(0), empty=False)
    rule: alt.Chart = (
        base.mark_rule(strokeWidth=1, cursor="pointer")
        .encode(color=tint("muted"), opacity=shown, tooltip=tooltip)
        .add_params(hover, alt.selection_point(name=PICKED, fields=["day"], nearest=True))
    )
    return rule


@cache
def hours(language: str, words: tuple[str, str]) -> Spec:
    """Today's hours as bars, the usual ones as steps over them."""
    x = alt.X("hour:O", axis=alt.Axis(title=None, labelAngle=0, labelOverlap=True))
    tooltip = [
        alt.Tooltip("clock:N", title=" "),
        alt.Tooltip("today:Q", title=words[0], format=",.0f"),
        alt.Tooltip("usual:Q", title=words[1], format=",.1f"),
    ]
    base = alt.Chart(DATA).encode(x=x, tooltip=tooltip)
    today = base.mark_bar(opacity=0.85).encode(y=alt.Y("today:Q", axis=whole()), color=tint("received"))
    usual = base.mark_line(interpolate="step", strokeWidth=2.5).encode(y="usual:Q", color=tint("closed"))
    return finish(alt.layer(today, usual, data=DATA), language)


@cache
def ranked(language: str, words: tuple[str, str], names_room: int) -> Spec:
    """Bars with their numbers at the ends and a column of on-time rates; left of them so many pixels of names."""
    y = alt.Y(
        "name:N",
        sort=None,
        axis=alt.Axis(title=None, labels=False, minExtent=names_room, maxExtent=names_room),
    )
    base = alt.Chart(DATA).encode(y=y, tooltip=alt.Tooltip("name:N", title=" "))
    amount = alt.X("received:Q", axis=None, scale=alt.Scale(domainMin=0, nice=False))
    bars = base.mark_bar(height=16, cornerRadiusEnd=2).encode(x=amount, color=tint("received"))
    names = base.mark_text(align="left", limit=names_room - 8).encode(
        x=alt.value(-names_room), text="name:N", color=tint("ink")
    )
    reach = base.mark_point(opacity=0).encode(x="reach:Q")
    numbers = base.mark_text(align="left", dx=6).encode(x="received:Q", text="amount:N", color=tint("ink"))
    rates = base.mark_text(align="right", fontWeight=600).encode(
        x=alt.value("width"),
        text="rate:N",
        color=alt.Color("tone:N", scale=COLOUR, legend=None),
    )
    first = alt.Chart(DATA).transform_window(row="row_number()").transform_filter("datum.row == 1")
    heads = [
        first.mark_text(align="left", dy=-14, baseline="bottom", fontSize=12).encode(
            x=alt.value(0), y=alt.value(8), text=alt.datum(words[0]), color=tint("muted")
        ),
        first.mark_text(align="right", dy=-14, baseline="bottom", fontSize=12).encode(
            x=alt.value("width"), y=alt.value(8), text=alt.datum(words[1]), color=tint("muted")
        ),
    ]
    return finish(
        alt.layer(bars, names, reach, numbers, rates, *heads, whole_row(base, names_room), data=DATA), language
    )


def whole_row(base: alt.Chart, names: int, height: int = 30) -> alt.Chart:
    """Over a row of `base` with so many pixels of names: all of it can be clicked and pointed at, its name as well."""
    row = base.mark_bar(height=height, opacity=0, cursor="pointer").add_params(
        alt.selection_point(name=PICKED, fields=["code"])
    )
    whole: alt.Chart = row.encode(x=alt.value(-names), x2=alt.value("width"))
    return whole
