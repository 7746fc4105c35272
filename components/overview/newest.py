"""Tables of appeals."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import streamlit as st

from components.layout.empty_state import empty_state
from components.tables.shown_table import show_table
from components.url import links
from otklik.i18n import _, formats

if TYPE_CHECKING:
    import pandas as pd


def newest_appeals_table(rows: "pd.DataFrame") -> None:
    """The newest appeals, newest first: when, number, topic, place, holder, channel, status.

    `frame`: number, received_at (in the region's time zone), topic, territory,
    organisation, channel, status.
    """
    if rows.empty:
        empty_state(_("No appeal has arrived in these days with these filters."))
        return
    columns = {
        "ago": (_("Received"), 92),
        "local": (_("Local time"), 108),
        "number": (_("Number"), 118),
        "topic": (_("Topic"), 190),
        "territory": (_("Territory"), 128),
        "organisation": (_("Organisation"), 335),
        "channel": (_("Channel"), 158),
        "status": (_("Status"), 115),
    }
    now = datetime.now(UTC)
    show_table(
        rows.assign(
            ago=[formats.relative_time(moment, now) for moment in rows["received_at"]],
            local=[formats.moment(moment) for moment in rows["received_at"]],
        ),
        column_order=list(columns),
        column_config={
            name: st.column_config.TextColumn(label, width=width) for name, (label, width) in columns.items()
        }
        | {"number": links.open_appeal_column("newest-click", *columns["number"])},
        hide_index=True,
        height="content",
        alt=_("The newest appeals, newest first"),
    )
    if (click := st.session_state.get("newest-click")) is not None and click["row"] < len(rows):
        number = str(rows["number"].iloc[click["row"]])
        st.switch_page("pages/appeal.py", query_params={"number": number} | links.viewer_params())
