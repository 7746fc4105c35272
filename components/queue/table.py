"""The list of open appeals, page by page: it stands still until the reader wants it as it is now."""

from datetime import UTC, datetime
from typing import Any

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from components.layout.empty_state import empty_state
from components.queue import pagination
from components.queue.pagination import PageState
from components.streamlit_compat.keyboard_focus import keyboard_focus
from components.streamlit_compat.styler_cache import cached_styler
from components.tables import late_appeals
from components.tables.shown_table import show_table
from components.text.escape import escape_markdown
from components.url import links
from otklik.actions.model import AppealVersion
from otklik.i18n import _, durations, formats

WIDTHS = {
    "time": 168, "number": 112, "topic": 190, "territory": 132, "organisation": 283, "status": 120, "received": 103,
    "deadline": 103,
}  # fmt: skip
TABLE_HEIGHT = 560
# A sign that differs in shape, and colours that differ in lightness and for colour-blind eyes (Okabe and Ito, 2008).
STATE_SIGNS = {"overdue": "▲", "at_risk": "◆", "within": "●", "closed": "✓"}
STATE_COLOURS = {
    "overdue": "213, 94, 0, 0.55",
    "at_risk": "240, 228, 66, 0.4",
    "within": "0, 114, 178, 0.14",
    "closed": "128, 128, 128, 0.25",
}


def list_total(total: int, count_limit: int, max_hits: int | None) -> None:
    """How many there are; of more than `counted` that they are more, of `most` hits that there may be others."""
    total_text = (
        formats.number(total) if total <= count_limit else _("more than {n}").format(n=formats.number(count_limit))
    )
    st.markdown(_("Open appeals in the list: **{n}**").format(n=total_text), width="content")
    if max_hits is not None and total >= max_hits:
        st.caption(_("At most {n} hits are listed: add a word.").format(n=formats.number(max_hits)), width="content")


def closed_appeal_buttons(rows: pd.DataFrame) -> None:
    """Closed appeals whose number was searched for: the list holds open ones alone."""
    for row in rows[rows["state"] == "closed"].to_dict("records"):
        label = _("A closed appeal has this number: {number}").format(number=escape_markdown(row["number"]))
        if st.button(label, key=f"closed-{row['region_id']}-{row['id']}", icon=":material/open_in_new:"):
            open_appeal(row)


def queue_table(rows: pd.DataFrame, page_state: PageState) -> None:
    """The rows to choose from and to open. `rows`: queries.core.appeal_list.appeals_by_key of the page that stands."""
    appeal_keys = pagination.appeal_keys(rows)
    # Drawn anew only where rows may stand elsewhere: the reader's place and choice outlive a refresh.
    widget_key = page_state.widget_key = f"open-{page_state.widget_version}-{len(appeal_keys)}"

    def save_choice() -> None:
        # The browser may still tell of the page before, which knows nothing of what was chosen since.
        if widget_key != page_state.widget_key:
            return
        positions = st.session_state[widget_key]["selection"]["rows"]
        chosen_here = {
            appeal_keys[position]: AppealVersion(
                appeal_keys[position][0], appeal_keys[position][1], rows["version"].iloc[position]
            )
            for position in positions
        }
        pagination.save_selection(
            page_state,
            {appeal_key: appeal for appeal_key, appeal in page_state.selected.items() if appeal_key not in appeal_keys}
            | chosen_here,
        )

    now = datetime.now(UTC).replace(second=0, microsecond=0)
    with keyboard_focus(widget_key):
        show_table(
            cached_styler(lambda: format_queue_rows(rows, now), "open", rows, now),
            key=widget_key,
            hide_index=True,
            height="content" if len(rows) < 12 else TABLE_HEIGHT,
            column_order=list(WIDTHS),
            column_config=column_config(),
            on_select=save_choice,
            selection_mode="multi-row",
            selection_default={
                "selection": {
                    "rows": [
                        position for position, appeal_key in enumerate(appeal_keys) if appeal_key in page_state.selected
                    ]
                }
            },
            alt=_("Open appeals, page by page"),
        )
    click = st.session_state.get("open-click")
    if click is not None and click["row"] < len(rows):
        open_appeal(rows.iloc[click["row"]])


def open_appeal(row: Any) -> None:
    """Open the appeal of a row."""
    st.switch_page(
        "pages/appeal.py",
        query_params=links.appeal_params(row["number"], row["source"], row["region"], links.list_query()),
    )


def format_queue_rows(rows: pd.DataFrame, now: datetime) -> Styler:
    """The rows in words as of a moment, the state by sign, words and colour."""
    display_rows = rows.assign(
        time=[
            f"{STATE_SIGNS[state]} {remaining_time_text(at, state, now)}"
            for at, state in zip(rows["deadline_at"], rows["state"], strict=True)
        ],
        received=[formats.moment(at) for at in rows["received_at"]],
        deadline=["—" if pd.isna(at) else formats.moment(at) for at in rows["deadline_at"]],
    )
    cell_styles = [f"background-color: rgba({STATE_COLOURS[state]})" for state in rows["state"]]
    return display_rows[list(WIDTHS)].style.apply(lambda _column: cell_styles, subset=["time"])


def remaining_time_text(deadline_at: datetime | None, state: str, now: datetime) -> str:
    """The time left or over, in words."""
    if state == "closed":
        return _("closed")
    if deadline_at is None or pd.isna(deadline_at):
        return _("no deadline")
    hours_left = (deadline_at - now).total_seconds() / 3600
    return durations.time_overdue(-hours_left) if state == "overdue" else durations.time_left(max(hours_left, 0))


def column_config() -> dict[str, Any]:
    """What the columns are called, how wide they are; the number opens the appeal."""
    shared_config = late_appeals.column_config()
    config = {
        name: st.column_config.TextColumn(shared_config[name]["label"], width=width) for name, width in WIDTHS.items()
    }
    return config | {
        "number": links.open_appeal_column("open-click", shared_config["number"]["label"], WIDTHS["number"])
    }


def empty_queue() -> None:
    """Words where the list is empty."""
    empty_state(_("No open appeal stands in this list."))
