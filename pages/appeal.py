"""One appeal: its text, place, deadline and history, and what can be done about it."""

import streamlit as st

from components import access, alike, head, links, opened, place_map, steps, timeline
from components.actions import actions
from components.card import card
from components.live import guarded, stamp
from components.personal import personal
from components.plain import plain
from components.pulse import part, pulse
from components.words import _
from database.applicants import applicant_of
from handling.actions import Case
from queries import appeal, later, listing, live, waiting

viewer = access.require("appeal")
key = opened.chosen(appeal.keys(*opened.asked()), lambda keys: waiting.rows(keys, viewer.language))
it = opened.seen(appeal.one(key, viewer.language))
told = links.listed(st.query_params.get("list", ""))
wanted = listing.wanted(told)
place = {"id": key.id, "region_id": key.region, "received_at": it.received_at, "deadline_at": it.deadline_at}
before, after = waiting.beside(listing.filters(told, viewer.language), wanted, waiting.edge_of(place, wanted))
opened.way(waiting.rows(tuple(one for one in (before, after) if one), viewer.language), before, after)


def top() -> None:
    """What it is, and how long there is."""
    stamp(live.as_of(), away=live.away(), demo=live.is_demo(), days=" › ".join(plain(one) for one in it.topics))
    with guarded():
        now = appeal.one(key, viewer.language)
        if now != it:
            st.rerun()  # somebody changed it: also what can be done about it is another
        head.head(it)


@part(viewer, later.news)
def story() -> None:
    """What was written, what is known, what happened, what is like it."""
    with card(_("Text")):
        head.body(it)
    with card(_("Facts")):
        head.facts(it)
    with card(_("History")):
        past = appeal.history(key, viewer.language, it.zone)
        centre, applicant = st.tabs([_("As the centre sees it"), _("As the applicant sees it")], key="history")
        with centre:
            timeline.timeline(past, for_applicants=False)
        with applicant:
            timeline.timeline(past, for_applicants=True)
    with card(_("Perhaps about the same")):
        alike.alike(appeal.similar(it, viewer.language))


def aside() -> None:
    """How its deadline came about, and where it is."""
    with card(_("How the deadline came about")):
        worked_out = appeal.deadline(key)
        said = steps.sentences(worked_out.steps) if worked_out else [_("It has no deadline, and no rule gives it one.")]
        st.markdown("\n".join(f"1. {plain(one)}" for one in said))
    with card(_("Place")):
        place_map.place_map(it.lon, it.lat, it.region, it.number)


pulse(viewer, later.news, top)
left, right = st.columns([3, 2])
with left:
    story()
with right:
    with card(_("What to do")):
        actions(viewer, [Case(key.region, key.id, it.version)], "appeal")
    aside()
    with card(_("The applicant")):
        personal(viewer, key, applicant_of)
