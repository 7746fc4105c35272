"""Fair comparison: how many bad cases each had against what its topics lead to expect, in groups of like volume."""

from functools import cache
from typing import TYPE_CHECKING, Literal

import altair as alt
import pandas as pd
import streamlit as st

from components.charts.chart import Drawing, put
from components.charts.theme import COLOUR, DATA, Spec, finish, room, tint
from components.filters import territory
from components.filters.chips import clickable
from components.layout.panel import empty, panel
from components.overview.chart_specs import whole_row
from components.render_cache import replayed
from components.text.escape import plain
from components.tiles.kpi_tile import FEW
from otklik.i18n import N_, _, current, formats

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Kind = Literal["organisation", "region"]
LONGEST = 12
NARROWS: dict[Kind, str] = {"organisation": "organisation", "region": "territory"}
NAMES = 236
ROOM = 190
# What there can be too much of, by the figure that is compared.
BAD = {
    "closed_on_time_rate": N_("Late answers"),
    "resolution_rate": N_("Not resolved"),
    "satisfaction": N_("Ratings below 4"),
    "reopened_rate": N_("Re-opened"),
    "redirect_rate": N_("Redirected"),
}


def panels(table: "Callable[[Kind, str], pd.DataFrame]", names: "Sequence[str]") -> None:
    """Organisations and regions, by the figure that is chosen where there are several. `table`: queries.resolution.observed_expected.table."""
    name = names[0]
    if len(names) > 1:
        name = territory.switch("fair", _("Compare"), {one: _(BAD[one]) for one in names})
    bad = _(BAD[name])
    heads: dict[Kind, tuple[str, str]] = {
        "organisation": (_("Organisations"), _("Organisations compared fairly: {bad}")),
        "region": (_("Regions"), _("Regions compared fairly: {bad}")),
    }
    for place, (kind, (what, title)) in zip(st.columns(2), heads.items(), strict=True):
        with place, panel(title.format(bad=bad)):
            fair(groups(table(kind, name), f"group-{kind}"), bad, what, NARROWS[kind])


def groups(rows: pd.DataFrame, key: str) -> pd.DataFrame:
    """The rows of one group of volume, chosen where there are several; the largest first."""
    found = list(map(int, rows["group"].unique()))
    if len(found) < 2:  # noqa: PLR2004 -- one group is no choice
        return rows
    above = dict(zip(found, [None, *found], strict=False))
    names = {str(one): _range(one, above[one]) for one in found}
    chosen = territory.switch(key, _("How many cases"), names)
    return rows[rows["group"] == int(chosen)].reset_index(drop=True)


def _range(least: int, above: int | None) -> str:
    if above is None:
        return _("{n} cases and more").format(n=formats.number(least))
    return f"{formats.number(least)}–{formats.number(above - 1)}"


def method() -> str:
    """How it is computed, in two sentences."""
    return _(
        "Expected: what there would be if each topic went here as it goes on the whole. The dot is observed ÷ "
        "expected, drawn towards the middle the more the fewer the cases (empirical Bayes), the bar where it lies "
        "19 times of 20."
    )


def fair(rows: pd.DataFrame, bad: str, what: str, narrows: str) -> None:
    """A dot a name on the scale of observed ÷ expected, worst first; a click narrows the page by the filter `narrows`.

    `rows`: queries.resolution.observed_expected.table, of one group.
    """
    if rows.empty:
        empty(_("Nobody has {n} cases in these days: too few to compare.").format(n=formats.number(FEW)))
        return
    drawing = compared(rows, bad, what)
    st.caption(plain(drawing.alt, 600))
    put(drawing, **clickable(narrows, key="fair"))
    beyond = len(rows) - LONGEST
    more = " " + _("{n} more").format(n=formats.number(beyond)) if beyond > 0 else ""
    st.caption(method() + more)


