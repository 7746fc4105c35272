"""How many appeals are resolved, how fast and how well, by organisation, topic and channel."""

import streamlit as st

from components.charts.time_series import received_closed_on_time_chart
from components.filters.filter_bar import filter_bar
from components.layout.auto_refresh import live_fragment
from components.layout.error_boundary import error_boundary
from components.layout.local_day import viewer_today
from components.layout.page_notes import counted_back_note, reopened_since_note
from components.page_head import page_head
from components.panel import panel
from components.resolution.answer_time_histogram import answer_time_chart
from components.resolution.observed_expected import observed_expected_panels
from components.resolution.recurring_problems import recurring_problems_table
from components.resolution.side_by_side import (
    KIND_LABELS,
    kind_switch,
    pair_names,
    pair_select,
    side_by_side_table,
)
from components.resolution.stage_funnel import redirects_summary, stage_funnel_chart
from components.resolution.survival import GROUPING_LABELS, grouping_switch, survival_chart
from components.resolution.workload_scatter import workload_chart
from components.tables.league import league_table
from components.tables.row_order import order_codes
from components.tiles.kpi_tile import kpi_grid
from components.url import query_params
from otklik.access import guard
from otklik.i18n import _
from queries import filter_options, live_page
from queries.filters import Filters
from queries.metrics.catalogue import METRICS
from queries.resolution import funnel, observed_expected, performance, recurring, side_by_side, stage_history, survival
from queries.summaries.day_record import member_stock_basis
from queries.summaries.reopened_since import reopened_since

viewer = guard.require("resolution")
filters = filter_bar(viewer, filter_options, Filters, viewer_today())
OBSERVED_EXPECTED_METRICS = ("on_time_rate", "resolution_rate", "reopened_rate", "redirect_rate")
COMPARED_OPTIONS = {"territory": filter_options.territories, "organisation": filter_options.organisations}
compared_codes = COMPARED_OPTIONS[query_params.read("pair", KIND_LABELS, "territory")](filters)["code"].tolist()
query_params.check(
    a=compared_codes,
    b=compared_codes,
    curves=GROUPING_LABELS,
    fair=OBSERVED_EXPECTED_METRICS,
    order=order_codes(METRICS),
)


@live_fragment(viewer, live_page.data_state)
def board() -> None:
    """Everything below the filters; runs again when the data have changed."""
    with error_boundary():
        values = performance.kpis(filters)
        kpi_grid(values, across=5)
        reopened_since_note(reopened_since(filters), values)
    left, right = st.columns(2)
    with left, panel(_("Received, closed, closed by the deadline")):
        received_closed_on_time_chart(
            performance.flow_by_day(filters), filter_options.last_running_day(filters, viewer_today())
        )
    with right, panel(_("How long answers took")):
        answer_time_chart(
            performance.answer_time_histogram(filters),
            performance.answer_time_percentiles(filters),
            METRICS["answer_mean"],
        )
    left, right = st.columns(2)
    with left, panel(_("Time to closure")):
        grouping = grouping_switch()
        survival_chart(
            grouping,
            survival.closing_curve(filters) if grouping == "all" else survival.closing_curves(filters, grouping),
        )
    with right, panel(_("Progress by stage")):
        stage_funnel_chart(funnel.funnel_steps(filters), stage_history.stage_durations(filters))
    with panel(_("Organisations")):
        counted_back_note(member_stock_basis(filters))
        league_table(
            performance.by_organisation(filters),
            METRICS,
            _("Organisation"),
            "organisations",
            260,
            max_rows=performance.MAX_ROWS,
        )
    with panel(_("Topics")):
        league_table(performance.by_topic(filters), METRICS, _("Topic"), "topics", 260)
    left, right = st.columns(2)
    with left, panel(_("Overdue share by workload")):
        workload_chart(performance.workload_by_organisation(filters))
    with right, panel(_("Channels")):
        league_table(performance.by_channel(filters), METRICS, _("Channel"), "channels", 150)
    observed_expected_panels(
        lambda kind, name: observed_expected.adjusted_ratios(filters, kind, name), OBSERVED_EXPECTED_METRICS
    )
    with panel(_("Reassigned, returned, extended")):
        redirects_summary(
            stage_history.movement_counts(filters), stage_history.circular_redirects(filters), stage_history.MAX_ROWS
        )
    with panel(_("Recurring problems")):
        recurring_problems_table(recurring.recurring_problems(filters), METRICS, recurring.MAX_ROWS)
    with panel(_("Comparison")):
        kind = kind_switch()
        options = COMPARED_OPTIONS[kind](filters)
        if pair := pair_select(options, side_by_side.default_pair(filters, kind)):
            side_by_side_table(side_by_side.compared_metrics(filters, kind, pair), METRICS, pair_names(options, pair))


page_head(viewer, filters, live_page)
board()
