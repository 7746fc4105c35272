"""How applicants rate the answers: satisfaction by member and by answer time, and outcomes of low ratings."""

import streamlit as st

from components.filters.filter_bar import filter_bar
from components.layout.auto_refresh import live_fragment
from components.layout.error_boundary import error_boundary
from components.layout.local_day import viewer_today
from components.page_head import page_head
from components.panel import panel
from components.resolution.observed_expected import observed_expected_panels
from components.satisfaction import rating_drilldown
from components.satisfaction.distinctive_words import distinctive_words_chart
from components.satisfaction.low_rating_outcomes import low_rating_outcomes_chart
from components.satisfaction.low_ratings import low_ratings_table
from components.satisfaction.ratings import (
    rating_distribution_chart,
    satisfaction_by_answer_time_plot,
    satisfaction_dot_plot,
    satisfaction_trend_chart,
)
from components.satisfaction.verdicts import verdict_chart
from components.tiles.kpi_tile import kpi_grid
from components.url import query_params
from otklik.access import guard
from otklik.i18n import _
from queries import filter_options, live_page
from queries.filters import Filters
from queries.metrics.catalogue import PERIOD_METRICS
from queries.resolution import observed_expected
from queries.satisfaction import distinctive_words, drilldown, low_rating_outcomes, low_ratings, ratings, verdicts
from queries.satisfaction.by_answer_time import CLASS_END_DAYS
from queries.satisfaction.drilldown import BarKind

viewer = guard.require("satisfaction")
filters = filter_bar(viewer, filter_options, Filters, viewer_today())
query_params.check(answers=rating_drilldown.bar_codes(drilldown.BAR_VALUES))
SATISFACTION = PERIOD_METRICS["satisfaction"]
LEAST_FIRST = _("Least satisfied first.")


@live_fragment(viewer, live_page.data_state)
def board() -> None:
    """Everything below the filters; runs again when the data have changed."""
    with error_boundary():
        kpi_grid(ratings.kpis(filters), across=5)
    left, right = st.columns([2, 1])
    with left, panel(_("Satisfaction, and how many rated")):
        satisfaction_trend_chart(ratings.satisfaction_trend(filters), SATISFACTION, filters.start, filters.end)
    with right, panel(_("Ratings from 5 to 1")):
        rating_distribution_chart(ratings.rating_distribution(filters))
    rating_drilldown_panel("rating")
    left, right = st.columns(2)
    with left, panel(_("By topic")):
        satisfaction_dot_plot(
            ratings.satisfaction_by(filters, "topic"), SATISFACTION, _("By topic"), LEAST_FIRST, "topic"
        )
    with right, panel(_("By organisation")):
        satisfaction_dot_plot(
            ratings.satisfaction_by(filters, "organisation"),
            SATISFACTION,
            _("By organisation"),
            LEAST_FIRST,
            "organisation",
        )
    left, right = st.columns(2)
    with left, panel(_("By channel")):
        satisfaction_dot_plot(
            ratings.satisfaction_by(filters, "channel"), SATISFACTION, _("By channel"), LEAST_FIRST, "channel"
        )
    with right, panel(_("Does delay cost satisfaction?")):
        satisfaction_by_answer_time_plot(ratings.satisfaction_by_answer_time(filters), SATISFACTION)
    rating_drilldown_panel("delay")
    if verdicts.has_verdicts():
        with panel(_("Resolved? What applicants say")):
            kpi_grid(verdicts.verdict_values(filters), across=3)
            verdict_chart(verdicts.verdict_counts(filters))
    rating_drilldown_panel("verdict")
    observed_expected_panels(
        lambda kind, name: observed_expected.adjusted_ratios(filters, kind, name), ("satisfaction",)
    )
    left, right = st.columns(2)
    with left, panel(_("What became of low ratings")):
        low_rating_outcomes_chart(low_rating_outcomes.outcome_counts(filters))
    with right, panel(_("Words that tell bad ratings from good")):
        distinctive_words_chart(distinctive_words.distinctive_words(filters))
    rating_drilldown_panel("fate")
    with panel(_("The answers rated lowest, a click away")):
        low_ratings_table(low_ratings.low_rated_appeals(filters), low_ratings.MAX_ROWS)


def rating_drilldown_panel(bar: BarKind) -> None:
    """A list of the answers behind a bar of the charts above, if one of this kind is selected."""
    selected = rating_drilldown.selected_bar(drilldown.BAR_VALUES)
    if selected and selected[0] == bar:
        title = rating_drilldown.list_title(*selected, CLASS_END_DAYS)
        with panel(title):
            rating_drilldown.rated_appeals_table(
                drilldown.appeals_behind_bar(filters, bar, selected[1]), title, drilldown.MAX_ROWS
            )


page_head(viewer, filters, live_page)
board()
