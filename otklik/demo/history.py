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


def events(w: World, a: Arrivals, c: Handling, r: Answers) -> Iterator[Event]:
    """Everything that happened to them until now, appeal by appeal within each kind."""
    told = (a.received > w.now - LATELY * DAY) | (r.closed > w.now)

    def happened(at: Ints) -> list[tuple[int, int]]:
        hit = np.flatnonzero(told & (at <= w.now))
        return list(zip(hit.tolist(), at[hit].tolist(), strict=True))

    dice = w.rng.random(len(a.region))
    yield from _on_the_way(w, a, c, happened, dice)
    yield from _answered(happened(c.answered), c, r.first_outcome, r.outcome, r.reopened <= w.now)
    for i, at in happened(np.where(r.rating > 0, r.rated, NEVER)):
        yield i, at, "rated", "applicant", None, None, json.dumps({"rating": int(r.rating[i])})
    for i, at in happened(r.reopened):
        after = '{"status": "reconsideration"}'
        yield i, at, "reopened", "coordinator", _pick(UNHAPPY, dice, i), '{"status": "answered"}', after
    for i, at in happened(np.where(r.closed > r.reopened, r.closed, NEVER)):
        yield i, at, "answered", "executor", None, '{"status": "reconsideration"}', _outcome(r.outcome[i])


def _on_the_way(w: World, a: Arrivals, c: Handling, happened: Happened, dice: Floats) -> Iterator[Event]:
    """From the receipt until the answer."""
    organisation = [json.dumps({"holder": code}) for code in w.data.holders()]
    for i, at in happened(a.received):
        yield i, at, "received", "applicant", None, None, organisation[c.first_holder[i]]
    for i, at in happened(np.where(c.rejected, NEVER, c.moderated)):
        yield i, at, "registered", "moderator", None, '{"status": "on_moderation"}', '{"status": "on_coordination"}'
    for i, at in happened(c.coordinated):
        yield i, at, "moved", "coordinator", None, '{"status": "on_coordination"}', '{"status": "in_progress"}'
    for i, at in happened(c.redirected):
        before, after = organisation[c.first_holder[i]], organisation[c.holder[i]]
        yield i, at, "redirected", "coordinator", _pick(ASTRAY, dice, i), before, after
    for kind, when, reasons in (("extended", c.extended, LONGER), ("deferred", c.deferred, LATER)):
        for i, at in happened(when):
            yield i, at, kind, "executor", _pick(reasons, dice, i), _deadline(c.deadline[i]), _deadline(c.due[i])


def _answered(
    happened: list[tuple[int, int]], c: Handling, first: Ints, last: Ints, reopened: Flags
) -> Iterator[Event]:
    """First answers, and what the moderator rejected."""
    for i, at in happened:
        outcome = _outcome(first[i] if reopened[i] else last[i])
        if c.rejected[i]:
            yield i, at, "answered", "moderator", "Not a matter for an appeal", '{"status": "on_moderation"}', outcome
        else:
            yield i, at, "answered", "executor", None, '{"status": "in_progress"}', outcome


def _pick(words: tuple[str, ...], dice: Floats, i: int) -> str:
    return words[int(dice[i] * len(words))]


def _deadline(at: np.int64) -> str:
    return json.dumps({"deadline": f"{np.datetime64(int(at), 's')}Z"})


def _outcome(outcome: np.int64) -> str:
    code = OUTCOMES[outcome]
    status = {"withdrawn": "withdrawn", "rejected": "rejected", "duplicate": "rejected"}.get(code, "answered")
    return json.dumps({"status": status, "outcome": code})
