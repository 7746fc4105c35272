"""What is open now: appeal by appeal, at which stage, how old, with whom, and what is late or about to be."""

from functools import partial

import streamlit as st

from components.actions.form import action_form
from components.actions.form_state import has_pending_result
from components.charts import time_series
from components.charts.open_by_state import open_by_state_chart
from components.filters.filter_bar import filter_bar
from components.layout.auto_refresh import live_fragment
from components.layout.error_boundary import error_boundary
from components.layout.local_day import viewer_today
from components.page_head import page_head
from components.panel import card, panel
from components.queue import controls, export_menu, located_appeals, open_by_stage, pagination, saved_views, table
from components.tables.kept_selection import row_keys
from components.tiles.kpi_tile import kpi_grid
from components.url import links
from otklik.access import guard
from otklik.actions import bulk
from otklik.i18n import _
from otklik.reports import queue_export
from queries import filter_options
from queries.appeal.details import appeal_keys
from queries.cache import background, live
from queries.core.appeal_list import AppealKey, appeals_by_key
from queries.core.open_ages import AGE_BANDS
from queries.filters import Filters
from queries.queue import export, list_url, open_counts
from queries.queue import open_list as waiting
from queries.queue import saved_views as views
from queries.queue.search import MAX_HITS

viewer = guard.require("queue")
filters = filter_bar(viewer, filter_options, Filters, viewer_today())
criteria = list_url.parse_criteria(st.query_params)
after, before = pagination.cursor_params(links.list_query())
is_backward = before is not None
cursor = list_url.parse_cursor(before or after or "")


@live_fragment(viewer, background.data_state)
def open_totals() -> None:
    """How much is open, and how it stands."""
    with error_boundary():
        kpi_grid(open_counts.kpis(filters), across=6)


@live_fragment(viewer, background.data_state)
def open_appeals() -> None:
    """One page of the list, as it stood when the reader came to it; what changed in its rows shows in them."""
    with error_boundary():
        page_rows = waiting.list_page(filters, criteria, cursor, backward=is_backward)
        has_more = len(page_rows) > waiting.PAGE_SIZE
        current_keys = row_keys(page_rows.tail(waiting.PAGE_SIZE) if is_backward else page_rows.head(waiting.PAGE_SIZE))
        page_state = pagination.update_page((links.list_query(), cursor, is_backward), current_keys)
        rows = appeals_by_key(tuple(AppealKey(*key) for key in page_state.keys), viewer.language)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            table.list_total(
                waiting.capped_count(filters, criteria),
                waiting.COUNT_CAP,
                MAX_HITS if criteria.search_text else None,
            )
            pagination.refresh_button(page_state, rows, current_keys, waiting.PAGE_SIZE)
        if criteria.search_text:
            table.closed_appeal_buttons(appeals_by_key(appeal_keys(criteria.search_text), viewer.language))
        if rows.empty:
            table.empty_queue()
        else:
            table.queue_table(rows, page_state)
            first_cursor, last_cursor = (
                list_url.format_cursor(waiting.row_cursor(rows.iloc[position], criteria)) for position in (0, -1)
            )
            pagination.pager(
                first_cursor if (has_more if is_backward else cursor) else None,
                last_cursor if is_backward or has_more else None,
                is_first=cursor is None,
            )
        page_state.rerun_if_needed()


@live_fragment(viewer, background.data_state)
def open_charts() -> None:
    """What is open in figures."""
    left, right = st.columns(2)
    with left, panel(_("Open by stage and age")):
        open_by_stage.stage_by_age_heatmap(open_counts.open_by_stage_and_age(filters), AGE_BANDS)
    with right, panel(_("Open by topic and stage")):
        open_by_stage.topic_by_stage_heatmap(open_counts.open_by_topic_and_stage(filters))
    left, right = st.columns(2)
    with left, panel(_("Who holds most")):
        open_by_state_chart(open_counts.open_by_organisation(filters), _("Organisations"), "organisation")
    with right, panel(_("Open by channel")):
        open_by_state_chart(open_counts.open_by_channel(filters), _("Channels"), "channel")
    with panel(_("Backlog by day")):
        time_series.backlog_chart(open_counts.backlog_by_day(filters))
    with panel(_("With a point on the map")):
        located_appeals.located_appeals_table(open_counts.open_appeals_with_location(filters))


page_head(viewer, filters, live, background.data_state)
open_totals()
with card(_("Open appeals")):
    with st.container(horizontal=True, gap="small", vertical_alignment="center", horizontal_alignment="distribute"):
        with error_boundary():
            controls.state_control(
                criteria, {value.metric.id: int(value.value or 0) for value in open_counts.kpis(filters)}
            )
        with st.container(horizontal=True, gap="small", width="content"):
            saved_views.saved_views_menu(views)
            menu = st.popover(_("Export"), icon=":material/download:", type="tertiary", key="export", on_change="rerun")
    if menu.open:
        with menu, error_boundary():
            start_export = partial(
                queue_export.start_export, filters=filters, criteria=criteria, list_query=links.list_query()
            )
            export_menu.queue_export_buttons(start_export, links.list_query(), export.MAX_ROWS)
    with error_boundary():
        controls.list_controls(criteria, waiting.counts_by_stage_and_age(filters), waiting.open_stages(viewer.language))
    open_appeals()
pagination.restore_selection(lambda keys: appeals_by_key(tuple(AppealKey(*one) for one in keys), viewer.language))
selected = pagination.chosen_appeals()
if selected or has_pending_result("queue"):
    with card(_("What to do")):
        if selected:
            pagination.selection_summary(selected)
        action_form(viewer, bulk, selected, "queue", pagination.clear_selection)
open_charts()
