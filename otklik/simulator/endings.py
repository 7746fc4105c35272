"""How the demo's appeals end in the simulator: answers, ratings, what comes back, and more time."""

from datetime import timedelta

from otklik.simulator.steps import LATELY, QUEUE, Turn, approve, coordinate, moderate, receive, redirect

RATINGS = (0.12, 0.07, 0.08, 0.16, 0.57)
"""Of 1 … 5."""
LONGER = timedelta(days=15)


def answer(turn: Turn) -> bool:
    """An answer is signed and sent."""
    row = turn.chosen(QUEUE, statuses=["on_approval"])
    if row is None:
        return False
    outcome = "resolved" if turn.rng.random() < 0.85 else "explained"  # noqa: PLR2004 - the share resolved
    turn.change(row, "answered", "executor", status="answered", outcome=outcome, closed_at=row["at"])
    return True


def rate(turn: Turn) -> bool:
    """An applicant rates a recent answer."""
    row = turn.chosen(f"{LATELY} AND rating IS NULL")
    if row is None:
        return False
    rating = int(turn.rng.choice(5, p=RATINGS)) + 1
    turn.change(row, "rated", "applicant", rating=rating, rated_at=row["at"])
    return True


def reopen(turn: Turn) -> bool:
    """An answer that was rated low is taken up once more."""
    row = turn.chosen(f"{LATELY} AND rating <= 2 AND reopened = 0")
    if row is None:
        return False
    due = row["at"] + LONGER
    reason = "The applicant rated the answer low"
    again = {"closed_at": None, "outcome": None, "reopened": 1, "deadline_at": due}
    turn.change(row, "reopened", "coordinator", reason, status="reconsideration", **again)
    return True


def extend(turn: Turn) -> bool:
    """An executor asks for more time shortly before the deadline."""
    soon = "deadline_at BETWEEN now() AND now() + interval '4 days'"
    row = turn.chosen(f"{QUEUE} AND {soon}", statuses=["in_progress"])
    if row is None:
        return False
    reason = "Awaiting an inspection on the spot"
    turn.change(row, "extended", "executor", reason, status="extended", deadline_at=row["deadline_at"] + LONGER)
    return True


STEPS = {
    "received": (receive, 0.3),
    "moderated": (moderate, 0.17),
    "handed on": (coordinate, 0.15),
    "drafted": (approve, 0.13),
    "answered": (answer, 0.14),
    "rated": (rate, 0.06),
    "redirected": (redirect, 0.02),
    "extended": (extend, 0.015),
    "re-opened": (reopen, 0.015),
}
"""What happens, and how often."""
