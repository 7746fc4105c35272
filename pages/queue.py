"""What is open now: appeal by appeal, at which stage, how old, with whom, and what is late or about to be."""

from functools import partial

import streamlit as st

from components.actions.form import actions
from components.actions.form_state import telling
from components.auth import guard
from components.charts import time_series
from components.charts.open_by_state import standing
from components.filters.filter_bar import filter_bar, in_words
from components.layout.auto_refresh import part, pulse
from components.layout.card import card
from components.layout.panel import guarded, panel, stamp, today
from components.queue import controls, export_menu, open_by_stage, pagination, saved_views, table
from components.tables import late_appeals
from components.tiles.kpi_grid import kpis
from components.url import links
from otklik.i18n import _
from otklik.reports import queue_export as files
from queries import appeal, filter_options
from queries.cache import background, live
from queries.filters import Filters
from queries.queue import export, list_url, open_counts
from queries.queue import open_list as waiting
from queries.queue import saved_views as views
from queries.queue.ages import BANDS
from queries.queue.search import MOST

viewer = guard.require("queue")
filters = filter_bar(viewer, filter_options, Filters, today())
wanted = list_url.wanted(st.query_params)
after, before = pagination.place(links.of_list())
turned = before is not None
edge = list_url.edge(before or after or "")


def head() -> None:
    """As of when, and which days."""
    stamp(live.as_of(), away=live.away(), demo=live.is_demo(), days=in_words(filters))


@part(viewer, background.news)
def top() -> None:
    """How much is open, and how it stands."""
    with guarded():
        kpis(open_counts.figures(filters), across=6)


@part(viewer, background.news)
def listed() -> None:
    """One page of the list, as it stood when the reader came to it; what changed in its rows shows in them."""
    with guarded():
        page_rows = waiting.page(filters, wanted, edge, back=turned)
        has_more = len(page_rows) > waiting.PAGE
        current_keys = pagination.keys(page_rows.tail(waiting.PAGE) if turned else page_rows.head(waiting.PAGE))
        page_state = pagination.page((links.of_list(), edge, turned), current_keys)
        rows = waiting.rows(tuple(waiting.Key(*key) for key in page_state.keys), viewer.language)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            table.many(waiting.total(filters, wanted), waiting.COUNTED, MOST if wanted.words else None)
            pagination.news(page_state, rows, current_keys, waiting.PAGE)
        if wanted.words:
            table.closed(waiting.rows(appeal.keys(wanted.words), viewer.language))
        if rows.empty:
            table.nothing()
        else:
            table.table(rows, page_state)
            first_cursor, last_cursor = (
                list_url.told(waiting.edge_of(rows.iloc[position], wanted)) for position in (0, -1)
            )
            pagination.turns(
                first_cursor if (has_more if turned else edge) else None,
                last_cursor if turned or has_more else None,
                at_first=edge is None,
            )
        pagination.settle(page_state)


@part(viewer, background.news)
def charts() -> None:
    """What is open in figures."""
    left, right = st.columns(2)
    with left, panel(_("Open by stage and age")):
        open_by_stage.stages(open_counts.stages(filters), BANDS)
    with right, panel(_("Open by topic and stage")):
        open_by_stage.topics(open_counts.topics(filters))
    left, right = st.columns(2)
    with left, panel(_("Who holds most")):
        standing(open_counts.organisations(filters), _("Organisations"), "organisation")
    with right, panel(_("Open by channel")):
        standing(open_counts.channels(filters), _("Channels"), "channel")
    with panel(_("Backlog by day")):
        time_series.backlog(open_counts.backlog(filters))
    with panel(_("With a point on the map")):
        late_appeals.points(open_counts.points(filters))


pulse(viewer, background.news, head)
top()
with card(_("Open appeals")):
    with st.container(horizontal=True, gap="small", vertical_alignment="center", horizontal_alignment="distribute"):
        with guarded():
            controls.states(wanted, {one.figure.id: int(one.value or 0) for one in open_counts.figures(filters)})
        with st.container(horizontal=True, gap="small", width="content"):
            saved_views.saved_views(views)
            menu = st.popover(_("Export"), icon=":material/download:", type="tertiary", key="export", on_change="rerun")
    if menu.open:
        with menu, guarded():
            start = partial(files.start, filters=filters, wanted=wanted, address=links.of_list())
            export_menu.export(start, links.of_list(), export.MOST)
    with guarded():
        controls.controls(wanted, waiting.counts(filters), waiting.stages(viewer.language))
    listed()
pagination.remembered(lambda keys: waiting.rows(tuple(waiting.Key(*one) for one in keys), viewer.language))
chosen = pagination.chosen()
if chosen or telling("queue"):
    with card(_("What to do")):
        if chosen:
            pagination.choice(chosen)
        actions(viewer, chosen, "queue", pagination.let_go)
charts()
