"""Results of an action, previewed or done: counts, a row for each appeal, and the button that undoes it."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal

import pandas as pd
import streamlit as st

from components.actions.error_messages import refusal_message
from components.layout.local_day import viewer_clock
from components.text.escape import escape_markdown
from components.text.metric_text import NO_VALUE
from otklik.actions.catalogue import DONE_LABELS
from otklik.actions.model import UNDO_WINDOW, ActionResult, UndoableOperation
from otklik.i18n import _, formats, ngettext

MAX_ROWS_SHOWN = 6
SCROLLED_HEIGHT = 250
MAX_LISTED_REASONS = 4


def preview_summary(rows: Sequence[ActionResult]) -> None:
    """Show how many appeals will change and why others are refused."""
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


def preview_table(rows: Sequence[ActionResult]) -> None:
    """What the action would do to each appeal, refused ones first."""
    _appeal_table(rows, _("will change"), _("What will change, appeal by appeal"))


def result_table(action_id: str, rows: Sequence[ActionResult]) -> None:
    """What the action, or undoing one, did to each appeal, refused ones first."""
    refused_count = sum(row.refusal_code is not None for row in rows)
    done_count = len(rows) - refused_count
    message = f"{_(DONE_LABELS[action_id])}: " + ngettext("{n} appeal", "{n} appeals", done_count).format(
        n=formats.number(done_count)
    )
    if refused_count:
        message += ", " + ngettext("{n} refused", "{n} refused", refused_count).format(n=formats.number(refused_count))
    (st.warning if refused_count else st.success)(
        message, icon=":material/rule:" if refused_count else ":material/check_circle:"
    )
    _refusal_reasons(rows)
    _appeal_table(rows, _("done"), _("The result, appeal by appeal"))


def _refusal_reasons(rows: Sequence[ActionResult]) -> None:
    """The most frequent reasons of refusals, each with the number of appeals."""
    reason_counts = Counter(refusal_message(row) for row in rows if row.refusal_code)
    for reason, appeal_count in reason_counts.most_common(MAX_LISTED_REASONS):
        st.markdown(f":small[{formats.number(appeal_count)} × {escape_markdown(reason)}]")


def _appeal_table(rows: Sequence[ActionResult], done_label: str, alt: str) -> None:
    """A row an appeal, in whole words: a grid would cut what is longer than its column."""
    ordered = sorted(rows, key=lambda row: row.refusal_code is None)
    table = {
        _("Number"): [escape_markdown(row.number or NO_VALUE) for row in ordered],
        _("Result"): [escape_markdown(refusal_message(row) or done_label) for row in ordered],
    }
    if any(row.old_value is not None for row in rows):
        table[_("Was")] = [_value_text(row.old_value) for row in ordered]
        table[_("Becomes")] = [_value_text(None if row.refusal_code else row.new_value) for row in ordered]
    height: int | Literal["content"] = SCROLLED_HEIGHT if len(rows) > MAX_ROWS_SHOWN else "content"
    st.table(pd.DataFrame(table), hide_index=True, border="horizontal", height=height, alt=alt)


def _value_text(value: str | datetime | None) -> str:
    """The name of a holder, topic or status, or a deadline."""
    return escape_markdown(formats.moment(value) if isinstance(value, datetime) else value or NO_VALUE)


def undo_button(operation: UndoableOperation, key: str) -> bool:
    """A recent operation with a button that undoes it and the time left to; True in the run after a press."""
    time_left = operation.at + UNDO_WINDOW - datetime.now(UTC)
    seconds = int(time_left.total_seconds())
    if seconds <= 0:
        return False
    with st.container(horizontal=True, vertical_alignment="center"):
        appeal_count = ngettext("{n} appeal", "{n} appeals", operation.appeal_count).format(
            n=formats.number(operation.appeal_count)
        )
        when = viewer_clock(operation.at)
        st.markdown(f"{_(DONE_LABELS[operation.action_id])} {when}: {appeal_count}", width="stretch")
        pressed: bool = st.button(
            _("Undo ({time})").format(time=f"{seconds // 60}:{seconds % 60:02}"), key=key, icon=":material/undo:"
        )
    return pressed
