"""The simulator's steps from the answer on, and its extensions; and the list of all steps."""

from datetime import timedelta

from otklik.simulator.steps import (
    OPEN_WITH_STATUS,
    RECENTLY_ANSWERED,
    StepContext,
    assign_executor,
    draft_answer,
    moderate_appeal,
    receive_appeal,
    redirect_appeal,
)

RATING_SHARES = (0.12, 0.07, 0.08, 0.16, 0.57)
"""The shares of the ratings 1 to 5."""
RESOLVED_SHARE = 0.85
"""The share of answers with the outcome "resolved"; others are "explained"."""
EXTENSION = timedelta(days=15)


def answer_appeal(step: StepContext) -> bool:
    """Send an answer that waits for approval."""
    row = step.random_appeal(OPEN_WITH_STATUS, statuses=["on_approval"])
    if row is None:
        return False
    outcome = "resolved" if step.rng.random() < RESOLVED_SHARE else "explained"
    step.update_appeal(row, "answered", "executor", status="answered", outcome=outcome, closed_at=row["at"])
    return True


def rate_answer(step: StepContext) -> bool:
    """Rate a recent answer, the first or one after a re-opening."""
    row = step.random_appeal(f"{RECENTLY_ANSWERED} AND (rating IS NULL OR (reopened > 0 AND rated_at < closed_at))")
    if row is None:
        return False
    rating = int(step.rng.choice(5, p=RATING_SHARES)) + 1
    step.update_appeal(row, "rated", "applicant", rating=rating, rated_at=row["at"])
    return True


def reopen_appeal(step: StepContext) -> bool:
    """Re-open an appeal whose answer was rated low."""
    row = step.random_appeal(f"{RECENTLY_ANSWERED} AND rating <= 2 AND reopened = 0")
    if row is None:
        return False
    deadline = row["at"] + EXTENSION
    reason = "The applicant rated the answer low"
    reset_columns = {"closed_at": None, "outcome": None, "reopened": 1, "deadline_at": deadline}
    step.update_appeal(row, "reopened", "coordinator", reason, status="reconsideration", **reset_columns)
    return True


def extend_deadline(step: StepContext) -> bool:
    """Extend a deadline that is near."""
    due_soon = "deadline_at BETWEEN now() AND now() + interval '4 days'"
    row = step.random_appeal(f"{OPEN_WITH_STATUS} AND {due_soon}", statuses=["in_progress"])
    if row is None:
        return False
    reason = "Awaiting an inspection on the spot"
    step.update_appeal(
        row, "extended", "executor", reason, status="extended", deadline_at=row["deadline_at"] + EXTENSION
    )
    return True


STEPS = {
    "received": (receive_appeal, 0.3),
    "moderated": (moderate_appeal, 0.17),
    "handed on": (assign_executor, 0.15),
    "drafted": (draft_answer, 0.13),
    "answered": (answer_appeal, 0.14),
    "rated": (rate_answer, 0.06),
    "redirected": (redirect_appeal, 0.02),
    "extended": (extend_deadline, 0.015),
    "re-opened": (reopen_appeal, 0.015),
}
"""Steps with their relative frequency, by the name that the progress line uses."""
