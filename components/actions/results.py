"""What would come, or came, of an action: how many, each of them in a row, and the time in which it can be undone."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from components.actions import refusal_messages
from components.layout.panel import zone
from components.text.escape import line, plain
from otklik.actions.operations import UNDOABLE, Recent, Row
from otklik.i18n import N_, _, formats, ngettext

FEW = 6
TALL = 250
MOST = 4  # reasons that are named
DID = {
    "reassign": N_("Reassigned"),
    "extend": N_("Extended"),
    "return": N_("Returned"),
    "topic": N_("Topic changed"),
    "note": N_("Note added"),
    "duplicate": N_("Marked as duplicate"),
    "undo": N_("Undone"),
}


def counted(rows: Sequence[Row]) -> int:
    """Say how many will change and why others won't; how many."""
    refused_count = sum(row.refused is not None for row in rows)
    ready_count = len(rows) - refused_count
    message = ngettext("**{n}** appeal will change", "**{n}** appeals will change", ready_count).format(
        n=formats.number(ready_count)
    )
    if refused_count:
        message += ", " + ngettext("**{n}** is refused", "**{n}** are refused", refused_count).format(
            n=formats.number(refused_count)
        )
    st.markdown(f"{message}.")
    _reasons(rows)
    return ready_count


def preview(rows: Sequence[Row], key: str) -> None:
    """What would come of each appeal, those that are refused first."""
    _table(rows, _("will change"), f"{key}-preview", _("What will change, appeal by appeal"))


def result(action: str, rows: Sequence[Row], key: str) -> None:
    """What came of each appeal, those that were refused first."""
    refused_count = sum(row.refused is not None for row in rows)
    done_count = len(rows) - refused_count
    message = f"{_(DID[action])}: " + ngettext("{n} appeal", "{n} appeals", done_count).format(
        n=formats.number(done_count)
    )
    if refused_count:
        message += ", " + ngettext("{n} refused", "{n} refused", refused_count).format(n=formats.number(refused_count))
    (st.warning if refused_count else st.success)(
        message, icon=":material/rule:" if refused_count else ":material/check_circle:"
    )
    _reasons(rows)
    _table(rows, _("done"), f"{key}-result", _("The result, appeal by appeal"))


def _reasons(rows: Sequence[Row]) -> None:
    """Each reason of a refusal once, with how many have it."""
    reason_counts = Counter(refusal_messages.of_appeal(row) for row in rows if row.refused)
    for reason, n in reason_counts.most_common(MOST):
        st.markdown(f":small[{formats.number(n)} × {plain(reason)}]")


def _table(rows: Sequence[Row], done_label: str, key: str, alt: str) -> None:
    ordered = sorted(rows, key=lambda row: row.refused is None)
    display_rows = pd.DataFrame(
        {
            "number": [line(row.number or "—") for row in ordered],
            "outcome": [refusal_messages.of_appeal(row) or done_label for row in ordered],
            "was": [_value(row.was) for row in ordered],
            "becomes": ["—" if row.refused else _value(row.becomes) for row in ordered],
        }
    )
    column_labels = {"number": _("Number"), "outcome": _("Result"), "was": _("Was"), "becomes": _("Becomes")}
    widths = {"number": 105, "outcome": 120, "was": 150, "becomes": 150}
    no_changes = all(row.was is None for row in rows)
    st.dataframe(
        display_rows,
        key=key,
        hide_index=True,
        height="content" if len(rows) <= FEW else TALL,
        column_order=["number", "outcome"] if no_changes else list(column_labels),
        column_config={
            name: st.column_config.TextColumn(label, width=widths[name]) for name, label in column_labels.items()
        },
        alt=alt,
    )


def _value(value: str | datetime | None) -> str:
    if isinstance(value, datetime):
        return formats.moment(value)
    return line(value) if value else "—"


def undo_button(operation: Recent, key: str) -> bool:
    """What was done lately, and the button that takes it back, with the time that is left; pressed or not."""
    time_left = operation.at + UNDOABLE - datetime.now(UTC)
    seconds = int(time_left.total_seconds())
    if seconds <= 0:
        return False
    with st.container(horizontal=True, vertical_alignment="center"):
        appeal_count = ngettext("{n} appeal", "{n} appeals", operation.appeals).format(
            n=formats.number(operation.appeals)
        )
        when = formats.clock(operation.at.astimezone(zone()))
        st.markdown(f"{_(DID[operation.action])} {when}: {appeal_count}", width="stretch")
        pressed: bool = st.button(
            _("Undo ({time})").format(time=f"{seconds // 60}:{seconds % 60:02}"), key=key, icon=":material/undo:"
        )
    return pressed
