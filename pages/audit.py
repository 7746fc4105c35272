"""The audit: who did what, when, from where and why, and whether all of it is there."""

import streamlit as st

from components.admin import audit_export, audit_filters, audit_integrity, audit_table
from components.auth import guard
from components.layout.card import card
from components.layout.panel import guarded, zone
from otklik.i18n import _
from queries import audit, people

viewer = guard.require("audit")
names = people.named()
sought = audit_filters.bar(names, audit.actions(), audit.first(), audit.Sought)
whole = st.container()

with card(_("Entries")):
    before, after = (audit_filters.number(name) for name in ("before", "after"))
    page = audit.page(sought, before, after)
    audit_table.table(audit_table.told(page.rows, names, zone()))
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        audit_filters.steps([int(one) for one in page.rows["id"]], older=page.older, newer=page.newer)
        audit_export.files(audit.taking(sought), names)

number = audit_filters.number("entry")
if number is not None:
    with card(_("Entry {n}").format(n=number)):
        audit_table.whole(audit_table.told(audit.entry(number), names, zone()))

# Last: everything else is there while the chain is gone through.
with whole, guarded():
    audit_integrity.chain(audit.state())
