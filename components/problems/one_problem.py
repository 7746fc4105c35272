"""One problem as a whole: its head, the next step, remedies, history, and its appeals."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, Protocol

import pandas as pd
import streamlit as st

from components.layout.auto_refresh import DataState, live_fragment
from components.layout.error_boundary import error_boundary
from components.layout.local_day import viewer_today
from components.panel import card, panel
from components.problems import details, forms, linked_appeals, remedy_effect, remedy_forms
from components.url.problem_links import board_link
from otklik.i18n import _

if TYPE_CHECKING:
    from components.auth.viewer import Viewer
    from queries.filters import Filters
    from queries.problems.details import Problem
    from queries.problems.linked_appeals import LinkedAppeals
    from queries.problems.remedy_effects import RemedyEffect


class ProblemQueries(NamedTuple):
    """What the parts show, of the package queries.problems; `max_rows` of the list of its appeals."""

    problem: "Callable[[int, str], Problem | None]"
    remedies: Callable[[int, str], pd.DataFrame]
    effect: "Callable[[Filters, Problem, pd.DataFrame, int], RemedyEffect]"
    history: Callable[[int], pd.DataFrame]
    organisations: Callable[[], pd.DataFrame]
    linked: "Callable[[Filters], LinkedAppeals]"
    latest: "Callable[[Filters], pd.DataFrame]"
    max_rows: int


class ProblemChanges(remedy_forms.RemedyChanges, Protocol):
    """`queries.problems.changes`: each raises DatabaseRefusal."""

    def move_problem(self, problem_id: int, version: int, status: str, reason: str) -> int:
        """Take a step."""

    def change_problem(
        self, problem_id: int, version: int, title: str, description: str, owner_id: int | None, reason: str
    ) -> int:
        """Change title, description and owner."""

    def comment_problem(self, problem_id: int, comment: str) -> None:
        """Comment on it."""

    def add_remedy(  # noqa: PLR0913 -- the fields of the form
        self,
        problem_id: int,
        version: int,
        title: str,
        *,
        organisation: str | None,
        responsible: str,
        due: date,
        reason: str,
    ) -> int:
        """Add a remedy."""

    def possible_owners(self, territory: str) -> dict[int, str]:
        """The people who can own a problem of a territory."""


def problem_page(  # noqa: PLR0913 -- once, by the page
    viewer: "Viewer",
    problem: "Problem",
    appeals: "Filters",
    queries: ProblemQueries,
    changes: ProblemChanges,
    *,
    boundary: Callable[[], AbstractContextManager[None]],
    problems_state: DataState,
) -> None:
    """Draw a problem: what is shown runs again when it changes, with the forms if it is another version.

    `appeals`: the filters that leave its appeals. `boundary` shows a refusal in the place of the form that met it.
    """

    @live_fragment(viewer, problems_state)
    def problem_head() -> None:
        with st.container(border=True), error_boundary():
            if queries.problem(problem.id, viewer.language) != problem:
                st.rerun()  # the forms need the new version, too
            details.problem_head(problem)

    @live_fragment(viewer, problems_state)
    def problem_remedies() -> None:
        with card(_("Remedies")):
            rows = queries.remedies(problem.id, viewer.language)

            def draw_effect(remedy_id: int) -> None:
                with error_boundary():
                    remedy_effect.remedy_effect(queries.effect(appeals, problem, rows, remedy_id))

            details.remedy_list(rows, draw_effect)

    @live_fragment(viewer, problems_state)
    def problem_appeals() -> None:
        with panel(_("The problem's appeals by week")):
            linked_appeals.linked_appeals_chart(problem, queries.linked(appeals))

    @live_fragment(viewer, problems_state)
    def problem_history() -> None:
        with card(_("Who decided what, and why")):
            details.problem_history(queries.history(problem.id))

    @live_fragment(viewer, problems_state)
    def latest_appeals() -> None:
        with panel(_("The problem's latest appeals")):
            linked_appeals.linked_appeals_table(queries.latest(appeals), queries.max_rows)

    version = forms.seen_version(problem)
    board_link()
    problem_head()
    left, right = st.columns([3, 2])
    with left:
        problem_remedies()
        remedy_cards(viewer, problem, queries, changes, boundary, version)
        problem_appeals()
    with right:
        decision_cards(viewer, problem, changes, boundary, version)
        problem_history()
        if viewer.may("open_problem"):
            with card(_("Comment")), boundary():
                forms.comment_form(partial(changes.comment_problem, problem.id))
    latest_appeals()


def decision_cards(
    viewer: "Viewer",
    problem: "Problem",
    changes: ProblemChanges,
    boundary: Callable[[], AbstractContextManager[None]],
    version: int,
) -> None:
    """The form of the next step and that of other changes, for those who decide."""
    if not viewer.may("decide"):
        return
    with card(_("Next step")), boundary():
        forms.step_form(problem, partial(changes.move_problem, problem.id, version))
    with st.expander(_("Change title, owner or description")), boundary():
        owners = changes.possible_owners(problem.territory_code)
        forms.change_form(problem, owners, partial(changes.change_problem, problem.id, version))


def remedy_cards(
    viewer: "Viewer",
    problem: "Problem",
    queries: ProblemQueries,
    changes: ProblemChanges,
    boundary: Callable[[], AbstractContextManager[None]],
    version: int,
) -> None:
    """The forms that add and change remedies of a problem that hasn't ended, for those who decide and the owner."""
    is_owner = viewer.person is not None and viewer.person.id == problem.owner_id
    may_decide = viewer.may("decide")
    if not (may_decide or is_owner) or not problem.is_open:
        return
    today = viewer_today()
    if may_decide:
        with st.expander(_("Add a remedy")), boundary():
            remedy_forms.add_remedy_form(
                problem, queries.organisations(), today, partial(changes.add_remedy, problem.id, version)
            )
    rows = queries.remedies(problem.id, viewer.language)
    if len(rows):
        with st.expander(_("A remedy is done, or due on another day")), boundary():
            remedy_forms.remedy_form(problem, rows, today, changes, version=version, may_reschedule=may_decide)
