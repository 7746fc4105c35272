"""The changes in an appeal's history that matter to its deadline."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from otklik.deadlines.model import ClockChange


def clock_changes(events: Iterable[Mapping[Any, Any]]) -> Iterator[ClockChange]:
    """Extensions, deferrals, resumptions, re-openings and redirects in order, without those that were undone.

    `events` are rows with kind, at, before and after, oldest first.
    """
    changes: list[ClockChange] = []
    for event in events:
        before, after = event["before"] or {}, event["after"] or {}
        parsed = datetime.fromisoformat(after["deadline"]) if after.get("deadline") else None
        new_deadline = parsed.replace(tzinfo=UTC) if parsed and parsed.tzinfo is None else parsed
        kind = event["kind"]
        if kind == "undone":
            if "deadline" in after:
                _drop_last(changes, "extended")
            elif "holder" in after:
                _drop_last(changes, "redirected")
        elif kind == "moved":
            if before.get("status") == "deferred":
                changes.append(ClockChange("resumed", event["at"]))
        else:
            changes.append(ClockChange(kind, event["at"], after.get("days"), new_deadline))
    yield from changes


def _drop_last(changes: list[ClockChange], kind: str) -> None:
    for index in range(len(changes) - 1, -1, -1):
        if changes[index].kind == kind:
            del changes[index]
            return
