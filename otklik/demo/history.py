"""The history of the appeals that people may still look into: received lately, or open."""

import json
from collections.abc import Callable, Iterator

import numpy as np

from otklik.demo.answers import OUTCOMES, Answers
from otklik.demo.arrivals import Arrivals, World
from otklik.demo.handling import Handling
from otklik.demo.office_hours import DAY, NEVER, Flags
from otklik.demo.sheets import Floats, Ints

LATELY = 45
"""Days."""

Happened = Callable[[Ints], list[tuple[int, int]]]
Event = tuple[int, int, str, str, str | None, str | None, str | None]
"""Position of the appeal, instant, kind, actor, reason, before, after."""

ASTRAY = ("The matter is not within our powers", "Belongs to another organisation", "Sent here by mistake")
LONGER = ("Awaiting an inspection on the spot", "Documents were requested", "Materials are on their way")
LATER = ("Works are planned for the warm season", "Included in next year's programme")
UNHAPPY = ("The applicant rated the answer low", "Nothing was done on the spot", "The answer is not to the point")


def events(context: World, arrivals: Arrivals, handling: Handling, answers: Answers) -> Iterator[Event]:
    """Everything that happened to them until now, appeal by appeal within each kind."""
    has_history = (arrivals.received > context.now - LATELY * DAY) | (answers.closed > context.now)

    def occurrences(at: Ints) -> list[tuple[int, int]]:
        positions = np.flatnonzero(has_history & (at <= context.now))
        return list(zip(positions.tolist(), at[positions].tolist(), strict=True))

    random_values = context.rng.random(len(arrivals.region))
    yield from _on_the_way(context, arrivals, handling, occurrences, random_values)
    yield from _answered(
        occurrences(handling.answered),
        handling,
        answers.first_outcome,
        answers.outcome,
        answers.reopened <= context.now,
    )
    for i, at in occurrences(np.where(answers.rating > 0, answers.rated, NEVER)):
        yield i, at, "rated", "applicant", None, None, json.dumps({"rating": int(answers.rating[i])})
    for i, at in occurrences(answers.reopened):
        after = '{"status": "reconsideration"}'
        yield i, at, "reopened", "coordinator", _pick(UNHAPPY, random_values, i), '{"status": "answered"}', after
    for i, at in occurrences(np.where(answers.closed > answers.reopened, answers.closed, NEVER)):
        yield i, at, "answered", "executor", None, '{"status": "reconsideration"}', _outcome(answers.outcome[i])


def _on_the_way(
    context: World, arrivals: Arrivals, handling: Handling, occurrences: Happened, random_values: Floats
) -> Iterator[Event]:
    """From the receipt until the answer."""
    holder_json = [json.dumps({"holder": code}) for code in context.data.holders()]
    for i, at in occurrences(arrivals.received):
        yield i, at, "received", "applicant", None, None, holder_json[handling.first_holder[i]]
    for i, at in occurrences(np.where(handling.rejected, NEVER, handling.moderated)):
        yield i, at, "registered", "moderator", None, '{"status": "on_moderation"}', '{"status": "on_coordination"}'
    for i, at in occurrences(handling.coordinated):
        yield i, at, "moved", "coordinator", None, '{"status": "on_coordination"}', '{"status": "in_progress"}'
    for i, at in occurrences(handling.redirected):
        before, after = holder_json[handling.first_holder[i]], holder_json[handling.holder[i]]
        yield i, at, "redirected", "coordinator", _pick(ASTRAY, random_values, i), before, after
    for kind, times, reasons in (("extended", handling.extended, LONGER), ("deferred", handling.deferred, LATER)):
        for i, at in occurrences(times):
            yield (
                i,
                at,
                kind,
                "executor",
                _pick(reasons, random_values, i),
                _deadline(handling.deadline[i]),
                _deadline(handling.due[i]),
            )


def _answered(
    occurrences: list[tuple[int, int]], handling: Handling, first_outcome: Ints, last_outcome: Ints, reopened: Flags
) -> Iterator[Event]:
    """First answers, and what the moderator rejected."""
    for i, at in occurrences:
        outcome = _outcome(first_outcome[i] if reopened[i] else last_outcome[i])
        if handling.rejected[i]:
            yield i, at, "answered", "moderator", "Not a matter for an appeal", '{"status": "on_moderation"}', outcome
        else:
            yield i, at, "answered", "executor", None, '{"status": "in_progress"}', outcome


def _pick(reasons: tuple[str, ...], random_values: Floats, i: int) -> str:
    return reasons[int(random_values[i] * len(reasons))]


def _deadline(at: np.int64) -> str:
    return json.dumps({"deadline": f"{np.datetime64(int(at), 's')}Z"})


def _outcome(outcome: np.int64) -> str:
    code = OUTCOMES[outcome]
    status = {"withdrawn": "withdrawn", "rejected": "rejected", "duplicate": "rejected"}.get(code, "answered")
    return json.dumps({"status": status, "outcome": code})
