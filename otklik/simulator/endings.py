"""How the demo's appeals end in the simulator: answers, ratings, what comes back, and more time."""

from datetime import timedelta

from otklik.simulator.steps import LATELY, QUEUE, Turn, approve, coordinate, moderate, receive, redirect

RATINGS = (0.12, 0.07, 0.08, 0.16, 0.57)
"""Of 1 … 5."""
LONGER = timedelta(days=15)


def answer(step: Turn) -> bool:
    """An answer is signed and sent."""
    row = step.chosen(QUEUE, statuses=["on_approval"])
    if row is None:
        return False
    outcome = "resolved" if step.rng.random() < 0.85 else "explained"  # noqa: PLR2004 - the share resolved
    step.change(row, "answered", "executor", status="answered", outcome=outcome, closed_at=row["at"])
    return True


def rate(step: Turn) -> bool:
    """An applicant rates a recent answer."""
    row = step.chosen(f"{LATELY} AND rating IS NULL")
    if row is None:
        return False
    rating = int(step.rng.choice(5, p=RATINGS)) + 1
    step.change(row, "rated", "applicant", rating=rating, rated_at=row["at"])
    return True


def reopen(step: Turn) -> bool:
    """An answer that was rated low is taken up once more."""
    row = step.chosen(f"{LATELY} AND rating <= 2 AND reopened = 0")
    if row is None:
        return False
    deadline = row["at"] + LONGER
    reason = "The applicant rated the answer low"
    reset_columns = {"closed_at": None, "outcome": None, "reopened": 1, "deadline_at": deadline}
    step.change(row, "reopened", "coordinator", reason, status="reconsideration", **reset_columns)
    return True


def extend(step: Turn) -> bool:
    """An executor asks for more time shortly before the deadline."""
    due_soon = "deadline_at BETWEEN now() AND now() + interval '4 days'"
    row = step.chosen(f"{QUEUE} AND {due_soon}", statuses=["in_progress"])
    if row is None:
        return False
    reason = "Awaiting an inspection on the spot"
    step.change(row, "extended", "executor", reason, status="extended", deadline_at=row["deadline_at"] + LONGER)
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
