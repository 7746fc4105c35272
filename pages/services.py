"""Topical services, such as vaccination or school meals: all of them, or the one that the chosen topic belongs to."""

from functools import partial

import streamlit as st

from components.charts.time_series import received_closed_on_time_chart
from components.filters.filter_bar import filter_bar
from components.filters.territory import select_territory
from components.layout.auto_refresh import live_fragment
from components.layout.error_boundary import error_boundary
from components.layout.local_day import viewer_today
from components.page_head import page_head
from components.panel import card, panel
from components.resolution.answer_time_histogram import answer_time_chart
from components.services import board, one_service
from components.tables.cluster_list import cluster_list
from components.tables.league import league_table
from components.tables.row_order import order_codes
from components.tiles.kpi_tile import kpi_grid
from components.url import query_params
from otklik.access import guard
from otklik.i18n import _
from queries import filter_options, live_page, services
from queries.filters import Filters
from queries.lists.figure_appeals import figure_appeals
from queries.metrics.catalogue import METRICS
from queries.regions.levels import has_children
from queries.resolution import performance
from queries.surges.episodes import surges
from queries.surges.text_clusters import text_clusters

viewer = guard.require("services")
filters = filter_bar(viewer, filter_options, Filters, viewer_today())
query_params.check(order=order_codes(METRICS))
service = services.service_of_topic(filters.topic, viewer.language)
topic_name = filter_options.selected_name(filters, "topic")


@live_fragment(viewer, live_page.data_state)
def all_services() -> None:
    """A card for each service, and all of them in a table."""
    shown = services.services(viewer.language)
    board.service_cards(shown, partial(services.card_metrics, filters), partial(services.service_surges, filters))
    if shown:
        with panel(_("Services in figures")):
            rows = services.by_service(filters, tuple(item.code for item in shown))
            league_table(rows, METRICS, _("Service"), "services", 220)


@live_fragment(viewer, live_page.data_state)
def service_board() -> None:
    """One service: its figures, when, where and about what appeals come, how they are answered, and what is open."""
    with error_boundary():
        kpi_grid(services.kpis(filters), across=7)
    left, right = st.columns([2, 1])
    with left, panel(_("Received, closed, closed by the deadline")):
        running_day = filter_options.last_running_day(filters, viewer_today())
        received_closed_on_time_chart(performance.flow_by_day(filters), running_day)
    with right, card(_("Surges")):
        one_service.service_surges(surges(filters), may_open_problems=viewer.may("open_problem"))
        cluster_list(*text_clusters(filters), may_open_problems=viewer.may("open_problem"))
    left, right = st.columns([2, 1])
    with left, panel(_("Places")):
        rows = services.by_territory(filters)
        pick = select_territory if has_children(filters) else None
        league_table(rows, METRICS, _("Territory"), "places", 160, on_pick=pick)
    with right, panel(_("How long answers took")):
        percentiles = performance.answer_time_percentiles(filters)
        answer_time_chart(performance.answer_time_histogram(filters), percentiles, METRICS["answer_mean"])
    left, right = st.columns(2)
    with left, panel(_("Topics")):
        league_table(performance.by_topic(filters), METRICS, _("Topic"), "topics", 220)
    with right, panel(_("Organisations")):
        rows = performance.by_organisation(filters)
        league_table(rows, METRICS, _("Organisation"), "organisations", 260, max_rows=performance.MAX_ROWS)
    if viewer.may("queue"):
        with panel(_("Unresolved")):
            one_service.unresolved_table(figure_appeals(filters, "open"))


page_head(viewer, filters, live_page)
if service is None:
    board.other_topic_note(topic_name)
    all_services()
else:
    one_service.service_head(service.name, topic_name or service.name)
    service_board()
