"""One discussion as a whole: its head, activity, threads, groups of opinion, moderation, and what was decided."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd
import streamlit as st

from components.discussions import discussion_head, moderation, opinions
from components.discussions.activity import activity_chart
from components.discussions.discussion_link import list_link
from components.discussions.reach import dimension_choice, reach_table
from components.discussions.threads import thread_list
from components.layout.auto_refresh import DataState, live_fragment
from components.layout.error_boundary import error_boundary
from components.panel import card, panel
from components.text.discussion_text import SHOWN_LABELS
from components.url.choice import url_segmented_control
from otklik.i18n import _

if TYPE_CHECKING:
    from components.auth.viewer import Viewer
    from queries.discussions.details import Discussion
    from queries.discussions.opinions import Opinions
    from queries.discussions.threads import Threads


class DiscussionQueries(NamedTuple):
    """What the parts show, of the package queries.discussions; `as_of`: the moment of what is shown."""

    discussion: "Callable[[str, str], Discussion | None]"
    activity: Callable[[int], pd.DataFrame]
    reach: Callable[[int, int, str, str], pd.DataFrame]
    threads: "Callable[[int, str], Threads]"
    opinions: "Callable[[int], Opinions]"
    queue: Callable[[int], pd.DataFrame]
    log: Callable[[int], pd.DataFrame]
    problems: Callable[[int], pd.DataFrame]
    as_of: Callable[[], datetime]


def discussion_page(
    viewer: "Viewer",
    discussion: "Discussion",
    queries: DiscussionQueries,
    changes: moderation.DiscussionChanges,
    *,
    boundary: Callable[[], AbstractContextManager[None]],
    discussions_state: DataState,
) -> None:
    """Draw a discussion; everything in it runs again when somebody comments, reacts, moderates or answers.

    `boundary` shows a refusal in the place of the form that met it.
    """
    may_moderate = viewer.may("moderate")

    def current() -> "Discussion":
        return queries.discussion(discussion.number, viewer.language) or discussion

    @live_fragment(viewer, discussions_state)
    def head() -> None:
        with st.container(border=True), error_boundary():
            discussion_head.discussion_head(current())

    @live_fragment(viewer, discussions_state)
    def thread_panel() -> None:
        with panel(_("Comments and official answers")), boundary():
            shown = url_segmented_control(
                "comments", _("Which comments"), {code: _(label) for code, label in SHOWN_LABELS.items()}
            )
            answer = changes.answer_comment if may_moderate else None
            thread_list(queries.threads(discussion.id, shown), current(), answer)

    @live_fragment(viewer, discussions_state)
    def side() -> None:
        with panel(_("Comments by day")):
            activity_chart(queries.activity(discussion.id), discussion)
        with panel(_("Who takes part")):
            by = dimension_choice()
            reach_table(queries.reach(discussion.id, discussion.territory_id, by, viewer.language), by)
        with panel(_("What most agree or disagree with")):
            opinions.consensus_list(queries.opinions(discussion.id))

    @live_fragment(viewer, discussions_state)
    def groups() -> None:
        with panel(_("Groups of opinion")):
            opinions.opinion_groups(queries.opinions(discussion.id))

    @live_fragment(viewer, discussions_state)
    def moderation_panels() -> None:
        with panel(_("Moderation queue")), boundary():
            moderation.moderation_queue(queries.queue(discussion.id), queries.as_of(), changes)
        with panel(_("Moderation log")):
            moderation.moderation_log(queries.log(discussion.id))

    @live_fragment(viewer, discussions_state)
    def conclusion() -> None:
        shown = current()
        decision_card(shown, changes if may_moderate else None, boundary)
        with card(_("Problems and appeals")), st.container(key=discussion_head.RELATED_KEY):
            discussion_head.related(shown, queries.problems(discussion.id))

    list_link()
    head()
    if discussion.phase == "announced":
        conclusion()
        return
    left, right = st.columns([3, 2])
    with left:
        thread_panel()
    with right:
        conclusion()
        if may_moderate:
            moderation_panels()
        side()
    groups()


def decision_card(
    discussion: "Discussion",
    changes: moderation.DiscussionChanges | None,
    boundary: Callable[[], AbstractContextManager[None]],
) -> None:
    """What was decided and what came of it, with the form for what isn't said yet for those who may moderate."""
    has_form = changes is not None and discussion.phase in ("summing_up", "closed") and not discussion.outcome
    if not has_form and not discussion.decision:
        return
    with card(_("Decision")), boundary():
        discussion_head.conclusion(discussion)
        if has_form and changes is not None:
            moderation.decision_form(discussion, changes)
