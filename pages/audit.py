"""The audit: who did what, when, from where and why, and whether all of it is there."""

import streamlit as st

from components import access, chain, entries, entry_files, entry_filters
from components.card import card
from components.live import guarded, zone
from components.words import _
from queries import audit, people

viewer = access.require("audit")
names = people.named()
sought = entry_filters.bar(names, audit.actions(), audit.first(), audit.Sought)
whole = st.container()

with card(_("Entries")):
    before, after = (entry_filters.number(name) for name in ("before", "after"))
    page = audit.page(sought, before, after)
    entries.table(entries.told(page.rows, names, zone()))
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        entry_filters.steps([int(one) for one in page.rows["id"]], older=page.older, newer=page.newer)
        entry_files.files(audit.taking(sought), names)

number = entry_filters.number("entry")
if number is not None:
    with card(_("Entry {n}").format(n=number)):
        entries.whole(entries.told(audit.entry(number), names, zone()))

# Last: everything else is there while the chain is gone through.
with whole, guarded():
    chain.chain(audit.state())
