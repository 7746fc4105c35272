"""Problems that last: the board, or one of them with its decisions, remedies and appeals."""

from functools import partial

from components.actions.error_messages import refusal_boundary
from components.filters.filter_bar import filter_bar
from components.layout import flash
from components.layout.auto_refresh import live_fragment
from components.layout.error_boundary import error_boundary
from components.layout.local_day import viewer_today
from components.page_head import page_head
from components.problems.board import problem_board
from components.problems.dossier_menu import dossier_menu
from components.problems.one_problem import ProblemQueries, problem_page
from components.problems.opening import ignored_parts_note, opening_section
from components.url import query_params
from otklik.access import guard
from otklik.reports import dossier_file
from queries import filter_options, live_page
from queries.filters import Filters
from queries.problems import board, changes, details, linked_appeals, remedy_effects
from queries.problems.problem_filters import problem_filters
from queries.surges.text_clusters import cluster_of_address

viewer = guard.require("problems")
filters = filter_bar(viewer, filter_options, Filters, viewer_today())
PROBLEM_QUERIES = ProblemQueries(
    details.problem_by_id,
    details.remedies,
    remedy_effects.remedy_effect,
    details.history,
    partial(filter_options.organisations, filters),
    linked_appeals.linked_appeals,
    linked_appeals.latest_linked_appeals,
    linked_appeals.MAX_ROWS,
)
problem = query_params.read_parsed("problem", partial(details.problem_of_address, language=viewer.language))
surge_starts = query_params.read_parsed("surge", partial(board.surge_of_address, filters))
cluster = query_params.read_parsed("cluster", partial(cluster_of_address, language=viewer.language))


@live_fragment(viewer, live_page.problems_state)
def all_problems() -> None:
    """The board; runs again when a problem or its appeals have changed."""
    with error_boundary():
        problem_board(board.board(filters))


draw_menu = partial(dossier_menu, problem, viewer.language, dossier_file.start_dossier) if problem is not None else None
flash.show_message()
page_head(viewer, filters, live_page, draw_menu)
if problem is not None:
    appeals = problem_filters(problem.territory_code, problem.topic_code, problem.since, viewer.language)
    problem_page(
        viewer,
        problem,
        appeals,
        PROBLEM_QUERIES,
        changes,
        boundary=refusal_boundary,
        problems_state=live_page.problems_state,
    )
else:
    ignored_parts_note()
    if viewer.may("open_problem"):
        with refusal_boundary():
            opening_section(viewer, filters, surge_starts, filter_options, changes, cluster=cluster)
    all_problems()
