"""The functions that change problems in the viewer's name, and who can own one."""

from datetime import date

from otklik.database.functions import problems
from otklik.database.functions.problems import (
    NewProblem,
    NewRemedy,
    change_problem,
    change_remedy_due,
    comment_problem,
    finish_remedy,
    move_problem,
)
from queries.filters import Filters

__all__ = [
    "add_remedy",
    "change_problem",
    "change_remedy_due",
    "comment_problem",
    "finish_remedy",
    "move_problem",
    "open_problem",
    "possible_owners",
]


def open_problem(  # noqa: PLR0913 -- the fields of the form
    filters: Filters,
    surge_starts: date | None,
    cluster_id: int | None,
    title: str,
    description: str,
    *,
    owner_id: int | None,
    since: date,
) -> int:
    """Open a problem of the territory and topic of the filters; returns its id. Raises DatabaseRefusal."""
    place = filters.territory or "", filters.topic or ""
    return problems.open_problem(NewProblem(*place, title, description, owner_id, since, surge_starts, cluster_id))


def add_remedy(  # noqa: PLR0913 -- the fields of the form
    problem_id: int,
    version: int,
    title: str,
    *,
    organisation: str | None,
    responsible: str,
    due: date,
    reason: str,
) -> int:
    """Add a remedy; returns the problem's new version. Raises DatabaseRefusal."""
    return problems.add_remedy(problem_id, version, NewRemedy(title, organisation, responsible, due), reason)


def possible_owners(territory: str) -> dict[int, str]:
    """The names of the people who can own a problem of a territory (its code), by their ids, in alphabetical order."""
    rows = problems.possible_owners(territory)
    return {int(person_id): str(name) for person_id, name in zip(rows["id"], rows["name"], strict=True)}
