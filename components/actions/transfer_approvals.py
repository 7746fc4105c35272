"""Transfers beyond the cap that wait for an administrator's approval."""

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from components.actions.error_messages import failure_message
from components.layout.auto_refresh import DataState, live_fragment
from components.layout.empty_state import empty_state
from components.layout.local_day import viewer_moment
from components.text.escape import clean_line
from otklik.actions.model import ActionFailed
from otklik.i18n import _

if TYPE_CHECKING:
    from components.auth.viewer import Viewer


def transfer_approval_form(
    viewer: "Viewer",
    load_transfers: Callable[[], pd.DataFrame],
    allow_transfer: Callable[[int, int, str], object],
    transfers_state: DataState,
) -> None:
    """A form that allows one of the requested transfers, for a reason; it follows what is requested.

    `load_transfers`: queries.overdue.requested_transfers; `allow_transfer`: otklik.actions.bulk.allow_transfer;
    `transfers_state`: that of queries.live_page.
    """

    @live_fragment(viewer, transfers_state)
    def transfer_approvals() -> None:
        rows = load_transfers()
        if rows.empty:
            empty_state(_("No transfer is waiting for approval."))
        else:
            _approval_form(rows, allow_transfer)

    transfer_approvals()


def _approval_form(rows: pd.DataFrame, allow_transfer: Callable[[int, int, str], object]) -> None:
    options = {(int(row["region_id"]), int(row["appeal_id"])): _transfer_label(row) for row in rows.to_dict("records")}
    transfer = st.selectbox(_("Asked for"), list(options), format_func=options.__getitem__, key="transfer-asked")
    reason = st.text_area(_("Reason"), key="transfer-reason", max_chars=500, height=80)
    if st.button(_("Allow one more transfer"), key="transfer-allow", icon=":material/check:"):
        try:
            allow_transfer(*transfer, reason)
        except ActionFailed as error:
            st.error(failure_message(error.code), icon=":material/block:")
        else:
            st.session_state.pop("transfer-reason", None)
            st.rerun()


def _transfer_label(transfer: dict[Hashable, Any]) -> str:
    """`UG-12: Anna, 24 Nov, 14:03 (UTC+5): housing → roads (nobody answers there)`."""
    return _("{number}: {who}, {when}: {giver} → {taker} ({reason})").format(
        number=clean_line(transfer["number"]),
        who=clean_line(transfer["actor"]),
        when=viewer_moment(transfer["at"]),
        giver=clean_line(transfer["holder"]),
        taker=clean_line(transfer["new_holder"]),
        reason=clean_line(transfer["reason"]),
    )
