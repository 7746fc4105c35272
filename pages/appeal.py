"""One appeal: its text, place, deadline and history, and what can be done about it."""

import streamlit as st

from components.actions.form import actions
from components.appeal import deadline_steps, lookup, similar, summary, timeline
from components.appeal.applicant import personal
from components.auth import guard
from components.layout.auto_refresh import part, pulse
from components.layout.card import card
from components.layout.panel import guarded, stamp
from components.maps import appeal_location
from components.text.escape import plain
from components.url import links
from otklik.actions.bulk import Case
from otklik.database.applicants import applicant_of
from otklik.i18n import _
from queries import appeal
from queries.cache import background, live
from queries.queue import list_url, open_list

viewer = guard.require("appeal")
key = lookup.chosen(appeal.keys(*lookup.asked()), lambda keys: open_list.rows(keys, viewer.language))
it = lookup.seen(appeal.one(key, viewer.language))
told = links.listed(st.query_params.get("list", ""))
wanted = list_url.wanted(told)
place = {"id": key.id, "region_id": key.region, "received_at": it.received_at, "deadline_at": it.deadline_at}
before, after = open_list.beside(list_url.filters(told, viewer.language), wanted, open_list.edge_of(place, wanted))
lookup.way(open_list.rows(tuple(one for one in (before, after) if one), viewer.language), before, after)


def top() -> None:
    """What it is, and how long there is."""
    stamp(live.as_of(), away=live.away(), demo=live.is_demo(), days=" › ".join(plain(topic) for topic in it.topics))
    with guarded():
        latest = appeal.one(key, viewer.language)
        if latest != it:
            st.rerun()  # somebody changed it: also what can be done about it is another
        summary.head(it)


@part(viewer, background.news)
def story() -> None:
    """What was written, what is known, what happened, what is like it."""
    with card(_("Text")):
        summary.body(it)
    with card(_("Facts")):
        summary.facts(it)
    with card(_("History")):
        events = appeal.history(key, viewer.language, it.zone)
        centre_tab, applicant_tab = st.tabs([_("As the centre sees it"), _("As the applicant sees it")], key="history")
        with centre_tab:
            timeline.timeline(events, for_applicants=False)
        with applicant_tab:
            timeline.timeline(events, for_applicants=True)
    with card(_("Perhaps about the same")):
        similar.alike(appeal.similar(it, viewer.language))


def aside() -> None:
    """How its deadline came about, and where it is."""
    with card(_("How the deadline came about")):
        explanation = appeal.deadline(key)
        sentences = (
            deadline_steps.sentences(explanation.steps)
            if explanation
            else [_("It has no deadline, and no rule gives it one.")]
        )
        st.markdown("\n".join(f"1. {plain(sentence)}" for sentence in sentences))
    with card(_("Place")):
        appeal_location.place_map(it.lon, it.lat, it.region, it.number)


pulse(viewer, background.news, top)
left, right = st.columns([3, 2])
with left:
    story()
with right:
    with card(_("What to do")):
        actions(viewer, [Case(key.region, key.id, it.version)], "appeal")
    aside()
    with card(_("The applicant")):
        personal(viewer, key, applicant_of)
