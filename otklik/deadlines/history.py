"""What an appeal's history means to its clock."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from otklik.deadlines.model import ClockChange


def clock_changes(events: Iterable[Mapping[Any, Any]]) -> Iterator[ClockChange]:
    """Extensions, deferrals, re-openings and redirects, without those that were undone; `events` in their order."""
    found: list[ClockChange] = []
    for event in events:
        before, after = event["before"] or {}, event["after"] or {}
        named = datetime.fromisoformat(after["deadline"]) if after.get("deadline") else None
        until = named.replace(tzinfo=UTC) if named and named.tzinfo is None else named
        kind = event["kind"]
        if kind == "undone":
            # What was undone is as if it hadn't been.
            if "deadline" in after:
                _drop_last(found, "extended")
            elif "holder" in after:
                _drop_last(found, "redirected")
        elif kind == "moved":
            if before.get("status") == "deferred":
                found.append(ClockChange("resumed", event["at"]))
        else:
            found.append(ClockChange(kind, event["at"], after.get("days"), until))
    yield from found


def _drop_last(changes: list[ClockChange], kind: str) -> None:
    for index in range(len(changes) - 1, -1, -1):
        if changes[index].kind == kind:
            del changes[index]
            return
