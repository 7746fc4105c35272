"""Where it is bad: the territories on a map and in a list, from the country down to an organisation's appeals."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import streamlit as st

from components.export.report_menu import report_menu
from components.filters import territory
from components.filters.filter_bar import filter_bar
from components.layout.auto_refresh import live_fragment
from components.layout.error_boundary import error_boundary
from components.layout.local_day import viewer_today
from components.layout.page_notes import counted_back_note
from components.maps.panel import MAP_FORMS, territory_map_panel
from components.maps.points import POINT_FORMS, POINT_SETS, point_map, point_map_controls
from components.page_head import page_head
from components.panel import panel
from components.regions import charts, drilldown
from components.regions.cluster_panel import cluster_panel
from components.regions.participation import participation_line
from components.tables.league import league_table
from components.tables.row_order import order_codes, worst_first
from components.url import query_params
from otklik.access import guard
from otklik.i18n import _
from otklik.reports import situation_file
from queries import filter_options, live_page
from queries.filters import Filters
from queries.lists import figure_appeals
from queries.metrics.catalogue import METRICS
from queries.regions import cluster_appeals, points, territories
from queries.regions.backlog import open_by_day
from queries.regions.levels import effective_territory, has_children, has_districts, shown_region_codes
from queries.regions.participation import participation
from queries.summaries.day_record import member_stock_basis, stock_basis
from queries.surges.text_clusters import cluster_of_address

viewer = guard.require("regions")
filters = filter_bar(viewer, filter_options, Filters, viewer_today())
opened_filters = replace(filters, territory=effective_territory(filters))
tomorrow = filter_options.last_running_day(opened_filters, viewer_today()) + timedelta(days=1)
week_filters = replace(opened_filters, start=tomorrow - timedelta(days=7), end=tomorrow, compare="previous")
query_params.check(
    level=territory.LEVEL_LABELS, map=MAP_FORMS, points=POINT_SETS, form=POINT_FORMS, order=order_codes(METRICS)
)
cluster = query_params.read_parsed("cluster", partial(cluster_of_address, language=viewer.language))
with territory.territory_bar():
    territory.breadcrumb(
        filter_options.territories(filters),
        opened_filters.territory,
        filter_options.selected_name(filters, "organisation"),
    )
    metrics = {name: METRICS[name] for name in territories.MAP_METRICS}
    has_comparison = filters.comparison_filters() is not None
    metric_id, show_mode, level = territory.map_controls(
        metrics, has_levels=has_districts(opened_filters), has_comparison=has_comparison
    )


@live_fragment(viewer, live_page.data_state)
def board() -> None:
    """Everything below the filters; runs again when the data have changed."""
    if cluster is not None:
        rows = cluster_appeals.cluster_appeals(cluster.id, viewer.language)
        cluster_panel(cluster, rows, cluster_appeals.cluster_samples(cluster.id), viewer)
    region_codes = shown_region_codes(opened_filters)
    if has_children(opened_filters):
        territory_breakdown(region_codes)
    if len(region_codes) == 1:
        territory_appeals(region_codes)
    with error_boundary():
        participation_line(participation(opened_filters), opened_filters.territory, viewer)


def territory_breakdown(region_codes: tuple[str, ...]) -> None:
    """The territories below the chosen one: on a map, in charts and in a table."""
    with panel(territory.map_title(METRICS[metric_id], show_mode)):
        rows = territories.map_values(week_filters if show_mode == "week" else opened_filters, level, metric_id)
        territory_map_panel(
            rows,
            region_codes,
            METRICS[metric_id],
            change=show_mode != "value",
            key=f"{opened_filters.territory}-{level}",
            overall=territories.overall_value(opened_filters, metric_id),
        )
    left, right = st.columns(2)
    with left, panel(_("Open appeals by territory")):
        charts.open_by_territory_chart(territories.open_now(opened_filters, level))
    days = open_by_day(opened_filters, level)
    with right, panel(charts.backlog_title(days)):
        charts.backlog_small_multiples(days)
    with panel(_("Territories in figures")):
        counted_back_note(stock_basis(opened_filters))
        league_table(
            territories.territory_metrics(opened_filters, level),
            METRICS,
            _("Territory"),
            "parts",
            160,
            on_pick=territory.select_territory,
            order=worst_first(METRICS[metric_id]),
        )


def territory_appeals(region_codes: tuple[str, ...]) -> None:
    """The appeals of a region or municipality: as points, by organisation and in a list."""
    left, right = st.columns(2)
    with left, panel(_("Appeals as points")):
        point_set, point_style = point_map_controls()
        point_rows = (
            points.received_points(opened_filters) if point_set == "received" else points.open_points(opened_filters)
        )
        point_map(point_rows, region_codes, points.MAX_POINTS, f"spots-{point_set}-{point_style}", point_style)
    with right, panel(_("Organisations")):
        counted_back_note(member_stock_basis(opened_filters))
        drilldown.holders_table(
            territories.organisation_metrics(opened_filters, metric_id),
            METRICS[metric_id],
            f"holders-{opened_filters.territory}-{opened_filters.organisation}",
            territories.MAX_ORGANISATIONS,
        )
    group = figure_appeals.figure_group(metric_id)
    with panel(_(drilldown.GROUP_TITLES[group])):
        drilldown.appeals_table(
            figure_appeals.figure_appeals(opened_filters, metric_id),
            group,
            f"appeals-{group}-{opened_filters.territory}-{opened_filters.organisation}",
        )


page_head(viewer, filters, live_page, partial(report_menu, situation_file.start_report, filters))
board()
