"""One poll as a whole: its head, who voted, and the result of each question."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd
import streamlit as st

from components.layout.auto_refresh import DataState, live_fragment
from components.layout.error_boundary import error_boundary
from components.panel import panel
from components.polls.poll_head import poll_head, reading_note
from components.polls.poll_link import list_link
from components.polls.representativeness import weighted_results
from components.polls.results import breakdown_table, question_result
from components.polls.suspicious_votes import suspicious_votes
from components.polls.turnout import voters_table, votes_by_day_chart
from components.text.poll_text import DIMENSION_LABELS
from components.url.choice import url_segmented_control
from otklik.i18n import _, formats

if TYPE_CHECKING:
    from components.auth.viewer import Viewer
    from queries.polls.details import Poll
    from queries.polls.representativeness import Weighting
    from queries.polls.results import Breakdown
    from queries.polls.suspicious import Suspicion


class PollQueries(NamedTuple):
    """What the parts show, of the package queries.polls."""

    poll: "Callable[[str, str], Poll | None]"
    questions: Callable[[int], pd.DataFrame]
    votes_by_day: Callable[[int], pd.DataFrame]
    results: Callable[[int], pd.DataFrame]
    breakdown: "Callable[[int, str, str], Breakdown]"
    population_shares: Callable[[int, str], dict[int, float]]
    weighting: "Callable[[int, str, str], Weighting]"
    suspicion: "Callable[[int, str, str], Suspicion]"


def poll_page(viewer: "Viewer", poll: "Poll", queries: PollQueries, polls_state: DataState) -> None:
    """Draw a poll; everything in it runs again when somebody votes."""

    @live_fragment(viewer, polls_state)
    def head() -> None:
        with st.container(border=True), error_boundary():
            poll_head(queries.poll(poll.number, viewer.language) or poll)

    @live_fragment(viewer, polls_state)
    def turnout() -> None:
        left, right = st.columns([3, 2])
        with left, panel(_("Votes by day")):
            votes_by_day_chart(queries.votes_by_day(poll.id), poll)
        with right, panel(_("Who voted")):
            living = queries.population_shares(poll.id, by)
            voters_table(queries.breakdown(poll.id, by, viewer.language), by, living, poll)

    @live_fragment(viewer, polls_state)
    def question_panels() -> None:
        with error_boundary():
            for question_id, asked in queries.questions(poll.id).groupby("question_id", sort=False):
                with panel(_("Question {n}").format(n=formats.number(asked["position"].iloc[0]))):
                    result = queries.results(poll.id)
                    question_result(result[result["question_id"] == question_id], asked, poll)
                    if len(result):
                        breakdown = queries.breakdown(poll.id, by, viewer.language)
                        breakdown_table(breakdown, by, asked, poll)

    @live_fragment(viewer, polls_state)
    def note() -> None:
        with error_boundary():
            reading_note(queries.poll(poll.number, viewer.language) or poll)

    @live_fragment(viewer, polls_state)
    def weighted_panel() -> None:
        with panel(_("Whom the result stands for")):
            weighted_results(queries.weighting(poll.id, poll.status, viewer.language), queries.questions(poll.id), poll)

    @live_fragment(viewer, polls_state)
    def suspicion_panel() -> None:
        with panel(_("Suspicious votes")):
            suspicious_votes(queries.suspicion(poll.id, poll.status, viewer.language), queries.questions(poll.id), poll)

    list_link()
    head()
    if poll.status == "upcoming":
        return
    note()
    by = url_segmented_control("by", _("By what"), {name: _(label) for name, label in DIMENSION_LABELS.items()})
    turnout()
    question_panels()
    weighted_panel()
    suspicion_panel()
