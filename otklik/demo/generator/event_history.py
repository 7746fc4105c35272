"""What has happened to each appeal by now: its status and deadline, and the events in its history."""

import json
from collections.abc import Callable, Iterator

import numpy as np

from otklik.demo.catalogue_data import Floats, Ints
from otklik.demo.generator.arrivals import Arrivals
from otklik.demo.generator.context import NEVER, Flags, GeneratorContext, hours_in_seconds
from otklik.demo.generator.handling import Handling
from otklik.demo.generator.outcomes_and_ratings import OUTCOMES, WITHDRAWN, Answers

STATUSES = (
    "received", "on_moderation", "on_coordination", "in_progress", "deferred", "extended",
    "reconsideration", "on_approval", "answered", "rejected", "withdrawn",
)  # fmt: skip

Occurrences = Callable[[Ints], list[tuple[int, int]]]
"""From the instants of one kind of event to (position, instant) of those that have happened."""
EventRow = tuple[int, int, str, str, str | None, str | None, str | None]
"""Position of the appeal, instant, kind, actor, reason, and the values before and after as JSON."""

REDIRECT_REASONS = ("The matter is not within our powers", "Belongs to another organisation", "Sent here by mistake")
EXTENSION_REASONS = ("Awaiting an inspection on the spot", "Documents were requested", "Materials are on their way")
DEFERRAL_REASONS = ("Works are planned for the warm season", "Included in next year's programme")
REOPENING_REASONS = (
    "The applicant rated the answer low",
    "Nothing was done on the spot",
    "The answer is not to the point",
)


def current_statuses(context: GeneratorContext, arrivals: Arrivals, handling: Handling, answers: Answers) -> Ints:
    """The status of each appeal now, as a position in `STATUSES`."""
    approval_at = answers.closed_at - hours_in_seconds(context.rng.lognormal(1.8, 0.9, len(arrivals.region)))
    moderation_started_at = arrivals.received + (handling.moderated_at - arrivals.received) // 3
    conditions: list[tuple[str, Flags]] = [
        ("received", moderation_started_at > context.now),
        ("on_moderation", handling.moderated_at > context.now),
        ("withdrawn", (answers.closed_at <= context.now) & (answers.outcome == WITHDRAWN)),
        ("rejected", (answers.closed_at <= context.now) & handling.is_rejected),
        ("answered", answers.closed_at <= context.now),
        ("reconsideration", answers.reopened_at <= context.now),
        ("on_coordination", (handling.coordinated_at > context.now) & (handling.coordinated_at < NEVER)),
        ("on_approval", approval_at <= context.now),
        ("deferred", handling.deferred_at <= context.now),
        ("extended", handling.extended_at <= context.now),
    ]
    return np.select(
        [condition for _, condition in conditions],
        [STATUSES.index(status) for status, _ in conditions],
        STATUSES.index("in_progress"),
    )


def current_deadlines(context: GeneratorContext, handling: Handling, answers: Answers) -> Ints:
    """The deadline of each appeal as it stands now, without extensions that lie in the future."""
    is_extended = np.minimum(handling.extended_at, handling.deferred_at) <= context.now
    return np.where((answers.reopened_at <= context.now) | is_extended, answers.current_deadline, handling.deadline)


def event_rows(
    context: GeneratorContext, arrivals: Arrivals, handling: Handling, answers: Answers
) -> Iterator[EventRow]:
    """The events up to now, grouped by kind and then in order of the appeals."""

    def occurrences(at: Ints) -> list[tuple[int, int]]:
        positions = np.flatnonzero(at <= context.now)
        return list(zip(positions.tolist(), at[positions].tolist(), strict=True))

    random_values = context.rng.random(len(arrivals.region))
    yield from _handling_events(context, arrivals, handling, occurrences, random_values)
    yield from _answer_events(
        occurrences(handling.answered_at),
        handling,
        answers.first_outcome,
        answers.outcome,
        answers.reopened_at <= context.now,
    )
    for rating, rated_at in ((answers.earlier_rating, answers.earlier_rated_at), (answers.rating, answers.rated_at)):
        for i, at in occurrences(np.where(rating > 0, rated_at, NEVER)):
            yield i, at, "rated", "applicant", None, None, json.dumps({"rating": int(rating[i])})
    for i, at in occurrences(answers.reopened_at):
        reason = _pick_reason(REOPENING_REASONS, random_values, i)
        yield i, at, "reopened", "coordinator", reason, '{"status": "answered"}', '{"status": "reconsideration"}'
    for i, at in occurrences(np.where(answers.closed_at > answers.reopened_at, answers.closed_at, NEVER)):
        yield i, at, "answered", "executor", None, '{"status": "reconsideration"}', _outcome_json(answers.outcome[i])


def _handling_events(
    context: GeneratorContext, arrivals: Arrivals, handling: Handling, occurrences: Occurrences, random_values: Floats
) -> Iterator[EventRow]:
    """The events before the first answer."""
    holder_json = [json.dumps({"holder": code}) for code in context.catalogue.holder_codes()]
    for i, at in occurrences(arrivals.received):
        yield i, at, "received", "applicant", None, None, holder_json[handling.first_holder[i]]
    for i, at in occurrences(np.where(handling.is_rejected, NEVER, handling.moderated_at)):
        yield i, at, "registered", "moderator", None, '{"status": "on_moderation"}', '{"status": "on_coordination"}'
    for i, at in occurrences(handling.coordinated_at):
        yield i, at, "moved", "coordinator", None, '{"status": "on_coordination"}', '{"status": "in_progress"}'
    for i, at in occurrences(handling.redirected_at):
        before, after = holder_json[handling.first_holder[i]], holder_json[handling.holder[i]]
        yield i, at, "redirected", "coordinator", _pick_reason(REDIRECT_REASONS, random_values, i), before, after
    for kind, times, reasons in (
        ("extended", handling.extended_at, EXTENSION_REASONS),
        ("deferred", handling.deferred_at, DEFERRAL_REASONS),
    ):
        for i, at in occurrences(times):
            before, after = _deadline_json(handling.deadline[i]), _deadline_json(handling.extended_deadline[i])
            yield i, at, kind, "executor", _pick_reason(reasons, random_values, i), before, after


def _answer_events(
    occurrences: list[tuple[int, int]], handling: Handling, first_outcome: Ints, last_outcome: Ints, reopened: Flags
) -> Iterator[EventRow]:
    """First answers, including the moderator's rejections."""
    for i, at in occurrences:
        outcome = _outcome_json(first_outcome[i] if reopened[i] else last_outcome[i])
        if handling.is_rejected[i]:
            yield i, at, "answered", "moderator", "Not a matter for an appeal", '{"status": "on_moderation"}', outcome
        else:
            yield i, at, "answered", "executor", None, '{"status": "in_progress"}', outcome


def _pick_reason(reasons: tuple[str, ...], random_values: Floats, i: int) -> str:
    return reasons[int(random_values[i] * len(reasons))]


def _deadline_json(at: np.int64) -> str:
    return json.dumps({"deadline": f"{np.datetime64(int(at), 's')}Z"})


def _outcome_json(outcome: np.int64) -> str:
    code = OUTCOMES[outcome]
    status = {"withdrawn": "withdrawn", "rejected": "rejected", "duplicate": "rejected"}.get(code, "answered")
    return json.dumps({"status": status, "outcome": code})
