"""Open appeals: the list with its search, selection and export, and charts by stage, age, holder and channel."""

from functools import partial

import pandas as pd
import streamlit as st

from components.actions.form import action_form
from components.actions.undo import has_pending_result
from components.charts.open_by_state import open_by_state_chart
from components.charts.time_series import backlog_chart
from components.filters.filter_bar import filter_bar
from components.layout.auto_refresh import live_fragment
from components.layout.error_boundary import error_boundary
from components.layout.local_day import viewer_today
from components.layout.page_notes import ignored_period_note, ignored_search_note
from components.page_head import page_head
from components.panel import card, panel
from components.queue import controls, newest, open_by_stage, pagination, table
from components.queue.choose_first import choose_bar
from components.queue.export_menu import queue_export_menu
from components.queue.located_appeals import located_appeals_table
from components.queue.saved_views import saved_views_menu
from components.tables.kept_selection import AppealKeys
from components.tiles.kpi_tile import kpi_grid
from components.url import links
from otklik.access import guard
from otklik.actions import bulk
from otklik.i18n import _
from otklik.reports import queue_export
from queries import filter_options, live_page
from queries.appeal.details import appeal_keys
from queries.filters import Filters
from queries.lists.appeal_list import AppealKey, appeals_by_key
from queries.queue import export, list_url, open_counts, open_list, saved_views
from queries.queue import newest as newest_queries
from queries.queue.search import MAX_HITS
from queries.summaries.open_ages import AGE_BANDS

viewer = guard.require("queue")
filters = filter_bar(viewer, filter_options, Filters, viewer_today())
criteria = list_url.parse_criteria(controls.read_list_params(list_url.STAGES))
list_query = links.list_query()
cursor, is_backward = pagination.read_cursor(list_query, partial(list_url.parse_cursor, sort=criteria.sort))


def rows_by_key(keys: AppealKeys) -> pd.DataFrame:
    """The appeals with these keys, as queries.lists.appeal_list.appeals_by_key returns them."""
    return appeals_by_key(tuple(AppealKey(*key) for key in keys), viewer.language)


@live_fragment(viewer, live_page.data_state)
def open_totals() -> None:
    """The tiles of open appeals by state."""
    with error_boundary():
        kpi_grid(open_counts.kpis(filters), across=6)


@live_fragment(viewer, live_page.data_state)
def open_appeals() -> None:
    """One page of the list: it keeps the appeals that the viewer first saw on it, in their current state."""
    with error_boundary():
        page_rows = open_list.list_page(filters, criteria, cursor, backward=is_backward)
        page = pagination.trim_page(page_rows, open_list.PAGE_SIZE, backward=is_backward)
        page_state = pagination.update_page((list_query, cursor, is_backward), page.keys)
        rows = rows_by_key(page_state.keys)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            total = open_list.capped_count(filters, criteria)
            table.list_total(total, open_list.COUNT_CAP, MAX_HITS if criteria.search_text else None)
            pagination.refresh_button(page_state, rows, page.keys, open_list.PAGE_SIZE)
        if criteria.search_text:
            table.closed_appeal_buttons(appeals_by_key(appeal_keys(criteria.search_text), viewer.language))
        if len(rows):
            first_versions = partial(open_list.first_versions, filters, criteria)
            shown_first = rows if cursor is None else rows.head(0)
            choose_bar(page_state, shown_first, max(total, 1), open_list.COUNT_CAP, first_versions)
        table.queue_table(rows, page_state, criteria.sort)
        if len(rows):
            first_cursor, last_cursor = (
                list_url.format_cursor(open_list.row_cursor(rows.iloc[position], criteria, viewer.language))
                for position in (0, -1)
            )
            pagination.pager(
                first_cursor if page.has_more_before or (cursor and not is_backward) else None,
                last_cursor if page.has_more_after or is_backward else None,
                is_first=cursor is None,
            )
        page_state.rerun_if_needed()


@live_fragment(viewer, live_page.data_state)
def open_charts() -> None:
    """Charts of the open appeals, and a list of those with coordinates."""
    ignored_search_note(controls.SEARCH_PARAMS)
    with panel(_("Newest appeals")):
        newest.newest_appeals_table(newest_queries.newest_appeals(filters), newest_queries.MAX_NEWEST)
    left, right = st.columns(2)
    with left, panel(_("Open by stage and age")):
        open_by_stage.stage_by_age_heatmap(open_counts.open_by_stage_and_age(filters), AGE_BANDS)
    with right, panel(_("Open by topic and stage")):
        open_by_stage.topic_by_stage_heatmap(open_counts.open_by_topic_and_stage(filters))
    left, right = st.columns(2)
    with left, panel(_("Largest workloads")):
        open_by_state_chart(open_counts.open_by_organisation(filters), _("Organisations"), "organisation")
    with right, panel(_("Open by channel")):
        open_by_state_chart(open_counts.open_by_channel(filters), _("Channels"), "channel")
    with panel(_("Backlog by day")):
        backlog_chart(open_counts.backlog_by_day(filters))
    with panel(_("Appeals with coordinates")):
        located_appeals_table(open_counts.open_appeals_with_location(filters))


page_head(viewer, filters, live_page)
ignored_period_note(_("Open appeals are those of now: the chosen days count for the backlog by day alone."))
open_totals()
with card(_("Open appeals")):
    with st.container(horizontal=True, gap="small", vertical_alignment="center", horizontal_alignment="distribute"):
        with error_boundary():
            controls.state_control(criteria, {value.metric.id: value.value for value in open_counts.kpis(filters)})
        with st.container(horizontal=True, gap="small", width="content"):
            saved_views_menu(saved_views)
            start_export = partial(queue_export.start_export, filters=filters, criteria=criteria, list_query=list_query)
            queue_export_menu(start_export, list_query, export.MAX_ROWS)
    with error_boundary():
        controls.list_controls(
            criteria, open_list.counts_by_stage_and_age(filters), open_list.open_stages(viewer.language)
        )
    open_appeals()
pagination.restore_selection(rows_by_key)
selected = pagination.chosen_appeals()
if selected or has_pending_result("queue", bulk.undoable_operations):
    with card(_("Actions")):
        if selected:
            pagination.selection_summary(selected)
        action_form(viewer, bulk, selected, "queue", pagination.clear_selection)
open_charts()
