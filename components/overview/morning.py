"""The overview's first screen: what must be done this morning."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from components.layout.error_boundary import error_boundary
from components.overview.backlog_flow import backlog_flow
from components.overview.closing_polls import closing_polls_list
from components.overview.due_figures import due_figures
from components.overview.feed import channels_menu, feed_summary
from components.overview.holders import holders_to_act
from components.overview.overdue_answers import overdue_answers_list
from components.overview.overdue_remedies import overdue_remedies_list
from components.overview.today import today_line
from components.overview.unusual import unusual_topics
from components.overview.yesterday import yesterdays_list
from components.panel import card, panel
from components.tables.cluster_list import cluster_list
from components.tables.surge_list import surge_list
from otklik.i18n import _

if TYPE_CHECKING:
    import pandas as pd

    from components.auth.viewer import Viewer
    from queries.filters import Filters
    from queries.metrics.metric import MetricValue
    from queries.morning.backlog_flow import BacklogFlow
    from queries.morning.today import TodaySoFar
    from queries.morning.yesterday import YesterdaysList
    from queries.surges.episodes import Surges
    from queries.surges.text_clusters import TextCluster


BOARD_KEY = "morning"
# Links stand in line with the texts beside them.
LINKS_CSS = f"""<style>
.st-key-{BOARD_KEY} [data-testid="stPageLink"] a {{ padding: 0; min-height: 0 }}
.st-key-{BOARD_KEY} [data-testid="stMarkdownContainer"] p {{ font-size: 0.875rem }}
.st-key-{BOARD_KEY} [data-testid="stPageLink"] :is(span, p) {{ white-space: normal }}
</style>"""


class MorningQueries(NamedTuple):
    """What each part shows, of the packages queries.morning, surges and resolution.recurring, by the filters."""

    today: "Callable[[Filters], TodaySoFar]"
    due: "Callable[[Filters], Sequence[MetricValue]]"
    yesterday: "Callable[[Filters], YesterdaysList]"
    remedies: "Callable[[Filters], pd.DataFrame]"
    polls: "Callable[[Filters], pd.DataFrame]"
    comments: "Callable[[Filters], pd.DataFrame]"
    holders: "Callable[[Filters], pd.DataFrame]"
    recent_days: "Callable[[Filters], Filters]"
    surges: "Callable[[Filters], Surges]"
    text_clusters: "Callable[[Filters], tuple[list[TextCluster], int]]"
    recurring: "Callable[[Filters], pd.DataFrame]"
    other_problems: "Callable[[pd.DataFrame, pd.DataFrame], pd.DataFrame]"
    feed: "Callable[[Filters], pd.DataFrame]"
    flow: "Callable[[Filters], BacklogFlow]"


def morning_board(queries: MorningQueries, filters: "Filters", viewer: "Viewer") -> None:
    """What is due, missed and overdue, today, yesterday's list; three columns: who, what, and whether it flows."""
    st.html(LINKS_CSS)
    with st.container(key=BOARD_KEY):
        _board(queries, filters, viewer)


def _board(queries: MorningQueries, filters: "Filters", viewer: "Viewer") -> None:
    with error_boundary():
        due_figures(queries.due(filters))
    with st.container(gap=None):
        with error_boundary():
            today_line(queries.today(filters))
        with error_boundary():
            yesterdays_list(queries.yesterday(filters))
        with error_boundary():
            overdue_remedies_list(queries.remedies(filters), viewer)
        with error_boundary():
            closing_polls_list(queries.polls(filters), viewer)
        with error_boundary():
            overdue_answers_list(queries.comments(filters), viewer)
    left, middle, right = st.columns(3)
    with left, card(_("Who must act")):
        holders_to_act(queries.holders(filters))
    with middle, card(_("What is unusual")):
        surges = queries.surges(filters)
        surge_list(surges, may_open_problems=viewer.may("open_problem"))
        cluster_list(*queries.text_clusters(filters), may_open_problems=viewer.may("open_problem"))
        recent = queries.recent_days(filters)
        unusual_topics(queries.other_problems(queries.recurring(recent), surges.rows), recent, surges)
    with right:
        with error_boundary():
            feed = queries.feed(filters)
            with card(_("Feed"), partial(channels_menu, feed)):
                feed_summary(feed)
        with panel(_("Backlog by week")):
            backlog_flow(queries.flow(filters))
