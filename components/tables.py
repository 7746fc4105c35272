"""Tables of appeals."""

from datetime import datetime
from typing import TYPE_CHECKING

import streamlit as st

from components import units
from components.live import empty
from components.words import _

if TYPE_CHECKING:
    import pandas as pd


def newest(frame: "pd.DataFrame") -> None:
    """The newest appeals, newest first: when, number, topic, place, holder, channel, status.

    `frame`: number, received_at (in the region's time zone), topic, territory,
    organisation, channel, status.
    """
    if frame.empty:
        empty(_("No appeal has arrived in these days with these filters."))
        return
    columns = {
        "received": _("Received"),
        "number": _("Number"),
        "topic": _("Topic"),
        "territory": _("Territory"),
        "organisation": _("Organisation"),
        "channel": _("Channel"),
        "status": _("Status"),
    }
    widths = {"received": 130, "number": 130, "channel": 130, "status": 160}
    st.dataframe(
        frame.assign(received=[arrival(value) for value in frame["received_at"]]),
        column_order=list(columns),
        column_config={
            name: st.column_config.TextColumn(label, width=widths.get(name, "medium"))
            for name, label in columns.items()
        },
        hide_index=True,
        height="content",
        alt=_("The newest appeals, newest first"),
    )


def arrival(value: datetime) -> str:
    """When an appeal came, on the clock of its region; today's by the time alone."""
    return units.moment(value, today=datetime.now(value.tzinfo).date())
