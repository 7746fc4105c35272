"""What is open now: appeal by appeal, at which stage, how old, with whom, and what is late or about to be."""

from functools import partial

import streamlit as st

from components import access, ages, late, lines, links, list_export, open_controls, open_list, open_page, saved_views
from components.actions import actions
from components.card import card
from components.desk import telling
from components.filters import filter_bar, in_words
from components.kpis import kpis
from components.live import guarded, panel, stamp, today
from components.pulse import part, pulse
from components.standing import standing
from components.words import _
from queries import appeal, choices, exports, later, listing, live, queue, views, waiting
from queries.ages import BANDS
from queries.filters import Filters
from queries.search import MOST
from reports import open_list as files

viewer = access.require("queue")
filters = filter_bar(viewer, choices, Filters, today())
wanted = listing.wanted(st.query_params)
after, before = open_page.place(links.of_list())
turned = before is not None
edge = listing.edge(before or after or "")


def head() -> None:
    """As of when, and which days."""
    stamp(live.as_of(), away=live.away(), demo=live.is_demo(), days=in_words(filters))


@part(viewer, later.news)
def top() -> None:
    """How much is open, and how it stands."""
    with guarded():
        kpis(queue.figures(filters), across=6)


@part(viewer, later.news)
def listed() -> None:
    """One page of the list, as it stood when the reader came to it; what changed in its rows shows in them."""
    with guarded():
        page = waiting.page(filters, wanted, edge, back=turned)
        more = len(page) > waiting.PAGE
        now = open_page.keys(page.tail(waiting.PAGE) if turned else page.head(waiting.PAGE))
        held = open_page.page((links.of_list(), edge, turned), now)
        rows = waiting.rows(tuple(waiting.Key(*one) for one in held.keys), viewer.language)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            open_list.many(waiting.total(filters, wanted), waiting.COUNTED, MOST if wanted.words else None)
            open_page.news(held, rows, now, waiting.PAGE)
        if wanted.words:
            open_list.closed(waiting.rows(appeal.keys(wanted.words), viewer.language))
        if rows.empty:
            open_list.nothing()
        else:
            open_list.table(rows, held)
            first, last = (listing.told(waiting.edge_of(rows.iloc[at], wanted)) for at in (0, -1))
            open_page.turns(
                first if (more if turned else edge) else None, last if turned or more else None, at_first=edge is None
            )
        open_page.settle(held)


@part(viewer, later.news)
def charts() -> None:
    """What is open in figures."""
    left, right = st.columns(2)
    with left, panel(_("Open by stage and age")):
        ages.stages(queue.stages(filters), BANDS)
    with right, panel(_("Open by topic and stage")):
        ages.topics(queue.topics(filters))
    left, right = st.columns(2)
    with left, panel(_("Who holds most")):
        standing(queue.organisations(filters), _("Organisations"), "organisation")
    with right, panel(_("Open by channel")):
        standing(queue.channels(filters), _("Channels"), "channel")
    with panel(_("Backlog by day")):
        lines.backlog(queue.backlog(filters))
    with panel(_("With a point on the map")):
        late.points(queue.points(filters))


pulse(viewer, later.news, head)
top()
with card(_("Open appeals")):
    with st.container(horizontal=True, gap="small", vertical_alignment="center", horizontal_alignment="distribute"):
        with guarded():
            open_controls.states(wanted, {one.figure.id: int(one.value or 0) for one in queue.figures(filters)})
        with st.container(horizontal=True, gap="small", width="content"):
            saved_views.saved_views(views)
            menu = st.popover(_("Export"), icon=":material/download:", type="tertiary", key="export", on_change="rerun")
    if menu.open:
        with menu, guarded():
            start = partial(files.start, filters=filters, wanted=wanted, address=links.of_list())
            list_export.export(start, links.of_list(), exports.MOST)
    with guarded():
        open_controls.controls(wanted, waiting.counts(filters), waiting.stages(viewer.language))
    listed()
open_page.remembered(lambda keys: waiting.rows(tuple(waiting.Key(*one) for one in keys), viewer.language))
chosen = open_page.chosen()
if chosen or telling("queue"):
    with card(_("What to do")):
        if chosen:
            open_page.choice(chosen)
        actions(viewer, chosen, "queue", open_page.let_go)
charts()
