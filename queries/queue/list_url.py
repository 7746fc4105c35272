"""A list of open appeals by its address: what narrows it, and its order."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from queries.filters import Filters
from queries.queue.list_filters import AGES, SORTS, STATES, USUAL, Wanted
from queries.queue.open_list import Edge

LONGEST = 200


def wanted(told: Mapping[str, str]) -> Wanted:
    """What an address wants of the list; what it says besides, or wrongly, is left out."""

    def known(name: str, allowed: object) -> str:
        value = told.get(name, "")
        return value if value in allowed else ""  # type: ignore[operator]

    return Wanted(
        state=known("state", STATES),
        stage=known("stage", ("moderation", "coordination", "execution", "approval")),
        age=known("age", AGES),
        words=told.get("q", "").strip()[:LONGEST],
        sort=known("sort", SORTS) or USUAL.sort,
    )


def filters(told: Mapping[str, str], language: str) -> Filters:
    """The filters of an address as far as they narrow what is open; a code that nobody knows finds nothing."""
    names = ("territory", "topic", "organisation", "regime", "channel")
    today = datetime.now(UTC).date()
    chosen = {name: told.get(name) or None for name in names}
    return Filters(today, today + timedelta(days=1), "none", **chosen, language=language)


def edge(told: str) -> Edge | None:
    """A place in the order as an address says it; None where it says none, or wrongly."""
    at, _, key = told.partition("~")
    one, _, region = key.partition("~")
    try:
        moment = at if at == "infinity" else datetime.fromisoformat(at).isoformat()
        return Edge(moment, int(one), int(region))
    except ValueError:
        return None


def told(place: Edge) -> str:
    """A place in the order for an address."""
    return f"{place.at}~{place.id}~{place.region}"
