"""The sections of the wall as HTML, each drawn once for all who see the same."""

from datetime import datetime
from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from components.text.escape import clean_line
from components.text.metric_text import SHORT_REASONS, value_text
from components.wall.hours_chart import hours_chart
from components.wall.surges_section import surges_html
from otklik.i18n import N_, _, formats, ngettext

if TYPE_CHECKING:
    from queries.metrics.metric import MetricValue
    from queries.summaries.received_today import ReceivedToday
    from queries.wall.picture import WallFigure, WallPicture

STATE_LABELS = {"act": N_("act"), "watch": N_("watch"), "normal": N_("normal"), "unknown": N_("no state")}
STATE_SIGNS = {"act": "▲", "watch": "◆", "normal": "●", "unknown": "○"}
FEED_STATES = {"silent": "act", "quiet": "watch", "alive": "normal", "unknown": "unknown"}
"""By the state of a channel."""
FEED_LABELS = {"silent": N_("silent"), "quiet": N_("quiet"), "alive": N_("alive"), "unknown": N_("too new to say")}
MAX_CHANNELS = 3
MAX_HOLDERS = 5


def wall_sections(picture: "WallPicture") -> dict[str, str]:
    """The HTML of each section by its id on the page."""
    return {
        "figures": "".join(map(figure_html, picture.figures)),
        "arrivals": arrivals_html(picture.received, picture.received_state, picture.by_hour),
        "holders": holders_html(picture.holders),
        "feed": feed_html(picture.feed),
        "surges": surges_html(picture.surges),
    }


def figure_html(figure: "WallFigure") -> str:
    """A large figure: its number, name and state in a word and a sign, so that it doesn't depend on colour."""
    text = value_text(figure.value)
    reason = _(SHORT_REASONS[figure.value.unknown]) if figure.value.unknown else ""
    return (
        f'<div class="figure {figure.state}"><p class="number" style="--characters: {max(len(text), 3)}">'
        f"{escape(text)}</p>"
        f'<p class="name">{escape(_(figure.value.metric.name))}</p>{state_html(figure.state, reason)}</div>'
    )


def state_html(state: str, reason: str = "") -> str:
    """The state as a sign and a word; in place of no state, the reason."""
    return f'<p class="state {state}">{STATE_SIGNS[state]} {escape(reason or _(STATE_LABELS[state]))}</p>'


def arrivals_html(received: "MetricValue", state: str, by_hour: "ReceivedToday") -> str:
    """How many appeals came today, whether that is usual by now, and the hours of the day in bars."""
    low, high = by_hour.usual_by_now or (None, None)
    usual = (
        _("by now usually {low} to {high}").format(low=formats.number(low), high=formats.number(high))
        if low is not None and high is not None
        else ""
    )
    title = escape(_("Received today"))
    return (
        f'<div class="head {state}"><h2>{title}</h2>'
        f'<strong data-received="{int(received.value or 0)}">{escape(formats.number(by_hour.so_far))}</strong>'
        f'<span class="usual">{escape(usual)}</span>{state_html(state)}</div>{hours_chart(by_hour.by_hour)}'
    )


def holders_html(holders: pd.DataFrame) -> str:
    """The organisations that must act first, with what they have overdue and due within 7 days."""
    title = _heading(_("Who must act"))
    if holders.empty:
        message = _("No organisation has overdue appeals or deadlines within 7 days.")
        return f'{title}<p class="empty">{escape(message)}</p>'
    rows = "".join(
        f"<tr><th>{escape(clean_line(row['name']))}</th>"
        f"{_overdue_cell(row['overdue'])}<td>{formats.number(row['due'])}</td></tr>"
        for row in holders.head(MAX_HOLDERS).to_dict("records")
    )
    columns = "".join(f"<td>{escape(name)}</td>" for name in (_("overdue"), _("due in 7 days")))
    return f"{title}<table><thead><tr><th></th>{columns}</tr></thead><tbody>{rows}</tbody></table>"


def _overdue_cell(count: int) -> str:
    return f'<td class="overdue">{formats.number(count)}</td>' if count else "<td>0</td>"


def feed_html(feed: pd.DataFrame) -> str:
    """When the last appeal came, and the channels from which nothing has come for longer than usual."""
    title = _heading(_("Feed"))
    if feed.empty:
        message = _("Nothing has arrived through any channel in the last weeks.")
        return f'{title}{state_html("act")}<p class="empty">{escape(message)}</p>'
    last_at: datetime = max(feed["last_at"])
    alive_count = int((feed["state"] == "alive").sum())
    worst = next((state for state in FEED_STATES if (feed["state"] == state).any()), "unknown")
    alive = ngettext("{alive} of {n} channel alive", "{alive} of {n} channels alive", len(feed)).format(
        alive=formats.number(alive_count), n=formats.number(len(feed))
    )
    troubled = feed[feed["state"].isin(["silent", "quiet"])].head(MAX_CHANNELS)
    channels = "".join(
        f'<li class="{FEED_STATES[row["state"]]}">{STATE_SIGNS[FEED_STATES[row["state"]]]}'
        f" {escape(clean_line(row['name']))}: {escape(_(FEED_LABELS[row['state']]))}</li>"
        for row in troubled.to_dict("records")
    )
    last = escape(_("Last appeal"))
    age = f'<time class="age" data-at="{round(last_at.timestamp() * 1000)}"></time>'
    return (
        f'<div class="head {FEED_STATES[worst]}">{title}{state_html(FEED_STATES[worst])}</div>'
        f'<p class="last">{last} {age}</p><p>{escape(alive)}</p><ul>{channels}</ul>'
    )


def _heading(title: str) -> str:
    return f"<h2>{escape(title)}</h2>"
