"""Lists of appeals, each a click away."""

from datetime import datetime
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from components.tables.shown_table import show_table
from otklik.i18n import _, formats

CARRIED_PARAMS = ("lang", "as")  # of the address: who looks, in which language


def appeal_url(number: str) -> str:
    """Where an appeal is, for who looks now."""
    params = {name: st.query_params[name] for name in CARRIED_PARAMS if name in st.query_params}
    return "appeal?" + urlencode({"number": number, **params})


def format_timestamp(at: datetime | None) -> str:
    """A moment of this year to the minute, another by its day."""
    if at is None or pd.isna(at):
        return "—"
    return formats.moment(at) if at.year == datetime.now(at.tzinfo).year else formats.day(at)


def appeals_table(rows: pd.DataFrame, columns: dict[str, tuple[str, int]], key: str, alt_text: str) -> None:
    """The rows with a link before them; moments as they are written there. `columns`: head and width of each."""
    display_rows = rows.assign(link=[appeal_url(str(number)) for number in rows["number"]])
    for name in columns:
        if name.endswith("_at"):
            display_rows[name] = [format_timestamp(at) for at in rows[name]]
    config = {name: st.column_config.TextColumn(title, width=width) for name, (title, width) in columns.items()}
    link = st.column_config.LinkColumn(_("Appeal"), width=80, display_text=_("Read"), help=_("Opens the appeal"))
    show_table(
        display_rows[["link", *columns]],
        key=key,
        hide_index=True,
        height="content" if len(rows) < 12 else 430,
        column_config={"link": link, **config},
        alt=alt_text,
    )
