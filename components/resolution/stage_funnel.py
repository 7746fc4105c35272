"""How far appeals come, stage by stage, and how long they stay in each."""

from functools import cache

import altair as alt
import pandas as pd
import streamlit as st

from components.charts.theme import DATA, Spec, finish, tint
from components.layout.panel import empty
from components.render_cache import replayed
from components.tables.appeals import listed
from otklik.i18n import N_, _, current, formats, ngettext

NAMES = 215  # pixels left of the bars
ROW = 36
ROOM = 92  # pixels for a column of times
ENDS = {"received": N_("Received"), "closed": N_("Closed"), "resolved": N_("of them resolved")}


@replayed
def funnel(steps: pd.DataFrame, stages: pd.DataFrame) -> None:
    """How many of those received came to each step, with the days spent at each stage beside it.

    `steps`: queries.resolution.funnel.steps. `stages`: queries.resolution.stage_history.stages.
    """
    received = int(steps["appeals"].iloc[0])
    if not received:
        empty(_("Nothing was received in these days with these filters."))
        return
    known = int(stages["appeals"].max())
    times = stages.set_index("name")
    # What is received is at the first stage: its time stands there.
    first = str(stages["name"].iloc[0])
    named = steps.assign(
        name=[
            _("come to “{stage}”").format(stage=name) if pd.notna(name) else _(ENDS[code])
            for code, name in zip(steps["code"], steps["name"], strict=True)
        ]
    )
    at = [
        name if pd.notna(name) else (first if code == "received" else None)
        for code, name in zip(steps["code"], steps["name"], strict=True)
    ]
    drawn = named.assign(
        amount=[
            f"{formats.number(n)} · {formats.percent(share)}"
            for n, share in zip(steps["appeals"], steps["share"], strict=True)
        ],
        half=[_time(times, stage, "median") for stage in at],
        most=[_time(times, stage, "p90") for stage in at],
    )
    closed = int(steps.loc[steps["code"] == "closed", "appeals"].iloc[0])
    said = _("Of {n} received, {closed} are closed by now ({share}).").format(
        n=formats.number(received), closed=formats.number(closed), share=formats.percent(closed / received)
    )
    words = (_("half within"), _("90 % within")) if known else None
    st.vega_lite_chart(drawn, bars(current(), words), height=ROW * len(drawn) + 30, alt=said)
    st.caption(f"{said} {told(known)}")


def told(known: int) -> str:
    """What the times are of."""
    if not known:
        return _("How long each stage took is not known: these appeals have no history, as imported ones have none.")
    said = ngettext(
        "Times at each stage: of the {n} appeal with a history among the last closed ones of these days.",
        "Times at each stage: of the {n} appeals with a history among the last closed ones of these days.",
        known,
    )
    return said.format(n=formats.number(known)) + " " + _("Imported appeals have none.")


def _time(times: pd.DataFrame, stage: str | None, which: str) -> str:
    value = times[which].get(stage) if stage else None
    return "" if value is None or pd.isna(value) else formats.days(float(value))


@cache
def bars(language: str, words: tuple[str, str] | None) -> Spec:
    """Bars with their numbers, two columns of times at the right where they are known."""
    y = alt.Y("name:N", sort=None, axis=alt.Axis(title=None, labels=False, minExtent=NAMES, maxExtent=NAMES))
    base = alt.Chart(DATA).encode(y=y)
    room = 110 + (2 * ROOM if words else 0)
    x = alt.X("appeals:Q", axis=None, scale=alt.Scale(domainMin=0, nice=False, range=[0, {"expr": f"width - {room}"}]))
    layers = [
        base.mark_bar(height=18, cornerRadiusEnd=2, opacity=0.85).encode(x=x, color=tint("received")),
        base.mark_text(align="left", limit=NAMES - 8).encode(x=alt.value(-NAMES), text="name:N", color=tint("ink")),
        base.mark_text(align="left", dx=6, fontWeight=600).encode(x=x, text="amount:N", color=tint("ink")),
    ]
    first = alt.Chart(DATA).transform_window(row="row_number()").transform_filter("datum.row == 1")
    for at, (field, word) in enumerate(zip(("half", "most"), words or (), strict=False)):
        place = alt.value(alt.expr(f"width - {(1 - at) * ROOM}"))
        layers += [
            base.mark_text(align="right").encode(x=place, text=f"{field}:N", color=tint("ink")),
            first.mark_text(align="right", baseline="bottom", dy=-14, fontSize=12).encode(
                x=place, y=alt.value(8), text=alt.datum(word), color=tint("muted")
            ),
        ]
    return finish(alt.layer(*layers, data=DATA), language)


def moves(counts: dict[str, int], back: pd.DataFrame) -> None:
    """Redirects, returns to who had it, extensions, of those of known history.

    `counts`: queries.resolution.stage_history.moves. `back`: queries.resolution.stage_history.returned.
    """
    known = counts["known"]
    if not known:
        empty(_("These appeals have no history, as imported ones have none: redirects and extensions are not known."))
        return
    said = {
        "redirected": _("handed on to another organisation"),
        "twice": _("handed on more than once"),
        "back": _("came back to an organisation that had had them (A → B → A)"),
        "extended": _("had their deadline extended"),
    }
    lines = [
        f"- **{formats.number(counts[name])}** ({formats.percent(counts[name] / known, 1)}) {word}"
        for name, word in said.items()
    ]
    head = ngettext(
        "Of the {n} appeal with a history among the last closed ones of these days:",
        "Of the {n} appeals with a history among the last closed ones of these days:",
        known,
    )
    st.markdown(head.format(n=formats.number(known)) + "\n\n" + "\n".join(lines))
    if back.empty:
        return
    columns = {
        "number": (_("Number"), 130),
        "way": (_("Way"), 520),
        "received_at": (_("Received"), 115),
        "closed_at": (_("Closed"), 115),
        "topic": (_("Topic"), 190),
        "territory": (_("Territory"), 160),
    }
    listed(back, columns, "back", _("Appeals that came back to an organisation that had had them"))
