"""Polls: those that run, are to come and are over, or one of them with its turnout and results."""

from functools import partial

from components.filters.filter_bar import filter_bar
from components.layout.auto_refresh import live_fragment
from components.layout.error_boundary import error_boundary
from components.layout.local_day import viewer_today
from components.page_head import page_head
from components.polls.board import ignored_parts_note, poll_board
from components.polls.one_poll import PollQueries, poll_page
from components.text.poll_text import DIMENSION_LABELS
from components.url import query_params
from otklik.access import guard
from queries import filter_options, live_page
from queries.filters import Filters
from queries.polls import board, details, representativeness, results, suspicious

viewer = guard.require("polls")
filters = filter_bar(viewer, filter_options, Filters, viewer_today())
POLL_QUERIES = PollQueries(
    details.poll_by_number,
    details.questions,
    results.votes_by_day,
    results.results,
    results.breakdown,
    representativeness.population_shares,
    representativeness.weighting,
    suspicious.suspicion,
)
query_params.check(by=DIMENSION_LABELS)
poll = query_params.read_parsed("poll", partial(details.poll_of_address, language=viewer.language))


@live_fragment(viewer, live_page.polls_state)
def all_polls() -> None:
    """The polls within the filters; runs again when somebody votes, or a poll opens or closes."""
    with error_boundary():
        poll_board(board.board(filters))


page_head(viewer, filters, live_page, subscribe=live_page.subscribe_to_polls)
if poll is not None:
    poll_page(viewer, poll, POLL_QUERIES, live_page.polls_state)
else:
    ignored_parts_note()
    all_polls()
