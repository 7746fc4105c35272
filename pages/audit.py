"""The audit: who did what, when, from where and why, and whether its hash chain is intact."""

import streamlit as st

from components.admin import audit_export, audit_filters, audit_integrity, audit_table
from components.admin.audit_objects import ObjectNames
from components.filters.ignored import ignored_filters_note
from components.layout.auto_refresh import auto_refresh, live_fragment
from components.layout.error_boundary import error_boundary
from components.layout.local_day import viewer_timezone
from components.panel import card
from components.tables.row_limit import page_rows_note
from components.url import query_params
from otklik.access import guard
from otklik.i18n import _
from queries import audit, live_page, people

viewer = guard.require("audit")
ignored_filters_note()
person_names = people.person_names()
names = ObjectNames(person_names, people.device_names())
entry_filters = audit_filters.audit_filter_bar(
    person_names, audit.recorded_actions(), audit.first_entry_at(), audit.AuditFilter
)
before_id, after_id, entry_number = (query_params.read_id(name) for name in ("before", "after", "entry"))
integrity_area = st.container(key="audit-chain")


@live_fragment(viewer, live_page.audit_state)
def entries_card() -> None:
    """The entries that the filters let through, a page of them at a time."""
    with card(_("Entries")):
        entries = audit.entries_page(entry_filters, before_id, after_id)
        audit_table.entry_table(audit_table.format_entries(entries.rows, names, viewer_timezone()))
        if entries.older or entries.newer:
            page_rows_note()
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            audit_filters.entry_pager(
                [int(entry_id) for entry_id in entries.rows["id"]], older=entries.older, newer=entries.newer
            )
            audit_export.audit_export_buttons(audit.export_callback(entry_filters), names)


auto_refresh(viewer, live_page.subscribe_to_audit, lambda: None, live_page.is_database_away)
entries_card()
if entry_number is not None:
    with card(_("Entry {n}").format(n=entry_number)):
        audit_table.entry_details(audit_table.format_entries(audit.entry(entry_number), names, viewer_timezone()))

# Drawn last: verifying the chain may take a while, and the rest is shown meanwhile.
with integrity_area, error_boundary():
    audit_integrity.audit_chain_status(audit.chain_state())
