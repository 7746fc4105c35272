"""Whether the hash chain of the audit is intact, in one line."""

from typing import TYPE_CHECKING

import streamlit as st

from components.layout.local_day import viewer_clock
from otklik.i18n import N_, _, formats, ngettext

if TYPE_CHECKING:
    from queries.audit import ChainState

# The reasons of the view audit_break that have no number in them.
BREAK_REASONS = {
    "entries before it are missing": N_("entries before it are missing"),
    "it doesn't follow from the entry before it": N_("it doesn't follow from the entry before it"),
    "it was changed": N_("it was changed"),
}


def audit_chain_status(state: "ChainState") -> None:
    """Intact or broken, at which entry and why, as of when; with the proof to keep outside of the database.

    `state`: queries.audit.chain_state.
    """
    clock = viewer_clock(state.checked_at)
    if state.broken_at is not None:
        reason = (
            _(BREAK_REASONS[state.break_reason])
            if state.break_reason in BREAK_REASONS
            else _("entries at the end are missing, or their count was changed")
        )
        message = _("The audit breaks at entry {n}: {why}. As of {time}.")
        st.error(message.format(n=formats.number(state.broken_at), why=reason, time=clock), icon=":material/link_off:")
        return
    n = state.entries
    if not n:
        st.info(_("Nothing has been recorded yet. As of {time}.").format(time=clock), icon=":material/link:")
        return
    entry_count = ngettext("{n} entry", "{n} entries", n).format(n=formats.number(n))
    message = _("Whole: {entries}, each follows from the one before it. As of {time}.").format(
        entries=entry_count, time=clock
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.success(message, icon=":material/link:")
        with st.popover(_("Integrity certificate"), type="tertiary"):
            st.caption(_("Keep this elsewhere, and prove later by it that nothing was taken out:"))
            st.code(chain_proof(state), language=None, wrap_lines=True)


def chain_proof(state: "ChainState") -> str:
    """The number of entries and the hash of the last, as `otklik audit verify --remembered` takes them."""
    return f"{state.entries}:{state.last_hash}"
