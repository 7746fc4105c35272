"""Whether appeals still arrive, by channel."""

from datetime import UTC, datetime
from math import isnan
from typing import Any

import pandas as pd
import streamlit as st

from components.layout.local_day import viewer_moment
from components.text.escape import escape_markdown
from otklik.i18n import N_, _, durations, formats, ngettext

MAX_LISTED = 2
STATE_COLOURS = {"silent": "red", "quiet": "orange", "alive": "green", "unknown": "gray"}
STATE_LABELS = {"silent": N_("silent"), "quiet": N_("quiet"), "alive": N_("alive"), "unknown": N_("too new to say")}
STATE_SIGNS = {"silent": "▲", "quiet": "◆", "alive": "●", "unknown": "○"}


def feed_summary(rows: pd.DataFrame) -> None:
    """Say of queries.morning.feed.feed how many channels are alive and when the last appeal came; name the others."""
    if rows.empty:
        message = _("Nothing has arrived through any channel in the last weeks.")
        st.markdown(f":red[{message}]")
        return
    with st.container(gap="xsmall"):
        alive_text = ngettext(
            "**{alive} of {n} channel** is alive; last appeal {ago}",
            "**{alive} of {n} channels** are alive; last appeal {ago}",
            len(rows),
        ).format(
            alive=formats.number(int((rows["state"] == "alive").sum())),
            n=formats.number(len(rows)),
            ago=formats.relative_time(max(rows["last_at"]), datetime.now(UTC)),
        )
        st.markdown(alive_text)
        troubled = rows[rows["state"].isin(["silent", "quiet"])].head(MAX_LISTED)
        for row in troubled.to_dict("records"):
            st.markdown(_channel_line(row))


def channels_menu(rows: pd.DataFrame) -> None:
    """A popover with every row of queries.morning.feed.feed; nothing without any."""
    if rows.empty:
        return
    with st.popover(_("All channels"), type="tertiary", key="feed-channels"):
        st.markdown(_("Last appeal: {moment}").format(moment=viewer_moment(max(rows["last_at"]))))
        for row in rows.to_dict("records"):
            st.markdown(_channel_line(row))
        st.caption(
            _(
                "Quiet: longer without an appeal than at this time of the day on any of the last 20 working days "
                "(on a day off: days off), and than a quarter of an hour. Silent: more than twice as long."
            )
        )


def _channel_line(row: dict[Any, Any]) -> str:
    state = str(row["state"])
    hours, usual_hours = float(row["hours"]), float(row["usual_hours"])
    sign = f":{STATE_COLOURS[state]}[{STATE_SIGNS[state]} {_(STATE_LABELS[state])}]"
    duration = durations.format_duration(hours)
    name = escape_markdown(str(row["name"]))
    if isnan(usual_hours):
        return _("{sign} **{name}**: nothing for {time}").format(sign=sign, name=name, time=duration)
    return _("{sign} **{name}**: nothing for {time}; at this time usually up to {usual}").format(
        sign=sign, name=name, time=duration, usual=durations.format_duration(usual_hours)
    )
