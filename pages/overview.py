"""The overview: what must be done this morning, then key figures, received and closed by day, and rankings."""

import streamlit as st

from components.export.report_menu import report_menu
from components.filters.filter_bar import filter_bar
from components.layout.auto_refresh import live_fragment
from components.layout.error_boundary import error_boundary
from components.layout.local_day import viewer_today
from components.overview import charts
from components.overview.morning import MorningQueries, morning_board
from components.overview.today import whole_days_note
from components.overview.wall_link import wall_link
from components.page_head import page_head
from components.panel import panel
from components.tiles.kpi_tile import kpi_row
from otklik.access import guard
from otklik.i18n import _
from otklik.reports import situation_file
from queries import filter_options, live_page, overview
from queries.filters import Filters
from queries.morning import (
    backlog_flow,
    closing_polls,
    deadlines,
    feed,
    holders,
    overdue_answers,
    overdue_remedies,
    today,
    unusual,
    yesterday,
)
from queries.resolution import recurring
from queries.summaries import received_today
from queries.summaries.day_record import stock_basis
from queries.surges import episodes, text_clusters

MORNING_QUERIES = MorningQueries(
    today.today_so_far,
    deadlines.due_values,
    yesterday.yesterdays_list,
    overdue_remedies.overdue_remedies,
    closing_polls.closing_polls,
    overdue_answers.overdue_answers,
    holders.holders_to_act,
    unusual.recent_whole_days,
    episodes.surges,
    text_clusters.text_clusters,
    recurring.recurring_problems,
    unusual.other_problems,
    feed.feed,
    backlog_flow.backlog_flow,
)

viewer = guard.require("overview")
filters = filter_bar(viewer, filter_options, Filters, viewer_today())


@live_fragment(viewer, live_page.data_state)
def board() -> None:
    """The morning, then key figures and charts of the period; runs again when the data have changed."""
    morning_board(MORNING_QUERIES, filters, viewer)
    with error_boundary():
        whole_days_note(filters, filter_options.first_running_day(filters), stock_basis(filters))
        kpi_row(overview.kpis(filters), unfinished=filters.end > viewer_today())
    left, right = st.columns([2, 1])
    with left, panel(_("Received and closed by day")):
        charts.received_closed_chart(
            overview.flow_by_day(filters), filter_options.last_running_day(filters, viewer_today())
        )
    with right, panel(_("Today by the hour")):
        charts.hourly_chart(received_today.received_by_hour(filters))
    left, right = st.columns(2)
    with left, panel(_("Largest topics")):
        charts.ranking_chart(overview.topic_ranking(filters), _("Topics"), "topic")
    with right, panel(_("Territories")):
        charts.ranking_chart(overview.territory_ranking(filters), _("Territories"), "territory")


def head_menu() -> None:
    """The wall of these filters, and the report."""
    wall_link()
    report_menu(situation_file.start_report, filters)


page_head(viewer, filters, live_page, head_menu)
board()
