"""Charts of ratings: how they are spread, how they change, and what they are of."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from components.charts.chart import Drawing, put
from components.charts.theme import room
from components.filters.chips import clickable
from components.layout.panel import empty
from components.render_cache import replayed
from components.satisfaction import rating_specs
from components.tiles.kpi_tile import FEW
from otklik.i18n import _, current, formats, ngettext

if TYPE_CHECKING:
    from queries.metrics.metric import Figure

LONGEST = 12
TONES = {1: "bad", 2: "bad", 3: "usual", 4: "received", 5: "received"}


def spread(rows: pd.DataFrame) -> None:
    """How many gave each rating; a click on one opens its answers. `rows`: rating, appeals, share."""
    put(bars(rows), **clickable("answers", key="spread"))


@replayed
def bars(rows: pd.DataFrame) -> Drawing | None:
    """The chart of `spread`."""
    total = int(rows["appeals"].sum())
    if not total:
        empty(_("Nobody has rated an answer in these days with these filters."))
        return None
    shown = rows.assign(
        code=[f"rating-{rating}" for rating in rows["rating"]],
        tone=rows["rating"].map(TONES),
        label=[
            f"{formats.number(n)} · {formats.percent(share)}"
            for n, share in zip(rows["appeals"], rows["share"], strict=True)
        ],
        reach=int(rows["appeals"].max()) * 1.3,
    )
    said = _("{n} ratings: {best} gave 5, {worst} gave 1").format(
        n=formats.number(total),
        best=formats.percent(rows["share"].iloc[4]),
        worst=formats.percent(rows["share"].iloc[0]),
    )
    return Drawing(shown, rating_specs.spread(current()), 230, said)


def trend(rows: pd.DataFrame, figure: "Figure", start: date, end: date) -> None:
    """Satisfaction over days or weeks with its interval, coverage under it; few ratings grey.

    `rows`: queries.satisfaction.ratings.trend, from `start` until before `end`: a click on a point narrows the page to its
    days among those.
    """
    if not int(rows["rated"].sum()):
        empty(_("Nobody has rated an answer in these days with these filters."))
        return
    rates, covered = by_day(rows, figure, start, end)
    put(rates, **clickable("day", "first"))
    put(covered)


@replayed
def by_day(rows: pd.DataFrame, figure: "Figure", start: date, end: date) -> tuple[Drawing, Drawing]:
    """The charts of `trend`."""
    days, last = list(rows["day"]), end - timedelta(days=1)
    shown = dressed(rows, figure).assign(
        date=[formats.day(day) for day in days],
        first=[max(day, start).isoformat() for day in days],
        last=[min(after - timedelta(days=1), last).isoformat() for after in (*days[1:], end)],
    )
    sure = rows[~rows["small"]]
    said = _("Satisfaction day by day")
    if len(sure):
        first, final = sure.iloc[0], sure.iloc[-1]
        said = _("Satisfaction from {first} on {start} to {last} on {end}").format(
            first=formats.percent(first["satisfaction"]),
            last=formats.percent(final["satisfaction"]),
            start=formats.day(first["day"]),
            end=formats.day(final["day"]),
        )
    words = (_("Satisfaction"), _("Rated"), _("Ratings"), _("target"))
    return (
        Drawing(shown, rating_specs.trend(current(), words), 190, said),
        Drawing(shown, rating_specs.coverage(current(), words[1]), 80, _("Share rated, day by day")),
    )


def dots(rows: pd.DataFrame, figure: "Figure", what: str, order: str, narrows: str | None = None) -> None:
    """Satisfaction of each with its interval, in the order of the rows (`order` in words); few ratings grey.

    `rows`: code, name and the columns of queries.satisfaction.ratings.bounded. A click on a row narrows the page to it by the
    filter `narrows`.
    """
    if not int(rows["rated"].sum()):
        empty(_("Nobody has rated an answer in these days with these filters."))
        return
    put(drawn(rows, figure, what, picks=narrows is not None), **clickable(narrows) if narrows else {})
    notes = [order, _("Bars: where the true share lies, 19 times of 20.")]
    if rows["small"].head(LONGEST).any():
        notes.append(_("Grey, after all others: fewer than {n} ratings.").format(n=formats.number(FEW)))
    if len(rows) > LONGEST:
        notes.append(_("{n} more").format(n=formats.number(len(rows) - LONGEST)))
    st.caption(" ".join(notes))


@replayed
def drawn(rows: pd.DataFrame, figure: "Figure", what: str, *, picks: bool) -> Drawing:
    """The chart of `dots`; its rows can be clicked if it `picks`."""
    shown = dressed(rows, figure).head(LONGEST)
    sure = shown[~shown["small"]]
    said = what
    if len(sure):
        worst = sure.iloc[int(sure["satisfaction"].to_numpy().argmin())]
        said = _("{what}: least satisfied with {name}, {share}").format(
            what=what, name=worst["name"], share=formats.percent(worst["satisfaction"], 1)
        )
    words = (_("Ratings"), _("Rated"), _("target"), _("19 times of 20 between"))
    return Drawing(
        shown,
        rating_specs.dots(current(), words, room(shown["name"], rating_specs.NAMES), picks=picks),
        26 * len(shown) + 40,
        said,
    )


def delay(rows: pd.DataFrame, figure: "Figure") -> None:
    """Whether a late answer is rated lower; a click on a time opens its answers.

    `rows`: queries.satisfaction.ratings.by_delay.
    """
    ends = zip(rows["above"], rows["upto"], strict=True)
    names = [formats.within(above, None if pd.isna(upto) else upto) for above, upto in ends]
    rows = rows.assign(name=names, code=[f"delay-{n}" for n in range(len(rows))])
    sure = rows[~rows["small"]]
    if len(sure) > 1:
        fast, slow = sure.iloc[0], sure.iloc[-1]
        said = _("Answered in {fast}: {good} satisfied; in {slow}: {bad}.")
        st.markdown(
            said.format(
                fast=fast["name"],
                slow=slow["name"],
                good=f"**{formats.percent(fast['satisfaction'])}**",
                bad=f"**{formats.percent(slow['satisfaction'])}**",
            )
        )
    dots(rows, figure, _("Satisfaction by answer time"), _("Fastest first."), "answers")


def dressed(rows: pd.DataFrame, figure: "Figure") -> pd.DataFrame:
    """The rows with their colour, texts and the target."""
    target = figure.target or 0.0
    below = ~rows["small"] & (rows["high"] < target)
    return rows.assign(
        tone=pd.Series("received", rows.index).mask(rows["small"], "muted").mask(below, "bad"),
        target=target,
        share=[formats.percent(value, 1) if pd.notna(value) else "—" for value in rows["satisfaction"]],
        between=[
            f"{formats.number(low * 100)}–{formats.percent(high)}" if pd.notna(low) else "—"
            for low, high in zip(rows["low"], rows["high"], strict=True)
        ],
        covered=[formats.percent(value) if pd.notna(value) else "—" for value in rows["coverage"]],
        count=[
            ngettext("{n} rating", "{n} ratings", int(n)).format(n=formats.number(n)) if n else "—"
            for n in rows["rated"]
        ],
    )
