"""Discussions: all of them by phase, or one with its comments, moderation, answers and groups of opinion."""

from functools import partial

from components.actions.error_messages import refusal_boundary
from components.discussions.board import discussion_board, ignored_parts_note
from components.discussions.one_discussion import DiscussionQueries, discussion_page
from components.discussions.reach import DIMENSIONS
from components.filters.filter_bar import filter_bar
from components.layout import flash
from components.layout.auto_refresh import live_fragment
from components.layout.error_boundary import error_boundary
from components.layout.local_day import viewer_today
from components.page_head import page_head
from components.text.discussion_text import SHOWN_LABELS
from components.url import query_params
from otklik.access import guard
from queries import filter_options, live_page
from queries.discussions import board, changes, details, opinions, reach, threads
from queries.filters import Filters

viewer = guard.require("discussions")
filters = filter_bar(viewer, filter_options, Filters, viewer_today())
DISCUSSION_QUERIES = DiscussionQueries(
    details.discussion_by_number,
    details.activity_by_day,
    reach.reach,
    threads.threads,
    opinions.opinions,
    threads.moderation_queue,
    threads.moderation_log,
    details.linked_problems,
    live_page.as_of,
)
query_params.check(comments=SHOWN_LABELS, by=DIMENSIONS)
discussion = query_params.read_parsed("discussion", partial(details.discussion_of_address, language=viewer.language))


@live_fragment(viewer, live_page.discussions_state)
def all_discussions() -> None:
    """The discussions within the filters; runs again when somebody comments, or one opens or closes."""
    with error_boundary():
        discussion_board(board.board(filters))


flash.show_message()
page_head(viewer, filters, live_page, subscribe=live_page.subscribe_to_discussions)
if discussion is not None:
    discussion_page(
        viewer,
        discussion,
        DISCUSSION_QUERIES,
        changes,
        boundary=refusal_boundary,
        discussions_state=live_page.discussions_state,
    )
else:
    ignored_parts_note()
    all_discussions()
