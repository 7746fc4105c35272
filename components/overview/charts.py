"""Charts of the overview.

A spec holds no data: it is built once for each language, so that a refresh
sends only rows. Colours are named: a name picks its place in the theme's
chart palette (`.streamlit/config.toml`), which differs between light and dark.
"""

from datetime import date

import pandas as pd
import streamlit as st

from components.charts import alt_text
from components.charts.chart import Drawing, put
from components.charts.theme import Days, room
from components.filters import periods
from components.filters.chips import clickable
from components.layout.panel import empty
from components.overview import chart_specs
from otklik.i18n import _, current, formats

WEEKLY = 60  # days from which the mean of a week is drawn over the days
TICKS = 12  # days named under a chart, at most
FEW_DAYS = 2  # up to which today is shown though it still goes on
LONGEST = 10  # rows of a ranking
FAR_BELOW = 0.10  # the on-time rate of all that are listed


def received_closed(daily: pd.DataFrame, today: date) -> None:
    """Received and closed by whole days, and the backlog under them until now.

    `daily`: day, received, closed, backlog.
    """
    if not int(daily["received"].sum() + daily["closed"].sum()):
        empty()
        return
    drawings, notes = by_day(daily, today)
    if notes:
        st.caption(" · ".join(notes))
    flow, left = drawings
    put(flow, **clickable("day", "day"))
    put(left, **clickable("day", "day", "backlog"))


def by_day(daily: pd.DataFrame, today: date) -> tuple[list[Drawing], list[str]]:
    """What `received_closed` draws, and what is to be known of it."""
    quiet = periods.quiet_end(daily["received"].tolist())
    daily = daily.head(len(daily) - quiet)
    weekly = len(daily) > WEEKLY
    rows = daily.assign(date=[formats.day(day) for day in daily["day"]])
    words = (_("received"), _("closed"))
    left = _("{n} open").format(n=formats.number(daily["backlog"].iloc[-1]))
    room = 16 + 7 * max(map(len, (*words, left)))
    days = Days(room, len(daily) // TICKS + 1, weekly)
    notes = [_("Thick: the mean of 7 days")] if weekly else []
    notes += [_("Nothing has been received since {day}").format(day=rows["date"].iloc[-1])] if quiet else []
    flow = flows(rows, today, weekly=weekly)
    open_rows = rows.assign(height=at_end(rows["backlog"]), label=left)
    return [
        Drawing(flow, chart_specs.flows(current(), words, days), 200, alt_text.flow(daily)),
        Drawing(open_rows, chart_specs.backlog(current(), _("open"), days), 110, alt_text.backlog(daily)),
    ], notes


def flows(daily: pd.DataFrame, today: date, *, weekly: bool) -> pd.DataFrame:
    """The lines of received and closed, their weekly means, and their labels' heights.

    A day that is still going on would look like a fall, so its points are left out.
    """
    rows = daily.copy()
    whole = rows["day"] < today if len(rows) > FEW_DAYS else rows["day"].notna()
    for name in ("received", "closed"):
        rows[name] = rows[name].astype(float).where(whole)
        rows[f"{name}_line"] = rows[name].rolling(7).mean() if weekly else rows[name]
    received, closed = (float(rows.loc[whole, f"{name}_line"].iloc[-1]) for name in ("received", "closed"))
    last = whole & ~whole.shift(-1, fill_value=False)
    room = 0.11 * float(rows[["received", "closed"]].to_numpy(na_value=0.0).max())
    for name, height in zip(("received", "closed"), apart(received, closed, room), strict=True):
        rows[f"{name}_label"] = pd.Series(height, rows.index).where(last)
    return rows


def apart(a: float, b: float, room: float) -> tuple[float, float]:
    """Two heights of labels moved so far apart that both can be read, none below zero."""
    missing = max(0.0, room - abs(a - b)) / 2
    up, down = (a, b) if a >= b else (b, a)
    lift = max(0.0, missing - down)
    up, down = up + missing + lift, down - missing + lift
    return (up, down) if a >= b else (down, up)


def at_end(values: pd.Series) -> pd.Series:
    """The last value, and nothing before it."""
    return values.astype(float).where(values.index == values.index[-1])


def hours(hourly: pd.DataFrame) -> None:
    """Today by the hour as bars, a usual such day as steps over them.

    `hourly`: hour 0..23, today (NaN for hours still ahead), usual.
    """
    if not float(hourly["today"].sum() + hourly["usual"].sum()):
        empty(_("Nothing has arrived today, nor on such days before."))
        return
    said = alt_text.hours(hourly)
    legend = _("bars: today, line: a usual such day")
    st.markdown(f"{said} &nbsp;:small[:gray[{legend}]]")
    st.vega_lite_chart(
        hourly.assign(clock=[f"{hour:02}:00" for hour in hourly["hour"]]),
        chart_specs.hours(current(), (_("today"), _("usual"))),
        height=270,
        alt=said,
    )


def ranked(rows: pd.DataFrame, what: str, narrows: str) -> None:
    """Names by what was received, the on-time rate of each beside it; a click on one narrows the page to it.

    `narrows`: the filter's name in the address. `rows`: code, name, received, on_time, due, on_time_rate, small. A rate
    far below that of all rows is marked; one of too few cases is grey and never marked.
    """
    if rows.empty:
        empty()
        return
    drawing, notes = ranking(rows, what)
    put(drawing, **clickable(narrows))
    if notes:
        st.caption(" · ".join(notes))


def ranking(rows: pd.DataFrame, what: str) -> tuple[Drawing, list[str]]:
    """What `ranked` draws, and what is to be known of it."""
    beyond = len(rows) - LONGEST
    rows = rows.head(LONGEST)
    due = int(rows["due"].sum())
    mark = int(rows["on_time"].sum()) / due - FAR_BELOW if due else 0.0
    late = ~rows["small"] & (rows["on_time_rate"] < mark)
    drawn = rows.assign(
        amount=[formats.number(n) for n in rows["received"]],
        reach=int(rows["received"].max()) * 1.55,
        rate=[
            rate(int(good), int(of), few=bool(few), late=bool(bad))
            for good, of, few, bad in zip(rows["on_time"], rows["due"], rows["small"], late, strict=True)
        ],
        tone=pd.Series("ink", rows.index).mask(rows["small"], "muted").mask(late, "bad"),
    )
    notes = [_("▼ more than 10 points below the rate of all that are listed")] if late.any() else []
    notes += [_("{n} more").format(n=formats.number(beyond))] if beyond > 0 else []
    spec = chart_specs.ranked(current(), (_("Received"), _("On time")), room(rows["name"], chart_specs.NAMES))
    return Drawing(drawn, spec, 34 * len(rows) + 30, alt_text.ranked(rows, what)), notes


def rate(good: int, of: int, *, few: bool, late: bool) -> str:
    """An on-time rate, marked when it is late; or why there is none."""
    if not of:
        return _("no deadlines")
    if few:
        return _("few: {part} of {whole}").format(part=formats.number(good), whole=formats.number(of))
    share = formats.percent(good / of, 1)
    return f"▼ {share}" if late else share