@replayed
def compared(rows: pd.DataFrame, bad: str, what: str) -> Drawing:
    """The chart of `fair`."""
    drawn = rows.head(LONGEST)
    worse = drawn["low"] > 1
    better = drawn["high"] < 1
    drawn = drawn.assign(
        tone=pd.Series("muted", drawn.index).mask(worse, "bad").mask(better, "good"),
        times=[f"{formats.exact(value, 2)} ×" for value in drawn["shrunk"]],
        from_ratio=drawn["low"],
        to_ratio=drawn["high"],
        counted=[
            _("{observed} for {expected}").format(observed=formats.number(seen), expected=formats.number(due, 1))
            for seen, due in zip(drawn["observed"], drawn["expected"], strict=True)
        ],
        between=[
            f"{formats.exact(low, 2)}–{formats.exact(high, 2)}"
            for low, high in zip(drawn["low"], drawn["high"], strict=True)
        ],
        reach=max(2.0, float(drawn["high"].max()) * 1.05),
    ).drop(columns=["low", "high", "group"])
    said = _finding(drawn, worse, better, what, bad)
    words = (
        _("times what its topics lead to expect"),
        _("observed for expected"),
        _("19 times of 20 between"),
        _("Cases"),
    )
    return Drawing(drawn, dots(current(), words, room(drawn["name"], NAMES)), 26 * len(drawn) + 66, said)


def _finding(rows: pd.DataFrame, worse: pd.Series, better: pd.Series, what: str, bad: str) -> str:
    """Who has surely too many, else who has surely fewest, or that nobody has."""
    if not worse.any() and better.any():
        last = rows[better].iloc[-1]
        said = _(
            "{what}: fewest “{bad}” for its topics: {name}, {times} what is expected ({counted}); nobody has more."
        )
        return said.format(what=what, bad=bad, name=last["name"], times=last["times"], counted=last["counted"])
    if not worse.any():
        return _("{what}: no difference in “{bad}” that chance could not make.").format(what=what, bad=bad)
    first = rows[worse].iloc[0]
    said = _("{what}: most “{bad}” for its topics: {name}, {times} what is expected ({counted}).")
    return said.format(what=what, bad=bad, name=first["name"], times=first["times"], counted=first["counted"])


@cache
def dots(language: str, words: tuple[str, ...], names_room: int) -> Spec:
    """Dots within their bounds on both sides of what is expected."""
    y = alt.Y("name:N", sort=None, axis=alt.Axis(title=None, labels=False, minExtent=names_room, maxExtent=names_room))
    base = alt.Chart(DATA).encode(
        y=y,
        tooltip=[
            alt.Tooltip("name:N", title=" "),
            alt.Tooltip("times:N", title=words[0]),
            alt.Tooltip("between:N", title=words[2]),
            alt.Tooltip("counted:N", title=words[1]),
            alt.Tooltip("cases:Q", title=words[3], format=",.0f"),
        ],
    )
    tone = alt.Color("tone:N", scale=COLOUR, legend=None)
    scale = alt.Scale(domainMin=0, nice=False, range=[0, {"expr": f"width - {ROOM}"}])
    axis = alt.Axis(title=words[0], tickCount=5, format=".1f")
    middle = base.mark_rule(strokeDash=[5, 4]).encode(
        x=alt.X("one:Q", scale=scale, axis=axis), y=alt.value(0), y2=alt.value("height"), color=tint("ink")
    )
    between = base.mark_rule(strokeWidth=5, opacity=0.3).encode(
        x=alt.X("from_ratio:Q", scale=scale), x2="to_ratio:Q", color=tone
    )
    points = base.mark_point(filled=True, size=80, opacity=1).encode(
        x=alt.X("shrunk:Q", scale=scale),
        color=tone,
    )
    names = base.mark_text(align="left", limit=names_room - 10).encode(
        x=alt.value(-names_room), text="name:N", color=tint("ink")
    )
    times = base.mark_text(align="right", fontWeight=600).encode(
        x=alt.value(alt.expr("width - 118")), text="times:N", color=tone
    )
    counted = base.mark_text(align="right").encode(x=alt.value("width"), text="counted:N", color=tint("muted"))
    reach = base.mark_point(opacity=0).encode(x=alt.X("reach:Q", scale=scale))
    over = whole_row(base, names_room, 24)
    chart = alt.layer(middle, reach, between, points, names, times, counted, over, data=DATA)
    return finish(chart.transform_calculate(one="1"), language)
