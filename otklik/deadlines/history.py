"""What an appeal's history means to its clock."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from otklik.deadlines.model import ClockChange


def clock_changes(events: Iterable[Mapping[Any, Any]]) -> Iterator[ClockChange]:
    """Extensions, deferrals, re-openings and redirects, without those that were undone; `events` in their order."""
    changes: list[ClockChange] = []
    for event in events:
        before, after = event["before"] or {}, event["after"] or {}
        parsed = datetime.fromisoformat(after["deadline"]) if after.get("deadline") else None
        new_deadline = parsed.replace(tzinfo=UTC) if parsed and parsed.tzinfo is None else parsed
        kind = event["kind"]
        if kind == "undone":
            # What was undone is as if it hadn't been.
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
