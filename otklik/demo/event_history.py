"""The history of the appeals that people may still look into: received lately, or open."""

import json
from collections.abc import Callable, Iterator

import numpy as np

from otklik.demo.arrivals import Arrivals, GeneratorContext
from otklik.demo.catalogue_data import Floats, Ints
from otklik.demo.handling import Handling
from otklik.demo.local_time import DAY_SECONDS, NEVER, Flags
from otklik.demo.outcomes_and_ratings import OUTCOMES, Answers

RECENT_DAYS = 45
"""Days."""

Occurrences = Callable[[Ints], list[tuple[int, int]]]
EventRow = tuple[int, int, str, str, str | None, str | None, str | None]
"""Position of the appeal, instant, kind, actor, reason, before, after."""

REDIRECT_REASONS = ("The matter is not within our powers", "Belongs to another organisation", "Sent here by mistake")
EXTENSION_REASONS = ("Awaiting an inspection on the spot", "Documents were requested", "Materials are on their way")
DEFERRAL_REASONS = ("Works are planned for the warm season", "Included in next year's programme")
REOPENING_REASONS = (
    "The applicant rated the answer low",
    "Nothing was done on the spot",
    "The answer is not to the point",
)


def event_rows(
    context: GeneratorContext, arrivals: Arrivals, handling: Handling, answers: Answers
) -> Iterator[EventRow]:
    """Everything that happened to them until now, appeal by appeal within each kind."""
    has_history = (arrivals.received > context.now - RECENT_DAYS * DAY_SECONDS) | (answers.closed_at > context.now)

    def occurrences(at: Ints) -> list[tuple[int, int]]:
        positions = np.flatnonzero(has_history & (at <= context.now))
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
    for i, at in occurrences(np.where(answers.rating > 0, answers.rated_at, NEVER)):
        yield i, at, "rated", "applicant", None, None, json.dumps({"rating": int(answers.rating[i])})
    for i, at in occurrences(answers.reopened_at):
        after = '{"status": "reconsideration"}'
        yield (
            i,
            at,
            "reopened",
            "coordinator",
            _pick_reason(REOPENING_REASONS, random_values, i),
            '{"status": "answered"}',
            after,
        )
    for i, at in occurrences(np.where(answers.closed_at > answers.reopened_at, answers.closed_at, NEVER)):
        yield i, at, "answered", "executor", None, '{"status": "reconsideration"}', _outcome_json(answers.outcome[i])


def _handling_events(
    context: GeneratorContext, arrivals: Arrivals, handling: Handling, occurrences: Occurrences, random_values: Floats
) -> Iterator[EventRow]:
    """From the receipt until the answer."""
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
            yield (
                i,
                at,
                kind,
                "executor",
                _pick_reason(reasons, random_values, i),
                _deadline_json(handling.deadline[i]),
                _deadline_json(handling.extended_deadline[i]),
            )


def _answer_events(
    occurrences: list[tuple[int, int]], handling: Handling, first_outcome: Ints, last_outcome: Ints, reopened: Flags
) -> Iterator[EventRow]:
    """First answers, and what the moderator rejected."""
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
