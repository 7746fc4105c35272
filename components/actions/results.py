"""What would come, or came, of an action: how many, each of them in a row, and the time in which it can be undone."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from components.actions import refusal_messages
from components.layout.local_day import viewer_timezone
from components.text.escape import clean_line, escape_markdown
from otklik.actions.operations import UNDO_WINDOW, ActionResult, UndoableOperation
from otklik.i18n import N_, _, formats, ngettext

MAX_UNSCROLLED_ROWS = 6
SCROLLED_HEIGHT = 250
MAX_REASONS = 4  # reasons that are named
DONE_LABELS = {
    "reassign": N_("Reassigned"),
    "extend": N_("Extended"),
    "return": N_("Returned"),
    "topic": N_("Topic changed"),
    "note": N_("Note added"),
    "duplicate": N_("Marked as duplicate"),
    "undo": N_("Undone"),
}


def preview_summary(rows: Sequence[ActionResult]) -> int:
    """Say how many will change and why others won't; how many."""
    refused_count = sum(row.refusal_code is not None for row in rows)
    ready_count = len(rows) - refused_count
    message = ngettext("**{n}** appeal will change", "**{n}** appeals will change", ready_count).format(
        n=formats.number(ready_count)
    )
    if refused_count:
        message += ", " + ngettext("**{n}** is refused", "**{n}** are refused", refused_count).format(
            n=formats.number(refused_count)
        )
    st.markdown(f"{message}.")
    _refusal_reasons(rows)
    return ready_count


def preview_table(rows: Sequence[ActionResult], key: str) -> None:
    """What would come of each appeal, those that are refused first."""
    _appeal_table(rows, _("will change"), f"{key}-preview", _("What will change, appeal by appeal"))


def result_table(action: str, rows: Sequence[ActionResult], key: str) -> None:
    """What came of each appeal, those that were refused first."""
    refused_count = sum(row.refusal_code is not None for row in rows)
    done_count = len(rows) - refused_count
    message = f"{_(DONE_LABELS[action])}: " + ngettext("{n} appeal", "{n} appeals", done_count).format(
        n=formats.number(done_count)
    )
    if refused_count:
        message += ", " + ngettext("{n} refused", "{n} refused", refused_count).format(n=formats.number(refused_count))
    (st.warning if refused_count else st.success)(
        message, icon=":material/rule:" if refused_count else ":material/check_circle:"
    )
    _refusal_reasons(rows)
    _appeal_table(rows, _("done"), f"{key}-result", _("The result, appeal by appeal"))


def _refusal_reasons(rows: Sequence[ActionResult]) -> None:
    """Each reason of a refusal once, with how many have it."""
    reason_counts = Counter(refusal_messages.for_appeal(row) for row in rows if row.refusal_code)
    for reason, n in reason_counts.most_common(MAX_REASONS):
        st.markdown(f":small[{formats.number(n)} × {escape_markdown(reason)}]")


def _appeal_table(rows: Sequence[ActionResult], done_label: str, key: str, alt: str) -> None:
    ordered = sorted(rows, key=lambda row: row.refusal_code is None)
    display_rows = pd.DataFrame(
        {
            "number": [clean_line(row.number or "—") for row in ordered],
            "outcome": [refusal_messages.for_appeal(row) or done_label for row in ordered],
            "was": [_format_value(row.old_value) for row in ordered],
            "becomes": ["—" if row.refusal_code else _format_value(row.new_value) for row in ordered],
        }
    )
    column_labels = {"number": _("Number"), "outcome": _("Result"), "was": _("Was"), "becomes": _("Becomes")}
    widths = {"number": 105, "outcome": 120, "was": 150, "becomes": 150}
    no_changes = all(row.old_value is None for row in rows)
    st.dataframe(
        display_rows,
        key=key,
        hide_index=True,
        height="content" if len(rows) <= MAX_UNSCROLLED_ROWS else SCROLLED_HEIGHT,
        column_order=["number", "outcome"] if no_changes else list(column_labels),
        column_config={
            name: st.column_config.TextColumn(label, width=widths[name]) for name, label in column_labels.items()
        },
        alt=alt,
    )


def _format_value(value: str | datetime | None) -> str:
    if isinstance(value, datetime):
        return formats.moment(value)
    return clean_line(value) if value else "—"


def undo_button(operation: UndoableOperation, key: str) -> bool:
    """What was done lately, and the button that takes it back, with the time that is left; pressed or not."""
    time_left = operation.at + UNDO_WINDOW - datetime.now(UTC)
    seconds = int(time_left.total_seconds())
    if seconds <= 0:
        return False
    with st.container(horizontal=True, vertical_alignment="center"):
        appeal_count = ngettext("{n} appeal", "{n} appeals", operation.appeals).format(
            n=formats.number(operation.appeals)
        )
        when = formats.clock(operation.at.astimezone(viewer_timezone()))
        st.markdown(f"{_(DONE_LABELS[operation.action])} {when}: {appeal_count}", width="stretch")
        pressed: bool = st.button(
            _("Undo ({time})").format(time=f"{seconds // 60}:{seconds % 60:02}"), key=key, icon=":material/undo:"
        )
    return pressed
