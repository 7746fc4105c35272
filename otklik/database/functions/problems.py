"""Problems and their remedies: the functions that change them in the viewer's name, each for a reason.

Each takes the version of the problem that the screen saw and raises DatabaseRefusal, with one sentence, where that has
changed, where a right is missing, or where the step isn't possible.
"""

from datetime import date
from typing import NamedTuple

import pandas as pd
from sqlalchemy import text

from otklik.database.refusal import translate_refusals
from otklik.database.transactions import query_dataframe, write_transaction

STEPS = ("found", "confirmed", "decided", "in_progress", "checked", "closed")
"""The statuses of a problem in their order; each step, forwards or back, is to the next or the one before."""
REJECTED = "rejected"
"""Whatever isn't closed can be rejected; what was rejected can be found again."""
ENDED_STATUSES = ("closed", REJECTED)


class NewProblem(NamedTuple):
    """What a problem is opened with. `owner_id` is None for nobody yet; territory and topic are codes.

    `since` is the local day from which appeals count as its own, and `surge_starts` the first day of the surge of this
    territory and topic that it was opened from; `cluster_id` is a cluster of similar texts there.
    """

    territory: str
    topic: str
    title: str
    description: str
    owner_id: int | None
    since: date
    surge_starts: date | None = None
    cluster_id: int | None = None


class NewRemedy(NamedTuple):
    """What is to be done, by whom (an organisation's code, or else somebody's name), and by the end of which day."""

    title: str
    organisation: str | None
    responsible: str
    due: date


def next_statuses(status: str) -> tuple[str, ...]:
    """The statuses that a problem can go to from this one: forwards, back, rejected."""
    if status == REJECTED:
        return (STEPS[0],)
    position = STEPS.index(status)
    forwards, back = STEPS[position + 1 : position + 2], STEPS[max(position - 1, 0) : position]
    return (*forwards, *back, *(() if status in ENDED_STATUSES else (REJECTED,)))


def open_problem(problem: NewProblem) -> int:
    """Open a problem; returns its id."""
    return _call(
        "open_problem_of_cluster(:territory, :topic, :title, :description, :owner_id, :since, :surge_starts,"
        " :cluster_id)",
        problem._asdict(),
    )


def move_problem(problem_id: int, version: int, status: str, reason: str) -> int:
    """Take a step; returns the new version."""
    return _call(
        "move_problem(:problem, :version, :status, :reason)",
        {"problem": problem_id, "version": version, "status": status, "reason": reason},
    )


def change_problem(
    problem_id: int, version: int, title: str, description: str, owner_id: int | None, reason: str
) -> int:
    """Change what a problem is called and who owns it; returns the new version."""
    return _call(
        "change_problem(:problem, :version, :title, :description, :owner, :reason)",
        {
            "problem": problem_id,
            "version": version,
            "title": title,
            "description": description,
            "owner": owner_id,
            "reason": reason,
        },
    )


def comment_problem(problem_id: int, comment: str) -> None:
    """Comment on a problem, whatever its version."""
    with translate_refusals(), write_transaction() as connection:
        connection.execute(
            text("SELECT comment_problem(:problem, :comment)"), {"problem": problem_id, "comment": comment}
        )


def add_remedy(problem_id: int, version: int, remedy: NewRemedy, reason: str) -> int:
    """Add a remedy; returns the problem's new version."""
    return _call(
        "add_remedy(:problem, :version, :title, :organisation, :responsible, :due, :reason)",
        {"problem": problem_id, "version": version, "reason": reason, **remedy._asdict()},
    )


def change_remedy_due(remedy_id: int, version: int, due: date, reason: str) -> int:
    """Set another last day for a remedy; returns the problem's new version."""
    return _call(
        "change_remedy_due(:remedy, :version, :due, :reason)",
        {"remedy": remedy_id, "version": version, "due": due, "reason": reason},
    )


def finish_remedy(remedy_id: int, version: int, reason: str, *, is_done: bool = True) -> int:
    """Say that a remedy is done, or isn't after all, also as the problem's owner; returns the problem's new version."""
    return _call(
        "finish_remedy(:remedy, :version, :is_done, :reason)",
        {"remedy": remedy_id, "version": version, "is_done": is_done, "reason": reason},
    )


def possible_owners(territory: str) -> pd.DataFrame:
    """The people who can own a problem of a territory (its code), by name: id and name. Empty without the right."""
    return query_dataframe(
        text("SELECT id, name FROM possible_problem_owners(:territory) ORDER BY lower(name), id").bindparams(
            territory=territory
        )
    )


def _call(function: str, values: dict[str, object]) -> int:
    with translate_refusals(), write_transaction() as connection:
        return int(connection.execute(text(f"SELECT {function}"), values).scalar_one())
